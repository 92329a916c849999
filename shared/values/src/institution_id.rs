//! Short name of the institution that a stack belongs to; not its `organisationId` in the directory.

use std::fmt;

use crate::invalid::Invalid;

/// Short name of the institution: lower-case letters, digits and hyphens, 1 to 31 characters, no hyphen in front.
///
/// It is in every partition key (`I#<name>#`), in the consent ids (`urn:<name>:..`) and the value of `x-brand-id`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct InstitutionId(String);

impl InstitutionId {
    /// Reads the name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let valid = (1..=31).contains(&text.len())
            && !text.starts_with('-')
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if valid { Ok(Self(text.to_owned())) } else { Err(Invalid("institution name")) }
    }
}

impl fmt::Display for InstitutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_narrow() {
        assert!(InstitutionId::parse("banco-ponte").is_ok());
        for bad in ["", "-a", "Banco", "a_b", "a#b", "abcdefghijabcdefghijabcdefghijab"] {
            assert!(InstitutionId::parse(bad).is_err(), "{bad}");
        }
    }
}
