//! What a certificate is known by: its issuer and its serial number, which nobody can change without the issuer.
//!
//! A thumbprint is not it. It also covers the signature around what is signed, of which there can be several spellings, and an
//! authority that issues the same certificate anew does not revoke it apart.

use aws_lc_rs::digest::{Context, SHA256};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::asn1_rs::FromDer as _;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;

use crate::jose::base64url;

/// The issuer, by its name and the key identifier that stands in the certificate, and the serial number (RFC 5280 sections
/// 4.1.2.2 and 4.2.1.1; RFC 6960 section 4.1.1), as a hash of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CertificateId(String);

impl CertificateId {
    /// That of the first certificate of a PEM text; `None` if there is none.
    #[must_use]
    pub fn of(pem: &str) -> Option<Self> {
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
        let (_, certificate) = X509Certificate::from_der(&der).ok()?;
        Some(Self::of_certificate(&certificate))
    }

    pub(super) fn of_certificate(certificate: &X509Certificate<'_>) -> Self {
        let key = certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::AuthorityKeyIdentifier(named) => named.key_identifier.as_ref().map(|key| key.0),
            _ => None,
        });
        let mut hash = Context::new(&SHA256);
        for part in [certificate.issuer().as_raw(), key.unwrap_or_default(), number(certificate.raw_serial())]
        {
            hash.update(&part.len().to_be_bytes());
            hash.update(part);
        }
        Self(base64url::encode(hash.finish()))
    }

    /// 43 characters of base64url.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An integer without the zeros in front, which some authorities write and others do not.
pub(super) fn number(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    bytes.get(start..).unwrap_or_default()
}
