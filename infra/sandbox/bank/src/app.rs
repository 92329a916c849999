//! The institution's app and the back end behind it, driving the command loop: the app asks what is due, the back end
//! signs who its customer is.

use http::Method;
use ponte_fapi::jws::{Signer, TokenType};
use ponte_fapi::secret;
use ponte_machine::{SandboxError, clock};
use ponte_values::Device;
use ponte_web::caller::{Call, Caller, NoAnswer, Reply};
use serde_json::{Value, json};

use crate::customers::Customer;
use crate::described::Described;
use crate::sessions::Sessions;

/// How long what the back end signs is good for, seconds.
const LIFE: i64 = 60;

/// The app of one institution. No `Debug`: it has the key of the back end.
pub struct App {
    http: Caller,
    base: String,
    back_end: Signer,
    sessions: Sessions,
}

impl App {
    /// An app that calls the command loop at `public_url`; its back end signs with the PKCS#8 key `key_pem`, which it
    /// publishes as `kid`.
    pub fn new(public_url: &str, trust_pem: &str, key_pem: &str, kid: &str) -> Result<Self, SandboxError> {
        let back_end = Signer::from_pkcs8_pem(key_pem, kid).map_err(SandboxError::unusable)?;
        let (http, sessions) = (Caller::new(trust_pem, None)?, Sessions::default());
        Ok(Self { http, base: format!("{public_url}/auth"), back_end, sessions })
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
        let call = Call::get(format!("{}/app/commands/{id}", self.base));
        self.http.send(self.sessions.show(id, call)).await
    }

    /// The interaction behind a code that a phone read from a screen; the app keeps the secret that it is told.
    pub async fn handoff(&self, code: &str) -> Result<Reply, NoAnswer> {
        let call = Call::get(format!("{}/handoff/{code}", self.base)).header("accept", "application/json");
        let reply = self.http.send(self.sessions.show(code, call)).await?;
        self.sessions.keep(code, &reply);
        if let Some(id) = reply.json()["commandId"].as_str() {
            self.sessions.keep(id, &reply);
        }
        Ok(reply)
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

    /// A call under the back end's signature, good for one use.
    #[must_use]
    pub fn signed_call(&self, call: Call) -> Call {
        let (method, path) = call.line();
        let body = secret::hash(&String::from_utf8_lossy(call.body()));
        let claims = json!({
            "iat": clock::now().seconds(), "jti": clock::new_id(), "method": method, "path": path, "bodyHash": body,
        });
        let jws = self.back_end.sign(TokenType::SignedCall, &claims).unwrap_or_default();
        call.header("x-channel-signature", jws)
    }

    /// The customer was authenticated, says this JWT; the back end sends it itself, with the secret that the app was told.
    pub async fn authenticate(&self, id: &str, jwt: &str, device: &Device) -> Result<Reply, NoAnswer> {
        let body = json!({ "jwt": jwt, "device": device });
        let call = self.sessions.show(id, self.call(id, "authentication", &body));
        let reply = self.http.send(self.signed_call(call)).await?;
        self.sessions.keep(id, &reply);
        Ok(reply)
    }

    /// The customer shares these products.
    pub async fn consent(&self, id: &str, products: &[String], device: &Device) -> Result<Reply, NoAnswer> {
        self.result(id, "consent", &json!({ "selectedResources": products, "device": device })).await
    }

    /// The customer says no, at either step (`authentication` or `consent`); the back end says so itself.
    pub async fn refuse(&self, id: &str, step: &str, device: &Device) -> Result<Reply, NoAnswer> {
        let call = self.call(id, step, &json!({ "refused": true, "device": device }));
        self.http.send(self.signed_call(self.sessions.show(id, call))).await
    }

    /// Any result of a step, from the app itself.
    pub async fn result(&self, id: &str, step: &str, body: &Value) -> Result<Reply, NoAnswer> {
        let call = self.call(id, step, body);
        self.http.send(self.sessions.show(id, call)).await
    }

    fn call(&self, id: &str, step: &str, body: &Value) -> Call {
        Call::json(Method::PUT, format!("{}/app/commands/{id}/{step}", self.base), body)
    }
}
