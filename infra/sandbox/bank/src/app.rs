//! The institution's app and the back end behind it, driving the command loop: the app asks what is due, the back end
//! signs who its customer is.

use http::Method;
use ponte_fapi::jws::{Signer, TokenType};
use ponte_machine::{SandboxError, clock};
use ponte_values::Device;
use ponte_web::caller::{Call, Caller, NoAnswer, Reply};
use serde_json::{Value, json};

use crate::customers::Customer;
use crate::described::Described;

/// How long what the back end signs is good for, seconds.
const LIFE: i64 = 60;

/// The app of one institution. No `Debug`: it has the key of the back end.
pub struct App {
    http: Caller,
    base: String,
    back_end: Signer,
}

impl App {
    /// An app that calls the command loop at `public_url`; its back end signs with the PKCS#8 key `key_pem`, which it
    /// publishes as `kid`.
    pub fn new(public_url: &str, trust_pem: &str, key_pem: &str, kid: &str) -> Result<Self, SandboxError> {
        let back_end = Signer::from_pkcs8_pem(key_pem, kid).map_err(SandboxError::unusable)?;
        Ok(Self { http: Caller::new(trust_pem, None)?, base: format!("{public_url}/auth"), back_end })
    }

    /// The app as `endpoints.json` describes it.
    pub fn of(endpoints: &Value) -> Result<Self, SandboxError> {
        let described = Described(endpoints);
        let (trust, key) = (described.file("/ca_file")?, described.file("/channel/signing_key")?);
        Self::new(described.text("/channel/base_url")?, &trust, &key, described.text("/channel/signing_kid")?)
    }

    /// Replays the link to the authorization endpoint that the phone opened in the app instead of a browser.
    pub async fn take_over(&self, link: &str) -> Result<Reply, NoAnswer> {
        self.http.send(Call::get(link).header("accept", "application/json")).await
    }

    /// The command that is due.
    pub async fn command(&self, id: &str) -> Result<Reply, NoAnswer> {
        self.http.send(Call::get(format!("{}/app/commands/{id}", self.base))).await
    }

    /// The interaction behind a code that a phone read from a screen.
    pub async fn handoff(&self, code: &str) -> Result<Reply, NoAnswer> {
        self.http.send(Call::get(format!("{}/handoff/{code}", self.base))).await
    }

    /// Claims of the back end about a customer whom it authenticated now, with one factor, for the command with this `jti`.
    #[must_use]
    pub fn claims(customer: &Customer, jti: &str) -> Value {
        let now = clock::now().seconds();
        let mut claims =
            json!({ "iat": now, "exp": now + LIFE, "jti": jti, "cpf": customer.cpf, "name": customer.name });
        if let Some(cnpj) = customer.cnpj {
            claims["cnpj"] = cnpj.into();
        }
        claims
    }

    /// Claims under the back end's signature. Empty when its own key refuses, which Ponte will notice.
    #[must_use]
    pub fn signed(&self, claims: &Value) -> String {
        self.back_end.sign(TokenType::Jwt, claims).unwrap_or_default()
    }

    /// The customer was authenticated, says this JWT.
    pub async fn authenticate(&self, id: &str, jwt: &str, device: &Device) -> Result<Reply, NoAnswer> {
        self.result(id, "authentication", &json!({ "jwt": jwt, "device": device })).await
    }

    /// The customer shares these products.
    pub async fn consent(&self, id: &str, products: &[String], device: &Device) -> Result<Reply, NoAnswer> {
        self.result(id, "consent", &json!({ "selectedResources": products, "device": device })).await
    }

    /// The customer says no, at either step (`authentication` or `consent`).
    pub async fn refuse(&self, id: &str, step: &str, device: &Device) -> Result<Reply, NoAnswer> {
        self.result(id, step, &json!({ "refused": true, "device": device })).await
    }

    /// Any result of a step.
    pub async fn result(&self, id: &str, step: &str, body: &Value) -> Result<Reply, NoAnswer> {
        let url = format!("{}/app/commands/{id}/{step}", self.base);
        self.http.send(Call::json(Method::PUT, url, body)).await
    }
}
