//! A clock that a test moves, for one process: a library of a few lines before the C library's. The function's own binary knows
//! nothing of it, so that it is no way in; timers go on as they are, as they do in an environment whose wall clock is wrong.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The wall clock of one process.
pub(super) struct MovedClock {
    library: PathBuf,
    offset: PathBuf,
}

impl MovedClock {
    /// A clock that is right, built in `folder`.
    pub(super) fn build(folder: &Path) -> Self {
        let (source, library) = (folder.join("moved_clock.c"), folder.join("moved_clock.so"));
        fs::write(&source, include_str!("moved_clock.c")).expect("a file can be written");
        let built =
            Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).args([&library, &source]).output();
        let built = built.expect("there is a C compiler, as for the build");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        let clock = Self { library, offset: folder.join("offset") };
        clock.set(0);
        clock
    }

    /// Puts the clock ahead by so many seconds; less than none is behind.
    pub(super) fn set(&self, seconds: i64) {
        let fresh = self.offset.with_extension("new");
        fs::write(&fresh, (seconds * 1_000).to_string()).expect("a file can be written");
        fs::rename(&fresh, &self.offset).expect("a file can be put in its place");
    }

    /// Variables of a process that goes by this clock.
    pub(super) fn variables(&self) -> [(String, String); 2] {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        [("LD_PRELOAD".to_owned(), text(&self.library)), ("MOVED_CLOCK".to_owned(), text(&self.offset))]
    }
}
