//! Metadata of an authorization server: its discovery document and its keys (S07, S42).

use ponte_fapi::jwe::ContentSecret;
use ponte_fapi::jwk::KeySet;
use ponte_machine::clock;
use ponte_web::caller::{Call, Caller, NoAnswer};
use serde_json::Value;

use crate::error::SetUpError;

/// An authorization server as a client sees it.
#[derive(Clone)]
pub struct Discovered {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) par_endpoint: String,
    pub(crate) jwks: String,
    pub(crate) document: Value,
}

impl Discovered {
    /// Asks the server at `issuer`.
    pub async fn at(http: &Caller, issuer: &str) -> Result<Self, SetUpError> {
        let reply = http.send(Call::get(format!("{issuer}/.well-known/openid-configuration"))).await?;
        let document = reply.json();
        let text = |name: &str| {
            let told = document[name].as_str().map(str::to_owned);
            told.ok_or_else(|| SetUpError::Discovery(format!("status {}, no {name}", reply.status)))
        };
        let mutual = |name: &str| {
            endpoint(&document, name).map_or_else(|| text(name), |endpoint| Ok(endpoint.to_owned()))
        };
        let jwks = http.send(Call::get(text("jwks_uri")?)).await?;
        Ok(Self {
            issuer: text("issuer")?,
            authorization_endpoint: text("authorization_endpoint")?,
            token_endpoint: mutual("token_endpoint")?,
            par_endpoint: mutual("pushed_authorization_request_endpoint")?,
            jwks: String::from_utf8_lossy(&jwks.body).into_owned(),
            document,
        })
    }

    /// URL of an endpoint by its name in the document.
    pub fn endpoint(&self, name: &str) -> Result<String, NoAnswer> {
        let found = endpoint(&self.document, name).map(str::to_owned);
        found.ok_or_else(|| NoAnswer::nowhere(format!("the discovery document names no {name}")))
    }

    /// Whether it reads encrypted request objects (S04): it says so and publishes a key for them.
    pub(crate) fn reads_encrypted_requests(&self) -> bool {
        let says = |name: &str, value: &str| {
            self.document[name].as_array().is_some_and(|values| values.iter().any(|one| one == value))
        };
        says("request_object_encryption_alg_values_supported", "RSA-OAEP")
            && says("request_object_encryption_enc_values_supported", "A256GCM")
            && KeySet::parse(&self.jwks).is_ok_and(|keys| keys.encryption_key().is_some())
    }

    /// A signed token, encrypted to the server; none when it has no key for that.
    pub(crate) fn encrypted(&self, signed: &str) -> Option<String> {
        let keys = KeySet::parse(&self.jwks).ok()?;
        let secret = ContentSecret::from_random(clock::random());
        keys.encryption_key()?.encrypt_jwt(signed, &secret).ok()
    }
}

/// S42: the aliases are the ones to use where there are any.
fn endpoint<'a>(document: &'a Value, name: &str) -> Option<&'a str> {
    document["mtls_endpoint_aliases"][name].as_str().or_else(|| document[name].as_str())
}
