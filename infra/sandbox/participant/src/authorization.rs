//! One authorization: the pushed request object, the redirects of the customer, and the answer in the fragment.

use ponte_fapi::claims::{ExpectedIdToken, IdToken, VerificationTime};
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, Policy, TokenType};
use ponte_fapi::pkce::CodeChallenge;
use ponte_machine::clock;
use ponte_values::Device;
use ponte_web::caller::{NoAnswer, Reply};
use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::report::About;

/// Life of a request object, seconds.
const REQUEST_LIFE: i64 = 300;

/// State that the receiver keeps until the customer comes back. No `Debug`: secrets.
pub struct Authorization {
    /// The consent to be authorised.
    pub consent: String,
    /// Where the customer comes back to.
    pub redirect_uri: String,
    /// PKCE verifier (S06).
    pub(crate) verifier: String,
    state: String,
    nonce: String,
}

/// The verified answer in the fragment.
pub struct Callback {
    /// The authorization code.
    pub code: String,
    /// The id_token, decrypted and verified.
    pub id_token: IdToken,
}

/// Why what came back is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum CallbackFault {
    /// Not our redirect URI, or no fragment.
    #[error("the redirect is not one to {0}")]
    Elsewhere(String),
    /// `state` is not the one that was sent.
    #[error("state is missing or another one")]
    State,
    /// The server said no.
    #[error("the server answered error={0}")]
    Refused(String),
    /// A part is missing.
    #[error("no {0} in the fragment")]
    Missing(&'static str),
    /// The id_token does not hold.
    #[error("id_token: {0}")]
    IdToken(String),
}

impl Authorization {
    /// State and nonce, for tests that play the server.
    #[cfg(test)]
    pub(crate) fn values(&self) -> (&str, &str) {
        (&self.state, &self.nonce)
    }
}

impl Receiver {
    /// Begins an authorization of a consent.
    #[must_use]
    pub fn begin(&self, consent: &str) -> Authorization {
        Authorization {
            consent: consent.to_owned(),
            redirect_uri: self.record.redirect_uris.first().cloned().unwrap_or_default(),
            verifier: clock::random_text::<48>(),
            state: clock::random_text::<24>(),
            nonce: clock::random_text::<24>(),
        }
    }

    /// Pushes the request object: signed, and encrypted to the server where it reads that (S03, S04).
    pub async fn push(&self, authorization: &Authorization, scope: &str) -> Result<Reply, NoAnswer> {
        let signed = self.signed_request(&self.request_claims(authorization, scope));
        let object = if self.encrypts_requests() { self.encrypted_request(&signed) } else { signed };
        self.push_object(authorization, &object).await
    }

    /// Pushes a request object as it is.
    pub async fn push_object(&self, authorization: &Authorization, object: &str) -> Result<Reply, NoAnswer> {
        let url = self.server.par_endpoint.clone();
        let result = self.authenticated(&url, &[("request", object)]).await;
        let mut about = About::security("/pushed-authorization-request", &url);
        about.info.insert("consentId".into(), authorization.consent.clone().into());
        self.note(&about, None, &result);
        result
    }

    /// Where the customer is sent.
    #[must_use]
    pub fn authorization_url(&self, request_uri: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.record.client_id)
            .append_pair("request_uri", request_uri)
            .finish();
        format!("{}?{query}", self.server.authorization_endpoint)
    }

    /// Tells the metrics platform that the customer leaves for the institution (M40).
    pub fn note_departure(&self, authorization: &Authorization, device: &Device) {
        let mut step = crate::report::step(&authorization.consent, device, &self.record.organisation_id);
        let endpoint: String = self.server.authorization_endpoint.chars().take(200).collect();
        step["uriAuthorizationEndpoint"] = endpoint.into();
        self.note_step("client/redirect-to-server", step);
    }

    /// Reads the redirect that brought the customer back, and tells the metrics platform (M40).
    pub fn arrive(
        &self,
        authorization: &Authorization,
        location: &str,
        device: &Device,
    ) -> Result<Callback, CallbackFault> {
        let result = self.read_callback(authorization, location);
        let mut step = crate::report::step(&authorization.consent, device, &self.record.organisation_id);
        match &result {
            Ok(_) => self.note_step("client/redirect-target-without-errors", step),
            Err(fault) => {
                step["error"] = match fault {
                    CallbackFault::Refused(error) => error.chars().take(200).collect::<String>().into(),
                    _ => "invalid_response".into(),
                };
                self.note_step("client/redirect-target-with-errors", step);
            }
        }
        result
    }

    fn read_callback(
        &self,
        authorization: &Authorization,
        location: &str,
    ) -> Result<Callback, CallbackFault> {
        let fragment = location
            .strip_prefix(&authorization.redirect_uri)
            .and_then(|rest| rest.strip_prefix('#'))
            .ok_or_else(|| CallbackFault::Elsewhere(authorization.redirect_uri.clone()))?;
        let value = |name: &str| {
            url::form_urlencoded::parse(fragment.as_bytes())
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        if value("state").as_deref() != Some(authorization.state.as_str()) {
            return Err(CallbackFault::State);
        }
        if let Some(error) = value("error") {
            return Err(CallbackFault::Refused(error));
        }
        let code = value("code").ok_or(CallbackFault::Missing("code"))?;
        let token = value("id_token").ok_or(CallbackFault::Missing("id_token"))?;
        let expected = ExpectedIdToken {
            code: Some(&code),
            state: Some(&authorization.state),
            access_token: None,
            ..self.expected(authorization)
        };
        let id_token = self.id_token(&token, &expected).map_err(CallbackFault::IdToken)?;
        Ok(Callback { code, id_token })
    }

    /// Decrypts and verifies the id_token of a token answer.
    pub fn id_token_of(&self, authorization: &Authorization, token: &str) -> Result<IdToken, String> {
        self.id_token(token, &self.expected(authorization))
    }

    fn expected<'a>(&'a self, authorization: &'a Authorization) -> ExpectedIdToken<'a> {
        ExpectedIdToken {
            issuer: &self.server.issuer,
            client_id: &self.record.client_id,
            nonce: &authorization.nonce,
            code: None,
            state: None,
            access_token: None,
        }
    }

    /// S14: decrypt with our key, then verify with a key of the server, then judge the claims.
    fn id_token(&self, token: &str, expected: &ExpectedIdToken<'_>) -> Result<IdToken, String> {
        let signed = self.keys.decryption.decrypt_jwt(token).map_err(|fault| fault.to_string())?;
        let compact = CompactJws::parse(&signed, &Policy::ID_TOKEN).map_err(|fault| fault.to_string())?;
        let keys = KeySet::parse(&self.server.jwks).map_err(|fault| fault.to_string())?;
        let key = keys
            .signature_key(compact.kid())
            .ok_or_else(|| format!("no key {} in the key set of the server", compact.kid()))?;
        let claims: IdToken = compact.verify(key).map_err(|fault| fault.to_string())?;
        let now = u64::try_from(clock::now().seconds()).unwrap_or(0);
        let clock = VerificationTime { now, skew: 10 };
        claims.check(expected, clock).map_err(|fault| format!("{fault:?}"))?;
        Ok(claims)
    }

    /// Whether its request objects are encrypted: the server says that it reads such (S04, S40).
    #[must_use]
    pub fn encrypts_requests(&self) -> bool {
        self.server.reads_encrypted_requests()
    }

    /// S06, S40: the claims of a request object, with PKCE and `acr` as an essential claim without a value.
    #[must_use]
    pub fn request_claims(&self, authorization: &Authorization, scope: &str) -> Value {
        let now = clock::now().seconds();
        let challenge = CodeChallenge::of(&authorization.verifier).map(|challenge| challenge.to_text());
        json!({
            "iss": self.record.client_id,
            "aud": self.server.issuer,
            "client_id": self.record.client_id,
            "response_type": "code id_token",
            "response_mode": "fragment",
            "redirect_uri": authorization.redirect_uri,
            "scope": format!("openid consent:{} {scope}", authorization.consent),
            "state": authorization.state,
            "nonce": authorization.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "claims": { "id_token": { "acr": { "essential": true } } },
            "iat": now,
            "nbf": now,
            "exp": now + REQUEST_LIFE,
            "jti": clock::new_id(),
        })
    }

    /// Claims as a signed request object. Empty when our own key refuses, which the server will notice.
    #[must_use]
    pub fn signed_request(&self, claims: &Value) -> String {
        self.keys.signer.sign(TokenType::RequestObject, claims).unwrap_or_default()
    }

    /// A signed request object, encrypted to the server. Empty when the server has no key for that.
    #[must_use]
    pub fn encrypted_request(&self, signed: &str) -> String {
        self.server.encrypted(signed).unwrap_or_default()
    }
}
