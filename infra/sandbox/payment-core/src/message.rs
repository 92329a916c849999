//! Signed bodies both ways: requests of Ponte's are opened, answers are sealed.

use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, Policy, Signer, TokenType};
use ponte_machine::SandboxError;
use ponte_values::Moment;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::mode::{Flaw, Mode};
use crate::said::Said;

/// How far a request's `iat` may be ahead, seconds.
const AHEAD: i64 = 60;

/// Both sides' keys. No `Debug`: one is private.
pub(crate) struct Keys {
    /// Ponte's.
    theirs: KeySet,
    /// The core's own.
    own: Signer,
}

/// Claims of a request beside its body.
#[derive(Clone, Deserialize)]
pub(crate) struct RequestClaims {
    pub(crate) iss: String,
    pub(crate) aud: String,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    pub(crate) jti: String,
}

/// An opened request.
pub(crate) struct Opened {
    pub(crate) claims: RequestClaims,
    pub(crate) body: Value,
}

impl Keys {
    /// `theirs` is the key set of the institution, `own` the PKCS#8 key of the core and its id.
    pub(crate) fn new(theirs: &str, (own, kid): (&str, &str)) -> Result<Self, SandboxError> {
        Ok(Self {
            theirs: KeySet::parse(theirs).map_err(SandboxError::unusable)?,
            own: Signer::from_pkcs8_pem(own, kid).map_err(SandboxError::unusable)?,
        })
    }

    /// Other keys of Ponte's.
    pub(crate) fn trust(&mut self, theirs: &str) -> Result<(), SandboxError> {
        self.theirs = KeySet::parse(theirs).map_err(SandboxError::unusable)?;
        Ok(())
    }

    /// Key set of the core's answers.
    pub(crate) fn published(&self) -> Value {
        json!({ "keys": [self.own.public_jwk()] })
    }

    /// A request of `issuer` for one of `addresses`, if nothing is wrong with it.
    pub(crate) fn open(
        &self,
        token: &str,
        issuer: &str,
        addresses: &[String],
        mode: &Mode,
        now: Moment,
    ) -> Result<Opened, String> {
        let body = match self.verified(token) {
            Err(_) if mode.has(Flaw::TrustsAnySignature) => unverified(token)?,
            verified => verified?,
        };
        let claims: RequestClaims =
            serde_json::from_value(body.clone()).map_err(|problem| problem.to_string())?;
        let wrong = |claim: &str| Err(format!("{claim} não vale aqui"));
        let ours = claims.iss == issuer && body["requestMeta"]["brandId"] == issuer;
        if !ours && !mode.has(Flaw::TakesAnyIssuer) {
            return wrong("iss");
        }
        if !addresses.contains(&claims.aud) && !mode.has(Flaw::TakesAnyAudience) {
            return wrong("aud");
        }
        if claims.iat > now.seconds() + AHEAD {
            return wrong("iat");
        }
        if claims.exp < now.seconds() && !mode.has(Flaw::TakesExpired) {
            return wrong("exp");
        }
        if claims.jti.len() != 36 {
            return wrong("jti");
        }
        Ok(Opened { claims, body })
    }

    fn verified(&self, token: &str) -> Result<Value, String> {
        let told = |fault: &dyn std::fmt::Display| fault.to_string();
        let compact = CompactJws::parse(token, &Policy::SIGNED_MESSAGE).map_err(|fault| told(&fault))?;
        let key = self.theirs.signature_key(compact.kid()).ok_or("kid desconhecido")?;
        compact.verify::<Map<String, Value>>(key).map(Value::Object).map_err(|fault| told(&fault))
    }

    /// An answer to this request as a JWT; `jti` is a fresh UUID.
    pub(crate) fn seal(
        &self,
        said: &Said,
        claims: &RequestClaims,
        jti: String,
        mode: &Mode,
        now: Moment,
    ) -> String {
        let mut sealed = said.body.clone();
        let request = if mode.has(Flaw::AnswersAnother) { jti.as_str() } else { claims.jti.as_str() };
        sealed["inReplyTo"] = request.into();
        sealed["iss"] = claims.aud.as_str().into();
        sealed["aud"] =
            if mode.has(Flaw::AnswersOthers) { "another-bank" } else { claims.iss.as_str() }.into();
        sealed["iat"] = now.seconds().into();
        sealed["jti"] = jti.into();
        let mut token = self.own.sign(TokenType::Jwt, &sealed).unwrap_or_default();
        if mode.has(Flaw::BadSignatures)
            && let Some(start) = token.rfind('.')
        {
            // Another letter in the middle of the signature.
            let place = start + 20;
            let other = if token.get(place..=place) == Some("A") { "B" } else { "A" };
            token.replace_range(place..=place, other);
        }
        token
    }
}

/// What a token says, whoever signed it.
fn unverified(token: &str) -> Result<Value, String> {
    let payload = token.split('.').nth(1).and_then(ponte_fapi::base64url::decode);
    let payload = payload.ok_or("não é um JWT")?;
    serde_json::from_slice(&payload).map_err(|problem| problem.to_string())
}
