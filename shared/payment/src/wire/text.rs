//! Texts of a limited length.

use std::fmt;

use ponte_values::Invalid;
use serde::{Deserialize, Serialize};

/// A text of 1 to `MOST` characters, kept as it came. It may speak of people, so that no log shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Text<const MOST: usize>(String);

/// Key of the Pix directory: a CPF, a CNPJ, an e-mail address, a phone number or a UUID, at most 77 characters.
pub type Proxy = Text<77>;

/// The text of a QR code, at most 512 characters.
pub type QrCode = Text<512>;

/// txid: 1 to 35 letters and digits (P50).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TransactionIdentification(String);

impl<const MOST: usize> Text<MOST> {
    /// Reads a text.
    ///
    /// # Errors
    /// An empty one, or one that is too long.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if (1..=MOST).contains(&text.chars().count()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("text"))
        }
    }

    /// The text. Only for the wire, the store and comparison; never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<const MOST: usize> TryFrom<String> for Text<MOST> {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl<const MOST: usize> fmt::Debug for Text<MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} characters)", self.0.chars().count())
    }
}

impl TransactionIdentification {
    /// Reads `^[a-zA-Z0-9]{1,35}$`.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let known = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if known && (1..=35).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("transactionIdentification"))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TransactionIdentification {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}
