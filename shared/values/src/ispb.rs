//! ISPB: the number of a participant in the Brazilian payment system.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;

/// Eight digits or capital letters, kept with its zeros (P51, PB-E03). Payments v4 know digits alone.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Ispb(String);

impl Ispb {
    /// Reads `^[0-9A-Z]{8}$`.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let known = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        if text.len() == 8 && text.bytes().all(known) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("ispb"))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is of digits alone, as payments v4 have it.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_digit())
    }
}

impl TryFrom<String> for Ispb {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl fmt::Display for Ispb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Ispb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p51_an_ispb_keeps_its_zeros_and_may_have_letters() {
        assert_eq!(Ispb::parse("00099901").unwrap().as_str(), "00099901");
        assert!(
            Ispb::parse("00099901").unwrap().is_numeric() && !Ispb::parse("0009990A").unwrap().is_numeric()
        );
        for wrong in ["99901", "0009990a", "000999012", "", "0009990é"] {
            assert_eq!(Ispb::parse(wrong), Err(Invalid("ispb")), "{wrong}");
        }
        assert_eq!(format!("{0} {0:?}", Ispb::parse("00099901").unwrap()), "00099901 00099901");
        assert!(serde_json::from_str::<Ispb>("99901").is_err());
    }
}
