//! The release binaries: built here as they are shipped, or taken from a folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Fault;

/// Variable that names a folder with finished binaries.
const FOLDER: &str = "PONTE_BENCH_BINARIES";
const FUNCTIONS: [&str; 4] = ["oauth", "consents", "data", "pcm"];

/// Where the binaries are.
pub(crate) struct Binaries(PathBuf);

impl Binaries {
    /// Builds the functions in release, each with its own features only, unless a folder is named.
    pub(crate) fn ready(target: &Path) -> Result<Self, Fault> {
        if let Some(folder) = std::env::var_os(FOLDER) {
            return Ok(Self::at(folder));
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let packages = FUNCTIONS.iter().map(|name| format!("--package=ponte-{name}"));
        let status = Command::new(cargo)
            .args(["build", "--release"])
            .args(packages)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .status()?;
        if status.success() {
            Ok(Self(target.join("release")))
        } else {
            Err("the functions do not build".into())
        }
    }

    /// Those of a folder.
    pub(crate) fn at(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// The binary of a function.
    pub(crate) fn function(&self, name: &str) -> PathBuf {
        self.0.join(format!("ponte-{name}"))
    }
}

/// Size of a binary in MB, as zip files and quotas count.
pub(crate) fn megabytes(binary: &Path) -> Result<f64, Fault> {
    let size =
        u32::try_from(binary.metadata().map_err(|error| format!("{}: {error}", binary.display()))?.len())?;
    Ok(f64::from(size) / 1e6)
}
