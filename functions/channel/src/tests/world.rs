//! The router with a world in memory around it, and the calls of the channel.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt as _;
use ponte_authorization::interaction::{Assurance, Interaction, NewInteraction};
use ponte_authorization::ports::Pseudonyms as _;
use ponte_authorization::ports::{Interactions as _, Tickets};
use ponte_authorization::target::Target;
use ponte_data_consent::consent::{Consent, ConsentPolicy, ConsentRequest, NewConsent, RejectedBy};
use ponte_data_consent::ports::Consents as _;
use ponte_edge::{Context, Router, Serve as _, TokenBlocks};
use ponte_fapi::secret;
use ponte_payment::institution_rules::PaymentRules;
use ponte_ports::audit::Actor;
use ponte_ports::outbox::OutboxRow;
use ponte_ports::{Clock as _, Ids as _};
use ponte_values::{ClientId, Cnpj, ConsentId, Cpf, Moment, OrganisationId};
use serde_json::{Value, json};

use ponte_kit::blocks::BlocksInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::connector::Core;
use ponte_kit::gateway::GatewayCall;
pub(super) use ponte_kit::gateway::Reply;
use ponte_kit::identity::{ISSUER, ORGANISATION};
use ponte_kit::institution::Bank;
use ponte_kit::outbox::OutboxInMemory;
pub(super) use ponte_kit::people::{ANA, BAKERY, BRUNO};
use ponte_kit::pseudonyms::PredictablePseudonyms;
use ponte_kit::store::Store;

use super::payments::ConsentsInMemory;
use crate::{ChannelKeys, DataSharing, PaymentDecisions, Ports, Settings, router};

/// Tickets that are the same again, as the real ones are.
struct PredictableTickets;

impl Tickets for PredictableTickets {
    fn secret(&self, interaction: &str, began: Moment) -> String {
        secret::hash(&format!("a key: {interaction} {began}"))
    }
}

pub(super) const ORIGIN: &str = "https://app.banco.example";
const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:1";
/// The interaction of the tests as it is stored.
pub(super) const STORED: &str = "AvoOgpBuPOXCCcYyXRCt";
/// The id of it that the customer's browser took to the channel, and the cookie that `authorize` gave to that browser.
pub(super) const INTERACTION: &str = "AvoOgpBuPOXCCcYyXRCtGr6jV8nRSYx3ufOJ1243";
pub(super) const COOKIE: &str =
    "__Host-arrival-AvoOgpBuPOXCCcYyXRCt=coLcWiAV7KSvuJfySSSyqcrNZzNS9o5snUFgv5IbcCvP";
/// What the QR code of the page in that browser has for it.
pub(super) const PAGE_ID: &str = "AvoOgpBuPOXCCcYyXRCtGr6jV8nRSYyIfa7Cx8ws";
/// The id that an app with the secret in that cookie would have.
pub(super) const BY_APP: &str = "AvoOgpBuPOXCCcYyXRCtmr6jV8nRSYwpvOYxdVGG";
/// The same of somebody else who opened the same link.
pub(super) const ANOTHER: &str = "AvoOgpBuPOXCCcYyXRCtBIbtv_GnxRjpvqECZR6x";
pub(super) const COOKIE_OF_ANOTHER: &str =
    "__Host-arrival-AvoOgpBuPOXCCcYyXRCt=rkSKyGxOjk3sZFcpcI70GH38aF9-4TdSQvfigsVgiNzb";

/// The function, and the customer's own browser and app in front of it: they keep the cookie of the arrival and the secret of
/// the last login.
pub(super) struct World {
    pub(super) session: Mutex<Option<String>>,
    pub(super) store: Arc<Store>,
    pub(super) blocks: Arc<BlocksInMemory>,
    pub(super) bank: Arc<Bank>,
    pub(super) payments: Arc<ConsentsInMemory>,
    pub(super) core: Arc<Core>,
    pub(super) clock: Arc<ManualClock>,
    router: Router<Ports>,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with_origin(None)
    }

    pub(super) fn with_origin(origin: Option<&str>) -> Self {
        Self::with(origin, None, (true, true))
    }

    /// With the command loop switched on.
    pub(super) fn with_commands(origin: Option<&str>, keys: ChannelKeys) -> Self {
        Self::with(origin, Some(keys), (true, true))
    }

    /// The same where the institution has not set the handoff up.
    pub(super) fn without_handoff(keys: ChannelKeys) -> Self {
        Self::with(None, Some(keys), (true, false))
    }

    /// For an institution whose channel cannot prove itself yet.
    pub(super) fn without_proof(keys: ChannelKeys) -> Self {
        Self::with(None, Some(keys), (false, true))
    }

    fn with(
        origin: Option<&str>,
        channel_keys: Option<ChannelKeys>,
        (session_required, handoff): (bool, bool),
    ) -> Self {
        let store = Arc::new(Store::default());
        let bank = Arc::new(Bank::default());
        let payments = Arc::new(ConsentsInMemory::beside(&store));
        let core = Arc::new(Core::default());
        let blocks = Arc::new(BlocksInMemory::default());
        let start = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let clock = Arc::new(ManualClock::at(start));
        let context = Context {
            clock: clock.clone(),
            ids: clock.clone(),
            outbox: Arc::new(OutboxInMemory::default()),
            organisation: OrganisationId::parse("74e929d9-33b6-4d85-8ba7-c146c867a817").unwrap(),
            base_url: "https://mtls.banco.example".to_owned(),
        };
        let data_sharing = DataSharing {
            consents: store.clone(),
            decisions: store.clone(),
            institution: bank.clone(),
            pseudonyms: Arc::new(PredictablePseudonyms),
            approval_term: ConsentPolicy::default().approval_term,
        };
        let decisions = PaymentDecisions {
            consents: payments.clone(),
            decisions: payments.clone(),
            connector: core.clone(),
            pseudonyms: Arc::new(PredictablePseudonyms),
            rules: PaymentRules::default(),
        };
        let ports = Ports {
            targets: vec![Arc::new(data_sharing), Arc::new(decisions)],
            interactions: store.clone(),
            changes: store.clone(),
            handoffs: store.clone(),
            attempts: store.clone(),
            signed_calls: store.clone(),
            blocks: TokenBlocks::start(blocks.clone(), start).now_or_never().unwrap(),
            customers: bank.clone(),
            tickets: Arc::new(PredictableTickets),
            channel_keys,
            pseudonyms: Arc::new(PredictablePseudonyms),
            settings: Settings {
                institution: ponte_values::InstitutionId::parse("banco").unwrap(),
                channel_name: "banco-app".to_owned(),
                channel_origin: origin.map(str::to_owned),
                session_required,
                handoff,
                public_url: ISSUER.to_owned(),
            },
        };
        let router = router(context, ports);
        Self { session: Mutex::default(), store, blocks, bank, payments, core, clock, router }
    }

    pub(super) fn now(&self) -> Moment {
        self.clock.now()
    }

    pub(super) fn wait(&self, span: Duration) {
        self.clock.wait(span);
    }

    pub(super) async fn send(&self, method: &str, path: &str, headers: Value, body: Option<String>) -> Reply {
        let (host, at) = ("banco.example", self.now().millis());
        let call = GatewayCall { method, path, host, certificate: None, headers, body, at };
        self.receive(call.event()).await
    }

    /// GET by an app at this address.
    pub(super) async fn look_from(&self, source: &str, path: &str) -> Reply {
        let (headers, at) = (json!({"accept": "application/json"}), self.now().millis());
        let call =
            GatewayCall { method: "GET", path, host: "banco.example", headers, at, ..GatewayCall::default() };
        let mut event = call.event();
        event["requestContext"]["http"]["sourceIp"] = json!(source);
        self.receive(event).await
    }

    /// POST by somebody at this address who shows nothing.
    pub(super) async fn post_from(&self, source: &str, path: &str, body: &Value) -> Reply {
        let (headers, at) = (json!({"content-type": "application/json"}), self.now().millis());
        let body = Some(body.to_string());
        let (method, host) = ("POST", "banco.example");
        let call = GatewayCall { method, path, host, certificate: None, headers, body, at };
        let mut event = call.event();
        event["requestContext"]["http"]["sourceIp"] = json!(source);
        self.receive(event).await
    }

    async fn receive(&self, event: Value) -> Reply {
        let event = serde_json::from_value(event).unwrap();
        Reply::read(&serde_json::to_value(self.router.serve(event).await).unwrap())
    }

    /// A call of the customer's browser or app, which keeps what an answer to a login tells it.
    pub(super) async fn by_customer(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let mut headers = json!({"cookie": COOKIE});
        headers["accept"] = json!("application/json");
        if body.is_some() {
            headers["content-type"] = json!("application/json");
        }
        let session = self.session.lock().unwrap().clone();
        if let Some(secret) = session {
            headers["x-session-secret"] = json!(secret);
        }
        let reply = self.send(method, path, headers, body.map(|body| body.to_string())).await;
        if let Some(secret) = secret_in(&reply) {
            *self.session.lock().unwrap() = Some(secret);
        }
        reply
    }

    /// What the channel is told to show.
    pub(super) async fn show(&self) -> Reply {
        self.by_customer("GET", &format!("{API}/{INTERACTION}"), None).await
    }

    /// A step of the channel in the interaction of the tests.
    pub(super) async fn channel(&self, step: &str, body: Value) -> Reply {
        self.by_customer("POST", &format!("{API}/{INTERACTION}{step}"), Some(body)).await
    }

    /// The customer's arrival was reported when it happened.
    pub(super) fn arrival_was_reported(&self) {
        let mut interactions = self.store.interactions.lock().unwrap();
        let interaction = interactions.remove(STORED).unwrap().reporting_its_arrival();
        interactions.insert(STORED.to_owned(), interaction);
    }

    /// The interaction of the tests as it is stored now.
    pub(super) fn interaction(&self) -> Interaction {
        self.store.interactions.lock().unwrap()[STORED].clone()
    }

    /// A consent of the only client that exists here, as POST /consents creates it, and its id.
    pub(super) async fn consent(&self, body: &Value) -> String {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let data = &body["data"];
        let document = |party: &str| text(&data[party]["document"]["identification"]);
        let request = ConsentRequest {
            logged_user: Cpf::parse(&document("loggedUser").unwrap()).unwrap(),
            business: document("businessEntity").map(|cnpj| Cnpj::parse(&cnpj).unwrap()),
            permissions: serde_json::from_value(data["permissions"].clone()).unwrap(),
            expires_at: text(&data["expirationDateTime"]).map(|end| Moment::parse(&end).unwrap()),
            linked: false,
        };
        let new = NewConsent {
            id: ConsentId::parse(&format!("urn:banco:{}", self.clock.uuid())).unwrap(),
            client: ClientId::parse("client-1").unwrap(),
            organisation: OrganisationId::parse(ORGANISATION).unwrap(),
            search: PredictablePseudonyms.search_keys(&request.logged_user, request.business.as_ref()),
        };
        let change = Consent::create(new, request, ConsentPolicy::default(), self.now()).unwrap();
        let id = change.consent.id.to_string();
        self.store.commit(change.commit(self.clock.uuid(), None)).await.unwrap();
        id
    }

    /// An interaction to decide on a new consent.
    pub(super) async fn begin(&self, body: &Value) -> String {
        self.begin_with(body, Assurance::Loa2).await
    }

    /// The same, for a client that insists on a level of authentication.
    pub(super) async fn begin_with(&self, body: &Value, assurance: Assurance) -> String {
        let id = self.consent(body).await;
        let consent = self.stored(&id);
        self.begin_about(Target::consent(consent.id), consent.client, assurance).await;
        id
    }

    /// An interaction about a target of this client.
    pub(super) async fn begin_about(&self, target: Target, client: ClientId, assurance: Assurance) {
        let new = NewInteraction {
            target,
            linked: None,
            assurance,
            client,
            client_name: "Receptora Exemplo".to_owned(),
            redirect_uri: "https://receptora.example/cb".to_owned(),
            request_uri: REQUEST_URI.to_owned(),
            arrival_key: "key".to_owned(),
        };
        let begun = Interaction::start(new, self.now());
        assert_eq!(begun.id, STORED);
        self.store.start(&begun, None).await.unwrap();
    }

    /// The client revokes a consent, as DELETE /consents/{consentId} does (C10).
    pub(super) async fn revoked_by_client(&self, id: &str) {
        let actor = Actor::Client("client-1".to_owned());
        let change = self.stored(id).revoke(RejectedBy::User, actor, self.now()).unwrap();
        self.store.commit(change.commit(self.clock.uuid(), None)).await.unwrap();
    }

    pub(super) fn stored(&self, id: &str) -> Consent {
        self.store.consents.lock().unwrap()[id].clone()
    }

    pub(super) fn commits(&self) -> u64 {
        self.store.commits.load(Ordering::Relaxed)
    }

    /// Last part of the path and body of every funnel row.
    pub(super) fn funnel(&self) -> Vec<(String, Value)> {
        let rows = self.store.outbox.lock().unwrap();
        let step = |row: &OutboxRow| {
            let name = row.path.rsplit('/').next().unwrap_or("").to_owned();
            (name, serde_json::from_str(&row.body).unwrap())
        };
        rows.iter().map(step).collect()
    }
}

pub(super) const API: &str = "/api/banco-app/consents/v1/interactions";

/// The secret of a login in its answer, of either API.
pub(super) fn secret_in(reply: &Reply) -> Option<String> {
    let told = reply.body["data"].get("sessionSecret").or_else(|| reply.body.get("sessionSecret"))?;
    told.as_str().map(str::to_owned)
}

/// A body without the secret that the answer to a login alone has.
pub(super) fn without_secret(body: &Value) -> Value {
    let mut body = body.clone();
    for place in ["/data", ""] {
        if let Some(members) = body.pointer_mut(place).and_then(Value::as_object_mut) {
            members.remove("sessionSecret");
        }
    }
    body
}

/// Body of POST /consents for the accounts of Ana.
pub(super) fn asked() -> Value {
    json!({"data": {
        "loggedUser": {"document": {"identification": ANA, "rel": "CPF"}},
        "permissions": ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"],
        "expirationDateTime": "2026-09-01T12:00:00Z",
    }})
}

pub(super) fn device() -> Value {
    json!({"platform": "APP", "os": "ANDROID", "osVersion": "16"})
}

pub(super) fn login(token: &str) -> Value {
    json!({"accessToken": token, "device": device()})
}
