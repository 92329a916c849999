//! Virtual time: a test runs once more in a process of its own, which goes with the stack that it starts by a clock that it puts where it
//! wants. Where no clock can be moved it is skipped, and says so.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use ponte_machine::clock;
use ponte_values::Moment;

use crate::journeys::lambda::moved_clock::{self, MovedClock};

/// The variable by which the process knows that its clock is moved.
const CLOCK: &str = "MOVED_CLOCK";

/// The clock of this process and of the stack that it starts.
pub(in crate::journeys) struct VirtualTime {
    offset: PathBuf,
}

impl VirtualTime {
    /// In the process whose clock begins at `moment`: that clock. Elsewhere the test `name` of the module is run in such a process, and
    /// must pass there.
    pub(in crate::journeys) fn begin((module, name): (&str, &str), moment: &str) -> Option<Self> {
        if let Some(offset) = std::env::var_os(CLOCK) {
            return Some(Self { offset: offset.into() });
        }
        if !moved_clock::or_skipped(name) {
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder can be made");
        let clock = MovedClock::build(folder.path());
        let moment = Moment::parse(moment).expect("a moment");
        clock.set(moment.seconds() - clock::now().seconds());
        let test = format!("{}::{name}", module.split_once("::").map_or(module, |(_, rest)| rest));
        let run = Command::new(std::env::current_exe().expect("this test knows its own path"))
            .args([test.as_str(), "--exact", "--include-ignored", "--nocapture"])
            .envs(clock.variables())
            .stdin(Stdio::null())
            .output()
            .expect("the test starts");
        let said = [run.stdout, run.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        assert!(run.status.success() && said.contains("1 passed"), "{test} at {moment}:\n{said}");
        None
    }

    /// Puts the clock on to a later moment.
    pub(in crate::journeys) fn put(&self, moment: &str) {
        let moment = Moment::parse(moment).expect("a moment");
        let text = std::fs::read_to_string(&self.offset).expect("the clock has its file");
        let before: i64 = text.trim().parse().expect("milliseconds");
        let offset = before + moment.millis() - clock::now().millis();
        assert!(offset >= before, "time goes on, never back");
        let fresh = self.offset.with_extension("new");
        std::fs::write(&fresh, offset.to_string()).expect("a file can be written");
        std::fs::rename(&fresh, &self.offset).expect("a file can be put in its place");
    }
}
