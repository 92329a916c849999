//! A running `ponte` for one test: any free ports, a folder of its own, ended when it goes out of scope.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Weak};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Mutex;

use crate::checkout;

/// A look every 50 ms for three minutes: a debug build on a busy machine makes its keys and tables well within that.
const LOOKS: usize = 3_600;

/// A stack in a child process.
pub(crate) struct Stack {
    child: Child,
    endpoints: Value,
}

impl Drop for Stack {
    fn drop(&mut self) {
        // As hard as kill -9: nothing here relies on a clean end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The `ponte` that was built with these tests: in the folder above `deps`, where the tests themselves are.
pub(crate) fn program() -> PathBuf {
    let tests = std::env::current_exe().expect("this test knows its own path");
    let folder = tests.parent().and_then(Path::parent).expect("tests are built into target/PROFILE/deps");
    let program = folder.join(format!("ponte{}", std::env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "there is no {}: run `cargo build` first", program.display());
    program
}

/// Runs `ponte ARGS` with a stack folder to its end.
pub(crate) fn run(directory: &Path, arguments: &[&str]) -> Output {
    command(directory).args(arguments).stdin(Stdio::null()).output().expect("ponte starts")
}

/// The same with variables of the environment, and none of AWS besides.
pub(crate) fn run_with(directory: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = command(directory);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    let command = command.envs(variables.iter().copied()).args(arguments);
    command.stdin(Stdio::null()).output().expect("ponte starts")
}

fn command(directory: &Path) -> Command {
    let mut command = Command::new(program());
    command.arg("--dir").arg(directory).args(["--port-base", "0"]).current_dir(checkout::root());
    command
}

impl Stack {
    /// Starts a stack in `directory` and waits until it serves.
    pub(crate) fn up(directory: &Path) -> Self {
        Self::up_with(directory, &[])
    }

    /// The same with parameters of the template, each `NAME=VALUE`.
    pub(crate) fn up_with(directory: &Path, parameters: &[&str]) -> Self {
        let named = parameters.iter().flat_map(|parameter| ["--parameter", *parameter]);
        Self::up_as(directory, &named.collect::<Vec<_>>())
    }

    /// The same with options of `ponte up`.
    pub(crate) fn up_as(directory: &Path, options: &[&str]) -> Self {
        let file = directory.join("endpoints.json");
        // A killed stack leaves its description behind.
        let _ = fs::remove_file(&file);
        let log_path = directory.join("ponte.log");
        let log = File::create(&log_path).expect("a log can be written");
        let mut child = command(directory)
            .arg("up")
            .args(options)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file has two handles"))
            .stderr(log)
            .spawn()
            .expect("ponte starts");
        for _ in 0..LOOKS {
            let read = fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok());
            if let Some(endpoints) = read {
                return Self { child, endpoints };
            }
            let ended = child.try_wait().expect("a child can be asked");
            let log = || fs::read_to_string(&log_path).unwrap_or_default();
            assert!(ended.is_none(), "ponte ended, {ended:?}:\n{}", log());
            sleep(Duration::from_millis(50));
        }
        let _ = child.kill();
        panic!("ponte does not serve:\n{}", fs::read_to_string(&log_path).unwrap_or_default());
    }

    /// `endpoints.json`.
    pub(crate) fn endpoints(&self) -> &Value {
        &self.endpoints
    }

    /// A text of `endpoints.json` by JSON pointer.
    pub(crate) fn text(&self, pointer: &str) -> &str {
        let value = self.endpoints.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("endpoints.json has no text at {pointer}"))
    }

    /// Id of the stack's process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// kill -9: no clean end, no last words.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a killed child ends");
    }

    /// kill -9 while others still hold it.
    pub(crate) fn kill_in_place(&self) {
        let killed = Command::new("kill").args(["-9", &self.process().to_string()]).status();
        assert!(killed.expect("kill starts").success(), "the stack could not be killed");
    }

    /// Whether the process lives.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("a child can be asked").is_none()
    }
}

/// One stack for tests that run at the same time; it ends with the last of them.
pub(crate) struct SharedStack {
    // Ended before its folder goes.
    pub(crate) stack: Stack,
    _folder: Option<tempfile::TempDir>,
}

/// The shared stack of a group of tests, while one of them runs.
pub(crate) struct Sharing(Mutex<Weak<SharedStack>>);

impl SharedStack {
    /// A new one with parameters of the template.
    pub(crate) fn up(parameters: &[&str]) -> Arc<Self> {
        let folder = tempfile::tempdir().expect("a folder can be made");
        Arc::new(Self { stack: Stack::up_with(folder.path(), parameters), _folder: Some(folder) })
    }
}

impl SharedStack {
    /// One in a folder that outlives it.
    pub(crate) const fn of(stack: Stack) -> Self {
        Self { stack, _folder: None }
    }
}

impl Sharing {
    /// None runs.
    pub(crate) const fn new() -> Self {
        Self(Mutex::const_new(Weak::new()))
    }

    /// The one that runs, or a new one.
    pub(crate) async fn stack(&self, parameters: &[&str]) -> Arc<SharedStack> {
        let mut known = self.0.lock().await;
        if let Some(shared) = known.upgrade() {
            return shared;
        }
        let shared = SharedStack::up(parameters);
        *known = Arc::downgrade(&shared);
        shared
    }
}
