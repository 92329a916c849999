//! A client's certificate and its access tokens, made at test time.

use std::sync::OnceLock;

use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::claims::{AccessToken, ConfirmationClaim, NumericDate};
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::Signer;
use ponte_values::Moment;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair};

/// Issuer of the tokens.
pub const ISSUER: &str = "https://banco.example";
/// Organisation of the client.
pub const ORGANISATION: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";

struct Identity {
    certificate: String,
    signer: Signer,
}

/// One key for everything here: making one takes a tenth of a second.
fn identity() -> &'static Identity {
    static IDENTITY: OnceLock<Identity> = OnceLock::new();
    IDENTITY.get_or_init(|| {
        let key = KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        let mut name = DistinguishedName::new();
        name.push(DnType::CustomDnType(vec![2, 5, 4, 97]), format!("OFBBR-{ORGANISATION}"));
        let mut params = CertificateParams::default();
        params.distinguished_name = name;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        Identity {
            certificate: params.self_signed(&key).unwrap().pem(),
            signer: Signer::from_pkcs8_pem(&key.serialize_pem(), "k1").unwrap(),
        }
    })
}

/// PEM of the client's certificate.
#[must_use]
pub fn certificate() -> &'static str {
    &identity().certificate
}

/// PEM of a certificate of the institution's own authority with this common name.
#[must_use]
pub fn own_certificate(name: &'static str) -> String {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    let key = KEY.get_or_init(|| KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap());
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, name);
    let mut params = CertificateParams::default();
    params.distinguished_name = subject;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.self_signed(key).unwrap().pem()
}

/// The public keys of the authorization server.
#[must_use]
pub fn keys() -> KeySet {
    KeySet::parse(&key_set_json(&[identity().signer.public_jwk()])).unwrap()
}

/// A client_credentials token of `client`.
#[must_use]
pub fn token(client: &str, now: Moment) -> String {
    minted(client, "consents", None, now)
}

/// A token of `client` for the customer of `consent`.
#[must_use]
pub fn customer_token(client: &str, consent: &str, now: Moment) -> String {
    minted(client, &format!("openid accounts consent:{consent}"), Some(consent), now)
}

/// A token of `client` with this scope, for the customer of `consent` if there is one.
#[must_use]
pub fn minted(client: &str, scope: &str, consent: Option<&str>, now: Moment) -> String {
    let at = |seconds: i64| NumericDate::at(u64::try_from(now.seconds() + seconds).unwrap());
    let certificate = ClientCertificate::from_pem(certificate()).unwrap();
    let claims = AccessToken {
        iss: ISSUER.to_owned(),
        aud: ISSUER.to_owned(),
        sub: client.to_owned(),
        client_id: client.to_owned(),
        org_id: ORGANISATION.to_owned(),
        ss_id: "10120340-3318-4baf-99e2-0b56729c4ab2".to_owned(),
        scope: scope.to_owned(),
        consent_id: consent.map(str::to_owned),
        iat: at(0),
        exp: at(900),
        jti: "j1".to_owned(),
        cnf: ConfirmationClaim { thumbprint: *certificate.thumbprint() },
    };
    claims.mint(&identity().signer).unwrap()
}
