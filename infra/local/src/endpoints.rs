//! `DIR/endpoints.json`: addresses and files of a running stack, for people and programs. Its shape: `docs/endpoints.md`.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::file;

/// Name of the file below the stack's folder.
pub const FILE: &str = "endpoints.json";

/// Where the file of the stack in `directory` is.
#[must_use]
pub fn path(directory: &Path) -> PathBuf {
    directory.join(FILE)
}

/// Lays `over` upon `base`: objects are merged key by key, everything else is replaced.
pub fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over,
    }
}

/// Writes the file in one step: a reader sees all of it or nothing. It names API keys, so only its owner may read it.
pub fn write(directory: &Path, endpoints: &Value) -> io::Result<()> {
    file::write_private(&path(directory), &serde_json::to_vec_pretty(endpoints)?)
}

/// Reads the file of a stack that should be running.
pub fn read(directory: &Path) -> io::Result<Value> {
    file::read_json(&path(directory))
}

/// Takes the file away: the stack is not ready any more, or not yet.
pub fn remove(directory: &Path) -> io::Result<()> {
    match std::fs::remove_file(path(directory)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use serde_json::json;

    use super::*;

    #[test]
    fn the_sandbox_adds_to_the_description_of_the_stack() {
        let mut endpoints = json!({"hosts": {"mtls": "a"}, "control": "c"});
        merge(&mut endpoints, json!({"hosts": {"other": "b"}, "pcm": {"auth": "p"}}));
        assert_eq!(
            endpoints,
            json!({"hosts": {"mtls": "a", "other": "b"}, "control": "c", "pcm": {"auth": "p"}})
        );
    }

    #[test]
    fn the_file_comes_and_goes() {
        let folder = tempfile::tempdir().unwrap();
        remove(folder.path()).unwrap();
        write(folder.path(), &json!({"a": 1})).unwrap();
        assert_eq!(read(folder.path()).unwrap(), json!({"a": 1}));
        let mode = std::fs::metadata(path(folder.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        remove(folder.path()).unwrap();
        assert!(read(folder.path()).is_err());
    }
}
