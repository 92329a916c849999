//! A client's certificate and the access token of a customer, made at test time.

use std::sync::OnceLock;

use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::claims::{AccessToken, ConfirmationClaim, NumericDate};
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::Signer;
use ponte_values::Moment;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair};

pub(super) const ISSUER: &str = "https://banco.example";
pub(super) const ORGANISATION: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
pub(super) const CLIENT: &str = "client-1";
pub(super) const CONSENT: &str = "urn:banco:1";

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
pub(super) fn certificate() -> &'static str {
    &identity().certificate
}

/// The public keys of the authorization server.
pub(super) fn keys() -> KeySet {
    KeySet::parse(&key_set_json(&[identity().signer.public_jwk()])).unwrap()
}

/// The token of the customer of the tests.
pub(super) fn token(now: Moment) -> String {
    let at = |seconds: i64| NumericDate::at(u64::try_from(now.seconds() + seconds).unwrap());
    let certificate = ClientCertificate::from_pem(certificate()).unwrap();
    let claims = AccessToken {
        iss: ISSUER.to_owned(),
        aud: ISSUER.to_owned(),
        sub: "subject".to_owned(),
        client_id: CLIENT.to_owned(),
        org_id: ORGANISATION.to_owned(),
        ss_id: "10120340-3318-4baf-99e2-0b56729c4ab2".to_owned(),
        scope: format!("openid consent:{CONSENT} accounts customers resources variable-incomes"),
        consent_id: Some(CONSENT.to_owned()),
        iat: at(0),
        exp: at(900),
        jti: "j1".to_owned(),
        cnf: ConfirmationClaim { thumbprint: *certificate.thumbprint() },
    };
    claims.mint(&identity().signer).unwrap()
}
