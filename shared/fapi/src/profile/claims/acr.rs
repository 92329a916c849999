//! Levels of authentication (S15).

use serde::{Deserialize, Serialize};

/// Level of authentication of a customer (S15), ordered with the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Acr {
    /// One factor.
    #[serde(rename = "urn:brasil:openbanking:loa2")]
    Loa2,
    /// Two different factors.
    #[serde(rename = "urn:brasil:openbanking:loa3")]
    Loa3,
}

impl Acr {
    /// The URN of the profile.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loa2 => "urn:brasil:openbanking:loa2",
            Self::Loa3 => "urn:brasil:openbanking:loa3",
        }
    }

    /// The level of a URN; `None` for a level this profile does not know.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        [Self::Loa2, Self::Loa3].into_iter().find(|acr| acr.as_str() == value)
    }
}
