//! T54: a mix of calls at 300 a second, or at the most that this machine does, to a bank that takes 200 ms for an answer.
//!
//! `cargo test --workspace --test it -- --ignored --nocapture t54`; `PONTE_T54_SECONDS` says how long (60 without),
//! `PONTE_T54_CALLERS` how many calls are under way (32 without). The functions are processes of this machine and of the profile of
//! the tests: what it reaches is of this machine, and the time is that of the whole way, its queues included.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use ponte_bank::customers::CUSTOMERS;
use ponte_catalog::{Row, accounts, consents, credit_cards_accounts, loans, resources};
use ponte_machine::clock::Stopwatch;
use ponte_participant::{DataRequest, NewConsent};
use ponte_values::Permission;
use ponte_web::caller::{NoAnswer, Reply};
use serde_json::json;

use super::steps::{OpenInteraction, World, device, interaction_in, want};
use crate::stack::Stack;

/// Calls a second, at most.
const RATE: u64 = 300;
/// Time of the bank for an answer.
const BANK: Duration = Duration::from_millis(200);
/// No limit of calls is met.
const WITHOUT_LIMITS: [&str; 3] =
    ["CallsPerSecond=100000", "CallsPerMinute=100000000 100000000 100000000 100000000", "CallsPerMonth=off"];

/// A kind of call.
#[derive(Clone, Copy)]
enum Kind {
    /// A client_credentials token.
    Token,
    /// A consent is created.
    Consent,
    /// The consent is read.
    Read,
    /// Data of the customer.
    Data(&'static Row),
}

/// The calls that are made one after the other, over and over.
static MIX: [Kind; 20] = [
    Kind::Data(&accounts::BALANCES),
    Kind::Read,
    Kind::Data(&accounts::TRANSACTIONS_CURRENT),
    Kind::Data(&resources::LIST),
    Kind::Data(&credit_cards_accounts::LIMITS),
    Kind::Data(&loans::LIST),
    Kind::Data(&accounts::BALANCES),
    Kind::Token,
    Kind::Data(&accounts::LIST),
    Kind::Data(&loans::PAYMENTS),
    Kind::Data(&accounts::TRANSACTIONS_CURRENT),
    Kind::Read,
    Kind::Data(&credit_cards_accounts::FIND),
    Kind::Data(&accounts::BALANCES),
    Kind::Data(&resources::LIST),
    Kind::Data(&loans::FIND),
    Kind::Consent,
    Kind::Data(&credit_cards_accounts::BILLS),
    Kind::Data(&credit_cards_accounts::TRANSACTIONS_CURRENT),
    Kind::Data(&accounts::FIND),
];

impl Kind {
    /// Its frequency class (L01); tokens have none.
    fn class(self) -> String {
        match self {
            Self::Token => "token".to_owned(),
            Self::Consent => format!("{:?}", consents::CREATE.frequency),
            Self::Read => format!("{:?}", consents::READ.frequency),
            Self::Data(row) => format!("{:?}", row.frequency),
        }
    }

    /// Milliseconds of it that are the bank's.
    fn of_the_bank(self) -> u64 {
        match self {
            Self::Data(row) if row.layer.is_some() => u64::try_from(BANK.as_millis()).expect("milliseconds"),
            _ => 0,
        }
    }

    const fn success(self) -> u16 {
        if matches!(self, Self::Consent) { 201 } else { 200 }
    }
}

/// A number of the environment.
fn variable(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).unwrap_or_default();
    if text.is_empty() { otherwise } else { text.parse().unwrap_or_else(|_| panic!("{name} is a number")) }
}

/// A customer who shares accounts, cards and loans.
struct Shared {
    world: World,
    /// The receiver's own token.
    own: String,
    token: String,
    consent: String,
    /// Name of a path parameter → id of a product.
    ids: BTreeMap<&'static str, String>,
}

impl Shared {
    async fn with(stack: &Stack) -> Self {
        let world = World::around(stack).await;
        let own = world.client_token().await;
        let consent = create(&world, &own).await.expect("the consents API answers");
        let consent = want(201, "create consent", consent).json()["data"]["consentId"].take();
        let consent = consent.as_str().expect("a consent has an id").to_owned();
        let authorization = world.receiver.begin(&consent);
        let scope = "accounts credit-cards-accounts loans resources";
        let pushed = world.receiver.push(&authorization, scope).await.expect("par answers");
        let pushed = want(201, "par", pushed).json();
        let url = world.receiver.authorization_url(pushed["request_uri"].as_str().expect("a request_uri"));
        let left = want(303, "authorize", world.receiver.browse(&url).await.expect("authorize answers"));
        let interaction = OpenInteraction { authorization, interaction: interaction_in(&left) };
        let login = world.channel.login(&interaction.interaction, world.channel_token(0), &device()).await;
        want(200, "login", login.expect("the channel API answers"));
        let token = world.agree(&interaction).await.access;
        let mut shared = Self { world, own, token, consent, ids: BTreeMap::new() };
        for list in [&accounts::LIST, &credit_cards_accounts::LIST, &loans::LIST] {
            let listed =
                want(200, list.template, shared.get(list).await.expect("the data API answers")).json();
            let of = |name: &'static str| listed["data"][0][name].as_str().map(|id| (name, id.to_owned()));
            shared.ids.extend(["accountId", "creditCardAccountId", "contractId"].into_iter().filter_map(of));
        }
        shared
    }

    async fn get(&self, row: &Row) -> Result<Reply, NoAnswer> {
        let mut path = row.template.to_owned();
        for (name, id) in &self.ids {
            path = path.replace(&format!("{{{name}}}"), id);
        }
        let (token, consent) = (&self.token, &self.consent);
        let asked =
            DataRequest { path: &path, template: row.template, token, consent, without_interaction: false };
        self.world.receiver.get(&asked).await
    }

    async fn call(&self, kind: Kind) -> Result<Reply, NoAnswer> {
        match kind {
            Kind::Token => self.world.receiver.client_token("consents").await,
            Kind::Consent => create(&self.world, &self.own).await,
            Kind::Read => self.world.receiver.read_consent(&self.own, &self.consent).await,
            Kind::Data(row) => self.get(row).await,
        }
    }
}

async fn create(world: &World, token: &str) -> Result<Reply, NoAnswer> {
    // All that a person can share: loans are not to be had without the other credit (C21).
    let names = Permission::ALL.iter().map(|permission| permission.as_str());
    let permissions: Vec<&str> = names.filter(|name| !name.starts_with("CUSTOMERS_BUSINESS_")).collect();
    let asked = NewConsent { cpf: CUSTOMERS[0].cpf, cnpj: None, permissions: &permissions, expires: None };
    world.receiver.create_consent(token, &asked).await
}

/// What came of the calls.
#[derive(Default)]
struct Tally {
    /// Class → milliseconds of each call: all of them, and without those of the bank.
    times: BTreeMap<String, Vec<(u64, u64)>>,
    /// Calls that did not succeed.
    faults: Vec<String>,
}

impl Tally {
    fn note(&mut self, kind: Kind, result: Result<Reply, NoAnswer>) {
        match result {
            Ok(reply) if reply.status == kind.success() => {
                let ours = reply.millis.saturating_sub(kind.of_the_bank());
                self.times.entry(kind.class()).or_default().push((reply.millis, ours));
            }
            Ok(reply) => self.faults.push(format!("{} {} {}", reply.status, reply.url, reply.excerpt())),
            Err(fault) => self.faults.push(fault.to_string()),
        }
    }

    fn merge(mut self, other: Self) -> Self {
        for (class, times) in other.times {
            self.times.entry(class).or_default().extend(times);
        }
        self.faults.extend(other.faults);
        self
    }

    /// A line for each class.
    fn told(&self) -> String {
        let mut lines =
            vec![format!("{:<12}{:>8}   p50/p95/p99 ms        without the bank", "class", "calls")];
        for (class, times) in &self.times {
            let all = percentiles(times.iter().map(|(all, _)| *all).collect());
            let ours = percentiles(times.iter().map(|(_, ours)| *ours).collect());
            lines.push(format!("{class:<12}{:>8}   {all:<20}  {ours}", times.len()));
        }
        lines.join("\n")
    }
}

/// p50, p95 and p99.
fn percentiles(mut times: Vec<u64>) -> String {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent).div_ceil(100).max(1) - 1].to_string();
    [50, 95, 99].map(at).join("/")
}

/// Calls of the mix until the time is over: each begins when its turn comes at this rate, or as soon as the caller is free.
async fn calls(shared: Arc<Shared>, turn: Arc<AtomicU64>, watch: Stopwatch, end: Duration) -> Tally {
    let mut tally = Tally::default();
    loop {
        let number = turn.fetch_add(1, Ordering::Relaxed);
        let due = Duration::from_micros(number * 1_000_000 / RATE);
        if due.max(watch.elapsed()) >= end {
            return tally;
        }
        tokio::time::sleep(due.saturating_sub(watch.elapsed())).await;
        let kind = MIX[usize::try_from(number).expect("a small number") % MIX.len()];
        tally.note(kind, shared.call(kind).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute, and measures"]
async fn t54_a_mix_of_calls_to_a_bank_that_takes_its_time_is_answered_without_a_fault() {
    let (seconds, callers) = (variable("PONTE_T54_SECONDS", 60), variable("PONTE_T54_CALLERS", 32));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let environments = callers.to_string();
    let without_limits = WITHOUT_LIMITS.iter().flat_map(|parameter| ["--parameter", *parameter]);
    let options: Vec<&str> = without_limits.chain(["--environments", &environments]).collect();
    let stack = Stack::up_as(folder.path(), &options);
    let shared = Arc::new(Shared::with(&stack).await);
    let slow = json!({ "kind": "delay", "milliseconds": BANK.as_millis() });
    shared.world.order("/bank_core", &slow).await;
    // Processes that start are another test's: whatever they answer, they are there afterwards.
    for kind in MIX {
        join_all((0..callers).map(|_| shared.call(kind))).await;
    }

    let (watch, end) = (Stopwatch::start(), Duration::from_secs(seconds));
    let turn = Arc::new(AtomicU64::new(0));
    let all = (0..callers).map(|_| tokio::spawn(calls(Arc::clone(&shared), Arc::clone(&turn), watch, end)));
    let tallies = join_all(all).await.into_iter().map(|tally| tally.expect("a caller comes to its end"));
    let tally = tallies.fold(Tally::default(), Tally::merge);
    let took = watch.millis();

    let answered: usize = tally.times.values().map(Vec::len).sum();
    let a_second = answered as u64 * 1000 / took;
    println!(
        "{answered} calls in {took} ms: {a_second} a second of {RATE}, {callers} callers\n{}",
        tally.told()
    );
    assert!(tally.faults.is_empty(), "{} faults: {:?}", tally.faults.len(), tally.faults.first());
    let classes: Vec<&str> = tally.times.keys().map(String::as_str).collect();
    assert_eq!(classes, ["High", "Low", "Medium", "MediumHigh", "token"]);
}
