//! Program and arguments that start the process of a function.

use std::path::PathBuf;

/// How a function's process is started: `program arguments.. NAME`.
#[derive(Debug, Clone)]
pub struct Launcher {
    /// The program.
    pub program: PathBuf,
    /// Arguments before the function's name.
    pub arguments: Vec<String>,
}

impl Launcher {
    /// This very program, as `ponte function NAME`.
    pub fn this_program() -> std::io::Result<Self> {
        Ok(Self { program: std::env::current_exe()?, arguments: vec!["function".to_owned()] })
    }
}
