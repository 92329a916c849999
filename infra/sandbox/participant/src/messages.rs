//! Signed messages (S60 to S64): the bodies of requests that this participant signs, and the answers that it opens.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use http::Method;
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, Policy, TokenType};
use ponte_machine::clock;
use ponte_web::caller::{Call, NoAnswer, Reply};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use crate::receiver::Receiver;

/// Media type of signed messages.
const JWT: &str = "application/jwt";
/// Seconds between the moment of signing and now, either way.
const NEAR: i64 = 60;

/// A signed call.
#[derive(Clone)]
pub struct SignedRequest<'a> {
    /// POST or PATCH.
    pub method: Method,
    /// Path below the mTLS host.
    pub path: &'a str,
    /// The access token.
    pub token: &'a str,
    /// `x-idempotency-key`; none where the endpoint has none.
    pub key: Option<&'a str>,
    /// The signed message.
    pub message: String,
}

/// The reason why an answer is not believed.
#[derive(Debug, thiserror::Error)]
pub enum UnbelievedAnswer {
    /// No key set of the institution.
    #[error(transparent)]
    NoKeys(#[from] NoAnswer),
    /// Not signed, by an unknown key, for somebody else, at another time.
    #[error("{0}")]
    Message(String),
}

impl Receiver {
    /// S61: the claims of a request to a path below the mTLS host.
    #[must_use]
    pub fn message_claims(&self, path: &str, data: &Value) -> Value {
        json!({
            "aud": format!("{}{path}", self.around.mtls),
            "iss": self.record.organisation_id,
            "jti": clock::new_id(),
            "iat": clock::now().seconds(),
            "data": data,
        })
    }

    /// Claims as a signed message. Empty when our own key refuses, which the server will notice.
    #[must_use]
    pub fn signed_message(&self, claims: &Value) -> String {
        self.keys.signer.sign(TokenType::Jwt, claims).unwrap_or_default()
    }

    /// The same with `data` as it is written.
    #[must_use]
    pub fn signed_raw(&self, claims: &Value, data: &RawValue) -> String {
        let mut members: BTreeMap<&str, &RawValue> = BTreeMap::new();
        let written: Vec<(&String, Box<RawValue>)> = claims
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name, to_raw_value(value).ok()?)))
            .collect();
        members.extend(written.iter().map(|(name, value)| (name.as_str(), value.as_ref())));
        members.insert("data", data);
        self.keys.signer.sign(TokenType::Jwt, &members).unwrap_or_default()
    }

    /// `data` as a signed message to a path below the mTLS host.
    #[must_use]
    pub fn message(&self, path: &str, data: &Value) -> String {
        self.signed_message(&self.message_claims(path, data))
    }

    /// Sends a signed call. It is not reported.
    pub async fn send_signed(&self, asked: SignedRequest<'_>) -> Result<Reply, NoAnswer> {
        let SignedRequest { method, path, token, key, message } = asked;
        let call = Call::new(method, format!("{}{path}", self.around.mtls))
            .with_body(JWT, message.into())
            .bearer(token)
            .header("accept", JWT)
            .header("x-fapi-interaction-id", clock::new_id())
            .header("x-fapi-customer-ip-address", "203.0.113.9")
            .header("x-customer-user-agent", "receiver");
        let call = key.into_iter().fold(call, |call, key| call.header("x-idempotency-key", key));
        self.mtls.send(call).await
    }

    /// Gets what is answered by a signed message. It is not reported.
    pub async fn get_signed(&self, path: &str, token: &str) -> Result<Reply, NoAnswer> {
        let call = Call::get(format!("{}{path}", self.around.mtls)).bearer(token).header("accept", JWT);
        self.mtls.send(call.header("x-fapi-interaction-id", clock::new_id())).await
    }

    /// The claims of an answer: signed by a key that the institution publishes in the directory, for this organisation, just now.
    ///
    /// # Errors
    /// The first thing for which it is not believed.
    pub async fn open(&self, reply: &Reply) -> Result<Value, UnbelievedAnswer> {
        let unbelieved = |what: String| UnbelievedAnswer::Message(format!("{what}: {}", reply.excerpt()));
        let kind = reply.header("content-type").unwrap_or_default();
        if kind != JWT {
            return Err(unbelieved(format!("content-type {kind}")));
        }
        let token = String::from_utf8_lossy(&reply.body).into_owned();
        let compact = CompactJws::parse(&token, &Policy::SIGNED_MESSAGE)
            .map_err(|fault| unbelieved(fault.to_string()))?;
        let mut keys = self.institution_keys(false).await?;
        if keys.signature_key(compact.kid()).is_none() {
            keys = self.institution_keys(true).await?;
        }
        let key = keys.signature_key(compact.kid());
        let key = key.ok_or_else(|| unbelieved(format!("the directory has no key {}", compact.kid())))?;
        let claims: Value = compact.verify(key).map_err(|fault| unbelieved(fault.to_string()))?;
        let age = claims["iat"].as_i64().map(|at| clock::now().seconds() - at);
        let holds = [
            (claims["iss"] == self.around.institution_organisation.as_str(), "iss"),
            (claims["aud"] == self.record.organisation_id.as_str(), "aud"),
            (claims["jti"].as_str().is_some_and(|jti| jti.len() == 36), "jti"),
            (age.is_some_and(|age| age.abs() <= NEAR), "iat"),
        ];
        match holds.iter().find(|(holds, _)| !holds) {
            Some((_, claim)) => Err(unbelieved(format!("{claim} of {claims}"))),
            None => Ok(claims),
        }
    }

    /// The keys that the institution publishes for its software; asked anew if what is known is not enough.
    async fn institution_keys(&self, anew: bool) -> Result<KeySet, UnbelievedAnswer> {
        let known = self.institution_keys.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = if let Some(text) = known.filter(|_| !anew) {
            text
        } else {
            let reply = self.browser.caller().send(Call::get(&*self.around.institution_jwks)).await?;
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            *self.institution_keys.lock().unwrap_or_else(PoisonError::into_inner) = Some(text.clone());
            text
        };
        KeySet::parse(&text).map_err(|fault| UnbelievedAnswer::Message(fault.to_string()))
    }
}
