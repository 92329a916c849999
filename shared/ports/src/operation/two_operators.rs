//! Commands that need a second operator.

use std::collections::BTreeSet;

use ponte_values::Invalid;

/// Names of the commands that run only when another operator approves them (T47).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TwoOperators(BTreeSet<String>);

impl TwoOperators {
    /// Reads names such as `client.remove`, separated by commas; no text is no command.
    ///
    /// # Errors
    /// A text that is no name of a command.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let commands = words
            .map(|word| if is_name(word) { Ok(word.to_owned()) } else { Err(Invalid("list of commands")) });
        Ok(Self(commands.collect::<Result<_, _>>()?))
    }

    /// Whether a command is among them.
    #[must_use]
    pub fn need(&self, command: &str) -> bool {
        self.0.contains(command)
    }
}

fn is_name(text: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    text.split_once('.').is_some_and(|(subject, verb)| part(subject) && part(verb))
}
