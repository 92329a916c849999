//! Functional certification: the lines of the suite's plans for customer data and the authorization server, each over the running
//! stack and named by its id in lower case. Those that no machine here can show are listed, with the reason, in
//! `docs/certification.md`. Lines that run at the same time share one stack.

mod accounts;
mod bodies;
mod cards;
mod consents;
mod credit;
mod customers;
mod endpoints;
mod exchanges;
mod investments;
mod letters;
mod lists;
#[path = "../../../../infra/sandbox/bank/src/tests/official.rs"]
mod official;
mod pages;
mod payments;
mod regulated;
mod repeated;
mod resources;
mod strangers;
mod taken_away;

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use ponte_bank::customers::{CUSTOMERS, Customer};
use ponte_machine::clock;
use ponte_participant::{NewConsent, Tokens};
use ponte_values::Moment;
use ponte_web::caller::{Call, Reply};
use serde_json::{Value, json};

use crate::journeys::steps::{World, device, want};
use crate::journeys::systems::System;
use crate::stack::{SharedStack, Sharing};

use endpoints::{endpoints_of, scopes, version};

const CONSENTS: &str = "/open-banking/consents/v3/consents";
const RESOURCES: &str = "/open-banking/resources/v3/resources";
const ACCOUNTS: &str = "/open-banking/accounts/v2/accounts";
const DAY: Duration = Duration::from_hours(24);

/// Positions of customers among those of the bank.
const ANA: usize = 0;
const BRUNO: usize = 1;
const PADARIA: usize = 2;
const DARIO: usize = 4;
const JOAO: usize = 5;
const ESTUDIO: usize = 6;

/// Everything about accounts, and the resources.
const OF_ACCOUNTS: [&str; 5] = [
    "ACCOUNTS_READ",
    "ACCOUNTS_BALANCES_READ",
    "ACCOUNTS_OVERDRAFT_LIMITS_READ",
    "ACCOUNTS_TRANSACTIONS_READ",
    "RESOURCES_READ",
];
/// Registration data of a person, and the resources.
const OF_CUSTOMER: [&str; 3] =
    ["CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ", "CUSTOMERS_PERSONAL_ADITTIONALINFO_READ", "RESOURCES_READ"];

/// Lines that run at the same time call more often in a second than the regulation leaves an institution (L04).
const TOGETHER: &[&str] = &["CallsPerSecond=100000"];

static SHARED: Sharing = Sharing::new();

/// The participants of one line around the stack.
struct Scene {
    world: World,
    office: System,
    /// The receiver's own token.
    own: String,
    shared: Arc<SharedStack>,
}

/// A consent that its customer gave.
struct Granted {
    consent: String,
    tokens: Tokens,
}

/// Document of a party in a body.
fn document(number: &str, kind: &str) -> Value {
    json!({ "document": { "identification": number, "rel": kind } })
}

/// So many days from now.
fn in_days(days: u32) -> String {
    Moment::from_seconds(clock::now().seconds()).plus(DAY * days).to_string()
}

/// The code of the first error.
fn code(reply: &Reply) -> String {
    reply.json()["errors"][0]["code"].as_str().unwrap_or_default().to_owned()
}

impl Scene {
    async fn begin() -> Self {
        Self::begin_as(0).await
    }

    /// As this one of the receivers.
    async fn begin_as(client: usize) -> Self {
        let shared = SHARED.stack(TOGETHER).await;
        Self::around(shared, client).await
    }

    /// The same around a stack of its own with these parameters.
    async fn alone(parameters: &[&str]) -> Self {
        Self::around(SharedStack::up(parameters), 0).await
    }

    async fn around(shared: Arc<SharedStack>, client: usize) -> Self {
        let world = World::around_client(&shared.stack, client).await;
        let own = world.client_token().await;
        let office = System::named(&shared.stack, "backoffice");
        Self { world, office, own, shared }
    }

    /// A call of the receiver; what is the same for every answer is checked (Z-COM-02): the interaction id comes back, the version
    /// is the file's, and a success with a body has links and meta.
    async fn ask(&self, method: Method, path: &str, token: &str, body: Option<&Value>) -> Reply {
        let receiver = &self.world.receiver;
        let whole = path.starts_with("https://");
        let url = if whole { path.to_owned() } else { format!("{}{path}", receiver.mtls_host()) };
        let call = match body {
            Some(body) => Call::json(method, url, body),
            None => Call::new(method, url),
        };
        let id = clock::new_id();
        let call = call
            .bearer(token)
            .header("accept", "application/json")
            .header("x-fapi-interaction-id", id.as_str())
            .header("x-fapi-customer-ip-address", "203.0.113.9")
            .header("x-customer-user-agent", "certification");
        let reply = receiver.send(call).await.expect("the API answers");
        let said = format!("{path}: {} {}", reply.status, reply.excerpt());
        assert_eq!(reply.header("x-fapi-interaction-id"), Some(id.as_str()), "{said}");
        assert_eq!(reply.header("x-v"), Some(version(path)), "{said}");
        if (200..300).contains(&reply.status) && reply.status != 204 {
            let kind = reply.header("content-type").unwrap_or_default();
            assert!(kind.starts_with("application/json"), "{said}: {kind}");
            let body = reply.json();
            assert!(body["links"]["self"].is_string(), "{said}");
            assert!(body["meta"]["requestDateTime"].is_string(), "{said}");
            assert!(reply.header("date").is_some(), "{said}");
        }
        reply
    }

    async fn get(&self, path: &str, token: &str) -> Reply {
        self.ask(Method::GET, path, token, None).await
    }

    /// A consent that the first customer did not decide on yet.
    async fn created(&self, permissions: &[&str]) -> String {
        self.created_of(&CUSTOMERS[0], permissions, None).await
    }

    async fn created_of(&self, customer: &Customer, permissions: &[&str], expires: Option<Moment>) -> String {
        let asked = NewConsent { cpf: customer.cpf, cnpj: customer.cnpj, permissions, expires };
        let reply = self.world.receiver.create_consent(&self.own, &asked).await;
        let body = want(201, "create consent", reply.expect("the consents API answers")).json();
        body["data"]["consentId"].as_str().expect("a consent has an id").to_owned()
    }

    /// A consent that the first customer gave, for all that she has.
    async fn granted(&self, permissions: &[&str]) -> Granted {
        self.granted_by(ANA, permissions).await
    }

    /// A consent that a customer gave, for all that there is.
    async fn granted_by(&self, customer: usize, permissions: &[&str]) -> Granted {
        let consent = self.created_of(&CUSTOMERS[customer], permissions, None).await;
        self.grant_by(customer, consent).await
    }

    async fn grant(&self, consent: String) -> Granted {
        self.grant_by(ANA, consent).await
    }

    async fn grant_by(&self, customer: usize, consent: String) -> Granted {
        let interaction = self.world.depart_for(&consent, &scopes()).await;
        let token = self.world.channel_token(customer);
        let login = self.world.channel.login(&interaction.interaction, token, &device()).await;
        want(200, "login", login.expect("the channel API answers"));
        Granted { tokens: self.world.agree(&interaction).await, consent }
    }

    /// `data` of a consent.
    async fn consent(&self, consent: &str) -> Value {
        let reply = self.get(&format!("{CONSENTS}/{consent}"), &self.own).await;
        want(200, "read consent", reply).json()["data"].take()
    }

    /// `POST /consents` with this `data`.
    async fn create(&self, data: &Value) -> Reply {
        self.ask(Method::POST, CONSENTS, &self.own, Some(&json!({ "data": data }))).await
    }

    /// `POST /consents/{consentId}/extends` by the first customer.
    async fn extend(&self, consent: &str, token: &str, end: Option<&str>) -> Reply {
        let mut data = json!({ "loggedUser": document(CUSTOMERS[0].cpf, "CPF") });
        if let Some(end) = end {
            data["expirationDateTime"] = end.into();
        }
        self.extend_with(consent, token, &data).await
    }

    async fn extend_with(&self, consent: &str, token: &str, data: &Value) -> Reply {
        let path = format!("{CONSENTS}/{consent}/extends");
        self.ask(Method::POST, &path, token, Some(&json!({ "data": data }))).await
    }

    /// The body of a call that must be served.
    async fn read(&self, path: &str, granted: &Granted) -> Value {
        want(200, path, self.get(path, &granted.tokens.access).await).json()
    }

    /// Ids of the accounts under a consent.
    async fn accounts(&self, granted: &Granted) -> Vec<String> {
        self.products(granted, "accounts").await
    }
}
