//! The router with a world in memory around it, and the calls of a client.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::FutureExt as _;
use ponte_data_consent::consent::{Authorisation, Consent, ConsentPolicy, Resource};
use ponte_edge::{Context, Guard, Managers, Router, Serve as _, TokenBlocks};
use ponte_ports::Clock as _;
use ponte_ports::audit::Actor;
use ponte_values::{Moment, OrganisationId};
use serde_json::{Value, json};

use ponte_kit::api_keys::ApiKeysInMemory;
use ponte_kit::blocks::BlocksInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::gateway::{GatewayCall, Reply};
use ponte_kit::identity;
use ponte_kit::institution::Bank;
use ponte_kit::outbox::OutboxInMemory;
pub(super) use ponte_kit::people::{ANA, BAKERY, BRUNO};
use ponte_kit::pseudonyms::PredictablePseudonyms;
use ponte_kit::store::Store;

use crate::{Ports, Settings, router};

pub(super) const MANAGEMENT: &str = "https://gestao.banco.example";
const INTERACTION_ID: &str = "d78fc4e5-37ca-4da3-adf2-9b082bf92280";

pub(super) struct World {
    pub(super) store: Arc<Store>,
    pub(super) bank: Arc<Bank>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) keys: Arc<ApiKeysInMemory>,
    pub(super) blocks: Arc<BlocksInMemory>,
    router: Router<Ports>,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with_policy(ConsentPolicy::default())
    }

    pub(super) fn with_policy(policy: ConsentPolicy) -> Self {
        let store = Arc::new(Store::default());
        let bank = Arc::new(Bank::default());
        let start = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let clock = Arc::new(ManualClock::at(start));
        let context = Context {
            clock: clock.clone(),
            ids: clock.clone(),
            outbox: Arc::new(OutboxInMemory::default()),
            organisation: OrganisationId::parse("74e929d9-33b6-4d85-8ba7-c146c867a817").unwrap(),
            base_url: "https://mtls.banco.example".to_owned(),
        };
        let blocks = Arc::<BlocksInMemory>::default();
        let followed = TokenBlocks::start(blocks.clone(), start).now_or_never().unwrap();
        let guard = Guard::new(identity::ISSUER.to_owned(), identity::keys(), followed);
        let ports = Ports {
            consents: store.clone(),
            extensions: store.clone(),
            index: store.clone(),
            discovered: store.clone(),
            history: store.clone(),
            institution: bank.clone(),
            pseudonyms: Arc::new(PredictablePseudonyms),
            settings: Settings { institution: ponte_values::InstitutionId::parse("banco").unwrap(), policy },
        };
        let keys = Arc::new(ApiKeysInMemory::default());
        let managers = Managers::new(keys.clone(), MANAGEMENT.to_owned());
        let router = router(context, guard, ports).managers(managers);
        Self { store, bank, clock, keys, blocks, router }
    }

    pub(super) fn now(&self) -> Moment {
        self.clock.now()
    }

    pub(super) fn wait(&self, span: Duration) {
        self.clock.wait(span);
    }

    pub(super) async fn send(&self, method: &str, path: &str, headers: Value, body: Option<String>) -> Reply {
        let router = ("mtls.banco.example", identity::certificate());
        self.send_over(router, (method, path), headers, body).await
    }

    /// A call over a host, with the certificate of the connection.
    pub(super) async fn send_over(
        &self,
        (host, certificate): (&str, &str),
        (method, path): (&str, &str),
        headers: Value,
        body: Option<String>,
    ) -> Reply {
        let certificate = Some(certificate);
        let call = GatewayCall { method, path, host, certificate, headers, body, at: self.now().millis() };
        let event = serde_json::from_value(call.event()).unwrap();
        Reply::read(&serde_json::to_value(self.router.serve(event).await).unwrap())
    }

    /// A call of a client for the customer of a consent, with the headers that say where the customer sits.
    pub(super) async fn for_customer(&self, client: &str, consent: &str, path: &str, body: &Value) -> Reply {
        let headers = self.customer_headers(client, consent);
        let path = format!("/open-banking/consents/v3{path}");
        self.send("POST", &path, headers, Some(body.to_string())).await
    }

    pub(super) fn customer_headers(&self, client: &str, consent: &str) -> Value {
        json!({
            "authorization": format!("Bearer {}", identity::customer_token(client, consent, self.now())),
            "x-fapi-interaction-id": INTERACTION_ID,
            "x-fapi-customer-ip-address": "203.0.113.9",
            "x-customer-user-agent": "Mozilla/5.0",
            "content-type": "application/json",
        })
    }

    /// An authorised consent that shares nothing, or whatever is given.
    pub(super) async fn authorised(&self, body: &Value, resources: Vec<Resource>) -> String {
        let id = self.consent(body).await;
        let yes =
            Authorisation { at: self.now(), subject: "subject-0".to_owned(), resources: resources.into() };
        let change = self.stored(&id).authorise(yes, Actor::Ponte).unwrap();
        self.store.consents.lock().unwrap().insert(id.clone(), change.consent);
        id
    }

    /// A call of a client with its own token.
    pub(super) async fn client(&self, client: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        let headers = json!({
            "authorization": format!("Bearer {}", identity::token(client, self.now())),
            "x-fapi-interaction-id": INTERACTION_ID,
            "content-type": "application/json",
        });
        let path = format!("/open-banking/consents/v3{path}");
        self.send(method, &path, headers, body.map(|body| body.to_string())).await
    }

    /// A consent of the only client that exists here, and its id.
    pub(super) async fn consent(&self, body: &Value) -> String {
        let reply = self.client("client-1", "POST", "/consents", Some(body.clone())).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        reply.data()["consentId"].as_str().unwrap().to_owned()
    }

    pub(super) fn stored(&self, id: &str) -> Consent {
        self.store.consents.lock().unwrap()[id].clone()
    }

    pub(super) fn commits(&self) -> u64 {
        self.store.commits.load(Ordering::Relaxed)
    }
}

/// Body of POST /consents for the accounts of Ana.
pub(super) fn asked() -> Value {
    json!({"data": {
        "loggedUser": {"document": {"identification": ANA, "rel": "CPF"}},
        "permissions": ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"],
        "expirationDateTime": "2026-09-01T12:00:00Z",
    }})
}
