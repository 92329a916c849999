//! Certificates of a PEM text.

use ponte_machine::SandboxError;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

/// Every certificate of a PEM text.
pub fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, SandboxError> {
    CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().map_err(SandboxError::unusable)
}
