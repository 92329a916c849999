//! The release binaries: built here as they are shipped, or taken from a folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Fault;

/// Variable that names a folder with finished binaries.
const FOLDER: &str = "PONTE_BENCH_BINARIES";
const FUNCTIONS: [&str; 5] = ["oauth", "consents", "data", "payments", "pcm"];

/// The empty handler as built with this program; the folder it lies in is called like the profile.
const BESIDE: &str = env!("CARGO_BIN_EXE_hello");

/// Where the binaries are.
pub(crate) struct Binaries(PathBuf);

impl Binaries {
    /// Builds the functions in the profile of this program, with no more features than they are shipped with, unless
    /// a folder is named.
    pub(crate) fn ready() -> Result<Self, Fault> {
        if let Some(folder) = std::env::var_os(FOLDER) {
            return Ok(Self::at(folder));
        }
        let folder = Path::new(BESIDE).parent().ok_or("no target folder")?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let packages = FUNCTIONS.iter().map(|name| format!("--package=ponte-{name}"));
        let status = Command::new(cargo)
            .args(["build", "--profile"])
            .arg(profile())
            .args(packages)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .status()?;
        if status.success() { Ok(Self::at(folder)) } else { Err("the functions do not build".into()) }
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

/// The profile this program was built in.
pub(crate) fn profile() -> &'static str {
    let folder = Path::new(BESIDE).parent().and_then(Path::file_name);
    folder.and_then(|name| name.to_str()).unwrap_or("release")
}

/// Size of a binary in MB, as zip files and quotas count.
pub(crate) fn megabytes(binary: &Path) -> Result<f64, Fault> {
    let size =
        u32::try_from(binary.metadata().map_err(|error| format!("{}: {error}", binary.display()))?.len())?;
    Ok(f64::from(size) / 1e6)
}
