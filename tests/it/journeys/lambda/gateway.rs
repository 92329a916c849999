//! Calls of the first client, of the channel and of the back office as the gateway hands them over, arriving when a test says.

use ponte_bank::customers::CUSTOMERS;
use ponte_kit::gateway::GatewayCall;
use ponte_machine::clock;
use serde_json::{Value, json};

use crate::journeys::callers::authentication;
use crate::journeys::steps::{ACCOUNTS, PERMISSIONS, device};
use crate::journeys::systems::{LIST, file};
use crate::stack::Stack;

const CONSENTS: &str = "/open-banking/consents/v3/consents";

/// The gateway before a function.
#[derive(Clone, Copy)]
pub(super) struct Gateway<'s> {
    stack: &'s Stack,
    /// By so many seconds its clock is ahead of the test's.
    ahead: i64,
}

impl<'s> Gateway<'s> {
    pub(super) const fn of(stack: &'s Stack) -> Self {
        Self { stack, ahead: 0 }
    }

    /// The same where it is so many seconds later.
    pub(super) const fn later(self, seconds: i64) -> Self {
        Self { ahead: seconds, ..self }
    }

    /// `GET /accounts` with a customer's token.
    pub(super) fn accounts(&self, token: &str) -> Value {
        self.protected(("GET", ACCOUNTS), token, None)
    }

    /// `GET /resources` with it.
    pub(super) fn resources(&self, token: &str) -> Value {
        self.protected(("GET", "/open-banking/resources/v3/resources"), token, None)
    }

    /// A consent of the first customer with the client's own token.
    pub(super) fn create_consent(&self, token: &str) -> Value {
        let document = json!({ "identification": CUSTOMERS[0].cpf, "rel": "CPF" });
        let data = json!({ "loggedUser": { "document": document }, "permissions": PERMISSIONS });
        self.protected(("POST", CONSENTS), token, Some(&json!({ "data": data })))
    }

    /// Reads a consent with it.
    pub(super) fn read_consent(&self, token: &str, consent: &str) -> Value {
        self.protected(("GET", &format!("{CONSENTS}/{consent}")), token, None)
    }

    /// Asks for such a token.
    pub(super) fn client_token(&self) -> Value {
        let now = clock::now().seconds() + self.ahead;
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials").append_pair("scope", "consents");
        for (name, value) in authentication(self.stack, now, &clock::new_id()) {
            form.append_pair(name, &value);
        }
        let headers = json!({ "content-type": "application/x-www-form-urlencoded" });
        self.event("mtls", ("POST", "/auth/token"), headers, Some(form.finish()))
    }

    /// The first customer, or whoever else has this token of the channel, logs in.
    pub(super) fn login(&self, interaction: &str, token: &str) -> Value {
        let name = self.stack.text("/channel/client_name");
        let path = format!("/api/{name}/consents/v1/interactions/{interaction}/login");
        let body = json!({ "accessToken": token, "device": device() });
        let headers = json!({ "content-type": "application/json" });
        self.event("public", ("POST", &path), headers, Some(body.to_string()))
    }

    /// The back office lists the consents of the first customer.
    pub(super) fn list(&self) -> Value {
        let key = file(self.stack, "/institution/backoffice/api_key");
        let headers = json!({ "x-api-key": key.trim_end(), "x-customer-cpf": CUSTOMERS[0].cpf });
        self.event("management", ("GET", LIST), headers, None)
    }

    fn protected(&self, call: (&str, &str), token: &str, body: Option<&Value>) -> Value {
        let headers = json!({
            "authorization": format!("Bearer {token}"),
            "x-fapi-interaction-id": clock::new_id(),
            "accept": "application/json",
            "content-type": "application/json",
        });
        self.event("mtls", call, headers, body.map(Value::to_string))
    }

    fn event(
        &self,
        host: &str,
        (method, path): (&str, &str),
        mut headers: Value,
        body: Option<String>,
    ) -> Value {
        let certificate = match host {
            "mtls" => Some(file(self.stack, "/clients/0/transport_cert")),
            "management" => Some(file(self.stack, "/institution/backoffice/certificate")),
            _ => None,
        };
        let url = self.stack.text(&format!("/hosts/{host}")).trim_start_matches("https://");
        let (host, port) = url.split_once(':').unwrap_or((url, "443"));
        headers["x-forwarded-port"] = json!(port);
        let at = clock::now().millis() + self.ahead * 1_000;
        let certificate = certificate.as_deref();
        GatewayCall { method, path, host, certificate, headers, body, at }.event()
    }
}
