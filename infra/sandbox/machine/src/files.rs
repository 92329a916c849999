//! Files of the sandbox: written whole or not at all, private keys readable by their owner only.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::error::SandboxError;

/// Writes a file that everybody on the machine may read.
pub fn write(path: &Path, content: &str) -> Result<(), SandboxError> {
    write_with_mode(path, content, 0o644)
}

/// Writes a private key or another secret: mode 0600.
pub fn write_private(path: &Path, content: &str) -> Result<(), SandboxError> {
    write_with_mode(path, content, 0o600)
}

/// The text of a file, `None` when there is no such file.
pub fn read(path: &Path) -> Result<Option<String>, SandboxError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(problem) => Err(SandboxError::file(path)(problem)),
    }
}

fn write_with_mode(path: &Path, content: &str, mode: u32) -> Result<(), SandboxError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(SandboxError::file(folder))?;
    }
    // A process killed in between leaves the old file or none, never half of one.
    let draft = path.with_extension("new");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(mode)
        .open(&draft)
        .map_err(SandboxError::file(&draft))?;
    file.write_all(content.as_bytes()).and_then(|()| file.sync_all()).map_err(SandboxError::file(&draft))?;
    fs::rename(&draft, path).map_err(SandboxError::file(path))
}
