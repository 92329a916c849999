//! `x-idempotency-key`: the name that a client gives to one write of its own.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;

/// 1 to 40 characters, at least one of them no space (P40).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Longest key in characters (P40).
    pub const MAX_LENGTH: usize = 40;

    /// Reads the header: `^(?!\s)(.*)(\S)$`, so no space at either end.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fits = (1..=Self::MAX_LENGTH).contains(&text.chars().count());
        if fits && text.trim() == text && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("x-idempotency-key"))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for IdempotencyKey {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p40_a_key_has_forty_characters_at_most_and_no_space_around_it() {
        let (most, long) = ("é".repeat(40), "x".repeat(41));
        for good in ["a", "a b", most.as_str()] {
            assert_eq!(IdempotencyKey::parse(good).unwrap().as_str(), good);
        }
        for wrong in ["", " ", " a", "a ", "a\tb", long.as_str()] {
            assert_eq!(IdempotencyKey::parse(wrong), Err(Invalid("x-idempotency-key")), "{wrong:?}");
        }
        assert_eq!(format!("{:?}", IdempotencyKey::parse("a").unwrap()), "a");
    }
}
