//! Registration as a participant and its adversaries try it: S80 to S91, and the modules of the certification plan.

mod creation;
mod floods;
mod manage;
mod refused;
mod repeats;
mod resets;
mod revocation;
mod router;

use std::sync::Arc;

use ponte_edge::{Answer, Refusal};
use ponte_fapi::jwk::key_set_json;
use ponte_fapi::jws::TokenType;
use ponte_kit::api_keys::ApiKeysInMemory;
use ponte_values::Moment;
use serde_json::{Value, json};

use super::denied::Denied;
use super::request::RegistrationRequest;
use super::{create, read, remove, replace};
use crate::testing::{
    CALLBACK, DIRECTORY, JWKS_URI, ORGANISATION, SOFTWARE, World, directory_signer, now, own_certificate,
};

const OTHER: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";

/// A server that no client is registered at, and a directory with its keys.
fn world() -> World {
    let world = World::new();
    world.memory.clients.lock().unwrap().clear();
    let keys = key_set_json(&[directory_signer().public_jwk()]);
    world.memory.key_sets.publish(&format!("{DIRECTORY}/openbanking.jwks"), keys);
    world
}

/// The claims of the directory about the software.
fn claims() -> Value {
    json!({
        "iss": "Open Banking Brasil sandbox SSA issuer",
        "iat": now().seconds(),
        "software_id": SOFTWARE,
        "software_client_name": "Receptora",
        "software_redirect_uris": [CALLBACK, "https://receptora.example/other?a=b"],
        "software_jwks_uri": JWKS_URI,
        "software_api_webhook_uris": ["https://receptora.example/webhook"],
        "software_statement_roles": [
            { "role": "DADOS", "authorisation_domain": "Open Banking", "status": "Active" },
            { "role": "PAGTO", "authorisation_domain": "Open Banking", "status": "Inactive" },
        ],
        "org_id": ORGANISATION,
        "org_name": "Receptora Inventada SA",
        "org_status": "Active",
    })
}

fn signed(claims: &Value) -> String {
    directory_signer().sign(TokenType::Jwt, claims).unwrap()
}

/// A request around the statement of these claims.
fn body_of(claims: &Value) -> Value {
    json!({ "software_statement": signed(claims), "redirect_uris": [CALLBACK] })
}

fn body() -> Value {
    body_of(&claims())
}

fn with(mut base: Value, name: &str, value: Value) -> Value {
    base[name] = value;
    base
}

/// An answer as a caller sees it.
#[derive(Debug)]
struct Got {
    status: u16,
    body: Value,
    challenge: Option<String>,
    retry_after: Option<String>,
}

impl Got {
    fn of(outcome: Result<Answer, Refusal>) -> Self {
        let answer = outcome.unwrap_or_else(|refusal| Answer::refused(&refusal, now()));
        Self {
            status: answer.status(),
            body: serde_json::from_str(answer.body()).unwrap_or_default(),
            challenge: answer.header_value("www-authenticate").map(str::to_owned),
            retry_after: answer.header_value("retry-after").map(str::to_owned),
        }
    }

    fn error(&self) -> &str {
        self.body["error"].as_str().unwrap_or_default()
    }

    /// 401 as RFC 6750 has it, and no word about any client.
    fn is_unauthorised(&self) {
        assert_eq!((self.status, self.error()), (401, "invalid_token"), "{self:?}");
        // Without an error where no certificate or token came (section 3.1), which its caller knows.
        let challenge = self.challenge.as_deref().unwrap_or_default();
        assert!(["Bearer", r#"Bearer error="invalid_token""#].contains(&challenge), "{challenge}");
        assert!(self.body.get("client_id").is_none());
    }
}

fn asked<'a>(certificate: Option<&'a str>, body: &'a str, at: Moment) -> RegistrationRequest<'a> {
    RegistrationRequest {
        now: at,
        interaction: "interaction-1".to_owned(),
        certificate,
        bearer: None,
        client: "",
        body,
    }
}

async fn post(world: &World, asked: &RegistrationRequest<'_>) -> Got {
    Got::of(create::create_registration(&world.ports, asked).await.or_else(Denied::into_outcome))
}

/// Registers with the client's own certificate.
async fn register(world: &World, body: &Value) -> Got {
    post(world, &asked(Some(own_certificate()), &body.to_string(), now())).await
}

/// A client that is registered: id and token.
async fn registered(world: &World) -> (String, String) {
    let got = register(world, &body()).await;
    assert_eq!(got.status, 201, "{got:?}");
    let text = |name: &str| got.body[name].as_str().unwrap().to_owned();
    (text("client_id"), text("registration_access_token"))
}

/// A call at a registration.
struct Management<'a> {
    certificate: Option<&'a str>,
    bearer: Option<&'a str>,
    client: &'a str,
    at: Moment,
}

impl<'a> Management<'a> {
    fn of(client: &'a str, token: &'a str) -> Self {
        Self { certificate: Some(own_certificate()), bearer: Some(token), client, at: now() }
    }

    fn asked<'b>(&self, body: &'b str) -> RegistrationRequest<'b>
    where
        'a: 'b,
    {
        RegistrationRequest {
            bearer: self.bearer,
            client: self.client,
            ..asked(self.certificate, body, self.at)
        }
    }

    async fn get(&self, world: &World) -> Got {
        Got::of(read::read_registration(&world.ports, &self.asked("")).await.or_else(Denied::into_outcome))
    }

    async fn put(&self, world: &World, body: &Value) -> Got {
        let body = body.to_string();
        Got::of(
            replace::replace_registration(&world.ports, &self.asked(&body))
                .await
                .or_else(Denied::into_outcome),
        )
    }

    async fn delete(&self, world: &World) -> Got {
        Got::of(
            remove::remove_registration(&world.ports, &self.asked("")).await.or_else(Denied::into_outcome),
        )
    }
}
