//! Node for tests that need it: `tests/node` with its packages, when `PONTE_NODE` asks for it and it is installed.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use crate::checkout;

/// Oldest Node that the packages run on.
const OLDEST: u32 = 18;

/// The project ready to run; `None` after saying on stderr what is missing.
pub(super) fn project(test: &str) -> Option<Project> {
    static READY: OnceLock<Result<(), String>> = OnceLock::new();
    let missing = match READY.get_or_init(prepare) {
        Ok(()) => return Some(Project(folder())),
        Err(missing) => missing,
    };
    let asked = variable("PONTE_NODE") == "1";
    assert!(!(asked && variable("CI") == "true"), "{test}: {missing}");
    // Not println!, which nobody sees of a test that passes.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {missing}");
    None
}

/// `tests/node` with its packages.
pub(super) struct Project(PathBuf);

impl Project {
    /// Runs one of its programs to its end, with `input` to read.
    pub(super) fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new("node")
            .args(arguments)
            .current_dir(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("node starts");
        let mut stdin = child.stdin.take().expect("node can be written to");
        // A program that does not read ends before it was told everything; its exit code says so.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("node ends")
    }
}

fn folder() -> PathBuf {
    checkout::root().join("tests/node")
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

fn prepare() -> Result<(), String> {
    if variable("PONTE_NODE") != "1" {
        return Err(format!("needs Node {OLDEST} and npm; PONTE_NODE=1 runs it"));
    }
    let version = said("node", &["--version"]).map_err(|_| "node is missing".to_owned())?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST) {
        return Err(format!("node is {}, {OLDEST} or newer is needed", version.trim()));
    }
    if said("npm", &["ls", "--all"]).is_ok() {
        return Ok(());
    }
    let quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000"];
    let install: Vec<&str> = std::iter::once("ci").chain(quiet).collect();
    said("npm", &install).map(drop).map_err(|fault| format!("the packages cannot be installed: {fault}"))
}

/// Output of a program that succeeds.
fn said(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(arguments).current_dir(folder()).stdin(Stdio::null()).output();
    let output = output.map_err(|fault| format!("{program}: {fault}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let problem = String::from_utf8_lossy(&output.stderr);
    Err(problem.lines().find(|line| line.contains("error")).unwrap_or_default().to_owned())
}

#[test]
fn lock_file_names_no_registry_and_pins_every_package() {
    let lock = std::fs::read_to_string(folder().join("package-lock.json")).expect("there is a lock file");
    let lock: serde_json::Value = serde_json::from_str(&lock).expect("the lock file is JSON");
    let packages = lock["packages"].as_object().expect("a lock file has packages");
    for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
        assert!(package["integrity"].is_string(), "{name} has no checksum");
        assert!(package["resolved"].is_null(), "{name} names where it came from");
    }
    for (name, version) in packages[""]["dependencies"].as_object().expect("there are dependencies") {
        assert_eq!(*version, packages[&format!("node_modules/{name}")]["version"], "{name} is not pinned");
    }
}
