//! Distinguished names: of a certificate, or written down in any of their spellings (S84, S98).
//!
//! One name has many texts: short and long attribute names, object identifiers, hexadecimal values. They are compared
//! by `distinguishedNameMatch` (RFC 4517 section 4.2.15): same RDNs in the same order, each with the same attributes,
//! and values that are equal once case and insignificant blanks are gone.

mod attribute;
mod text;
mod value;

#[cfg(test)]
mod tests;

use std::fmt;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::{RelativeDistinguishedName, X509Name};

use attribute::AttributeType;
use value::Value;

/// Longest text read, in bytes.
const TEXT_MAX: usize = 4_096;
/// Most RDNs of a name, and most attributes of an RDN: a BRCAC has ten of one.
const RDNS_MAX: usize = 32;
const ATTRIBUTES_MAX: usize = 8;

/// Why there is no distinguished name in something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DnFault {
    /// Longer than 4 KiB, or of more parts than any certificate has.
    #[error("distinguished name too long")]
    TooLong,
    /// Not of the form of RFC 4514, empty, or a value that is no encoding.
    #[error("distinguished name malformed")]
    Malformed,
    /// An attribute name that nobody knows here; its object identifier would do.
    #[error("attribute of a distinguished name unknown")]
    UnknownAttribute,
    /// The certificate it should come from is none.
    #[error("not a certificate")]
    Certificate,
}

/// A distinguished name: its RDNs in the order of a certificate, most general first.
#[derive(Debug, Clone)]
pub struct DistinguishedName(Vec<Rdn>);

/// Attributes that stand at one level, mostly one; their order means nothing.
#[derive(Debug, Clone, Default)]
struct Rdn(Vec<(AttributeType, Value)>);

impl DistinguishedName {
    /// Reads the text form of RFC 4514, whose first RDN is the last one of a certificate. The order of a certificate
    /// is no spelling of the same name: S84 asks for every attribute name, not for every order.
    ///
    /// # Errors
    /// When the text is no name or too long.
    pub fn parse(text: &str) -> Result<Self, DnFault> {
        if text.len() > TEXT_MAX {
            return Err(DnFault::TooLong);
        }
        let mut rdns = text::read(text)?;
        rdns.reverse();
        Ok(Self(rdns))
    }

    /// The subject of the first certificate of a PEM text.
    ///
    /// # Errors
    /// When there is no certificate, or its subject is empty or has more parts than accepted.
    pub fn of_certificate(pem: &str) -> Result<Self, DnFault> {
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| DnFault::Certificate)?;
        let (_, certificate) = X509Certificate::from_der(&der).map_err(|_| DnFault::Certificate)?;
        Self::of_subject(certificate.subject())
    }

    fn of_subject(subject: &X509Name<'_>) -> Result<Self, DnFault> {
        let mut rdns = Vec::new();
        for rdn in subject.iter_rdn() {
            if rdns.len() == RDNS_MAX {
                return Err(DnFault::TooLong);
            }
            rdns.push(Rdn::of_certificate(rdn)?);
        }
        if rdns.is_empty() { Err(DnFault::Malformed) } else { Ok(Self(rdns)) }
    }

    /// Whether both are the same name (`distinguishedNameMatch`).
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(own, theirs)| own.matches(theirs))
    }
}

/// RFC 4514 as the DCR profile of the ecosystem writes it: the names that RFC knows with readable values, all others
/// as object identifiers with hexadecimal ones.
impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, rdn) in self.0.iter().rev().enumerate() {
            if position > 0 {
                f.write_str(",")?;
            }
            text::write(&rdn.0, f)?;
        }
        Ok(())
    }
}

impl Rdn {
    fn of_certificate(rdn: &RelativeDistinguishedName<'_>) -> Result<Self, DnFault> {
        let mut attributes = Self::default();
        for attribute in rdn.iter() {
            let kind = AttributeType::of_oid(attribute.attr_type()).ok_or(DnFault::Malformed)?;
            attributes.add(kind, Value::of_asn1(attribute.attr_value()).ok_or(DnFault::Malformed)?)?;
        }
        Ok(attributes)
    }

    fn add(&mut self, kind: AttributeType, value: Value) -> Result<(), DnFault> {
        if self.0.len() == ATTRIBUTES_MAX {
            return Err(DnFault::TooLong);
        }
        self.0.push((kind, value));
        Ok(())
    }

    fn matches(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.all_in(other) && other.all_in(self)
    }

    fn all_in(&self, other: &Self) -> bool {
        let is_there = |(kind, value): &(AttributeType, Value)| {
            other.0.iter().any(|(other_kind, other_value)| kind == other_kind && value.matches(other_value))
        };
        self.0.iter().all(is_there)
    }
}
