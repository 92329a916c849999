//! Payments, their core, their queue and the management host in memory.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use ponte_authorization::api_key::{ApiKey, ApiKeyId, ApiScope, NewApiKey};
use ponte_edge::{Context, Guard, Managers, Message, Router, Serve as _, TokenBlocks, Verdict, Worker as _};
use ponte_fapi::secret;
use ponte_payment::connector::Dedupe;
use ponte_payment::idempotency::{IdempotencyRecord, IdempotencyScope};
use ponte_payment::institution_rules::PaymentRules;
use ponte_payment::payment::Payment;
use ponte_payment::ports::{
    Acceptance, ConsentCreation, CreatedPage, PaymentMessage, PaymentWriteFault, Payments, PaymentsCommit,
};
use ponte_ports::audit::Actor;
use ponte_ports::{Clock as _, IndexFault, LegacyId, PortError};
use ponte_values::{Date, Moment, OrganisationId, PaymentId};
use serde_json::{Value, json};

use ponte_kit::api_keys::ApiKeysInMemory;
use ponte_kit::blocks::BlocksInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::examples::{institution, now};
use ponte_kit::gateway::{GatewayCall, Reply};
use ponte_kit::identity;
use ponte_kit::outbox::OutboxInMemory;
use ponte_kit::payment_core::{PaymentCore, PaymentMessages};
use ponte_kit::payment_examples::{payment_acceptance, payment_authorisation, payment_consent};
use ponte_kit::payments::PaymentStore;
use ponte_kit::pseudonyms::PredictablePseudonyms;
use ponte_kit::store::Store;

use crate::sweep::sweep;
use crate::{PaymentOperator, PaymentWorker, Ports, Settings, router};

const CALLER: &str = "gestao.banco.example";

/// Payments whose process dies at a write: nothing is read or written until it is revived.
pub(super) struct Dying {
    pub(super) store: Arc<PaymentStore>,
    /// Writes until it dies; below zero it lives for ever.
    left: AtomicI64,
    /// Whether the last write happens before it dies.
    after: Mutex<bool>,
}

impl Dying {
    pub(super) fn dies_at(&self, write: i64, after: bool) {
        *self.after.lock().unwrap() = after;
        self.left.store(write, Ordering::SeqCst);
    }

    pub(super) fn revive(&self) -> bool {
        self.left.swap(-1, Ordering::SeqCst) == 0
    }

    fn lives(&self) -> Result<(), PortError> {
        match self.left.load(Ordering::SeqCst) {
            0 => Err(PortError::new("payments table", "the process is dead")),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Payments for Dying {
    async fn find(&self, id: &PaymentId) -> Result<Option<Payment>, PortError> {
        self.lives()?;
        Payments::find(&*self.store, id).await
    }
    async fn find_all(&self, ids: &[PaymentId]) -> Result<Vec<Payment>, PortError> {
        self.lives()?;
        self.store.find_all(ids).await
    }
    async fn replayed(
        &self,
        scope: &IdempotencyScope,
        now: Moment,
    ) -> Result<Option<IdempotencyRecord>, PortError> {
        self.store.replayed(scope, now).await
    }
    async fn create_consent(&self, creation: ConsentCreation) -> Result<(), PaymentWriteFault> {
        self.store.create_consent(creation).await
    }
    async fn accept(&self, acceptance: Acceptance) -> Result<(), PaymentWriteFault> {
        self.store.accept(acceptance).await
    }
    async fn change(&self, commit: PaymentsCommit) -> Result<(), PaymentWriteFault> {
        self.lives()?;
        if self.left.load(Ordering::SeqCst) > 0 && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            if *self.after.lock().unwrap() {
                self.store.change(commit).await?;
            }
            return Err(PortError::new("payments table", "the process is dead").into());
        }
        self.store.change(commit).await
    }
    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<PaymentId>, PortError> {
        Payments::due(&*self.store, shard, now, limit).await
    }
    async fn of_core(&self, core_id: &LegacyId) -> Result<Option<PaymentId>, PortError> {
        self.store.of_core(core_id).await
    }
    async fn created_on(
        &self,
        day: Date,
        shard: u8,
        after: Option<&str>,
        limit: u16,
    ) -> Result<CreatedPage, IndexFault> {
        self.store.created_on(day, shard, after, limit).await
    }
    async fn of_day(
        &self,
        day: Date,
        shard: u8,
        after: Option<&str>,
        limit: u16,
    ) -> Result<CreatedPage, IndexFault> {
        self.store.of_day(day, shard, after, limit).await
    }
}

pub(super) struct World {
    pub(super) clock: Arc<ManualClock>,
    pub(super) beside: Arc<Store>,
    pub(super) store: Arc<PaymentStore>,
    pub(super) dying: Arc<Dying>,
    pub(super) core: Arc<PaymentCore>,
    pub(super) queue: Arc<PaymentMessages>,
    pub(super) ports: Arc<Ports>,
    keys: Arc<ApiKeysInMemory>,
    router: Router<Ports>,
}

impl World {
    pub(super) fn new(dedupe: Dedupe) -> Self {
        Self::lagging(dedupe, Duration::ZERO)
    }

    pub(super) fn lagging(dedupe: Dedupe, lag: Duration) -> Self {
        let clock = Arc::new(ManualClock::at(now()));
        let beside = Arc::<Store>::default();
        let store = Arc::new(PaymentStore::beside(beside.clone()));
        let dying =
            Arc::new(Dying { store: store.clone(), left: AtomicI64::new(-1), after: Mutex::default() });
        let core = Arc::new(PaymentCore::new(clock.clone(), dedupe, lag));
        let queue = Arc::<PaymentMessages>::default();
        let ports = Ports {
            consents: store.clone(),
            index: store.clone(),
            payments: dying.clone(),
            connector: core.clone(),
            queue: queue.clone(),
            history: beside.clone(),
            pseudonyms: Arc::new(PredictablePseudonyms),
            clock: clock.clone(),
            ids: clock.clone(),
            settings: Settings { institution: institution(), rules: PaymentRules::default() },
        };
        let context = Context {
            clock: clock.clone(),
            ids: clock.clone(),
            outbox: Arc::new(OutboxInMemory::default()),
            organisation: OrganisationId::parse("74e929d9-33b6-4d85-8ba7-c146c867a817").unwrap(),
            base_url: "https://mtls.banco.example".to_owned(),
        };
        let blocks = Arc::<BlocksInMemory>::default();
        let followed = TokenBlocks::start(blocks, clock.now()).now_or_never().unwrap();
        let guard = Guard::new(identity::ISSUER.to_owned(), identity::keys(), followed);
        let keys = Arc::<ApiKeysInMemory>::default();
        let managers = Managers::new(keys.clone(), format!("https://{CALLER}"));
        let router = router(context, guard, ports.clone()).managers(managers);
        Self { clock, beside, store, dying, core, queue, ports: Arc::new(ports), keys, router }
    }

    /// A payment that was just accepted, and its message in the queue.
    pub(super) async fn paid(&self, number: u32, day: Option<Date>) -> PaymentId {
        let at = self.clock.now();
        let mut consent = payment_consent(number, at).consent;
        consent.request.payment.schedule = None;
        let consent = consent.authorise(payment_authorisation(at), Vec::new(), None, Actor::Ponte).unwrap();
        self.store.consents.lock().unwrap().insert(consent.consent.id.clone(), consent.consent.clone());
        let (key, commit) = (format!("key-{number}"), format!("accepted-{number}"));
        let acceptance = payment_acceptance(consent.consent, ([number], day), &key, &commit);
        let id = acceptance.payments[0].id.clone();
        self.store.accept(acceptance).await.unwrap();
        self.clock.wait(Duration::from_mins(1));
        self.queue.sent.lock().unwrap().push(PaymentMessage { payment: id.clone() });
        id
    }

    pub(super) fn stored(&self, id: &PaymentId) -> Payment {
        self.store.payments.lock().unwrap()[id].clone()
    }

    pub(super) fn status(&self, id: &PaymentId) -> &'static str {
        self.stored(id).status().as_str()
    }

    pub(super) async fn work(&self, id: &PaymentId) -> Verdict {
        let body = json!({"payment": id}).to_string();
        PaymentWorker::new(self.ports.clone()).work(&Message { body, ..Message::default() }).await
    }

    /// Works off the queue once, whatever the verdicts.
    pub(super) async fn turn(&self) {
        let messages = std::mem::take(&mut *self.queue.sent.lock().unwrap());
        for message in messages {
            self.work(&message.payment).await;
        }
    }

    /// Sweeps and works until nothing is left to do, at most for this many turns of seven seconds.
    pub(super) async fn settle(&self, turns: u32) {
        for _ in 0..turns {
            self.turn().await;
            self.clock.wait(Duration::from_secs(7));
            sweep(&self.ports, self.clock.now()).await.unwrap();
        }
    }

    pub(super) fn actions(&self, subject: &str) -> Vec<&'static str> {
        let audit = self.beside.audit.lock().unwrap();
        audit.iter().filter(|entry| entry.subject == subject).map(|entry| entry.action).collect()
    }

    pub(super) fn operator(&self) -> PaymentOperator {
        PaymentOperator {
            ports: self.ports.clone(),
            letters: self.queue.clone(),
            trails: self.beside.clone(),
            pauses: self.clock.clone(),
        }
    }

    /// A call of the management API by a key with these scopes; `more` are headers besides.
    pub(super) async fn manage(
        &self,
        scopes: &[ApiScope],
        (method, path): (&str, &str),
        more: Value,
        body: Option<Value>,
    ) -> Reply {
        let scopes: BTreeSet<ApiScope> = scopes.iter().copied().collect();
        let number: u32 = scopes.iter().map(|scope| 1 << *scope as u32).sum();
        let id = ApiKeyId::parse(&format!("{number:016x}")).unwrap();
        let text = format!("{number:A>43}");
        let hash = secret::hash(&text);
        let new = NewApiKey { id: id.clone(), caller: CALLER.to_owned(), scopes, hash, expires_at: None };
        self.keys.put(ApiKey::issue(new, self.clock.now()).key);
        let mut headers = json!({
            "x-api-key": id.with_secret(&text),
            "x-correlation-id": "5d0a3a1e-6f0c-4a43-9a54-0e6a1a6f7b11",
            "content-type": "application/json",
        });
        headers.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let certificate = identity::own_certificate(CALLER);
        let call = GatewayCall {
            method,
            path: &format!("/open-banking{path}"),
            host: CALLER,
            certificate: Some(&certificate),
            headers,
            body: body.map(|body| body.to_string()),
            at: self.clock.now().millis(),
        };
        let event = serde_json::from_value(call.event()).unwrap();
        Reply::read(&serde_json::to_value(self.router.serve(event).await).unwrap())
    }
}

/// A random number from a seed that a test prints.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 8).unwrap() % most
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            let other = self.below(place + 1);
            items.swap(place, other);
        }
    }
}
