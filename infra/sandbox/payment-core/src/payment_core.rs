//! The core: reads requests, has them done, and signs what became of them. Rust programs that hold one look into its books and
//! tell it how to fail.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ponte_machine::SandboxError;
use ponte_values::Moment;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::account::Account;
use crate::contract::{self, OPERATIONS};
use crate::journal::Journal;
use crate::ledger::{Books, Entry};
use crate::message::{Keys, Opened};
use crate::mode::{Flaw, Mode};
use crate::operations;
use crate::order::{Behaviour, Call, Order, Part};
use crate::payment::Payment;
use crate::pix_keys::PixKey;
use crate::said::{Said, invalid};
use crate::state::{Limits, State};

/// How long a core that races itself thinks between looking and executing.
const THINKS: Duration = Duration::from_millis(80);

/// Operations whose requests are taken once; a question may arrive twice.
const ONCE: [&str; 2] = ["/payments", "/cancellation"];

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// What a core is made of.
pub struct Parts {
    /// Name of the institution, `iss` of its requests.
    pub institution: String,
    /// Key set of the institution's requests.
    pub institution_keys: String,
    /// PKCS#8 PEM of the key under the core's answers, and its id.
    pub own_key: (String, String),
    /// What decides chance and ids.
    pub seed: String,
    /// Its clock.
    pub clock: Clock,
}

/// An answer as it leaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// A JWT, or the text of a JSON object.
    pub body: String,
    /// Whether it is a JWT.
    pub signed: bool,
}

/// The payment core.
pub struct PaymentCore {
    institution: String,
    clock: Clock,
    keys: Mutex<Keys>,
    state: Mutex<State>,
    /// Where requests are sent to, without the path of the operation.
    addresses: Mutex<Vec<String>>,
    /// Seconds by which its clock differs, and by which its payments are older than they are.
    shift: Mutex<Shift>,
}

#[derive(Clone, Copy, Default)]
struct Shift {
    ahead: i64,
    elapsed: u64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl PaymentCore {
    /// A core that lives in memory.
    pub fn new(parts: Parts) -> Result<Self, SandboxError> {
        let (own, kid) = &parts.own_key;
        Ok(Self {
            keys: Mutex::new(Keys::new(&parts.institution_keys, (own, kid))?),
            institution: parts.institution,
            clock: parts.clock,
            state: Mutex::new(State::new(&parts.seed)),
            addresses: Mutex::default(),
            shift: Mutex::default(),
        })
    }

    /// A core that keeps its books in `file`, and goes on where it was.
    pub fn open(parts: Parts, file: &Path) -> Result<Self, SandboxError> {
        let seed = parts.seed.clone();
        let (journal, lines) = Journal::open(file)?;
        let core = Self::new(parts)?;
        *lock(&core.state) = State::new(&seed).replayed(journal, lines);
        Ok(core)
    }

    /// Takes requests for this address too: a base URL, the ARN of a function, the URL of a queue.
    pub fn answers_at(&self, address: &str) {
        lock(&self.addresses).push(address.trim_end_matches('/').to_owned());
    }

    /// Takes requests under other keys of the institution from now on.
    pub fn trust(&self, institution_keys: &str) -> Result<(), SandboxError> {
        lock(&self.keys).trust(institution_keys)
    }

    /// Key set of its answers.
    #[must_use]
    pub fn published_keys(&self) -> Value {
        lock(&self.keys).published()
    }

    /// Answers a signed request to an operation.
    pub async fn called(&self, operation: &str, token: &str) -> Answered {
        if !OPERATIONS.contains(&operation) {
            return plain(&Said::plain(404, "OPERACAO_DESCONHECIDA", "operação desconhecida"));
        }
        let opened = match self.opened(operation, token) {
            Ok(opened) => opened,
            Err(fault) => return plain(&invalid(&fault)),
        };
        let said = self.told(operation, &opened.body).await;
        let mode = self.mode();
        if !said.signed || mode.has(Flaw::UnsignedAnswers) {
            return plain(&said);
        }
        let jti = self.fresh_id();
        let body = lock(&self.keys).seal(&said, &opened.claims, jti, &mode, self.now());
        Answered { status: said.status, body, signed: true }
    }

    /// Does an operation whose request nobody needs to verify.
    pub async fn told(&self, operation: &str, body: &Value) -> Said {
        let amount = body["requestBody"]["data"]["payment"]["amount"].as_str();
        let call = Call { operation, key: body["idempotencyKey"].as_str(), amount };
        if let Some(said) = self.ordered_otherwise(call) {
            return said;
        }
        let race = operation == "/payments" && self.mode().has(Flaw::RacesItself);
        let races =
            race && lock(&self.state).known(body["idempotencyKey"].as_str().unwrap_or_default()).is_none();
        if races {
            tokio::time::sleep(THINKS).await;
        }
        self.done(operation, body, races)
    }

    fn opened(&self, operation: &str, token: &str) -> Result<Opened, String> {
        let addresses: Vec<String> =
            lock(&self.addresses).iter().map(|address| format!("{address}{operation}")).collect();
        let (mode, now) = (self.mode(), self.now());
        let opened = lock(&self.keys).open(token, &self.institution, &addresses, &mode, now)?;
        if ONCE.contains(&operation) {
            let used = &mut lock(&self.state).used;
            used.retain(|_, until| *until >= now.seconds());
            let before = used.insert(opened.claims.jti.clone(), opened.claims.exp);
            if before.is_some() && !mode.has(Flaw::TakesJtiTwice) {
                return Err("jti já usado".to_owned());
            }
        }
        Ok(opened)
    }

    /// What is answered by order, before anything is looked at.
    fn ordered_otherwise(&self, call: Call<'_>) -> Option<Said> {
        let course = self.course();
        let mut state = lock(&self.state);
        if call.operation == "/payments"
            && let Some(key) = call.key
        {
            *state.calls.entry(key.to_owned()).or_default() += 1;
        }
        let State { orders, dice, .. } = &mut *state;
        if let Some(Behaviour::Down { told }) = orders.strike(Part::Reach, call, dice, course) {
            let said = Said::refused(503, "NAO_EXECUTADO", "fora do ar");
            return Some(Said { signed: told, ..said });
        }
        match orders.strike(Part::Judgement, call, dice, course) {
            Some(Behaviour::Refuse(reason)) => Some(Said::refused(422, &reason.code, &reason.detail)),
            _ => None,
        }
    }

    fn done(&self, operation: &str, body: &Value, races: bool) -> Said {
        let (now, course) = (self.now(), self.course());
        let state = &mut *lock(&self.state);
        state.advance(course);
        let done = match operation {
            "/account-discovery" => read(body).map(|asked| operations::discovery(state, &asked)),
            "/payment-validation" => read(body).map(|asked| operations::validation(state, &asked, course)),
            "/payments" => read(body)
                .map(|asked: contract::Execution| operations::payments(state, &asked, (now, course), races)),
            "/find" => read(body).map(|asked| operations::find(state, &asked, course)),
            "/cancellation" => read(body).map(|asked| operations::cancellation(state, &asked, course)),
            _ => read(body).map(|asked| operations::books(state, &asked, course)),
        };
        done.unwrap_or_else(|problem| invalid(&problem))
    }

    /// A UUID as its dice have it.
    fn fresh_id(&self) -> String {
        let digits = lock(&self.state).dice.id();
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
    }

    fn now(&self) -> Moment {
        Moment::from_millis((self.clock)().millis() + lock(&self.shift).ahead * 1_000)
    }

    /// The clock that payments go by.
    fn course(&self) -> Moment {
        self.now().plus(Duration::from_secs(lock(&self.shift).elapsed))
    }
}

fn read<T: DeserializeOwned>(body: &Value) -> Result<T, String> {
    serde_json::from_value(body.clone()).map_err(|problem| problem.to_string())
}

fn plain(said: &Said) -> Answered {
    Answered { status: said.status, body: said.body.to_string(), signed: false }
}

/// Controls.
impl PaymentCore {
    /// Everything that was paid and is there, added up.
    #[must_use]
    pub fn books(&self) -> Books {
        self.seen(|state| state.ledger.books())
    }

    /// Every transfer, the oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.seen(|state| state.ledger.entries().to_vec())
    }

    /// Every payment that it took, the oldest first.
    #[must_use]
    pub fn payments(&self) -> Vec<Payment> {
        self.seen(|state| state.payments.clone())
    }

    /// Cents on every account, by its text.
    #[must_use]
    pub fn balances(&self) -> Vec<(Account, i64)> {
        self.seen(|state| {
            let of = state.ledger.balances().iter();
            of.map(|(account, balance)| (account.clone(), balance.now)).collect()
        })
    }

    /// How often `/payments` was called under a key.
    #[must_use]
    pub fn calls(&self, key: &str) -> u32 {
        lock(&self.state).calls.get(key).copied().unwrap_or_default()
    }

    /// Adds an order behind those in force.
    pub fn order(&self, order: Order) {
        let now = self.course();
        lock(&self.state).orders.add(order, now);
    }

    /// The orders in force.
    #[must_use]
    pub fn orders(&self) -> Vec<Order> {
        lock(&self.state).orders.list().into_iter().cloned().collect()
    }

    /// Takes all orders back.
    pub fn clear_orders(&self) {
        lock(&self.state).orders.clear();
    }

    /// How it is as a whole.
    #[must_use]
    pub fn mode(&self) -> Mode {
        lock(&self.state).mode.clone()
    }

    /// Makes it so as a whole.
    pub fn become_mode(&self, mode: Mode) {
        lock(&self.state).mode = mode;
    }

    /// Other limits.
    pub fn limit(&self, limits: Limits) {
        lock(&self.state).limits = limits;
    }

    /// Registers, moves or deletes a key of the directory.
    pub fn register(&self, proxy: &str, key: PixKey) {
        lock(&self.state).keys.set(proxy.to_owned(), key);
    }

    /// The keys of the directory.
    #[must_use]
    pub fn pix_keys(&self) -> Vec<(String, PixKey)> {
        self.seen(|state| state.keys.all().iter().map(|(name, key)| (name.clone(), key.clone())).collect())
    }

    /// Lets held payments with this key go on, or ends them; how many there were.
    pub fn release(&self, key: &str, approved: bool) -> usize {
        let now = self.course();
        lock(&self.state).release(key, approved, now)
    }

    /// Cents from outside.
    pub fn deposit(&self, account: Account, cents: u64) {
        let now = self.course();
        lock(&self.state).deposit(account, cents, now);
    }

    /// Its clock is so many seconds ahead of the one it was given, or behind.
    pub fn shift_clock(&self, seconds: i64) {
        lock(&self.shift).ahead = seconds;
    }

    /// Its payments are so many seconds older.
    pub fn elapse(&self, seconds: u64) {
        lock(&self.shift).elapsed += seconds;
        drop(self.books());
    }

    /// Payments whose status Ponte has not been told yet; it counts as told from now on.
    pub fn news(&self) -> Vec<Payment> {
        let course = self.course();
        let mut state = lock(&self.state);
        state.advance(course);
        state.news()
    }

    fn seen<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        let course = self.course();
        let mut state = lock(&self.state);
        state.advance(course);
        look(&state)
    }
}
