//! A whole distinguished name: read, written and compared.

use std::fmt;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::X509Name;

use super::fault::DnFault;
use super::rdn::{RDNS_MAX, Rdn};
use super::text;

/// Longest text read, in bytes.
const TEXT_MAX: usize = 4_096;

/// A distinguished name: its RDNs in the order of a certificate, most general first.
#[derive(Debug, Clone)]
pub struct DistinguishedName(pub(super) Vec<Rdn>);

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
            text::write(rdn.attributes(), f)?;
        }
        Ok(())
    }
}
