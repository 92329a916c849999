//! TLS settings of the servers of the sandbox.

use std::sync::Arc;

use ponte_machine::SandboxError;
use ponte_pki::{Authority, Identity, certificates};
use rustls::crypto::CryptoProvider;
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;

/// aws-lc, everywhere.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// TLS without client certificates.
pub fn server_only(identity: &Identity) -> Result<Arc<ServerConfig>, SandboxError> {
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(SandboxError::unusable)?
        .with_no_client_auth()
        .with_single_cert(identity.chain()?, identity.private_key())
        .map_err(SandboxError::unusable)?;
    Ok(Arc::new(config))
}

/// TLS that demands a client certificate of `authority` (S72).
pub fn with_client_certificates(
    identity: &Identity,
    authority: &Authority,
) -> Result<Arc<ServerConfig>, SandboxError> {
    let roots = roots(&authority.bundle_pem())?;
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(SandboxError::unusable)?;
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(SandboxError::unusable)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(identity.chain()?, identity.private_key())
        .map_err(SandboxError::unusable)?;
    Ok(Arc::new(config))
}

/// A caller's TLS that trusts the public authorities.
pub(crate) fn public() -> Result<ClientConfig, SandboxError> {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let trusting = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(SandboxError::unusable)?
        .with_root_certificates(roots);
    Ok(trusting.with_no_client_auth())
}

/// A caller's TLS: trusts exactly the certificates of `trust_pem`; with a client certificate when `identity` (chain and
/// key, both PEM) is given.
pub(crate) fn caller(trust_pem: &str, identity: Option<(&str, &str)>) -> Result<ClientConfig, SandboxError> {
    let trusting = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(SandboxError::unusable)?
        .with_root_certificates(roots(trust_pem)?);
    let Some((chain, key)) = identity else {
        return Ok(trusting.with_no_client_auth());
    };
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(SandboxError::unusable)?;
    trusting.with_client_auth_cert(certificates(chain)?, key).map_err(SandboxError::unusable)
}

fn roots(pem: &str) -> Result<RootCertStore, SandboxError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem)? {
        roots.add(certificate).map_err(SandboxError::unusable)?;
    }
    Ok(roots)
}
