//! Signed calls, and what their answers say.

use std::sync::Arc;
use std::time::Duration;

use ponte_fapi::base64url;
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, Policy, Signer, TokenType};
use ponte_layer_check::{Received, Sent, Transport};
use ponte_values::Moment;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::ids::new_id;

/// How long an answer is waited for: well above every budget, so that a slow answer is told from none.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a request is good, in seconds.
const GOOD_FOR: i64 = 120;

/// Both sides' names and keys.
pub struct Sides {
    /// Name of the institution, `iss` of requests.
    pub brand: String,
    /// Base of the connector; `aud` is this and the path.
    pub address: String,
    /// Signs requests.
    pub signer: Signer,
    /// A key that the connector does not know, under a `kid` that it does not know; it must refuse what this signs.
    pub stranger: Signer,
    /// A key that the connector does not know, under the `kid` of ours; it must refuse what this signs.
    pub impostor: Signer,
    /// Verifies answers.
    pub keys: KeySet,
}

pub(crate) struct Connector {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) sides: Sides,
    pub(crate) now: Box<dyn Fn() -> Moment + Send + Sync>,
}

/// What an answer says.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) status: u16,
    /// Claims, if it is signed and an answer to this request; else why not.
    pub(crate) claims: Result<Value, String>,
    pub(crate) took: Duration,
}

impl Said {
    /// The first code of a signed refusal.
    pub(crate) fn code(&self) -> &str {
        self.claims.as_ref().ok().and_then(|claims| claims["errors"][0]["code"].as_str()).unwrap_or_default()
    }

    /// `data` of a signed answer with this status.
    pub(crate) fn data(&self, status: u16) -> Result<&Value, String> {
        let claims = self.claims.as_ref().map_err(|why| format!("status {}: {why}", self.status))?;
        if self.status == status {
            Ok(&claims["data"])
        } else {
            Err(format!("status {} {} where {status} is due", self.status, self.code()).replace("  ", " "))
        }
    }

    /// Whether it is a signed refusal with this status and code.
    pub(crate) fn refused(&self, status: u16, codes: &[&str]) -> Result<(), String> {
        if let Err(why) = &self.claims {
            return Err(format!("status {}: {why}", self.status));
        }
        if self.status == status && (codes.is_empty() || codes.contains(&self.code())) {
            return Ok(());
        }
        let due = codes.join(" or ");
        Err(format!("status {} {} where {status} {due} is due", self.status, self.code()))
    }
}

impl Connector {
    /// Claims of a new request.
    pub(crate) fn claims(&self, path: &str, body: &Value) -> Value {
        let now = (self.now)().seconds();
        let mut claims = json!({
            "iss": self.sides.brand, "aud": format!("{}{path}", self.sides.address),
            "iat": now, "exp": now + GOOD_FOR, "jti": new_id(),
            "requestMeta": {"correlationId": new_id(), "brandId": self.sides.brand},
        });
        if let (Some(claims), Some(body)) = (claims.as_object_mut(), body.as_object()) {
            claims.extend(body.clone());
        }
        if claims["consent"].is_object() {
            claims["consent"]["brandId"] = json!(self.sides.brand);
        }
        claims
    }

    /// A call as Ponte makes it.
    pub(crate) async fn ask(&self, path: &'static str, body: &Value) -> Result<Said, String> {
        self.send(path, &self.claims(path, body), &self.sides.signer).await
    }

    /// A call with these claims, signed by this key.
    pub(crate) async fn send(
        &self,
        path: &'static str,
        claims: &Value,
        signer: &Signer,
    ) -> Result<Said, String> {
        let token = signer.sign(TokenType::Jwt, claims).map_err(|error| error.to_string())?;
        self.carry_token(path, claims, token).await
    }

    /// A call with this token, which stands for these claims.
    pub(crate) async fn carry_token(
        &self,
        path: &'static str,
        claims: &Value,
        token: String,
    ) -> Result<Said, String> {
        let (received, took) = self.carried(("POST", path), "application/jwt", token.into_bytes()).await?;
        let opened = self.opened(claims, &received);
        Ok(Said { status: received.status, claims: opened, took })
    }

    /// A call of any form, and its time.
    pub(crate) async fn carried(
        &self,
        (method, path): (&'static str, &'static str),
        content_type: &'static str,
        body: Vec<u8>,
    ) -> Result<(Received, Duration), String> {
        let sent = Sent { method, path, content_type, credential: None, gzip: false, body };
        let start = Instant::now();
        match timeout(PATIENCE, self.transport.send(sent)).await {
            Ok(received) => received.map(|received| (received, start.elapsed())),
            Err(_) => Err(format!("no answer in {} s", PATIENCE.as_secs())),
        }
    }

    fn opened(&self, request: &Value, received: &Received) -> Result<Value, String> {
        let token = std::str::from_utf8(&received.body).map_err(|_| "no text".to_owned())?;
        let compact = CompactJws::parse(token.trim(), &Policy::SIGNED_MESSAGE)
            .map_err(|error| format!("not signed: {error}"))?;
        let key =
            self.sides.keys.signature_key(compact.kid()).ok_or("signed by a key that is not in the set")?;
        let claims: Value = compact.verify(key).map_err(|error| error.to_string())?;
        let iat = claims["iat"].as_i64().unwrap_or_default();
        for (what, holds) in [
            ("iss", claims["iss"] == request["aud"]),
            ("aud", claims["aud"] == request["iss"]),
            ("inReplyTo", claims["inReplyTo"] == request["jti"]),
            ("iat", (iat - (self.now)().seconds()).abs() <= 60),
            ("jti", claims["jti"].as_str().is_some_and(|jti| !jti.is_empty())),
        ] {
            if !holds {
                return Err(format!("{what} is not that of an answer to this request"));
            }
        }
        Ok(claims)
    }
}

/// A token with these claims that says that nobody signed it.
pub(crate) fn unsigned(claims: &Value) -> String {
    let part = |part: &Value| base64url::encode(part.to_string().as_bytes());
    format!("{}.{}.", part(&json!({"alg": "none", "typ": "JWT"})), part(claims))
}
