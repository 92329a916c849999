//! A person's name as an institution writes it: shown to people, never to a log.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;

/// Name of a person: 1 to 120 characters without control characters.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PersonName(String);

impl PersonName {
    /// Longest accepted name in characters.
    pub const MAX_LENGTH: usize = 120;

    /// Reads a name; spaces around it are dropped.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let fits = (1..=Self::MAX_LENGTH).contains(&text.chars().count());
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("name"))
        }
    }

    /// The name itself. Only for people to see and for the store; never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PersonName {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_printable_and_hidden() {
        let name = PersonName::parse(" Ana Exemplo ").unwrap();
        assert_eq!((name.expose(), format!("{name:?}").as_str()), ("Ana Exemplo", "***"));
        for wrong in ["", "  ", "a\nb", &"x".repeat(121)] {
            assert_eq!(PersonName::parse(wrong), Err(Invalid("name")));
        }
    }
}
