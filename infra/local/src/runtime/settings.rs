//! Settings of a function: name, limits and environment of its process.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::launcher::Launcher;

/// Settings that a function's process is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Local name.
    pub name: String,
    /// Exactly the variables of the template.
    pub environment: BTreeMap<String, String>,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// Memory in MB; the process is told of it, nothing enforces it.
    pub memory: u32,
    /// URL of the local AWS endpoint.
    pub endpoint_url: String,
    /// File that receives what the process prints.
    pub log: PathBuf,
    /// How the process is started.
    pub launcher: Launcher,
}
