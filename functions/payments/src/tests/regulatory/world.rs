//! The router with a world in memory around it, and the signed calls of a client.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::FutureExt as _;
use ponte_authorization::approval::Approver;
use ponte_authorization::ports::Directory;
use ponte_edge::{Context, Guard, Router, Serve as _, SignedRequests, TokenBlocks};
use ponte_fapi::claims::SignedMessage;
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{Signer, TokenType};
use ponte_kit::blocks::BlocksInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::directory::KeySetsInMemory;
use ponte_kit::gateway::GatewayCall;
use ponte_kit::identity;
use ponte_kit::key_set_uris::KeySetUrisInMemory;
use ponte_kit::message_ids::UsedMessagesInMemory;
use ponte_kit::outbox::{HeldInMemory, OutboxInMemory};
use ponte_kit::payment_examples::payment_authorisation;
use ponte_kit::payments::PaymentStore;
use ponte_kit::pseudonyms::PredictablePseudonyms;
use ponte_payment::consent::{Debtor, PaymentConsent};
use ponte_payment::institution_rules::PaymentRules;
use ponte_payment::payment::Payment;
use ponte_payment::ports::{PaymentMessage, PaymentQueue};
use ponte_ports::audit::Actor;
use ponte_ports::{Clock as _, PortError, UsedMessages};
use ponte_values::{ClientId, ConsentId, Cpf, Date, InstitutionId, Moment, OrganisationId, PaymentId};
use serde_json::{Value, json};

use super::core_bank::Core;
use super::requests::{asked, item};
use crate::{Ports, Settings, router};

const HOST: &str = "mtls.banco.example";
const BASE: &str = "https://mtls.banco.example";
/// This institution.
pub(super) const INSTITUTION: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";
const CLIENT: &str = "client-1";
pub(super) const INTERACTION: &str = "d78fc4e5-37ca-4da3-adf2-9b082bf92280";
const URI: &str = "https://keystore.example/client-1.jwks";
/// Half past twelve in Brasília, on a Wednesday.
pub(super) const NOW: &str = "2026-12-09T15:30:00Z";
/// The day of [`NOW`].
pub(super) const TODAY: &str = "2026-12-09";
/// The minute of [`NOW`], as an endToEndId has it.
pub(super) const MINUTE: &str = "202612091530";

/// A version of the API.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::tests) enum Version {
    V4,
    V5,
}

impl Version {
    pub(super) const fn base(self) -> &'static str {
        match self {
            Self::V4 => "/open-banking/payments/v4",
            Self::V5 => "/open-banking/payments/v5",
        }
    }

    /// The path that cancels the payments of a consent.
    pub(super) fn cancel_all(self, consent: &str) -> String {
        match self {
            Self::V4 => format!("/pix/payments/consents/{consent}"),
            Self::V5 => format!("/consents/{consent}/pix/payments"),
        }
    }
}

/// The keys of these tests: making one takes a tenth of a second.
pub(super) fn key(name: &str) -> Signer {
    static PEMS: OnceLock<[(&str, String); 3]> = OnceLock::new();
    let new = || rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap().serialize_pem();
    let pems = PEMS.get_or_init(|| ["client", "institution", "stranger"].map(|kid| (kid, new())));
    let (kid, pem) = pems.iter().find(|(kid, _)| *kid == name).unwrap();
    Signer::from_pkcs8_pem(pem, kid).unwrap()
}

fn published(signer: &Signer) -> String {
    key_set_json(&[signer.public_jwk()])
}

/// The messages for the worker.
#[derive(Default)]
pub(super) struct Queue {
    pub(super) sent: Mutex<Vec<PaymentMessage>>,
}

#[async_trait]
impl PaymentQueue for Queue {
    async fn send(&self, messages: &[PaymentMessage], _: Duration) -> Result<(), PortError> {
        self.sent.lock().unwrap().extend_from_slice(messages);
        Ok(())
    }

    async fn waiting(&self) -> Result<u64, PortError> {
        Ok(0)
    }
}

pub(super) struct World {
    pub(super) store: Arc<PaymentStore>,
    pub(super) core: Arc<Core>,
    pub(super) queue: Arc<Queue>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) outbox: Arc<OutboxInMemory>,
    pub(super) held: Arc<HeldInMemory>,
    router: Router<Ports>,
}

/// A call; the parts that a test changes.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<String>,
    pub(super) headers: Value,
}

/// An answer, opened if it was signed.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: i64,
    pub(super) signed: bool,
    pub(super) headers: Value,
    /// Claims of a signed answer, or the JSON of another.
    pub(super) body: Value,
    /// As it left.
    pub(super) raw: String,
}

impl Reply {
    pub(super) fn data(&self) -> &Value {
        &self.body["data"]
    }

    /// Status and code, with the form that a refusal must have (P37).
    pub(super) fn refused(&self) -> (i64, &str) {
        assert_eq!(self.signed, self.status == 422, "{}", self.body);
        (self.status, self.body["errors"][0]["code"].as_str().unwrap_or_default())
    }

    pub(super) fn detail(&self) -> &str {
        self.body["errors"][0]["detail"].as_str().unwrap_or_default()
    }

    pub(super) fn ok(self, status: i64) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Ids of the payments that are listed.
    pub(super) fn payments(&self) -> Vec<String> {
        let items = self.data().as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["paymentId"].as_str().unwrap().to_owned()).collect()
    }
}

impl World {
    pub(super) fn new() -> Self {
        Self::with_rules("{}")
    }

    pub(super) fn with_rules(rules: &str) -> Self {
        let start = Moment::parse(NOW).unwrap();
        let clock = Arc::new(ManualClock::at(start));
        let (outbox, held) = (Arc::<OutboxInMemory>::default(), Arc::<HeldInMemory>::default());
        let context = Context {
            clock: clock.clone(),
            ids: clock.clone(),
            outbox: outbox.clone(),
            organisation: OrganisationId::parse(INSTITUTION).unwrap(),
            base_url: BASE.to_owned(),
        };
        let blocks = TokenBlocks::start(Arc::<BlocksInMemory>::default(), start).now_or_never().unwrap();
        let guard = Guard::new(identity::ISSUER.to_owned(), identity::keys(), blocks);
        let (core, queue) = (Arc::<Core>::default(), Arc::<Queue>::default());
        let store = Arc::<PaymentStore>::default();
        let ports = Ports {
            consents: store.clone(),
            index: store.clone(),
            payments: store.clone(),
            connector: core.clone(),
            queue: queue.clone(),
            history: store.beside.clone(),
            pseudonyms: Arc::new(PredictablePseudonyms),
            clock: clock.clone(),
            ids: clock.clone(),
            settings: Settings {
                institution: InstitutionId::parse("banco").unwrap(),
                rules: PaymentRules::parse(rules).unwrap(),
            },
        };
        let (uris, directory) = (KeySetUrisInMemory::default(), KeySetsInMemory::default());
        uris.uris.lock().unwrap().insert(ClientId::parse(CLIENT).unwrap(), URI.to_owned());
        directory.publish(URI, published(&key("client")));
        let used: Arc<dyn UsedMessages> = Arc::<UsedMessagesInMemory>::default();
        let directory: Arc<dyn Directory> = Arc::new(directory);
        let requests = SignedRequests::new(Arc::new(uris), directory, used);
        let router =
            router(context, guard, ports).signing(requests, key("institution").into()).holding(held.clone());
        Self { store, core, queue, clock, outbox, held, router }
    }

    pub(super) fn now(&self) -> Moment {
        self.clock.now()
    }

    pub(super) fn at(&self, moment: &str) {
        self.clock.set(Moment::parse(moment).unwrap());
    }

    pub(super) async fn send(&self, call: Sent) -> Reply {
        let event = GatewayCall {
            method: call.method,
            path: &call.path,
            host: HOST,
            certificate: Some(identity::certificate()),
            headers: call.headers,
            body: call.body,
            at: self.now().millis(),
        };
        let answer = self.router.serve(serde_json::from_value(event.event()).unwrap()).await;
        let answer = serde_json::to_value(answer).unwrap();
        let headers = answer["headers"].clone();
        let raw = answer["body"].as_str().unwrap_or_default().to_owned();
        let signed = headers["content-type"] == "application/jwt";
        let body = if signed { self.opened(&raw) } else { serde_json::from_str(&raw).unwrap_or(Value::Null) };
        Reply { status: answer["statusCode"].as_i64().unwrap(), signed, headers, body, raw }
    }

    /// Every claim of a signed answer, checked as the client does (S61).
    fn opened(&self, raw: &str) -> Value {
        let keys = KeySet::parse(&published(&key("institution"))).unwrap();
        let now = u64::try_from(self.now().seconds()).unwrap();
        SignedMessage::open(raw, &keys, identity::ORGANISATION, INSTITUTION, now).unwrap();
        let payload = URL_SAFE_NO_PAD.decode(raw.split('.').nth(1).unwrap()).unwrap();
        serde_json::from_slice(&payload).unwrap()
    }

    fn headers(&self, scope: &str, consent: Option<&str>) -> Value {
        json!({
            "authorization": format!("Bearer {}", identity::minted(CLIENT, scope, consent, self.now())),
            "x-fapi-interaction-id": INTERACTION, "accept": "application/jwt",
        })
    }

    /// A signed call with these claims.
    pub(super) fn signed(
        &self,
        method: &'static str,
        path: &str,
        claims: &Value,
        key_of: &str,
        consent: Option<&str>,
    ) -> Sent {
        let scope =
            consent.map_or_else(|| "payments".to_owned(), |id| format!("openid consent:{id} payments"));
        let mut headers = self.headers(&scope, consent);
        headers["content-type"] = json!("application/jwt");
        headers["x-idempotency-key"] = json!(key_of);
        let body = Some(key("client").sign(TokenType::Jwt, claims).unwrap());
        Sent { method, path: path.to_owned(), body, headers }
    }

    /// The claims of a message to a path.
    pub(super) fn claims(&self, path: &str, data: &Value) -> Value {
        json!({
            "aud": format!("{BASE}{path}"), "iss": identity::ORGANISATION, "jti": jti(),
            "iat": self.now().seconds(), "data": data,
        })
    }

    /// A call of a client in its own name with a signed body.
    pub(super) fn write(
        &self,
        method: &'static str,
        version: Version,
        path: &str,
        data: &Value,
        key: &str,
    ) -> Sent {
        let path = format!("{}{path}", version.base());
        self.signed(method, &path, &self.claims(&path, data), key, None)
    }

    pub(super) async fn ask_consent(&self, version: Version, data: &Value, key: &str) -> Reply {
        self.send(self.write("POST", version, "/consents", data, key)).await
    }

    /// A request under a key of its own.
    pub(super) async fn consent(&self, version: Version, data: &Value) -> Reply {
        self.ask_consent(version, data, &fresh_key()).await
    }

    /// The id of a consent whose customer said yes.
    pub(super) async fn authorised(&self, version: Version, data: &Value) -> String {
        let reply = self.consent(version, data).await.ok(201);
        let id = reply.data()["consentId"].as_str().unwrap().to_owned();
        self.authorise(&id, Vec::new());
        id
    }

    /// The customer says yes; these people have to as well.
    pub(super) fn authorise(&self, id: &str, approvers: Vec<&str>) {
        let stored = self.stored(id);
        let mut yes = payment_authorisation(self.now());
        if let Some(account) = &stored.request.debtor_account {
            yes.debtor = Debtor { account: account.clone(), ..yes.debtor };
        }
        let approvers =
            approvers.into_iter().map(|cpf| Approver::new(Cpf::parse(cpf).unwrap(), None)).collect();
        self.put(stored.authorise(yes, approvers, None, Actor::Ponte).unwrap().consent);
    }

    pub(super) fn put(&self, consent: PaymentConsent) {
        self.store.consents.lock().unwrap().insert(consent.id.clone(), consent);
    }

    pub(super) fn put_payment(&self, payment: Payment) {
        self.store.payments.lock().unwrap().insert(payment.id.clone(), payment);
    }

    pub(super) fn stored(&self, id: &str) -> PaymentConsent {
        self.store.consents.lock().unwrap()[&ConsentId::parse(id).unwrap()].clone()
    }

    pub(super) fn payment(&self, id: &str) -> Payment {
        self.store.payments.lock().unwrap()[&PaymentId::parse(id).unwrap()].clone()
    }

    /// A call that pays with a consent.
    pub(super) fn paying(&self, version: Version, consent: &str, data: &Value, key: &str) -> Sent {
        let path = format!("{}/pix/payments", version.base());
        self.signed("POST", &path, &self.claims(&path, data), key, Some(consent))
    }

    pub(super) async fn pay(&self, version: Version, consent: &str, data: &Value, key: &str) -> Reply {
        self.send(self.paying(version, consent, data, key)).await
    }

    /// Pays under a key of its own.
    pub(super) async fn pay_once(&self, version: Version, consent: &str, data: &Value) -> Reply {
        self.pay(version, consent, data, &fresh_key()).await
    }

    pub(super) async fn get(&self, version: Version, path: &str) -> Reply {
        let headers = self.headers("payments", None);
        let path = format!("{}{path}", version.base());
        self.send(Sent { method: "GET", path, body: None, headers }).await
    }

    pub(super) async fn patch(&self, version: Version, path: &str, data: &Value, key: &str) -> Reply {
        self.send(self.write("PATCH", version, path, data, key)).await
    }

    pub(super) async fn status(&self, version: Version, consent: &str) -> String {
        let reply = self.get(version, &format!("/consents/{consent}")).await.ok(200);
        reply.data()["status"].as_str().unwrap().to_owned()
    }

    /// A payment of a consent for ten reais, and the ids of both.
    pub(super) async fn paid(&self, version: Version) -> (String, String) {
        let data = asked(version);
        let consent = self.authorised(version, &data).await;
        let reply = self.pay_once(version, &consent, &json!([item(&data, MINUTE)])).await.ok(201);
        (consent, reply.payments().remove(0))
    }

    /// Payments of a scheduled consent, accepted by the core, with the id of the consent.
    pub(super) async fn scheduled(&self, version: Version, data: &Value) -> (String, Vec<String>) {
        let consent = self.authorised(version, data).await;
        let days = self.stored(&consent).request.payment.schedule.unwrap().days();
        let items: Vec<Value> = days.iter().map(|day| item(data, &at_15(*day))).collect();
        let reply = self.pay_once(version, &consent, &json!(items)).await.ok(201);
        for id in reply.payments() {
            self.put_payment(self.payment(&id).scheduled(self.now()).unwrap().payment);
        }
        (consent, reply.payments())
    }

    /// How many payments there are.
    pub(super) fn payments(&self) -> usize {
        self.store.payments.lock().unwrap().len()
    }

    /// How many consents there are.
    pub(super) fn consents(&self) -> usize {
        self.store.consents.lock().unwrap().len()
    }
}

/// A number that no other call gets.
fn number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A name for a message that no other has.
pub(super) fn jti() -> String {
    format!("7f2e8a52-5a0e-4a0b-b8a6-{:012x}", number())
}

/// A key that no other request has.
pub(super) fn fresh_key() -> String {
    format!("key-{}", number())
}

/// The hour of a scheduled payment, as an endToEndId has it (P51).
pub(super) fn at_15(day: Date) -> String {
    format!("{}1500", day.to_string().replace('-', ""))
}

/// An endToEndId of this minute that no other payment has.
pub(super) fn end_to_end_id(minute: &str) -> String {
    format!("E99000123{minute}Case{:07}", number())
}
