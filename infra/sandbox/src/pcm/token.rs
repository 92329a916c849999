//! Access tokens of the platform: only over mTLS, for the client whose certificate it is, six hours long (M01).

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
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    org_id: String,
    iat: i64,
    exp: i64,
    jti: String,
}

impl Tokens {
    pub(crate) fn new(key: &RsaKey) -> Result<Self, SandboxError> {
        let signer = Signer::from_pkcs8_pem(key.private_pem(), key.kid()).map_err(SandboxError::unusable)?;
        let keys = KeySet::parse(&key_set_json(&[signer.public_jwk()])).map_err(SandboxError::unusable)?;
        Ok(Self { signer, keys })
    }

    /// A token for a client of an organisation.
    pub(crate) fn issue(&self, client: &str, organisation: &str, now: Moment) -> Option<String> {
        let claims = Claims {
            iss: "pcm-sandbox".into(),
            sub: client.into(),
            org_id: organisation.into(),
            iat: now.seconds(),
            exp: now.seconds() + LIFE,
            jti: clock::new_id(),
        };
        self.signer.sign(TokenType::AccessToken, &claims).ok()
    }

    /// The organisation of a token, when it is ours and not over.
    pub(crate) fn organisation(&self, token: &str, now: Moment) -> Option<String> {
        let compact = Compact::parse(token, &Policy::ACCESS_TOKEN).ok()?;
        let claims: Claims = compact.verify(self.keys.signature_key(compact.kid())?).ok()?;
        (claims.exp > now.seconds()).then_some(claims.org_id)
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
    let Some((client, grant)) = credentials(request) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request", "client_id and grant_type are required");
    };
    if grant != "client_credentials" {
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Unsupported grant_type");
    }
    let owner = request.certificate.as_ref().and_then(brcac_of);
    let Some((organisation, statement)) = owner else {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client", "Certificate without organisation");
    };
    if !pcm.rules.members.is_client(&client, &organisation, &statement) {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client", "ClientId is not valid to the orgId");
    }
    let Some(token) = pcm.tokens.issue(&client, &organisation, clock::now()) else {
        return Answer::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
    };
    pcm.count_token(&client);
    Answer::json(
        StatusCode::OK,
        &json!({
            "access_token": token, "expires_in": LIFE, "refresh_expires_in": 0, "token_type": "Bearer",
            "not-before-policy": 0, "scope": "profile email",
        }),
    )
}

/// `client_id` and `grant_type` of a form or a JSON body.
fn credentials(request: &Request) -> Option<(String, String)> {
    if request.is("application/json") {
        let body: Value = request.json().ok()?;
        return Some((body["client_id"].as_str()?.to_owned(), body["grant_type"].as_str()?.to_owned()));
    }
    let form = std::str::from_utf8(&request.body).ok()?;
    Some((Request::field(form, "client_id")?, Request::field(form, "grant_type")?))
}

fn refused(status: StatusCode, error: &str, description: &str) -> Answer {
    Answer::json(status, &json!({ "error": error, "error_description": description }))
}
