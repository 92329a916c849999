//! An integration layer that somebody is writing: the whole stack runs against it, and `ponte layer check` says what is wrong with it.

use std::path::Path;
use std::sync::Arc;

use ponte_bank::channel::Channel;
use ponte_bank::faulty::{Fault, Faulty};
use ponte_bank::{Bank, TokenBox};
use ponte_web::Server;
use serde_json::Value;

use super::steps::{World, want};
use crate::stack::{self, Stack};

const CREDENTIAL: &str = "a-credential-of-the-layer";

/// A layer with a fault behind a listener of its own; its URL.
async fn layer(fault: Option<Fault>) -> String {
    let tokens = TokenBox::new(&[7; 32]).expect("a key has 256 bits");
    let channel = Channel::new("https://localhost:1", "test", "").expect("a channel that nobody uses");
    let bank = Bank::new(CREDENTIAL.to_owned(), tokens, channel);
    let server = Server::bind("a layer", 0, None).await.expect("a free port");
    let url = server.url();
    server.spawn(Arc::new(Faulty::new(bank, CREDENTIAL, fault)));
    url
}

/// Runs the check beside nothing but the layer: exit code, standard output and standard error.
fn check(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let variables = [("PONTE_LAYER_CREDENTIAL", CREDENTIAL)];
    let output = stack::run_with(folder, &variables, &[&["layer", "check"], arguments].concat());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stack_runs_against_a_layer_that_somebody_is_writing() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let url = layer(None).await;
    let file = folder.path().join("credential");
    std::fs::write(&file, CREDENTIAL).expect("a file can be written");
    let credential = file.to_str().expect("a path of text");
    let stack = Stack::up_as(folder.path(), &["--institution-url", &url, "--credential-file", credential]);
    assert_eq!(stack.text("/layer/url"), url);
    let named =
        std::fs::read_to_string(stack.text("/layer/credential_file")).expect("the file that is named");
    assert_eq!(named.trim(), CREDENTIAL);
    // The login is the sandbox bank's, the accounts are the layer's.
    let world = World::around(&stack).await;
    let own = world.client_token().await;
    let consent = world.create_consent(&own).await;
    let token = world.agree(&world.log_in(&consent).await).await.access;
    let listed = want(200, "accounts", world.accounts(&token, &consent).await).json();
    assert!(!listed["data"].as_array().expect("a list").is_empty());
    // Without a URL the check is of the layer that the stack runs against.
    let output = stack::run(folder.path(), &["layer", "check", "--only", "/accounts/find", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    assert_eq!(
        (&report["operations"][0]["operation"], &report["faults"]),
        (&"/accounts/find".into(), &0.into())
    );
    assert!(String::from_utf8_lossy(&output.stderr).contains("2/2 /accounts/find"), "progress is told aside");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_code_says_whether_a_layer_has_faults_or_could_not_be_checked() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (well, ill) = (layer(None).await, layer(Some(Fault::MoneyAsNumber)).await);
    let customers =
        ["--customer", "76109277673", "--customer", "12345678909", "--only", "/accounts/balances"];
    let of = |url: &str| check(folder.path(), &[&[url], &customers[..]].concat());
    let (code, told, aside) = of(&well);
    assert_eq!(code, Some(0), "{told}{aside}");
    let (code, told, _) = of(&ill);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("answer    data.blockedAmount.amount: type"), "{told}");
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}", listener.local_addr().expect("it has an address"))
    };
    let (code, told, aside) = of(&gone);
    assert_eq!((code, told.as_str()), (Some(2), ""));
    assert!(aside.contains(&gone) && aside.contains("is the layer running"), "{aside}");
    let (code, ..) = check(folder.path(), &[&well]);
    assert_eq!(code, Some(2), "there is no customer");
    let (code, ..) = check(folder.path(), &[&well, "--customer", "76109277673", "--only", "/no/such"]);
    assert_eq!(code, Some(2), "there is no such operation");
}
