//! What the core keeps on disk, so that it has forgotten nothing after a `kill -9`: a file to which lines are only added.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use ponte_machine::{SandboxError, files};
use serde::{Deserialize, Serialize};

use crate::ledger::Entry;
use crate::payment::Payment;

/// One change, whole or not at all: a payment as it is now, and what moved with it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Line {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) payment: Option<Payment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) entry: Option<Entry>,
}

/// The file; none for a core that lives in memory.
#[derive(Default)]
pub(crate) struct Journal(Option<File>);

impl Journal {
    /// Opens `path`, and what stands in it. Half a line at its end is of a change that never was, and is cut off.
    pub(crate) fn open(path: &Path) -> Result<(Self, Vec<Line>), SandboxError> {
        let text = files::read(path)?.unwrap_or_default();
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let lines = text[..whole].lines().map(serde_json::from_str).collect::<Result<_, _>>();
        let lines = lines.map_err(|problem| SandboxError::damaged(path, problem))?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(SandboxError::file(folder))?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(SandboxError::file(path))?;
        file.set_len(whole as u64).map_err(SandboxError::file(path))?;
        Ok((Self(Some(file)), lines))
    }

    /// Adds a line. A disk that is full costs the change its place after a restart, and nothing before.
    pub(crate) fn add(&mut self, line: &Line) {
        let Some(file) = &mut self.0 else { return };
        if let Ok(mut text) = serde_json::to_vec(line) {
            text.push(b'\n');
            drop(file.write_all(&text));
        }
    }
}
