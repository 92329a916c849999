//! The level of assurance of a login (S15).

use serde::{Deserialize, Serialize};

/// How strongly a customer was authenticated (S15). Ordered, weakest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Assurance {
    /// One factor: `urn:brasil:openbanking:loa2`.
    #[default]
    Loa2,
    /// Two different factors: `urn:brasil:openbanking:loa3`.
    Loa3,
}

impl Assurance {
    /// The `acr` of the profile (S15).
    #[must_use]
    pub const fn acr(self) -> &'static str {
        match self {
            Self::Loa2 => "urn:brasil:openbanking:loa2",
            Self::Loa3 => "urn:brasil:openbanking:loa3",
        }
    }

    /// The level of an `acr`; `None` if the profile does not know it.
    #[must_use]
    pub fn of_acr(acr: &str) -> Option<Self> {
        [Self::Loa2, Self::Loa3].into_iter().find(|level| level.acr() == acr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s15_the_profile_knows_two_levels_by_their_acr() {
        for (acr, level) in [
            ("urn:brasil:openbanking:loa2", Some(Assurance::Loa2)),
            ("urn:brasil:openbanking:loa3", Some(Assurance::Loa3)),
            ("urn:brasil:openbanking:loa1", None),
            ("URN:BRASIL:OPENBANKING:LOA3", None),
            ("", None),
        ] {
            assert_eq!(Assurance::of_acr(acr), level, "{acr}");
            assert!(level.is_none_or(|level| level.acr() == acr), "{acr}");
        }
    }
}
