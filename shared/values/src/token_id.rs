//! Id of an access token in reports: equal tokens have equal ids, and the token cannot be found from its id (M36).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;

/// `tokenId` of a report: 12 characters of base64url, which are 72 bits of a hash (M36).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TokenId(String);

impl TokenId {
    /// Reads the 12 characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::try_from(text.to_owned())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TokenId {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        let valid =
            text.len() == 12 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if valid { Ok(Self(text)) } else { Err(Invalid("tokenId")) }
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m36_twelve_characters_of_base64url() {
        for good in ["c9ng8aKzxNXm", "-_ng8aKzxNXm"] {
            let id = TokenId::parse(good).unwrap();
            assert_eq!((id.as_str(), id.to_string().as_str()), (good, good));
        }
        for bad in ["", "c9ng8aKzxNX", "c9ng8aKzxNXmm", "c9ng8aKz+NXm", "c9ng8aKzxN==", "c9ng8aKzxNé"] {
            assert!(TokenId::parse(bad).is_err(), "{bad}");
        }
    }
}
