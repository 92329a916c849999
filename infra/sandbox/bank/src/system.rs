//! A system of the institution on the management host: its client certificate, its API key, and the calls it makes.

use http::Method;
use ponte_machine::SandboxError;
use ponte_web::caller::{Call, Caller, ClientCertificate, NoAnswer, Reply};
use serde_json::{Value, json};

use crate::described::Described;

const CONSENTS: &str = "/open-banking/oob-consents/v1/consents";
const REVOCATION: &str = "/open-banking/oob-consents/consents/v1/consents";
const NOTIFICATION: &str = "/open-banking/oob-consents/v1/resources-notification";
const FINDINGS: &str = "/open-banking/oob-quality/v1/findings";

/// Headers of a call besides its key.
pub type Headers<'h> = &'h [(&'static str, &'h str)];

/// A system with its certificate and its key. No `Debug`: it has a secret.
#[derive(Clone)]
pub struct System {
    caller: Caller,
    base: String,
    key: String,
}

impl System {
    /// A system of `institution` in `endpoints.json`: `backoffice` or `app`.
    pub fn of(endpoints: &Value, name: &str) -> Result<Self, SandboxError> {
        let described = Described(endpoints);
        let own = |field: &str| described.file(&format!("/institution/{name}/{field}"));
        let (chain, key) = (own("certificate")?, own("private_key")?);
        let certificate = ClientCertificate { chain_pem: &chain, key_pem: &key };
        Ok(Self {
            caller: Caller::new(&described.file("/ca_file")?, Some(certificate))?,
            base: described.text("/hosts/management")?.to_owned(),
            key: own("api_key")?.trim_end().to_owned(),
        })
    }

    /// The same system with another key.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self { key: key.to_owned(), ..self.clone() }
    }

    /// Its HTTP client, under its certificate and without its key.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Its API key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Any call with its key; `path` is below the management host, or a whole URL out of `links`.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        headers: Headers<'_>,
        body: Option<&Value>,
    ) -> Result<Reply, NoAnswer> {
        let url = if path.starts_with("https://") { path.to_owned() } else { format!("{}{path}", self.base) };
        let call = match body {
            Some(body) => Call::json(method, url, body),
            None => Call::new(method, url),
        };
        let call = headers.iter().fold(call, |call, (name, value)| call.header(name, *value));
        self.caller.send(call.header("x-api-key", self.key.as_str())).await
    }

    /// Consents by customer; `query` begins with a question mark or is empty.
    pub async fn list(&self, query: &str, headers: Headers<'_>) -> Result<Reply, NoAnswer> {
        self.call(Method::GET, &format!("{CONSENTS}{query}"), headers, None).await
    }

    /// A consent in detail, with its history.
    pub async fn detail(&self, consent: &str, headers: Headers<'_>) -> Result<Reply, NoAnswer> {
        self.call(Method::GET, &format!("{CONSENTS}/{consent}"), headers, None).await
    }

    /// Answers for approvers: `data` of the body.
    pub async fn settle(&self, consent: &str, data: &Value) -> Result<Reply, NoAnswer> {
        let path = format!("{CONSENTS}/{consent}/authorisation");
        self.call(Method::POST, &path, &[], Some(&json!({ "data": data }))).await
    }

    /// Revokes a consent at the customer's wish or the institution's: `revocation` of the body.
    pub async fn revoke(
        &self,
        consent: &str,
        headers: Headers<'_>,
        revocation: &Value,
    ) -> Result<Reply, NoAnswer> {
        let body = json!({ "data": { "status": "REVOKED", "revocation": revocation } });
        self.call(Method::PATCH, &format!("{REVOCATION}/{consent}"), headers, Some(&body)).await
    }

    /// What was wrong with the records of an API in the last seven days.
    pub async fn findings(&self, api: &str) -> Result<Reply, NoAnswer> {
        self.call(Method::GET, &format!("{FINDINGS}?api={api}"), &[], None).await
    }

    /// Says that what a customer has changed: `data` of the body.
    pub async fn notify(&self, data: &Value) -> Result<Reply, NoAnswer> {
        self.call(Method::POST, NOTIFICATION, &[], Some(&json!({ "data": data }))).await
    }
}
