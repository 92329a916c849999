//! The consent id: a URN of the institution's own name space (S50).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::institution_id::InstitutionId;
use crate::invalid::Invalid;

/// The beginning of the last part of ids of payment consents.
const PAYMENT: &str = "payment:";

/// `urn:<namespace>:<unguessable part>`, at most 256 characters (S50).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ConsentId(String);

impl ConsentId {
    /// Longest accepted id in characters (S50).
    pub const MAX_LENGTH: usize = 256;

    /// Reads an id in the pattern of the OpenAPI file.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fault = Invalid("consentId");
        let mut parts = text.splitn(3, ':');
        let (urn, namespace, rest) = (parts.next(), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let valid = text.len() <= Self::MAX_LENGTH
            && urn == Some("urn")
            && (1..=32).contains(&namespace.len())
            && namespace.bytes().enumerate().all(|(i, b)| b.is_ascii_alphanumeric() || (i > 0 && b == b'-'))
            && !rest.is_empty()
            && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"()+,-.:=@;$_!*'%/?#".contains(&b));
        if valid { Ok(Self(text.to_owned())) } else { Err(fault) }
    }

    /// A new id of `institution`; `unique` must be unguessable (a UUIDv4 or 128 random bits in text).
    pub fn mint(institution: &InstitutionId, unique: &str) -> Result<Self, Invalid> {
        Self::parse(&format!("urn:{institution}:{unique}"))
    }

    /// A new id of a payment consent of `institution`, which says that it is one: a token names data and payment consents by the same
    /// scope (S50). `unique` must be unguessable.
    pub fn mint_payment(institution: &InstitutionId, unique: &str) -> Result<Self, Invalid> {
        Self::parse(&format!("urn:{institution}:{PAYMENT}{unique}"))
    }

    /// Whether it is the id of a payment consent.
    #[must_use]
    pub fn is_payment(&self) -> bool {
        self.0.splitn(3, ':').nth(2).is_some_and(|rest| rest.starts_with(PAYMENT))
    }

    /// The id as it goes over the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ConsentId {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl fmt::Display for ConsentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ConsentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s50_pattern_and_length() {
        for good in
            ["urn:bancoex:C1DD33123", "urn:a:b", "urn:amazing-bank:0be7a3bb-33e6-4d73-b60a-9523aee6cc0d"]
        {
            assert!(ConsentId::parse(good).is_ok(), "{good}");
        }
        let long = format!("urn:a:{}", "x".repeat(251));
        for bad in ["", "urn:a:", "urn::x", "urn:-a:x", "uuid:a:x", "urn:a:ção", "urn:a:x y", long.as_str()]
        {
            assert!(ConsentId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn s50_an_id_is_minted_in_the_name_space_of_the_institution_and_written_as_it_is() {
        let institution = InstitutionId::parse("banco-ponte").unwrap();
        let id = ConsentId::mint(&institution, "0be7a3bb").unwrap();
        let text = "urn:banco-ponte:0be7a3bb";
        assert_eq!([id.as_str(), &id.to_string(), &format!("{id:?}")], [text; 3]);
        assert_eq!(serde_json::from_str::<ConsentId>(&format!("\"{text}\"")).unwrap(), id);
        assert!(serde_json::from_str::<ConsentId>("\"urn:banco-ponte:\"").is_err());
        assert_eq!(ConsentId::mint(&institution, ""), Err(Invalid("consentId")));
        let payment = ConsentId::mint_payment(&institution, "0be7a3bb").unwrap();
        assert_eq!(payment.as_str(), "urn:banco-ponte:payment:0be7a3bb");
        assert_eq!((payment.is_payment(), id.is_payment()), (true, false));
        let payment = ConsentId::parse("urn:payment:payment").unwrap();
        assert!(!payment.is_payment(), "an institution may have any name");
    }
}
