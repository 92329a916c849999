//! One level of a distinguished name.

use x509_parser::x509::RelativeDistinguishedName;

use super::attribute::AttributeType;
use super::fault::DnFault;
use super::value::Value;

/// Greatest number of RDNs in a name; a BRCAC (ICP-Brasil transport certificate) has ten.
pub(super) const RDNS_MAX: usize = 32;
/// Greatest number of attributes in an RDN; a BRCAC has one.
const ATTRIBUTES_MAX: usize = 8;

/// Attributes that stand at one level, mostly one; their order means nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Rdn(Vec<(AttributeType, Value)>);

impl Rdn {
    /// From a parsed certificate.
    ///
    /// # Errors
    /// `Malformed` for a type or value that cannot be read, `TooLong` for more than [`ATTRIBUTES_MAX`].
    pub(super) fn of_certificate(rdn: &RelativeDistinguishedName<'_>) -> Result<Self, DnFault> {
        let mut attributes = Self::default();
        for attribute in rdn.iter() {
            let kind = AttributeType::of_oid(attribute.attr_type()).ok_or(DnFault::Malformed)?;
            attributes.add(kind, Value::of_asn1(attribute.attr_value()).ok_or(DnFault::Malformed)?)?;
        }
        Ok(attributes)
    }

    pub(super) fn add(&mut self, kind: AttributeType, value: Value) -> Result<(), DnFault> {
        if self.0.len() == ATTRIBUTES_MAX {
            return Err(DnFault::TooLong);
        }
        self.0.push((kind, value));
        Ok(())
    }

    /// Whether both hold the same attributes, in any order (RFC 4517 section 4.2.15).
    pub(super) fn matches(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.all_in(other) && other.all_in(self)
    }

    pub(super) fn attributes(&self) -> &[(AttributeType, Value)] {
        &self.0
    }

    fn all_in(&self, other: &Self) -> bool {
        let is_there = |(kind, value): &(AttributeType, Value)| {
            other.0.iter().any(|(other_kind, other_value)| kind == other_kind && value.matches(other_value))
        };
        self.0.iter().all(is_there)
    }
}
