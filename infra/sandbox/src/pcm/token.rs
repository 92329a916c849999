//! Access tokens of the platform: only over mTLS, for the client whose certificate it is, six hours long (M01).

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use http::{Method, StatusCode};
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{Compact, Policy, Signer, TokenType};
use ponte_values::Moment;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Pcm;
use crate::clock;
use crate::error::SandboxError;
use crate::pki::RsaKey;
use crate::web::{Answer, Request, brcac_of};

/// Life of a token, seconds.
pub(crate) const LIFE: i64 = 21_600;

/// Makes and reads the platform's tokens.
pub(crate) struct Tokens {
    signer: Signer,
    keys: KeySet,
    life: AtomicI64,
    /// Tokens of another generation are refused.
    generation: AtomicU64,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    org_id: String,
    iat: i64,
    exp: i64,
    jti: String,
    generation: u64,
}

impl Tokens {
    pub(crate) fn new(key: &RsaKey) -> Result<Self, SandboxError> {
        let signer = Signer::from_pkcs8_pem(key.private_pem(), key.kid()).map_err(SandboxError::unusable)?;
        let keys = KeySet::parse(&key_set_json(&[signer.public_jwk()])).map_err(SandboxError::unusable)?;
        Ok(Self { signer, keys, life: AtomicI64::new(LIFE), generation: AtomicU64::new(0) })
    }

    /// A token for a client of an organisation.
    pub(crate) fn issue(&self, client: &str, organisation: &str, now: Moment) -> Option<String> {
        let claims = Claims {
            iss: "pcm-sandbox".into(),
            sub: client.into(),
            org_id: organisation.into(),
            iat: now.seconds(),
            exp: now.seconds() + self.life(),
            jti: clock::new_id(),
            generation: self.generation.load(Ordering::Relaxed),
        };
        self.signer.sign(TokenType::AccessToken, &claims).ok()
    }

    /// The organisation of a token, when it is ours and not over.
    pub(crate) fn organisation(&self, token: &str, now: Moment) -> Option<String> {
        let compact = Compact::parse(token, &Policy::ACCESS_TOKEN).ok()?;
        let claims: Claims = compact.verify(self.keys.signature_key(compact.kid())?).ok()?;
        let current = claims.generation == self.generation.load(Ordering::Relaxed);
        (current && claims.exp > now.seconds()).then_some(claims.org_id)
    }

    /// Life of the tokens issued from now on, seconds.
    pub(crate) fn live(&self, seconds: i64) {
        self.life.store(seconds, Ordering::Relaxed);
    }

    /// What [`Tokens::live`] set.
    pub(crate) fn life(&self) -> i64 {
        self.life.load(Ordering::Relaxed)
    }

    /// No token issued so far counts any more.
    pub(crate) fn refuse_all(&self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
    }
}

/// `POST /token/`, with the slash.
pub(crate) fn answer(pcm: &Pcm, request: &Request) -> Answer {
    if request.path != "/token/" {
        return Answer::message(StatusCode::NOT_FOUND, "Not Found");
    }
    if request.method != Method::POST {
        return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    }
    let (client, grant) = credentials(request);
    if grant.as_deref() != Some("client_credentials") {
        return refused("unsupported_grant_type", "Unsupported grant_type");
    }
    let Some(client) = client else {
        return refused("invalid_client", "Invalid client credentials");
    };
    let owner = request.certificate.as_ref().and_then(brcac_of);
    let client = client.as_str();
    let known = owner
        .filter(|(organisation, statement)| pcm.rules.members.is_client(client, organisation, statement));
    let Some((organisation, _)) = known else {
        let refusal = json!({ "statusCode": 401, "message": "ClientId is not valid to the orgId" });
        return Answer::json(StatusCode::UNAUTHORIZED, &refusal);
    };
    let Some(token) = pcm.tokens.issue(client, &organisation, clock::now()) else {
        return Answer::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
    };
    pcm.counters().token(client);
    Answer::json(
        StatusCode::OK,
        &json!({
            "statusCode": 200, "access_token": token, "expires_in": pcm.tokens.life(), "refresh_expires_in": 0,
            "token_type": "Bearer", "not-before-policy": 0, "scope": "profile email",
        }),
    )
}

/// `client_id` and `grant_type` of a JSON body, as the manual has it, or of a form, as the API's file has it.
fn credentials(request: &Request) -> (Option<String>, Option<String>) {
    const NAMES: [&str; 2] = ["client_id", "grant_type"];
    let [client, grant] = if request.is("application/json") {
        let body: Value = request.json().unwrap_or_default();
        NAMES.map(|name| body[name].as_str().map(str::to_owned))
    } else {
        let form = std::str::from_utf8(&request.body).unwrap_or_default();
        NAMES.map(|name| Request::field(form, name))
    };
    (client, grant)
}

fn refused(error: &str, description: &str) -> Answer {
    Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error, "error_description": description }))
}
