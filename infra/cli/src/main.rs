//! Entry of the `ponte` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    ponte_cli::run()
}
