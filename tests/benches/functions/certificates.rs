//! The certificates of a run: an authority, a client's BRCAC (S96) and the directory's server certificate.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use ponte_fapi::binding::Thumbprint;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use super::Fault;
use super::world::{ORGANISATION, OWN_ORGANISATION, SOFTWARE};

/// Certificates and keys of the run.
pub(crate) struct Certificates {
    /// The authority, PEM, for `OUTBOUND_TRUST`.
    pub(crate) authority_pem: String,
    /// The client's certificate as the gateway passes it on, PEM.
    pub(crate) client_pem: String,
    /// Its thumbprint, `x5t#S256`.
    pub(crate) thumbprint: String,
    /// TLS of the directory.
    pub(crate) directory: TlsAcceptor,
    own: (String, String),
}

impl Certificates {
    /// Makes all of them.
    pub(crate) fn make() -> Result<Self, Fault> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate()?;
        let authority_pem = params.self_signed(&key)?.pem();
        let issuer = Issuer::new(params, key);
        let client_key = KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256)?;
        let client = client_params(ORGANISATION).signed_by(&client_key, &issuer)?;
        let own_key = KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256)?;
        let own = client_params(OWN_ORGANISATION).signed_by(&own_key, &issuer)?;
        Ok(Self {
            authority_pem,
            client_pem: client.pem(),
            thumbprint: Thumbprint::of_der(client.der()).to_text(),
            directory: directory(&issuer)?,
            own: (own.pem(), own_key.serialize_pem()),
        })
    }

    /// The institution's certificate and key, as its secret holds them.
    pub(crate) fn own(&self) -> String {
        serde_json::json!({ "certificate": self.own.0, "private_key": self.own.1 }).to_string()
    }
}

/// Subject and usage of a BRCAC, as far as anybody reads it here.
fn client_params(organisation: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    for (oid, value) in [
        (&[2, 5, 4, 5][..], "11222333000181".to_owned()),
        (&[2, 5, 4, 97], format!("OFBBR-{organisation}")),
        (&[0, 9, 2342, 19_200_300, 100, 1, 1], SOFTWARE.to_owned()),
    ] {
        params.distinguished_name.push(DnType::CustomDnType(oid.to_vec()), DnValue::Utf8String(value));
    }
    params.distinguished_name.push(DnType::CommonName, DnValue::Utf8String("receptora.example".to_owned()));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params
}

fn directory(issuer: &Issuer<'_, KeyPair>) -> Result<TlsAcceptor, Fault> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.subject_alt_names = vec![SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST))];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.signed_by(&key, issuer)?.der().clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
