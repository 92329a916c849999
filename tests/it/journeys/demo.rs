//! The demo journey is a test: `ponte demo --json` ends with 0 and every step held.

use std::path::Path;
use std::thread;

use serde_json::Value;

use crate::stack;

/// A demo that is a whole journey has at least so many steps.
const STEPS: usize = 20;

/// Runs the demo in `directory`: a JSON object a line, every step held, a summary, exit code 0.
fn assert_demo_holds(directory: &Path) {
    let output = stack::run(directory, &["demo", "--json"]);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let read =
        |line| -> Value { serde_json::from_str(line).unwrap_or_else(|fault| panic!("{fault} in {line}")) };
    let (steps, rest): (Vec<Value>, Vec<Value>) =
        out.lines().map(read).partition(|line| line["type"] == "step");
    let broken: Vec<&Value> = steps.iter().filter(|step| step["held"] != true).collect();
    assert!(broken.is_empty(), "{broken:#?}\n{err}");
    assert!(steps.len() >= STEPS, "only {} steps:\n{out}\n{err}", steps.len());
    assert!(
        matches!(rest.as_slice(), [summary] if summary["type"] == "summary"),
        "no summary:\n{out}\n{err}"
    );
    assert!(output.status.success(), "{}\n{err}", output.status);
}

#[test]
fn every_step_of_the_demo_holds() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    assert_demo_holds(folder.path());
}

#[test]
#[ignore = "takes minutes: 20 demos in one folder, one after the other"]
fn twenty_demos_in_a_row_hold() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for round in 1..=20 {
        assert_demo_holds(folder.path());
        println!("demo {round} of 20 held");
    }
}

#[test]
#[ignore = "takes minutes: 4 stacks side by side on other ports"]
fn four_stacks_side_by_side_hold() {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let folder = tempfile::tempdir().expect("a folder can be made");
                assert_demo_holds(folder.path());
            });
        }
    });
}
