//! Tokens: `private_key_jwt` over mTLS (S02, S10), by client_credentials, by code with PKCE, by refresh token.

use ponte_fapi::jws::TokenType;
use ponte_machine::clock;
use ponte_web::caller::{Call, NoAnswer, Reply};
use serde_json::json;

use crate::authorization::Authorization;
use crate::receiver::Receiver;
use crate::report::About;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Life of a client assertion, seconds.
const ASSERTION_LIFE: i64 = 120;

/// Tokens of an answer. No `Debug`: credentials.
#[derive(Clone)]
pub struct Tokens {
    /// Access token.
    pub access: String,
    /// Refresh token, where one was issued.
    pub refresh: Option<String>,
    /// id_token, encrypted, where one was issued.
    pub id_token: Option<String>,
    /// Seconds the access token lives.
    pub expires_in: i64,
}

impl Tokens {
    /// The tokens of an answer, `None` when it is not a token answer.
    #[must_use]
    pub fn of(reply: &Reply) -> Option<Self> {
        let body = reply.json();
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        Some(Self {
            access: text("access_token")?,
            refresh: text("refresh_token"),
            id_token: text("id_token"),
            expires_in: body["expires_in"].as_i64()?,
        })
    }
}

impl Receiver {
    /// `grant_type=client_credentials`.
    pub async fn client_token(&self, scope: &str) -> Result<Reply, NoAnswer> {
        let fields = [("grant_type", "client_credentials"), ("scope", scope)];
        self.token(&fields, "CLIENT_CREDENTIALS", None).await
    }

    /// `grant_type=authorization_code`, with the verifier of the authorization (S06).
    pub async fn code_token(&self, authorization: &Authorization, code: &str) -> Result<Reply, NoAnswer> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", authorization.redirect_uri.as_str()),
            ("code_verifier", authorization.verifier.as_str()),
        ];
        self.token(&fields, "AUTHORIZATION_CODE", Some(&authorization.consent)).await
    }

    /// `grant_type=refresh_token` (S11).
    pub async fn refresh(&self, refresh_token: &str, consent: &str) -> Result<Reply, NoAnswer> {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        self.token(&fields, "REFRESH_TOKEN", Some(consent)).await
    }

    async fn token(
        &self,
        fields: &[(&str, &str)],
        grant: &'static str,
        consent: Option<&str>,
    ) -> Result<Reply, NoAnswer> {
        let url = self.server.token_endpoint.clone();
        let result = self.authenticated(&url, fields).await;
        let token = result.as_ref().ok().and_then(Tokens::of);
        let mut about = About::security("/token", &url);
        about.info.insert("grantType".into(), grant.into());
        // A consent only where a token came of it (product contracts 3.3).
        if let (Some(consent), Some(_)) = (consent, &token) {
            about.info.insert("consentId".into(), consent.into());
        }
        self.note(&about, token.as_ref().map(|token| token.access.as_str()), &result);
        result
    }

    /// A form of this client to a security endpoint, with a fresh assertion.
    pub(crate) async fn authenticated(&self, url: &str, fields: &[(&str, &str)]) -> Result<Reply, NoAnswer> {
        let assertion = self.assertion(url);
        let mut form = vec![
            ("client_id", self.record.client_id.as_str()),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", assertion.as_str()),
        ];
        form.extend_from_slice(fields);
        let call = Call::post_form(url, &form)
            .header("accept", "application/json")
            .header("x-fapi-interaction-id", clock::new_id());
        self.mtls.send(call).await
    }

    /// S02: who we are, signed PS256, for one use. Empty when our own key refuses, which the server will notice.
    fn assertion(&self, audience: &str) -> String {
        let now = clock::now().seconds();
        let claims = json!({
            "iss": self.record.client_id,
            "sub": self.record.client_id,
            "aud": audience,
            "iat": now,
            "exp": now + ASSERTION_LIFE,
            "jti": clock::new_id(),
        });
        self.keys.signer.sign(TokenType::Jwt, &claims).unwrap_or_default()
    }
}
