//! A flood of the public host by nobody in particular, through the gateway (T62): what it costs in rows, in the log and in environments
//! of others.

use std::path::Path;

use ponte_authorization::interaction::OF_ONE_SOURCE;

use super::callers::{Callers, Host};
use super::cloud::Cloud;
use crate::stack::Stack;

/// Bytes of a line of a function's log, and of one of the gateway's.
const LINES: u64 = 512 + 256;
/// Wrong codes above what one source may try.
const TOO_MANY: u32 = 5;

/// Method, path and status.
type Wanted = (&'static str, String, u16);

fn flood() -> Vec<Wanted> {
    let mut calls = Vec::new();
    for number in 0..20 {
        let long = "x".repeat(100 * number);
        calls.extend([
            ("GET", "/.well-known/openid-configuration".to_owned(), 200),
            ("HEAD", "/.well-known/openid-configuration".to_owned(), 200),
            ("GET", "/auth/jwks".to_owned(), 200),
            ("HEAD", "/auth/jwks".to_owned(), 200),
            ("GET", format!("/auth/authorize?client_id=a&request_uri={long}"), 400),
            ("HEAD", format!("/auth/authorize?client_id=a&request_uri={long}"), 200),
            ("GET", format!("/auth/resume?ticket=a.{long}"), 400),
            ("GET", format!("/auth/nothing/{long}"), 404),
            ("GET", format!("/api/canal/consents/v1/interactions/a{long}"), 404),
            ("HEAD", format!("/auth/handoff/{number:08}"), 200),
        ]);
    }
    calls
}

fn bytes(logs: &Path, names: &[&str]) -> u64 {
    let size = |name: &&str| std::fs::metadata(logs.join(format!("{name}.log"))).map_or(0, |file| file.len());
    names.iter().map(size).sum()
}

#[tokio::test]
async fn t62_a_flood_of_the_public_host_writes_no_row_and_takes_nothing_from_the_other() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let logs = folder.path().join("logs");
    let rows = async || {
        let mut rows = 0;
        for (function, variable) in
            [("channel", "INTERACTIONS_TABLE"), ("authorize", "GRANTS_TABLE"), ("consents", "CONSENTS_TABLE")]
        {
            rows += cloud.items(cloud.table(function, variable)).await.len();
        }
        rows
    };
    let invoked = async |name: &str| callers.status(&stack).await["functions"][name].clone();
    let agent = "a robot ".repeat(200);
    let headers = [("user-agent", agent.as_str()), ("accept", "*/*")];
    // The functions of the public host are started before anything is counted.
    callers.call(Host::Public, ("GET", "/auth/jwks"), &headers, Vec::new()).await;
    callers.call(Host::Public, ("GET", "/api/canal/x"), &headers, Vec::new()).await;
    let names = ["authorize", "channel", "PublicApi"];
    let (stored, written, token) = (rows().await, bytes(&logs, &names), invoked("oauth").await);

    let calls = flood();
    for (method, path, status) in &calls {
        let got = callers.call(Host::Public, (method, path.as_str()), &headers, Vec::new()).await;
        assert_eq!(got.status, *status, "{method} {path}: {}", got.body);
    }
    assert_eq!(rows().await, stored);
    let each = (bytes(&logs, &names) - written) / calls.len() as u64;
    println!("{} calls, {each} bytes of the logs each", calls.len());
    assert!(each <= LINES, "{each} bytes of the logs for a call");

    let app = [("accept", "application/json")];
    let mut refused = 0;
    for number in 0..OF_ONE_SOURCE + TOO_MANY {
        let path = format!("/auth/handoff/{number:08}");
        let got = callers.call(Host::Public, ("GET", &path), &app, Vec::new()).await;
        assert!([404, 429].contains(&got.status), "{}", got.body);
        assert!(got.status == 404 || got.body.contains("LIMITE_EXCEDIDO"), "{}", got.body);
        refused += u32::from(got.status == 429);
    }
    // A minute may have ended in between; each has a count of all and one of this source.
    assert!(refused == TOO_MANY || rows().await == stored + 4, "{refused}");
    assert!(rows().await <= stored + 4);
    assert_eq!(invoked("oauth").await, token, "the function of the mTLS host saw nothing of it");
}
