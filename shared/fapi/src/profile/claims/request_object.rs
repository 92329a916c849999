//! The request object of a pushed authorization request (S03, S04, S06, RFC 9101).

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::profile::pkce::CodeChallenge;
use crate::profile::scope::Scope;

use super::acr::Acr;
use super::audience::Audience;
use super::check::{bounded, expect, required, visible};
use super::fault::ClaimFault;
use super::time::{NumericDate, VerificationTime};

/// Longest distance from `nbf` to `exp` and from `nbf` to now, in seconds (FAPI 1.0 Advanced section 5.2.2).
const LIFETIME_MAX: u64 = 3_600;
/// Longest `nonce` and `state` accepted, in characters.
const NONCE_MAX: usize = 1_024;
const STATE_MAX: usize = 2_048;
/// Longest `redirect_uri` accepted, in characters.
const REDIRECT_URI_MAX: usize = 2_048;

/// The claims as they arrive; [`RequestObject::check`] validates them.
#[derive(Debug, Deserialize)]
pub struct RequestObject {
    #[serde(default)]
    iss: Option<String>,
    #[serde(default)]
    sub: Option<String>,
    #[serde(default)]
    aud: Option<Audience>,
    #[serde(default)]
    exp: Option<NumericDate>,
    #[serde(default)]
    nbf: Option<NumericDate>,
    #[serde(default)]
    iat: Option<NumericDate>,
    #[serde(default)]
    client_id: Option<String>,
    #[serde(default)]
    response_type: Option<String>,
    #[serde(default)]
    response_mode: Option<String>,
    #[serde(default)]
    redirect_uri: Option<String>,
    #[serde(default)]
    scope: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    code_challenge: Option<String>,
    #[serde(default)]
    code_challenge_method: Option<String>,
    #[serde(default)]
    claims: Option<ClaimsParameter>,
    #[serde(default)]
    prompt: Option<String>,
    #[serde(default)]
    request: Option<IgnoredAny>,
    #[serde(default)]
    request_uri: Option<IgnoredAny>,
    #[serde(default)]
    id_token_hint: Option<IgnoredAny>,
}

/// The part of the `claims` parameter that changes what we do: the wished `acr` (S08, S40).
#[derive(Debug, Default, Deserialize)]
struct ClaimsParameter {
    #[serde(default)]
    id_token: Option<IdTokenMembers>,
}

#[derive(Debug, Default, Deserialize)]
struct IdTokenMembers {
    #[serde(default)]
    acr: Option<AcrMember>,
}

/// `null` says the same as nothing, as in the `claims` parameter it does for a whole claim.
#[derive(Debug, Default, Deserialize)]
struct AcrMember {
    #[serde(default)]
    essential: Option<bool>,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    values: Option<Vec<String>>,
}

/// A valid request to a customer: every rule of the profile that needs only the claims holds. The server still has to
/// check that the redirect URI is registered and the scope allowed for this client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// URI that the answer is sent to.
    pub redirect_uri: String,
    /// Scopes, `openid` and the targets among them.
    pub scope: Scope,
    /// Echoed in the id_token.
    pub nonce: String,
    /// Echoed in the answer.
    pub state: Option<String>,
    /// Held against the verifier at the token endpoint.
    pub challenge: CodeChallenge,
    /// The weakest authentication the client insists on (S15).
    pub acr: Acr,
}

impl RequestObject {
    /// Validates the claims of this client for this issuer.
    ///
    /// # Errors
    /// The first claim that does not hold.
    pub fn check(
        self,
        client_id: &str,
        issuer: &str,
        time: VerificationTime,
    ) -> Result<AuthorizationRequest, ClaimFault> {
        expect(self.iss.as_deref(), client_id, "iss")?;
        expect(self.client_id.as_deref(), client_id, "client_id")?;
        // RFC 9101 section 10.8: with the client as its subject it could pass for the client's assertion.
        if self.sub.as_deref() == Some(client_id) {
            return Err(ClaimFault::Mismatch("sub"));
        }
        if !required(self.aud.as_ref(), "aud")?.contains(issuer) {
            return Err(ClaimFault::Mismatch("aud"));
        }
        self.check_time(time)?;
        self.check_mode()?;

        let redirect_uri = required(self.redirect_uri, "redirect_uri")?;
        bounded(&redirect_uri, REDIRECT_URI_MAX, "redirect_uri")?;
        let nonce = required(self.nonce, "nonce")?;
        visible(&nonce, NONCE_MAX, "nonce")?;
        if let Some(state) = &self.state {
            visible(state, STATE_MAX, "state")?;
        }
        let scope = Scope::parse(&required(self.scope, "scope")?).map_err(ClaimFault::Scope)?;
        scope.requested_targets().map_err(ClaimFault::Scope)?;
        if required(self.code_challenge_method, "code_challenge_method")? != "S256" {
            return Err(ClaimFault::Unsupported("code_challenge_method"));
        }
        let challenge = CodeChallenge::parse(&required(self.code_challenge, "code_challenge")?)
            .ok_or(ClaimFault::Malformed("code_challenge"))?;
        let acr = required_acr(self.claims)?;
        Ok(AuthorizationRequest { redirect_uri, scope, nonce, state: self.state, challenge, acr })
    }

    /// FAPI 1.0 Advanced section 5.2.2: `nbf` at most 60 minutes ago, `exp` at most 60 minutes after it.
    fn check_time(&self, time: VerificationTime) -> Result<(), ClaimFault> {
        let exp = required(self.exp, "exp")?;
        let nbf = required(self.nbf, "nbf")?;
        if time.expired(exp) {
            return Err(ClaimFault::Expired);
        }
        if time.ahead(nbf) || self.iat.is_some_and(|iat| time.ahead(iat)) {
            return Err(ClaimFault::NotYetValid);
        }
        if time.older_than(nbf, LIFETIME_MAX) || exp.seconds().saturating_sub(nbf.seconds()) > LIFETIME_MAX {
            return Err(ClaimFault::Lifetime);
        }
        Ok(())
    }

    /// S06, S07: one response type, one response mode; S22: no id_token as a hint. The customer is
    /// always asked.
    fn check_mode(&self) -> Result<(), ClaimFault> {
        if required(self.response_type.as_deref(), "response_type")? != "code id_token" {
            return Err(ClaimFault::Unsupported("response_type"));
        }
        if self.response_mode.as_deref().is_some_and(|mode| mode != "fragment") {
            return Err(ClaimFault::Unsupported("response_mode"));
        }
        let silent = |prompt: &str| prompt.split(' ').any(|wish| wish == "none");
        if self.prompt.as_deref().is_some_and(silent) {
            return Err(ClaimFault::Unsupported("prompt"));
        }
        for (name, value) in [
            ("request", self.request),
            ("request_uri", self.request_uri),
            ("id_token_hint", self.id_token_hint),
        ] {
            if value.is_some() {
                return Err(ClaimFault::Unsupported(name));
            }
        }
        Ok(())
    }
}

/// The weakest level that fulfils an essential `acr`; one that is not essential does not bind (S15, S40).
fn required_acr(claims: Option<ClaimsParameter>) -> Result<Acr, ClaimFault> {
    let wish = claims.and_then(|claims| claims.id_token).and_then(|members| members.acr);
    let Some(AcrMember { essential: Some(true), value, values }) = wish else {
        return Ok(Acr::Loa2);
    };
    let values: Vec<String> = values.into_iter().flatten().chain(value).collect();
    if values.is_empty() {
        return Ok(Acr::Loa2);
    }
    let weakest = values.iter().filter_map(|value| Acr::parse(value)).min();
    weakest.ok_or(ClaimFault::Unsupported("acr"))
}
