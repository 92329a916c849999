//! `ponte`: the cloud on one machine.

use std::process::ExitCode;

fn main() -> ExitCode {
    ponte_cli::run()
}
