//! Client certificates: their owner, and whether they may open a connection (S84, S95, S96, S98).
//!
//! Attributes are compared by their parsed value, never a distinguished name as a text: one name has many spellings.

use std::ops::RangeInclusive;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::asn1_rs::{Oid, Tag, oid};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::X509Name;

use crate::profile::binding::Thumbprint;

/// Longest PEM read, in bytes: a certificate with its chain.
const PEM_MAX: usize = 32_768;
/// Smallest RSA key accepted, in bits (S95).
const RSA_BITS_MIN: usize = 2_048;

const COMMON_NAME: Oid<'static> = oid!(2.5.4.3);
const SERIAL_NUMBER: Oid<'static> = oid!(2.5.4.5);
const ORGANIZATIONAL_UNIT: Oid<'static> = oid!(2.5.4.11);
const ORGANIZATION_IDENTIFIER: Oid<'static> = oid!(2.5.4.97);
const USER_ID: Oid<'static> = oid!(0.9.2342.19200300.100.1.1);

/// Prefix of `organizationIdentifier`, in any case (S96).
const ORGANIZATION_PREFIX: &str = "OFBBR-";

/// Reason why a client certificate is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// Not a PEM certificate, or longer than 32 KiB.
    #[error("not a certificate")]
    Malformed,
    /// The subject has an attribute twice, or in an encoding it cannot have (S98).
    #[error("subject of the certificate is ambiguous")]
    Subject,
    /// The key is not RSA of 2,048 bits or more (S95).
    #[error("key of the certificate not accepted")]
    Key,
    /// Not made for clients: no `clientAuth`, as in a BRSEAL (S96, T41).
    #[error("certificate not made for clients")]
    Purpose,
    /// Not valid yet.
    #[error("certificate not valid yet")]
    NotYetValid,
    /// Not valid any more.
    #[error("certificate expired")]
    Expired,
}

/// The parts of a client certificate that rules need.
#[derive(Debug, Clone)]
pub struct ClientCertificate {
    thumbprint: Thumbprint,
    organisation_id: Option<String>,
    software_statement_id: Option<String>,
    common_name: Option<String>,
    cnpj: Option<String>,
    not_before: i64,
    not_after: i64,
    client_auth: bool,
}

/// When the first certificate of a PEM text is valid, whatever its key is, in seconds since 1970.
///
/// # Errors
/// When there is none.
pub fn validity(pem: &str) -> Result<RangeInclusive<i64>, CertificateFault> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| CertificateFault::Malformed)?;
    let (_, certificate) = X509Certificate::from_der(&der).map_err(|_| CertificateFault::Malformed)?;
    let validity = certificate.validity();
    Ok(validity.not_before.timestamp()..=validity.not_after.timestamp())
}

impl ClientCertificate {
    /// Reads the first certificate of a PEM text, such as the one in the request context of the gateway.
    ///
    /// # Errors
    /// When there is none, its key is not accepted or its subject is ambiguous.
    pub fn from_pem(pem: &str) -> Result<Self, CertificateFault> {
        if pem.len() > PEM_MAX {
            return Err(CertificateFault::Malformed);
        }
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| CertificateFault::Malformed)?;
        Self::from_der(&der)
    }

    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// As [`ClientCertificate::from_pem`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateFault> {
        let (rest, certificate) = X509Certificate::from_der(der).map_err(|_| CertificateFault::Malformed)?;
        if !rest.is_empty() {
            return Err(CertificateFault::Malformed);
        }
        match certificate.public_key().parsed() {
            Ok(PublicKey::RSA(key)) if key.key_size() >= RSA_BITS_MIN => {}
            _ => return Err(CertificateFault::Key),
        }
        let usage = certificate.extended_key_usage().map_err(|_| CertificateFault::Malformed)?;
        let subject = certificate.subject();
        let validity = certificate.validity();
        Ok(Self {
            thumbprint: Thumbprint::of_der(der),
            organisation_id: organisation_id(subject)?,
            software_statement_id: single(subject, &USER_ID)?.map(|id| id.to_ascii_lowercase()),
            common_name: single(subject, &COMMON_NAME)?,
            cnpj: single(subject, &SERIAL_NUMBER)?,
            not_before: validity.not_before.timestamp(),
            not_after: validity.not_after.timestamp(),
            client_auth: usage.is_some_and(|usage| usage.value.client_auth),
        })
    }

    /// Whether the certificate may open a connection at `now`, in seconds since 1970. The gateway has
    /// already verified its chain.
    ///
    /// # Errors
    /// Outside its validity or without `clientAuth`.
    pub fn check(&self, now: u64) -> Result<(), CertificateFault> {
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        if !self.client_auth {
            return Err(CertificateFault::Purpose);
        }
        if now < self.not_before {
            return Err(CertificateFault::NotYetValid);
        }
        if now > self.not_after {
            return Err(CertificateFault::Expired);
        }
        Ok(())
    }

    /// The thumbprint that tokens are bound to (S10).
    #[must_use]
    pub fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }

    /// `organisationId` in the directory: `organizationIdentifier` without `OFBBR-`, or the OU of older
    /// certificates (S84, S96). In lower case, as the directory writes its ids.
    #[must_use]
    pub fn organisation_id(&self) -> Option<&str> {
        self.organisation_id.as_deref()
    }

    /// Software statement id in the directory: the `UID` (S84). In lower case.
    #[must_use]
    pub fn software_statement_id(&self) -> Option<&str> {
        self.software_statement_id.as_deref()
    }

    /// `CN`.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.common_name.as_deref()
    }

    /// CNPJ of the organisation: the subject's `serialNumber` (S96).
    #[must_use]
    pub fn cnpj(&self) -> Option<&str> {
        self.cnpj.as_deref()
    }

    /// End of validity, in seconds since 1970.
    #[must_use]
    pub fn not_after(&self) -> i64 {
        self.not_after
    }
}

fn organisation_id(subject: &X509Name<'_>) -> Result<Option<String>, CertificateFault> {
    if let Some(identifier) = single(subject, &ORGANIZATION_IDENTIFIER)? {
        return match identifier.split_at_checked(ORGANIZATION_PREFIX.len()) {
            Some((prefix, id)) if prefix.eq_ignore_ascii_case(ORGANIZATION_PREFIX) && !id.is_empty() => {
                Ok(Some(id.to_ascii_lowercase()))
            }
            _ => Err(CertificateFault::Subject),
        };
    }
    // Older certificates: one of their units is the id, the others are words.
    let mut ids = values(subject, &ORGANIZATIONAL_UNIT)?.into_iter().filter(|unit| is_uuid(unit));
    match (ids.next(), ids.next()) {
        (id, None) => Ok(id.map(str::to_ascii_lowercase)),
        (_, Some(_)) => Err(CertificateFault::Subject),
    }
}

/// The value of an attribute that a subject has at most once.
fn single(subject: &X509Name<'_>, kind: &Oid<'_>) -> Result<Option<String>, CertificateFault> {
    match values(subject, kind)?.as_slice() {
        [] => Ok(None),
        [value] => Ok(Some((*value).to_owned())),
        _ => Err(CertificateFault::Subject),
    }
}

fn values<'a>(subject: &'a X509Name<'_>, kind: &Oid<'_>) -> Result<Vec<&'a str>, CertificateFault> {
    subject
        .iter_attributes()
        .filter(|attribute| attribute.attr_type() == kind)
        .map(|attribute| match attribute.attr_value().tag() {
            // S98 names the encoding of each attribute; authorities mix these two.
            Tag::Utf8String | Tag::PrintableString => {
                attribute.as_str().map_err(|_| CertificateFault::Subject)
            }
            _ => Err(CertificateFault::Subject),
        })
        .collect()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests;
