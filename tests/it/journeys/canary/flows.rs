//! The flows of the canary test: customers, receivers, channel, app and back office act rightly and wrongly, with a document
//! or a name in every field that takes one.

mod authorization;
mod channel;
mod data;
mod management;
mod regulatory;

use http::Method;
use ponte_bank::app::App;
use ponte_bank::customers::{CUSTOMERS, Customer};
use ponte_machine::clock;
use ponte_participant::Tokens;
use ponte_web::caller::{Call, NoAnswer, Reply};
use serde_json::{Value, json};

use super::naming;
use crate::journeys::callers::{Callers, Host};
use crate::journeys::steps::{OpenInteraction, World, want};
use crate::journeys::systems::System;
use crate::stack::Stack;

const CONSENTS: &str = "/open-banking/consents/v3/consents";
const ANA: &Customer = &CUSTOMERS[0];
const BRUNO: &Customer = &CUSTOMERS[1];
const BAKERY: &Customer = &CUSTOMERS[2];

/// Everybody, and what they were refused with.
pub(super) struct Flows<'s> {
    stack: &'s Stack,
    callers: &'s Callers,
    pub(super) world: World,
    app: App,
    office: System,
    servers: System,
    own: String,
    /// A refused call and the body of its answer.
    pub(super) refusals: Vec<(String, Vec<u8>)>,
}

fn person(cpf: &str) -> Value {
    json!({ "document": { "identification": cpf, "rel": "CPF" } })
}

fn company(cnpj: &str) -> Value {
    json!({ "document": { "identification": cnpj, "rel": "CNPJ" } })
}

fn written(cpf: &str) -> String {
    format!("{}.{}.{}-{}", &cpf[..3], &cpf[3..6], &cpf[6..9], &cpf[9..])
}

impl<'s> Flows<'s> {
    pub(super) async fn begin(stack: &'s Stack, callers: &'s Callers) -> Flows<'s> {
        let world = World::around(stack).await;
        let own = world.client_token().await;
        Flows {
            stack,
            callers,
            app: App::of(stack.endpoints()).expect("the app is set up"),
            office: System::named(stack, "backoffice"),
            servers: System::named(stack, "app"),
            world,
            own,
            refusals: Vec::new(),
        }
    }

    /// Notes an answer that refuses; its status must be one of these.
    #[track_caller]
    fn heard(&mut self, what: &str, (status, body): (u16, Vec<u8>), wanted: &[u16]) -> Value {
        let text = String::from_utf8_lossy(&body).into_owned();
        assert!(wanted.contains(&status), "{what}: {status} {text}");
        if status >= 400 {
            self.refusals.push((what.to_owned(), body));
        }
        serde_json::from_str(&text).unwrap_or_default()
    }

    #[track_caller]
    fn replied(&mut self, what: &str, reply: Result<Reply, NoAnswer>, wanted: &[u16]) -> Value {
        let reply = reply.unwrap_or_else(|fault| panic!("{what}: {fault}"));
        self.heard(what, (reply.status, reply.body.to_vec()), wanted)
    }

    /// A raw call to the regulatory API under a token.
    async fn raw(&mut self, call: (&str, &str), token: &str, body: &str, wanted: &[u16]) -> Value {
        let bearer = format!("Bearer {token}");
        let id = clock::new_id();
        let headers = [
            ("authorization", bearer.as_str()),
            ("x-fapi-interaction-id", id.as_str()),
            ("x-fapi-customer-ip-address", "203.0.113.9"),
            ("x-customer-user-agent", ANA.name),
            ("content-type", "application/json"),
        ];
        let got = self.callers.call(Host::Mtls, call, &headers, body.as_bytes().to_vec()).await;
        self.heard(&format!("{} {}", call.0, call.1), (got.status, got.body.into_bytes()), wanted)
    }

    /// Sets a fault of one of the world's servers, by its place in `endpoints.json`.
    pub(super) async fn fault(&self, server: &str, fault: &Value) {
        let url = format!("{}/sandbox/faults", self.stack.text(server));
        want(
            200,
            "fault",
            self.world.plain.send(Call::post_json(url, fault)).await.expect("the control endpoint answers"),
        );
    }

    /// Something new to report.
    pub(super) async fn one_more_call(&self) {
        self.world.create_consent(&self.own).await;
    }

    /// An interaction of a customer.
    async fn interaction(&self, customer: &Customer) -> (String, OpenInteraction) {
        let consent = self.world.create_consent_of(&self.own, customer).await;
        let interaction = self.world.depart(&consent).await;
        (consent, interaction)
    }

    /// A customer's consent in force, and the tokens for it.
    async fn shared(&mut self, customer: usize) -> (String, Tokens) {
        let (consent, interaction) = self.interaction(&CUSTOMERS[customer]).await;
        self.login(&interaction, customer, &[200]).await;
        let tokens = self.world.agree(&interaction).await;
        (consent, tokens)
    }

    async fn clear(&self, server: &str) {
        let url = format!("{}/sandbox/faults", self.stack.text(server));
        want(
            200,
            "clear",
            self.world
                .plain
                .send(Call::new(Method::DELETE, url))
                .await
                .expect("the control endpoint answers"),
        );
    }
}
