//! Ids of participants: organisations, their software statements, and the clients registered here.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::invalid::Invalid;

/// `organisationId` of a participant in the directory: a UUID in lower case.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct OrganisationId(String);

/// `software_id` of a software statement in the directory: a UUID in lower case.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct SoftwareStatementId(String);

/// `client_id` issued by this authorization server: 1 to 128 unreserved URI characters.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ClientId(String);

fn uuid_text(text: &str, fault: Invalid) -> Result<String, Invalid> {
    if text.len() != 36 {
        return Err(fault);
    }
    Uuid::try_parse(text).map(|uuid| uuid.to_string()).map_err(|_| fault)
}

impl OrganisationId {
    /// Reads a hyphenated UUID; upper case is folded.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        uuid_text(text, Invalid("organisationId")).map(Self)
    }
}

impl SoftwareStatementId {
    /// Reads a hyphenated UUID; upper case is folded.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        uuid_text(text, Invalid("software statement id")).map(Self)
    }
}

impl ClientId {
    /// Reads 1 to 128 characters of `A-Z a-z 0-9 - . _ ~`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let valid = (1..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
        if valid { Ok(Self(text.to_owned())) } else { Err(Invalid("client_id")) }
    }
}

macro_rules! text_value {
    ($($name:ident),*) => {$(
        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = Invalid;
            fn try_from(text: String) -> Result<Self, Invalid> {
                Self::parse(&text)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}
text_value!(OrganisationId, SoftwareStatementId, ClientId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisation_ids_fold_case() {
        let id = OrganisationId::parse("C770AEF3-6784-41F7-8E0E-FF5F97BDDB3A").unwrap();
        assert_eq!(id.as_str(), "c770aef3-6784-41f7-8e0e-ff5f97bddb3a");
        assert!(OrganisationId::parse("c770aef3678441f78e0eff5f97bddb3a").is_err());
    }

    #[test]
    fn client_ids_are_uri_safe() {
        assert!(ClientId::parse("client-1_a.b~c").is_ok());
        for bad in ["", "a b", "a#b", "a/b"] {
            assert!(ClientId::parse(bad).is_err(), "{bad}");
        }
    }
}
