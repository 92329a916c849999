//! The files of the checkout, without those of the build and the local cloud.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders that are not ours to judge.
const SKIPPED: [&str; 5] = ["target", ".git", ".ponte", ".venv", "node_modules"];

/// The checkout this test runs in, read at run time.
pub(crate) fn root() -> PathBuf {
    let package = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    Path::new(&package).parent().expect("tests/ lies in the checkout").to_owned()
}

/// A text file of the project.
pub(crate) struct File {
    /// Path from the root of the checkout, with forward slashes.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

impl File {
    /// Whether it is Rust source.
    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }
}

/// Every text file of the project; a file that is not UTF-8 is no text.
pub(crate) fn files() -> Vec<File> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the checkout can be read") {
            let entry = entry.expect("a folder entry can be read");
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().expect("a file has a type");
            if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
                folders.push(entry.path());
            } else if kind.is_file()
                && let Ok(text) = fs::read_to_string(entry.path())
            {
                let path = entry.path();
                let path = path.strip_prefix(&root).expect("a file lies under the root");
                found.push(File { path: path.to_string_lossy().replace('\\', "/"), text });
            }
        }
    }
    found
}

/// Output of a `cargo` command in this checkout, without a network.
pub(crate) fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo).args(arguments).arg("--offline").current_dir(root()).output();
    let output = output.expect("cargo starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo answers in UTF-8")
}
