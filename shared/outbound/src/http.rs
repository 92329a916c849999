//! The outgoing HTTP client: whom it trusts, who it is, and how much it reads.
//!
//! One client per identity, made once and shared; a new certificate makes a new client. No redirects (a credential
//! would follow them), no proxies from the environment, HTTP/1.1. Deadlines belong to the call, because each operation
//! has its own.

mod identity;
mod trust;

use std::sync::Arc;
use std::time::Duration;

use ponte_ports::PortError;
use reqwest::{Client, Response, redirect};
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

pub use identity::{TransportCertificate, mutual_client};
pub use trust::{OUTBOUND_TRUST, Trust};

use crate::failure;

const CONNECT: Duration = Duration::from_secs(1);

/// A client that trusts `trust` and shows `identity`, if there is one, to whom asks for a certificate.
pub fn client(trust: &Trust, identity: Option<&TransportCertificate>) -> Result<Client, PortError> {
    const WHAT: &str = "outgoing HTTP client";
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| PortError::new(WHAT, error))?
        .with_root_certificates(trust.roots());
    let tls = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let chain = CertificateDer::pem_slice_iter(identity.certificate.as_bytes())
                .collect::<Result<Vec<_>, _>>()
                .map_err(|error| PortError::new(WHAT, error))?;
            let key = PrivateKeyDer::from_pem_slice(identity.private_key.expose().as_bytes())
                .map_err(|_| PortError::new(WHAT, "the private key of the client certificate is not PEM"))?;
            builder.with_client_auth_cert(chain, key).map_err(|error| PortError::new(WHAT, error))?
        }
    };
    Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT)
        .build()
        .map_err(|error| failure::http(WHAT, error))
}

/// The body, or an error if it is above `limit` bytes; an announced length is not trusted either way.
pub(crate) async fn bounded(
    what: &'static str,
    mut response: Response,
    limit: usize,
) -> Result<Vec<u8>, PortError> {
    let too_large = || PortError::new(what, format!("the answer is above {limit} bytes"));
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    while let Some(chunk) = response.chunk().await.map_err(|error| failure::http(what, error))? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests;
