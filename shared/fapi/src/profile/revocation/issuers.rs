//! The authorities that issue client certificates, and a certificate of one of them.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA1_OUTPUT_LEN, digest};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::asn1_rs::{FromDer as _, Oid, oid};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{
    AuthorityInfoAccess, DistributionPointName, GeneralName, ParsedExtension, X509Extension,
};

use super::fault::StatementFault;
use super::id::{CertificateId, number};
use super::signature::{Signed, key};

/// Most authorities in a bundle.
const ISSUERS_MAX: usize = 200;
/// Most addresses of a kind that a certificate is read for.
const ADDRESSES_MAX: usize = 2;
/// Longest address.
const ADDRESS_MAX: usize = 512;
/// Most keys that are tried for one certificate: an authority that changed its key keeps its name.
const KEYS_MAX: usize = 8;
/// Most certificates of a path: a participant's, and the authorities above it.
const PATH_MAX: usize = 4;

const OCSP: Oid<'static> = oid!(1.3.6.1.5.5.7.48.1);

/// Reason why a bundle of authorities cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssuersFault {
    /// Not PEM of certificates.
    #[error("not a PEM bundle of certificates")]
    Malformed,
    /// Nothing in it.
    #[error("no certificate in it")]
    Empty,
    /// A certificate that may not issue others.
    #[error("a certificate in it is not that of an authority")]
    NotAuthority,
    /// More than are read.
    #[error("more than {ISSUERS_MAX} certificates in it")]
    TooMany,
}

/// The authorities whose certificates are checked, and whose responders are believed.
#[derive(Debug, Default)]
pub struct Issuers(Vec<Arc<Issuer>>);

/// An authority.
#[derive(Debug)]
pub(super) struct Issuer {
    /// Its distinguished name, DER.
    pub(super) name: Vec<u8>,
    /// Its public key, DER of SubjectPublicKeyInfo.
    pub(super) key: Vec<u8>,
    /// SHA-1 of the name, as a CertID has it (RFC 5019 section 2.1.1).
    pub(super) name_hash: [u8; SHA1_OUTPUT_LEN],
    /// SHA-1 of the key's bits.
    pub(super) key_hash: [u8; SHA1_OUTPUT_LEN],
    not_before: i64,
    not_after: i64,
    /// Its certificate.
    der: Vec<u8>,
}

/// A certificate whose issuer is known and did sign it, so that the addresses in it are the issuer's.
#[derive(Debug, Clone)]
pub struct IssuedCertificate {
    pub(super) issuer: Arc<Issuer>,
    /// Serial number as it stands in the certificate.
    pub(super) serial: Vec<u8>,
    /// Whether it is that of an authority.
    pub(super) is_authority: bool,
    id: CertificateId,
    responders: Vec<String>,
    lists: Vec<String>,
}

impl Issuers {
    /// The certificates of a PEM bundle; texts between them are skipped.
    ///
    /// # Errors
    /// When it is no bundle, is empty, or holds a certificate that may not issue others.
    pub fn parse(pem: &str) -> Result<Self, IssuersFault> {
        let mut issuers = Vec::new();
        for der in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let der = der.map_err(|_| IssuersFault::Malformed)?;
            if issuers.len() == ISSUERS_MAX {
                return Err(IssuersFault::TooMany);
            }
            issuers.push(Arc::new(Issuer::read(&der)?));
        }
        if issuers.is_empty() { Err(IssuersFault::Empty) } else { Ok(Self(issuers)) }
    }

    /// The first certificate of a PEM text with the authority that issued it, which is valid at `now`, in seconds since
    /// 1970. `None` if the bundle has no authority that signed it.
    #[must_use]
    pub fn of(&self, pem: &str, now: i64) -> Option<IssuedCertificate> {
        self.path(pem, now).into_iter().next()
    }

    /// The same, and after it the authorities above it that can be revoked: those of the bundle whose own issuer is in the
    /// bundle too, as far as they name a responder or a list. Empty if the bundle has no authority that signed the certificate.
    #[must_use]
    pub fn path(&self, pem: &str, now: i64) -> Vec<IssuedCertificate> {
        let mut path: Vec<IssuedCertificate> = Vec::new();
        let Ok(der) = CertificateDer::from_pem_slice(pem.as_bytes()) else { return path };
        let mut next = self.issued(&der, false, now);
        while let Some(certificate) = next.filter(|_| path.len() < PATH_MAX) {
            let above = Arc::clone(&certificate.issuer);
            path.push(certificate);
            // A root says of itself whatever it likes.
            next = self.issued(&above.der, true, now).filter(|certificate| {
                let silent = certificate.responders.is_empty() && certificate.lists.is_empty();
                !silent && certificate.issuer.key != above.key
            });
        }
        path
    }

    fn issued(&self, der: &[u8], is_authority: bool, now: i64) -> Option<IssuedCertificate> {
        let (rest, certificate) = X509Certificate::from_der(der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let named = self.0.iter().filter(|issuer| issuer.is_named_in(&certificate) && issuer.is_valid(now));
        let issuer = named.take(KEYS_MAX).find(|issuer| issuer.signed(&certificate).is_ok())?;
        Some(IssuedCertificate {
            issuer: Arc::clone(issuer),
            serial: certificate.raw_serial().to_vec(),
            is_authority,
            id: CertificateId::of_certificate(&certificate),
            responders: responders(&certificate),
            lists: lists(&certificate),
        })
    }
}

impl Issuer {
    fn read(der: &[u8]) -> Result<Self, IssuersFault> {
        let (_, certificate) = X509Certificate::from_der(der).map_err(|_| IssuersFault::Malformed)?;
        let may_issue = certificate.is_ca()
            && certificate
                .key_usage()
                .map_err(|_| IssuersFault::Malformed)?
                .is_none_or(|usage| usage.value.key_cert_sign());
        if !may_issue {
            return Err(IssuersFault::NotAuthority);
        }
        let name = certificate.subject().as_raw().to_vec();
        Ok(Self {
            name_hash: sha1(&name),
            name,
            key: certificate.public_key().raw.to_vec(),
            key_hash: sha1(&certificate.public_key().subject_public_key.data),
            not_before: certificate.validity().not_before.timestamp(),
            not_after: certificate.validity().not_after.timestamp(),
            der: der.to_vec(),
        })
    }

    pub(super) fn is_named_in(&self, certificate: &X509Certificate<'_>) -> bool {
        certificate.issuer().as_raw() == self.name
    }

    fn is_valid(&self, now: i64) -> bool {
        (self.not_before..=self.not_after).contains(&now)
    }

    /// Whether the issuer signed `certificate`.
    pub(super) fn signed(&self, certificate: &X509Certificate<'_>) -> Result<(), StatementFault> {
        if certificate.tbs_certificate.signature != certificate.signature_algorithm {
            return Err(StatementFault::Signer);
        }
        self.signed_document(&Signed {
            document: certificate.tbs_certificate.as_ref(),
            algorithm: &certificate.signature_algorithm,
            signature: &certificate.signature_value.data,
        })
    }

    pub(super) fn signed_document(&self, signed: &Signed<'_>) -> Result<(), StatementFault> {
        signed.by(&key(&self.key)?)
    }
}

impl IssuedCertificate {
    /// What it is known by, however it is encoded.
    #[must_use]
    pub fn id(&self) -> &CertificateId {
        &self.id
    }

    /// Addresses of OCSP responders, in the order of the certificate; `http` alone, and two at most.
    #[must_use]
    pub fn responders(&self) -> &[String] {
        &self.responders
    }

    /// Addresses of revocation lists that cover all reasons and are the issuer's own; `http` alone, and two at most.
    #[must_use]
    pub fn lists(&self) -> &[String] {
        &self.lists
    }

    /// Whether `serial`, as it stands in a statement, is that of the certificate.
    pub(super) fn has_serial(&self, serial: &[u8]) -> bool {
        number(serial) == number(&self.serial)
    }
}

pub(super) fn sha1(bytes: &[u8]) -> [u8; SHA1_OUTPUT_LEN] {
    let mut hash = [0; SHA1_OUTPUT_LEN];
    hash.copy_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref());
    hash
}

fn responders(certificate: &X509Certificate<'_>) -> Vec<String> {
    let parsed = certificate.iter_extensions().map(X509Extension::parsed_extension);
    let access = parsed.filter_map(|extension| match extension {
        ParsedExtension::AuthorityInfoAccess(access) => Some(access),
        _ => None,
    });
    let locations = access
        .flat_map(AuthorityInfoAccess::iter)
        .filter(|description| description.access_method == OCSP)
        .map(|description| &description.access_location);
    locations.filter_map(address).take(ADDRESSES_MAX).collect()
}

fn lists(certificate: &X509Certificate<'_>) -> Vec<String> {
    let parsed = certificate.iter_extensions().map(X509Extension::parsed_extension);
    let points = parsed.filter_map(|extension| match extension {
        ParsedExtension::CRLDistributionPoints(points) => Some(points),
        _ => None,
    });
    // A list for some reasons proves nothing of the others, and one of another issuer is an indirect one.
    let whole = points
        .flat_map(|points| points.iter())
        .filter(|point| point.reasons.is_none() && point.crl_issuer.is_none());
    let names = whole.filter_map(|point| match &point.distribution_point {
        Some(DistributionPointName::FullName(names)) => Some(names),
        _ => None,
    });
    names.flatten().filter_map(address).take(ADDRESSES_MAX).collect()
}

/// Statements are signed, so they travel over plain `http` (RFC 5280 section 8 warns of anything else).
fn address(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(uri) if uri.starts_with("http://") && uri.len() <= ADDRESS_MAX => {
            Some((*uri).to_owned())
        }
        _ => None,
    }
}
