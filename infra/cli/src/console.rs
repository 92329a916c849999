//! Terminal output. The only place that writes to standard output and standard error.

use std::io::{self, Write};
use std::process::ExitCode;

/// One line on standard output.
pub(crate) fn say(line: &str) {
    write_line(io::stdout().lock(), "", line);
}

/// One line on standard error: standard output belongs to a program.
pub(crate) fn say_aside(line: &str) {
    write_line(io::stderr().lock(), "", line);
}

/// One line on standard error, under the program's name.
pub(crate) fn complain(line: &str) {
    write_line(io::stderr().lock(), "ponte: ", line);
}

/// A complaint, and the exit code for it.
pub(crate) fn failure(fault: &str) -> ExitCode {
    complain(fault);
    ExitCode::FAILURE
}

/// A reader that has gone away is no reason to stop the stack.
fn write_line(mut output: impl Write, prefix: &str, line: &str) {
    let _ = writeln!(output, "{prefix}{line}").and_then(|()| output.flush());
}
