//! The command line, run as a process without a stack behind it.
//!
//! Having this test makes cargo build the `ponte` binary, which the journeys start.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::net::TcpListener;
use std::process::{Command, Output};

fn ponte(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ponte")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn help_names_every_command_but_the_hidden_one() {
    let help = ponte(&["--help"]);
    assert!(help.status.success());
    let help = text(&help.stdout);
    for word in ["demo", "up", "tick", "invoke", "keys", "faults", "status", "--dir", "--port-base"] {
        assert!(help.contains(word), "{word} is missing:\n{help}");
    }
    assert!(!help.contains("  function"), "{help}");
}

#[test]
fn an_unknown_command_is_a_usage_error() {
    let answer = ponte(&["fly"]);
    assert_eq!(answer.status.code(), Some(2));
    assert!(text(&answer.stderr).contains("fly"));
}

#[test]
fn a_busy_port_is_named_with_the_option_and_nothing_is_left_running() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let base = port.to_string();
    let answer = ponte(&["up", "--dir", folder.path().to_str().unwrap(), "--port-base", &base]);
    assert_eq!(answer.status.code(), Some(1));
    let complaint = text(&answer.stderr);
    // Another program of this machine may have one of the other ten.
    let named = (port..=port.saturating_add(10))
        .any(|port| complaint.contains(&format!("port {port} is already in use")));
    assert!(named, "{complaint}");
    assert!(complaint.contains("--port-base"), "{complaint}");
    assert!(
        text(&answer.stdout).starts_with("starting in"),
        "the first line comes before anything can go wrong"
    );
    assert!(!folder.path().join("endpoints.json").exists());
}

#[test]
fn ports_must_fit() {
    let folder = tempfile::tempdir().unwrap();
    let answer = ponte(&["up", "--dir", folder.path().to_str().unwrap(), "--port-base", "65530"]);
    assert_eq!(answer.status.code(), Some(1));
    assert!(text(&answer.stderr).contains("too high"));
}

#[test]
fn asking_without_a_stack_says_how_to_start_one() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    for asked in [
        &["status", "--dir", folder][..],
        &["tick", "sweep", "--dir", folder],
        &["keys", "list", "--dir", folder],
        &["faults", "list", "--dir", folder],
    ] {
        let answer = ponte(asked);
        assert_eq!(answer.status.code(), Some(1));
        assert!(text(&answer.stderr).contains("ponte up"), "{}", text(&answer.stderr));
    }
}

#[test]
fn an_unknown_function_is_refused() {
    let answer = ponte(&["function", "nobody"]);
    assert_eq!(answer.status.code(), Some(1));
    assert!(text(&answer.stderr).contains("no function is called nobody"));
}
