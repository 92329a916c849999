//! The process of a function that does not start, from its log to its end.

use std::panic::catch_unwind;
use std::process::Command;

use super::*;

/// Set in the process that is the function.
const FUNCTION: &str = "PONTE_EDGE_FUNCTION_OF_TEST";

/// A process has one log and one way to tell of panics, so that the function is this test in a process of its own.
#[test]
fn lb09_a_function_that_does_not_start_says_why_and_a_panic_says_where_and_not_what_it_had_read() {
    let failure = format!("{:?}", ExitCode::FAILURE);
    if std::env::var_os(FUNCTION).is_some() {
        let ended = start(|| async {
            assert!(catch_unwind(|| panic!("segredo")).is_err());
            Err::<App, StartError>("CHANNEL_KEYS is not set".into())
        });
        assert_eq!(format!("{ended:?}"), failure);
        return;
    }
    let this = "app::tests::process::lb09_a_function_that_does_not_start_says_why_and_a_panic_says_where_and_not_what_it_had_read";
    let mut function = Command::new(std::env::current_exe().unwrap());
    let output = function.args(["--exact", this, "--nocapture"]).env(FUNCTION, "1").output().unwrap();
    let log = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{log}");
    let line = |message: &str| {
        let said = format!(r#""message":"{message}""#);
        let line =
            log.lines().find(|line| line.contains(&said)).unwrap_or_else(|| panic!("{message}: {log}"));
        serde_json::from_str::<Value>(&line[line.find('{').unwrap()..]).unwrap()
    };
    let (start, panic) = (line("function did not start"), line("panic"));
    assert_eq!(
        (&start["level"], &start["fields"]["chain"]),
        (&json!("ERROR"), &json!("CHANNEL_KEYS is not set"))
    );
    assert!(panic["fields"]["place"].as_str().unwrap().contains("process.rs"), "{panic}");
    let told = log + &String::from_utf8(output.stderr).unwrap();
    assert!(!told.contains("segredo"), "{told}");
}
