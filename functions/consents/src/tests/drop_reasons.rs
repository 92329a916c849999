//! Reports of new consents leave with what the institution says of the customer: once, in time, and never on a guess
//! (M38).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ponte_data_consent::account_holder::AccountHolderAnswer;
use ponte_data_consent::account_holder::CustomerAuthority;
use ponte_data_consent::consent::Consent;
use ponte_data_consent::ports::{
    DiscoveredProduct, Institution, ListedResource, Records, RecordsRequest, ResourcesRequest,
};
use ponte_edge::Tick as _;
use ponte_metrics::ports::HeldReports as _;
use ponte_metrics::report::{ServerFacts, ServerReport};
use ponte_ports::InstitutionFault;
use ponte_ports::outbox::SHARDS;
use ponte_ports::{Clock as _, PortError};
use ponte_values::{ConsentId, InteractionId, Moment, OrganisationId, ResourceKind};
use serde_json::{Value, json};

use super::world::{ANA, BAKERY, BRUNO, World, asked};
use crate::DropReasons;
use ponte_kit::clock::ManualClock;
use ponte_kit::outbox::HeldInMemory;
use ponte_kit::store::Store;

const MINUTE: Duration = Duration::from_mins(1);
const INTERACTION: &str = "d78fc4e5-37ca-4da3-adf2-9b082bf92280";
const RECEIVER: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";

type Says = dyn Fn(&Consent) -> Result<AccountHolderAnswer, InstitutionFault> + Send + Sync;

/// The institution, asked about customers.
struct SlowBank {
    says: Box<Says>,
    asked: Mutex<Vec<String>>,
    clock: Arc<ManualClock>,
    slowness: Duration,
    at_once: AtomicU64,
    most_at_once: AtomicU64,
}

#[async_trait]
impl Institution for SlowBank {
    async fn discover(
        &self,
        _: ResourceKind,
        _: &Consent,
        _: InteractionId,
        _: Duration,
    ) -> Result<Vec<DiscoveredProduct>, InstitutionFault> {
        Err(InstitutionFault::NotFound)
    }

    async fn resources(&self, _: ResourcesRequest<'_>) -> Result<Vec<ListedResource>, InstitutionFault> {
        Err(InstitutionFault::NotFound)
    }

    async fn records(&self, _: RecordsRequest<'_>) -> Result<Records, InstitutionFault> {
        Err(InstitutionFault::NotFound)
    }

    async fn check_account_holder(
        &self,
        consent: &Consent,
        of: InteractionId,
    ) -> Result<AccountHolderAnswer, InstitutionFault> {
        assert_eq!(of.to_string(), INTERACTION, "the call's own id");
        self.asked.lock().unwrap().push(consent.id.to_string());
        let now_asked = self.at_once.fetch_add(1, Ordering::Relaxed) + 1;
        self.most_at_once.fetch_max(now_asked, Ordering::Relaxed);
        tokio::task::yield_now().await;
        self.at_once.fetch_sub(1, Ordering::Relaxed);
        self.clock.wait(self.slowness);
        (self.says)(consent)
    }
}

fn yes() -> AccountHolderAnswer {
    AccountHolderAnswer { is_account_holder: Some(true), authority: None }
}

struct Office {
    world: World,
    partitions: Arc<HeldInMemory>,
    rows: u64,
}

impl Office {
    fn new() -> Self {
        Self { world: World::new(), partitions: Arc::default(), rows: 0 }
    }

    /// A consent created now, whose report waits.
    async fn create(&mut self, body: &Value) -> String {
        let id = self.world.consent(body).await;
        self.hold(&id, |report| report).await;
        id
    }

    async fn hold(&mut self, consent: &str, change: impl Fn(String) -> String) {
        self.hold_of(RECEIVER, consent, change).await;
    }

    /// The same of another client.
    async fn hold_of(&mut self, client: &str, consent: &str, change: impl Fn(String) -> String) {
        let now = self.world.now();
        let call = ServerReport::of(ServerFacts {
            interaction: InteractionId::parse(INTERACTION).unwrap(),
            endpoint: "/open-banking/consents/v3/consents",
            method: "POST",
            status: 201,
            arrived: now,
            answered: now.plus(Duration::from_millis(40)),
            client: OrganisationId::parse(client).unwrap(),
            server: OrganisationId::parse(RECEIVER).unwrap(),
        });
        self.rows += 1;
        let mut row = call.into_row(format!("row-{}", self.rows), now).unwrap();
        row.body = change(row.body);
        self.partitions.hold(&row, &ConsentId::parse(consent).unwrap()).await.unwrap();
    }

    fn bank(
        &self,
        says: impl Fn(&Consent) -> Result<AccountHolderAnswer, InstitutionFault> + Send + Sync + 'static,
    ) -> SlowBank {
        SlowBank {
            says: Box::new(says),
            asked: Mutex::default(),
            clock: self.world.clock.clone(),
            slowness: Duration::ZERO,
            at_once: AtomicU64::new(0),
            most_at_once: AtomicU64::new(0),
        }
    }

    fn job(&self, bank: &Arc<SlowBank>) -> DropReasons {
        let consents: Arc<Store> = self.world.store.clone();
        DropReasons {
            reports: self.partitions.clone(),
            consents,
            institution: bank.clone(),
            clock: self.world.clock.clone(),
            pauses: self.world.clock.clone(),
        }
    }

    async fn tick(&self, bank: &Arc<SlowBank>) {
        self.job(bank).tick().await.unwrap();
    }

    /// `additionalInfo` of what went out, oldest first.
    fn sent(&self) -> Vec<Value> {
        let pending = self.partitions.released.lock().unwrap();
        pending
            .values()
            .map(|body| serde_json::from_str::<Value>(body).unwrap()["additionalInfo"].clone())
            .collect()
    }

    fn waiting(&self) -> usize {
        self.partitions.held.lock().unwrap().len()
    }
}

fn reason(name: &str) -> Value {
    json!({ "dropReason": name })
}

/// A client of this number.
fn client(number: u32) -> String {
    format!("c770aef3-6784-41f7-8e0e-{number:012}")
}

fn for_customer(cpf: &str) -> Value {
    let mut body = asked();
    body["data"]["loggedUser"]["document"]["identification"] = cpf.into();
    body
}

#[tokio::test]
async fn m38_each_report_leaves_with_what_is_known_of_its_customer() {
    let mut office = Office::new();
    let mut company = asked();
    company["data"]["businessEntity"] = json!({"document": {"identification": BAKERY, "rel": "CNPJ"}});
    company["data"]["permissions"] = json!(["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"]);
    for body in [asked(), for_customer(BRUNO), company] {
        office.create(&body).await;
        office.world.wait(Duration::from_millis(1));
    }
    let bank = Arc::new(office.bank(|consent| {
        let authority = consent.business.as_ref().map(|_| CustomerAuthority::PersonMismatch);
        let known = consent.logged_user.expose() == ANA;
        Ok(AccountHolderAnswer { is_account_holder: Some(known), authority })
    }));
    office.tick(&bank).await;
    let told = [reason("NONE"), reason("NO_CREDENTIAL"), reason("NO_AUTHORITY_PERSON_MISMATCH")];
    assert_eq!(office.sent(), told);
    assert_eq!(office.waiting(), 0);
}

#[tokio::test]
async fn m38_who_cannot_tell_or_refuses_presumes_no_absence() {
    let mut office = Office::new();
    office.create(&asked()).await;
    office.world.wait(Duration::from_millis(1));
    office.create(&for_customer(BRUNO)).await;
    let bank = Arc::new(office.bank(|consent| match consent.logged_user.expose() {
        ANA => Ok(AccountHolderAnswer { is_account_holder: None, authority: None }),
        _ => Err(InstitutionFault::Refused("CLIENTE_BLOQUEADO".to_owned())),
    }));
    office.tick(&bank).await;
    assert_eq!(office.sent(), [reason("CREDENTIAL_UNAVAILABLE"), reason("CREDENTIAL_UNAVAILABLE")]);
}

#[tokio::test]
async fn m38_a_fault_of_the_infrastructure_is_asked_again_and_has_no_value_after_ten_minutes() {
    let mut office = Office::new();
    office.create(&asked()).await;
    let bank = Arc::new(office.bank(|_| Err(PortError::timeout("integration layer", "3 s").into())));
    for minute in 1..10 {
        office.world.wait(MINUTE);
        office.tick(&bank).await;
        assert_eq!((office.waiting(), bank.asked.lock().unwrap().len()), (1, minute));
    }
    office.world.wait(MINUTE);
    office.tick(&bank).await;
    assert_eq!(office.sent(), [Value::Null], "no field at all");
    assert_eq!((office.waiting(), bank.asked.lock().unwrap().len()), (0, 9));
}

#[tokio::test]
async fn m38_an_answer_in_the_last_minute_still_counts() {
    let mut office = Office::new();
    office.create(&asked()).await;
    let none = Arc::new(office.bank(|_| Err(InstitutionFault::NotFound)));
    office.tick(&none).await;
    office.world.wait(Duration::from_millis(599_999));
    let bank = Arc::new(office.bank(|_| Ok(yes())));
    office.tick(&bank).await;
    assert_eq!(office.sent(), [reason("NONE")]);
}

#[tokio::test]
async fn m38_what_has_left_is_not_asked_about_again() {
    let mut office = Office::new();
    office.create(&asked()).await;
    let bank = Arc::new(office.bank(|_| Ok(yes())));
    for _ in 0..3 {
        office.tick(&bank).await;
        office.world.wait(MINUTE);
    }
    assert_eq!((bank.asked.lock().unwrap().len(), office.sent().len()), (1, 1));
}

#[tokio::test]
async fn t20_m38_death_between_asking_and_letting_go_tells_the_reason_once() {
    let mut office = Office::new();
    office.create(&asked()).await;
    let bank = Arc::new(office.bank(|_| Ok(yes())));
    office.partitions.dies.store(true, Ordering::Relaxed);
    let job = office.job(&bank);
    let died = tokio::spawn(async move { job.tick().await }).await;
    assert!(died.is_err(), "the process is gone");
    assert_eq!((office.waiting(), office.sent().len()), (1, 0), "nobody was told");
    office.tick(&bank).await;
    assert_eq!((bank.asked.lock().unwrap().len(), office.waiting()), (2, 0));
    assert_eq!(office.sent(), [reason("NONE")]);
    let bodies = office.partitions.released.lock().unwrap();
    assert!(bodies.values().all(|body| body.matches("dropReason").count() == 1));
}

#[tokio::test]
async fn m38_two_ticks_at_once_let_a_report_go_once() {
    let mut office = Office::new();
    for _ in 0..20 {
        office.create(&asked()).await;
    }
    // The first to be asked says one thing, whoever asks later hears another: one of them is told, as a whole.
    let answers = AtomicU64::new(0);
    let bank = Arc::new(office.bank(move |_| {
        let known = answers.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        Ok(AccountHolderAnswer { is_account_holder: Some(known), authority: None })
    }));
    let (one, other) = (office.job(&bank), office.job(&bank));
    let (one, other) = tokio::join!(one.tick(), other.tick());
    assert!(one.is_ok() && other.is_ok());
    assert_eq!((office.sent().len(), office.waiting()), (20, 0));
    let told = [reason("NONE"), reason("NO_CREDENTIAL")];
    assert!(office.sent().iter().all(|info| told.contains(info)));
}

#[tokio::test]
async fn m38_a_report_that_cannot_be_read_goes_as_it_is() {
    let mut office = Office::new();
    let id = office.world.consent(&asked()).await;
    let broken = ["{}", "no report"];
    for text in broken {
        office.hold(&id, |_| text.to_owned()).await;
    }
    let told =
        |report: String| report.replace(r#""role""#, r#""additionalInfo":{"dropReason":"NONE"},"role""#);
    office.hold(&id, told).await;
    let refused = |report: String| report.replace("201", "422");
    office.hold(&id, refused).await;
    let bank = Arc::new(
        office.bank(|_| Ok(AccountHolderAnswer { is_account_holder: Some(false), authority: None })),
    );
    office.tick(&bank).await;
    assert_eq!((office.waiting(), bank.asked.lock().unwrap().len()), (0, 0));
    let pending = office.partitions.released.lock().unwrap();
    for text in broken {
        assert!(pending.values().any(|body| body == text), "{text}");
    }
    assert!(
        pending.values().all(|body| !body.contains("NO_CREDENTIAL")),
        "a second reason, or one of a refusal"
    );
}

#[tokio::test]
async fn m38_a_consent_that_is_not_there_is_looked_for_again() {
    let mut office = Office::new();
    office.hold("urn:banco:none", |report| report).await;
    let bank = Arc::new(office.bank(|_| Ok(yes())));
    office.tick(&bank).await;
    assert_eq!((office.waiting(), bank.asked.lock().unwrap().len()), (1, 0));
    office.world.wait(MINUTE * 10);
    office.tick(&bank).await;
    assert_eq!(office.sent(), [Value::Null]);
}

#[tokio::test]
async fn m38_one_customer_nobody_can_say_anything_of_does_not_hold_up_the_others() {
    let mut office = Office::new();
    office.create(&for_customer(BRUNO)).await;
    for _ in 0..12 {
        office.world.wait(Duration::from_millis(1));
        office.create(&asked()).await;
    }
    let bank = Arc::new(office.bank(|consent| match consent.logged_user.expose() {
        BRUNO => Err(PortError::new("integration layer", "status 500").into()),
        _ => Ok(yes()),
    }));
    office.tick(&bank).await;
    assert_eq!((office.sent().len(), office.waiting()), (12, 1));
}

#[tokio::test]
async fn m38_a_tick_is_bounded() {
    let mut office = Office::new();
    for _ in 0..200 {
        office.create(&asked()).await;
    }
    // An institution in trouble is left alone after a few questions.
    let down = Arc::new(office.bank(|_| Err(PortError::new("integration layer", "status 503").into())));
    office.tick(&down).await;
    let asked = down.asked.lock().unwrap().len();
    assert!((16..=16 + 8 * usize::from(SHARDS)).contains(&asked), "{asked} questions");
    assert!(down.most_at_once.load(Ordering::Relaxed) <= 8 * u64::from(SHARDS));
    assert_eq!(office.waiting(), 200);
    // One that is slow takes no more than the budget, and the next tick goes on.
    let slow = Arc::new(SlowBank { slowness: Duration::from_millis(500), ..office.bank(|_| Ok(yes())) });
    let begun: Moment = office.world.now();
    office.tick(&slow).await;
    let over = office.world.clock.now().since(begun);
    assert!(over <= Duration::from_secs(15 + 16), "{over:?}");
    let left = office.waiting();
    assert!((1..200).contains(&left), "{left}");
    let fast = Arc::new(office.bank(|_| Ok(yes())));
    office.tick(&fast).await;
    assert_eq!((office.waiting(), office.sent().len()), (0, 200));
}

#[tokio::test]
async fn m38_clients_without_answers_hold_up_no_other() {
    let mut office = Office::new();
    let [bad, good] = [for_customer(BRUNO), asked()];
    let [bad, good] = [office.world.consent(&bad).await, office.world.consent(&good).await];
    // Three clients, whose reports are the oldest in every shard.
    for number in 0..300 {
        office.hold_of(&client(number % 3), &bad, |report| report).await;
    }
    office.world.wait(Duration::from_millis(1));
    for number in 0..40 {
        office.hold_of(&client(100 + number % 5), &good, |report| report).await;
    }
    let bank = Arc::new(office.bank(|consent| match consent.logged_user.expose() {
        BRUNO => Err(PortError::new("integration layer", "status 500").into()),
        _ => Ok(yes()),
    }));
    office.tick(&bank).await;
    assert_eq!((office.sent().len(), office.waiting()), (40, 300));
    let failed = bank.asked.lock().unwrap().len() - 40;
    // One question at a time of each client and shard, beyond the most that may fail.
    assert!((3 * 16..=3 * (16 + usize::from(SHARDS))).contains(&failed), "{failed} failures");
}

#[tokio::test]
async fn m38_an_institution_that_fails_for_everybody_is_left_alone() {
    let mut office = Office::new();
    let id = office.world.consent(&asked()).await;
    for number in 0..400 {
        office.hold_of(&client(number % 100), &id, |report| report).await;
    }
    let down = Arc::new(office.bank(|_| Err(PortError::new("integration layer", "status 500").into())));
    office.tick(&down).await;
    let asked = down.asked.lock().unwrap().len();
    assert!((8..=8 + 8 * usize::from(SHARDS)).contains(&asked), "{asked} questions");
    let up = Arc::new(office.bank(|_| Ok(yes())));
    office.tick(&up).await;
    assert_eq!((office.sent().len(), office.waiting()), (400, 0));
}

#[tokio::test]
async fn m38_t63_what_the_breaker_turns_away_is_put_again_and_is_no_failure() {
    let mut office = Office::new();
    for _ in 0..40 {
        office.create(&asked()).await;
    }
    let left = AtomicU64::new(40);
    let bank = Arc::new(office.bank(move |_| {
        let open =
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
        let soon = Some(Duration::from_millis(1));
        let turned_away = || PortError::timeout("integration layer", "open").after(soon).unasked().into();
        if open { Err(turned_away()) } else { Ok(yes()) }
    }));
    office.tick(&bank).await;
    assert_eq!((office.sent().len(), office.waiting()), (40, 0));
    let pauses = office.world.clock.pauses.lock().unwrap().clone();
    assert_eq!(pauses, [Duration::from_millis(100); 40]);
    // One that stays open costs no more than the time of a tick.
    office.create(&asked()).await;
    let begun = office.world.now();
    let shut = Arc::new(office.bank(|_| {
        let wait = Some(Duration::from_mins(1));
        Err(PortError::overloaded("integration layer", "enough wait").after(wait).unasked().into())
    }));
    office.tick(&shut).await;
    let over = office.world.now().since(begun);
    assert!(over <= Duration::from_secs(17), "{over:?}");
    assert_eq!((shut.asked.lock().unwrap().len(), office.waiting()), (8, 1));
}

#[tokio::test]
async fn t64_m38_a_report_that_was_put_back_waits_for_its_reason_from_then_on() {
    let mut office = Office::new();
    office.create(&asked()).await;
    office.world.wait(MINUTE * 60);
    let restored = office.world.now();
    office.partitions.held.lock().unwrap().values_mut().for_each(|row| row.restored_at = Some(restored));
    let down = Arc::new(office.bank(|_| Err(PortError::timeout("integration layer", "3 s").into())));
    office.tick(&down).await;
    assert_eq!((office.waiting(), down.asked.lock().unwrap().len()), (1, 1));
    office.world.wait(Duration::from_millis(599_999));
    office.tick(&Arc::new(office.bank(|_| Ok(yes())))).await;
    assert_eq!(office.sent(), [reason("NONE")]);
}

#[tokio::test]
async fn m38_a_shard_that_cannot_be_listed_fails_the_tick_and_not_the_others() {
    let mut office = Office::new();
    office.partitions = Arc::new(HeldInMemory { unlisted: Some(0), ..HeldInMemory::default() });
    for _ in 0..40 {
        office.create(&asked()).await;
    }
    let bank = Arc::new(office.bank(|_| Ok(yes())));
    assert!(office.job(&bank).tick().await.is_err());
    let held = office.partitions.held.lock().unwrap();
    assert!(held.values().all(|row| row.shard == 0));
    assert!(held.len() < 40);
}
