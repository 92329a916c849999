//! `ponte keys` on a running stack: a key that it issues, rotates or revokes counts at the management host from the next call
//! on.

use ponte_web::caller::Reply;

use super::systems::{LIST, System};
use crate::stack::{self, Stack};

/// Output of `ponte keys ..`.
fn keys(folder: &std::path::Path, arguments: &[&str]) -> Result<String, String> {
    let by = ["keys", "--as", "ana.souza", "--reason", "a journey"];
    let output = stack::run(folder, &[&by, arguments].concat());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("ponte prints UTF-8");
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// A fact of the key that was printed.
fn fact(printed: &str, label: &str) -> String {
    let line = printed.lines().find_map(|line| line.strip_prefix(label));
    line.unwrap_or_else(|| panic!("no {label} in {printed}")).trim().to_owned()
}

async fn list(system: &System, key: &str) -> Reply {
    system.with_key(key).get(LIST, &[("x-customer-cpf", "12345678909")]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_issued_rotated_and_revoked_on_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let stack = Stack::up(folder.path());
    let run = |arguments: &[&str]| keys(folder.path(), arguments);
    let backoffice = System::named(&stack, "backoffice");

    let unsigned =
        stack::run(folder.path(), &["keys", "issue", "backoffice", "--scope", "oob_consents:read"]);
    let said = String::from_utf8(unsigned.stderr).expect("ponte prints UTF-8");
    assert!(!unsigned.status.success() && said.contains("who orders this, and why"), "{said}");

    let issued = run(&["issue", "backoffice", "--scope", "oob_consents:read"]).expect("a key is issued");
    let (id, first) = (fact(&issued, "id"), fact(&issued, "key"));
    assert_eq!(list(&backoffice, &first).await.status, 200);
    // The certificate is another caller's.
    assert_eq!(list(&System::named(&stack, "app"), &first).await.status, 401);

    let second = fact(&run(&["rotate", &id]).expect("a secret is changed"), "key");
    assert_eq!(list(&backoffice, &first).await.status, 200, "the old secret has a day of grace");
    assert_eq!(list(&backoffice, &second).await.status, 200);
    let third = fact(&run(&["rotate", &id, "--grace-seconds", "0"]).expect("a secret is changed"), "key");
    assert_eq!(list(&backoffice, &second).await.status, 401);
    assert_eq!(list(&backoffice, &third).await.status, 200);

    run(&["revoke", &id]).expect("a key is revoked");
    assert_eq!(list(&backoffice, &third).await.status, 401);
    let all = run(&["list"]).expect("keys are listed");
    assert!(all.lines().any(|line| line.starts_with(&format!("{id}  REVOKED  backoffice"))), "{all}");
    assert!(!all.contains("ponte_"), "{all}");
    run(&["revoke", &id]).expect("a revocation given again is answered since when it is so");
    for (wrong, said) in [
        (&["revoke", "0000000000000000"][..], "no such API key"),
        (&["issue", "backoffice", "--scope", "everything"], "oob_consents:read"),
        (&["rotate", &id, "--grace-seconds", "604801"], "graceSeconds"),
    ] {
        let fault = run(wrong).expect_err("the command is refused");
        assert!(fault.contains(said), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_start_finds_the_keys_of_the_institutions_systems() {
    let folder = tempfile::tempdir().expect("a folder");
    let stack = Stack::up(folder.path());
    let before = keys(folder.path(), &["list"]).expect("keys are listed");
    stack.kill();
    let stack = Stack::up(folder.path());
    assert_eq!(keys(folder.path(), &["list"]).expect("keys are listed"), before);
    assert_eq!(before.lines().count(), 3, "a heading, the back office, the app: {before}");
    let backoffice = System::named(&stack, "backoffice");
    assert_eq!(backoffice.get(LIST, &[("x-customer-cpf", "12345678909")]).await.status, 200);
}
