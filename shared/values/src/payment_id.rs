//! paymentId: the name of a payment at this institution.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;

/// `^[a-zA-Z0-9][a-zA-Z0-9-]{0,99}$` (P59). Ours are made from the endToEndId, so that a payment is found by one of both, and a second
/// one of the same endToEndId has no place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PaymentId(String);

impl PaymentId {
    /// Reads an id of the OpenAPI file's pattern.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let known = |(i, b): (usize, u8)| b.is_ascii_alphanumeric() || (i > 0 && b == b'-');
        if (1..=100).contains(&text.len()) && text.bytes().enumerate().all(known) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("paymentId"))
        }
    }

    /// The UUID that these bytes are with the marks of version 8, "made by a rule of one's own" (RFC 9562).
    #[must_use]
    pub fn from_uuid(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PaymentId {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl fmt::Display for PaymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PaymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p59_an_id_is_read_by_the_pattern_of_the_file() {
        assert_eq!(PaymentId::parse("a-1").unwrap().as_str(), "a-1");
        let long = "x".repeat(101);
        for wrong in ["", "-a", "a b", "a#", long.as_str()] {
            assert_eq!(PaymentId::parse(wrong), Err(Invalid("paymentId")), "{wrong}");
        }
        assert_eq!(format!("{0} {0:?}", PaymentId::parse("a").unwrap()), "a a");
        let made = PaymentId::from_uuid([0xff; 16]);
        assert_eq!(made.as_str(), "ffffffff-ffff-8fff-bfff-ffffffffffff");
        assert_eq!(PaymentId::parse(made.as_str()).unwrap(), made);
    }
}
