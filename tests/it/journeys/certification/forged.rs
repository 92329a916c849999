//! Tokens that our own signer would never make.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use ponte_fapi::base64url;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};

/// Signed by the right key with RS256.
pub(super) fn rs256(pem: &str, kid: &str, claims: &Value) -> String {
    let message = message(&json!({ "alg": "RS256", "kid": kid, "typ": "JWT" }), claims);
    let key = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).expect("a key is PEM");
    let key = RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).expect("a key is RSA");
    let mut signature = vec![0; key.public_modulus_len()];
    let random = SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature).expect("a key signs");
    format!("{message}.{}", base64url::encode(signature))
}

/// `alg` none, no signature.
pub(super) fn unsigned(kid: &str, claims: &Value) -> String {
    format!("{}.", message(&json!({ "alg": "none", "kid": kid, "typ": "JWT" }), claims))
}

/// The same token with the last byte of its signature changed.
pub(super) fn broken(token: &str) -> String {
    let (message, signature) = token.rsplit_once('.').expect("a token has a signature");
    let mut signature = base64url::decode(signature).expect("a signature is base64url");
    *signature.last_mut().expect("a signature has bytes") ^= 1;
    format!("{message}.{}", base64url::encode(signature))
}

fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64url::encode(header.to_string()), base64url::encode(claims.to_string()))
}
