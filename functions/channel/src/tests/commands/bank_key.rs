//! The institution's back end: its key set, and what it signs.

use std::sync::{Arc, OnceLock};

use ponte_fapi::jwk::key_set_json;
use ponte_fapi::jws::{Signer, TokenType};
use ponte_fapi::secret;
use ponte_kit::directory::KeySetsInMemory;
use ponte_values::Moment;
use rcgen::KeyPair;
use serde_json::{Value, json};

pub(crate) const JWKS_URI: &str = "https://keys.banco.example/app.jwks";

/// The keystore with what the back end publishes.
pub(crate) fn published() -> Arc<KeySetsInMemory> {
    let key_sets = KeySetsInMemory::default();
    key_sets.publish(JWKS_URI, key_set_json(&[signer("app-1").public_jwk()]));
    Arc::new(key_sets)
}

fn made() -> String {
    KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap().serialize_pem()
}

fn signer(kid: &str) -> Signer {
    static PEM: OnceLock<String> = OnceLock::new();
    Signer::from_pkcs8_pem(PEM.get_or_init(made), kid).unwrap()
}

/// Claims about a person that hold now.
pub(crate) fn claims(now: Moment, jti: &str, cpf: &str) -> Value {
    let now = now.seconds();
    json!({"iat": now, "exp": now + 60, "jti": jti, "cpf": cpf, "name": "Pessoa Exemplo"})
}

/// Claims over a call that hold now.
pub(crate) fn call_claims(now: Moment, jti: &str, (method, path): (&str, &str), body: &str) -> Value {
    json!({
        "iat": now.seconds(), "jti": jti, "method": method, "path": path, "bodyHash": secret::hash(body),
    })
}

/// Signed with the published key.
pub(crate) fn signed(claims: &Value) -> String {
    signed_as("app-1", TokenType::Jwt, claims)
}

/// Signed with the published key, under this name and type.
pub(crate) fn signed_as(kid: &str, typ: TokenType, claims: &Value) -> String {
    signer(kid).sign(typ, claims).unwrap()
}

/// Signed with another key under the published name.
pub(crate) fn forged(claims: &Value) -> String {
    static PEM: OnceLock<String> = OnceLock::new();
    let other = Signer::from_pkcs8_pem(PEM.get_or_init(made), "app-1").unwrap();
    other.sign(TokenType::Jwt, claims).unwrap()
}
