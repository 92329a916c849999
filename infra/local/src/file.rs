//! Files below the folder of a stack.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde::de::DeserializeOwned;

/// The JSON in a file; an error names the file.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    serde_json::from_slice(&fs::read(path)?).map_err(|fault| damaged(path, &fault))
}

/// The error of a file whose content is not what a stack writes.
pub(crate) fn damaged(path: &Path, reason: &dyn std::fmt::Display) -> io::Error {
    let path = path.display();
    io::Error::other(format!("{path} is damaged ({reason}); remove the folder of the stack to start afresh"))
}

/// Writes a file in one step, readable by its owner only (mode 0600).
pub(crate) fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    // A process killed in between leaves the old file, never half of one.
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    // A draft that was left behind has whatever mode it was made with.
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&draft)?;
    file.write_all(content)?;
    fs::rename(&draft, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_damaged_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept.json");
        fs::write(&path, "{").unwrap();
        let fault = read_json::<serde_json::Value>(&path).unwrap_err().to_string();
        assert!(fault.contains("kept.json is damaged") && fault.contains("start afresh"), "{fault}");
    }

    #[test]
    fn a_private_file_is_its_owners_alone_whatever_was_there_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.json");
        fs::write(&path, "old").unwrap();
        fs::write(folder.path().join("secret.json.new"), "half of one").unwrap();
        write_private(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
