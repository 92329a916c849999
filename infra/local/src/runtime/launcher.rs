//! Program and arguments that start the process of a function.

use std::path::PathBuf;

/// Execution environments of one function at most, where nobody says how many.
pub const ENVIRONMENTS: u16 = 4;

/// How a function's processes are started: `program arguments.. NAME`.
#[derive(Debug, Clone)]
pub struct Launcher {
    /// The program.
    pub program: PathBuf,
    /// Arguments before the function's name.
    pub arguments: Vec<String>,
    /// Execution environments of one function at most; further invocations wait.
    pub environments: u16,
}

impl Launcher {
    /// This very program, as `ponte function NAME`.
    pub fn this_program() -> std::io::Result<Self> {
        let (program, arguments) = (std::env::current_exe()?, vec!["function".to_owned()]);
        Ok(Self { program, arguments, environments: ENVIRONMENTS })
    }
}
