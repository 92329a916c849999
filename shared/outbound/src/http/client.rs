//! One HTTP client, with its trusted authorities and its client certificate.

use std::sync::Arc;
use std::time::Duration;

use ponte_ports::PortError;
use reqwest::{Client, redirect};
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::certificate::TransportCertificate;
use super::trust::Trust;
use crate::failure;

const CONNECT: Duration = Duration::from_secs(1);

/// A client that trusts `trust` and shows `identity`, if there is one, to servers that ask for a certificate.
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
