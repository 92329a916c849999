//! A clock that a test moves, for one process: a library of a few lines before the C library's. The function's own binary knows
//! nothing of it, so that it is no way in; timers go on as they are, as they do in an environment whose wall clock is wrong.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The C compiler that the build takes as well.
const COMPILER: &str = "cc";

/// The wall clock of one process.
pub(in crate::journeys) struct MovedClock {
    /// `None` where no clock can be moved.
    library: Option<PathBuf>,
    offset: PathBuf,
}

impl MovedClock {
    /// A clock that is right, built in `folder`.
    pub(in crate::journeys) fn build(folder: &Path) -> Self {
        let library = can_be_moved().then(|| {
            let (source, library) = (folder.join("moved_clock.c"), folder.join("moved_clock.so"));
            fs::write(&source, include_str!("moved_clock.c")).expect("a file can be written");
            let built = Command::new(COMPILER)
                .args(["-shared", "-fPIC", "-O1", "-o"])
                .args([&library, &source])
                .output();
            let built = built.expect("the compiler starts");
            assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
            library
        });
        let clock = Self { library, offset: folder.join("offset") };
        clock.set(0);
        clock
    }

    /// Puts the clock ahead by so many seconds; less than none is behind.
    pub(in crate::journeys) fn set(&self, seconds: i64) {
        assert!(seconds == 0 || self.library.is_some(), "a test that moves a clock asks whether it can");
        let fresh = self.offset.with_extension("new");
        fs::write(&fresh, (seconds * 1_000).to_string()).expect("a file can be written");
        fs::rename(&fresh, &self.offset).expect("a file can be put in its place");
    }

    /// Variables of a process that goes by this clock.
    pub(in crate::journeys) fn variables(&self) -> Vec<(String, String)> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let variables = |library: &PathBuf| {
            [("LD_PRELOAD".to_owned(), text(library)), ("MOVED_CLOCK".to_owned(), text(&self.offset))]
        };
        self.library.iter().flat_map(variables).collect()
    }
}

/// Whether a test that moves a clock can run here; if not, it says on stderr that it is skipped.
pub(in crate::journeys) fn or_skipped(test: &str) -> bool {
    if !can_be_moved() {
        // Not println!, which nobody sees of a test that passes.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: {test}: moving a clock takes Linux and a C compiler, {COMPILER}"
        );
    }
    can_be_moved()
}

fn can_be_moved() -> bool {
    static FOUND: LazyLock<bool> = LazyLock::new(|| {
        let asked = Command::new(COMPILER).arg("--version").output();
        cfg!(target_os = "linux") && asked.is_ok_and(|answer| answer.status.success())
    });
    *FOUND
}
