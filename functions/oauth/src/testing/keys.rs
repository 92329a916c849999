//! Real keys and certificates, made at test time.

use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::jwe::DecryptionKey;
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::Signer;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose};

use super::names::{ORGANISATION, OTHER_ORGANISATION, OTHER_SOFTWARE, SOFTWARE};

/// Keys are dear to make: server, client signature, client encryption, stranger, server encryption now and before,
/// directory.
pub(super) fn der(number: usize) -> &'static [u8] {
    static DERS: [OnceLock<Vec<u8>>; 7] = [const { OnceLock::new() }; 7];
    DERS[number]
        .get_or_init(|| KeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap().as_ref().to_vec())
}

pub(crate) fn pem(number: usize) -> String {
    let der = STANDARD.encode(der(number));
    format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n")
}

pub(crate) fn client_signer() -> Signer {
    Signer::from_pkcs8_pem(&pem(1), "sig-1").unwrap()
}

pub(crate) fn stranger(kid: &str) -> Signer {
    Signer::from_pkcs8_pem(&pem(3), kid).unwrap()
}

pub(crate) fn decrypter() -> DecryptionKey {
    DecryptionKey::from_pkcs8_pem(&pem(2), "enc-1").unwrap()
}

pub(crate) fn server_signer() -> Signer {
    Signer::from_pkcs8_pem(&pem(0), "as-1").unwrap()
}

/// The key that request objects are encrypted for.
pub(crate) fn server_decrypter() -> DecryptionKey {
    DecryptionKey::from_pkcs8_pem(&pem(4), "as-enc-1").unwrap()
}

/// The key before it, which still counts.
pub(crate) fn former_server_decrypter() -> DecryptionKey {
    DecryptionKey::from_pkcs8_pem(&pem(5), "as-enc-0").unwrap()
}

/// Signs software statements.
pub(crate) fn directory_signer() -> Signer {
    Signer::from_pkcs8_pem(&pem(6), "signer").unwrap()
}

pub(crate) fn server_keys() -> KeySet {
    KeySet::parse(&key_set_json(&[server_signer().public_jwk()])).unwrap()
}

/// A BRCAC of this organisation and software statement, valid during 2026.
pub(crate) fn brcac(organisation: &str, software: &str) -> String {
    certificate(organisation, software, vec![ExtendedKeyUsagePurpose::ClientAuth])
}

/// The same names in a certificate that is not made for clients, as a BRSEAL is not (S97).
pub(crate) fn seal(organisation: &str, software: &str) -> String {
    certificate(organisation, software, Vec::new())
}

fn certificate(organisation: &str, software: &str, usages: Vec<ExtendedKeyUsagePurpose>) -> String {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    let mut add = |oid: &[u64], value: String| {
        params.distinguished_name.push(DnType::CustomDnType(oid.to_vec()), value);
    };
    add(&[2, 5, 4, 97], format!("OFBBR-{organisation}"));
    add(&[0, 9, 2342, 19_200_300, 100, 1, 1], software.to_owned());
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2027, 1, 1);
    params.extended_key_usages = usages;
    let key = rcgen::KeyPair::from_pem_and_sign_algo(&pem(3), &rcgen::PKCS_RSA_SHA256).unwrap();
    params.self_signed(&key).unwrap().pem()
}

pub(crate) fn own_certificate() -> &'static str {
    static PEM: OnceLock<String> = OnceLock::new();
    PEM.get_or_init(|| brcac(ORGANISATION, SOFTWARE))
}

/// The certificate of the second client.
pub(crate) fn other_certificate() -> &'static str {
    static PEM: OnceLock<String> = OnceLock::new();
    PEM.get_or_init(|| brcac(OTHER_ORGANISATION, OTHER_SOFTWARE))
}

pub(crate) fn own_thumbprint() -> ponte_fapi::binding::Thumbprint {
    *ClientCertificate::from_pem(own_certificate()).unwrap().thumbprint()
}
