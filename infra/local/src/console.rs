//! What people read on the terminal. The only place that writes to standard output and standard error.

use std::io::{self, Write};

/// Where the narration goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// Standard output.
    Output,
    /// Standard error: standard output belongs to a program.
    Error,
}

impl Voice {
    /// One line. A reader that has gone away is no reason to stop the stack.
    pub fn say(self, line: impl AsRef<str>) {
        let _ = match self {
            Self::Output => write_line(io::stdout().lock(), "", line.as_ref()),
            Self::Error => write_line(io::stderr().lock(), "", line.as_ref()),
        };
    }
}

/// One line on standard output.
pub fn say(line: impl AsRef<str>) {
    Voice::Output.say(line);
}

/// One line on standard error, under the program's name.
pub fn complain(line: impl AsRef<str>) {
    let _ = write_line(io::stderr().lock(), "ponte: ", line.as_ref());
}

fn write_line(mut output: impl Write, prefix: &str, line: &str) -> io::Result<()> {
    writeln!(output, "{prefix}{line}")?;
    output.flush()
}
