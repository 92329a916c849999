//! The authorities that outgoing calls trust.

use std::fmt;
use std::sync::Arc;

use ponte_cloud::env::Var;
use ponte_values::Invalid;
use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// Authorities trusted on outgoing calls: `webpki`, or the path of a PEM file.
pub const OUTBOUND_TRUST: Var<Trust> = Var::or("webpki", "OUTBOUND_TRUST", Trust::read);

/// A set of trusted authorities.
#[derive(Clone)]
pub struct Trust(Arc<RootCertStore>);

impl Trust {
    /// The value of `OUTBOUND_TRUST`: `webpki` for the public authorities, else the path of a PEM file.
    fn read(value: &str) -> Result<Self, Invalid> {
        if value == "webpki" {
            return Ok(Self::webpki());
        }
        let invalid = Invalid("\"webpki\" or path of a PEM file");
        let pem = std::fs::read(value).map_err(|_| invalid)?;
        Self::pem(&pem)
    }

    /// The public authorities of the web.
    #[must_use]
    pub fn webpki() -> Self {
        let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
        Self(Arc::new(roots.collect()))
    }

    /// The certificates of a PEM text, at least one.
    pub fn pem(pem: &[u8]) -> Result<Self, Invalid> {
        let invalid = Invalid("PEM text of certificates");
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            roots.add(certificate.map_err(|_| invalid)?).map_err(|_| invalid)?;
        }
        if roots.is_empty() {
            return Err(invalid);
        }
        Ok(Self(Arc::new(roots)))
    }

    /// These authorities and those of a PEM text, at least one.
    pub fn with(&self, pem: &[u8]) -> Result<Self, Invalid> {
        let Self(added) = Self::pem(pem)?;
        let mut roots = (*self.0).clone();
        roots.roots.extend(added.roots.iter().cloned());
        Ok(Self(Arc::new(roots)))
    }

    /// Whether no authority is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn roots(&self) -> Arc<RootCertStore> {
        Arc::clone(&self.0)
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trust({} authorities)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_is_never_empty_by_accident() {
        assert!(!Trust::read("webpki").unwrap().is_empty());
        for bad in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            assert!(Trust::pem(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Trust::read("no/such/file.pem").is_err());
    }
}
