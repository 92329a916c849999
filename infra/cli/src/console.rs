//! Terminal output. The only place that writes to standard output and standard error.

use std::io::{self, Write};
use std::process::ExitCode;

/// One line of this program's own on standard output, with its colours.
pub(crate) fn say(line: &str) {
    write_line(io::stdout().lock(), "", line);
}

/// An answer on standard output.
pub(crate) fn tell(answer: &str) {
    write_line(io::stdout().lock(), "", &without_controls(answer));
}

/// One line on standard error: standard output belongs to a program.
pub(crate) fn say_aside(line: &str) {
    write_line(io::stderr().lock(), "", &without_controls(line));
}

/// One line on standard error, under the program's name.
pub(crate) fn complain(line: &str) {
    write_line(io::stderr().lock(), "ponte: ", &without_controls(line));
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

/// A text whose characters do nothing to a terminal: what comes out of records and answers was sent by others.
fn without_controls(text: &str) -> String {
    escaped(text, |character| character == '\n')
}

/// A text of one line, which looks like no other line.
pub(crate) fn one_line(text: &str) -> String {
    escaped(text, |_| false)
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut told, character| {
        // Of what is no control character, those that turn the direction of a line around or end it.
        let turns = matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if (character.is_control() || turns) && !stays(character) {
            told.extend(character.escape_default());
        } else {
            told.push(character);
        }
        told
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t62_what_others_sent_does_nothing_to_the_terminal_and_makes_no_line() {
        let sent = "x\u{1b}[2K\rDONE\u{9b}1m\u{202e}\nç";
        let told = r"x\u{1b}[2K\rDONE\u{9b}1m\u{202e}";
        assert_eq!(without_controls(sent), format!("{told}\nç"));
        assert_eq!(one_line(sent), format!(r"{told}\nç"));
    }
}
