//! Ports in memory that die where a test says so.

mod memory;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ponte_catalog::pcm::EndpointList;
use ponte_metrics::ledger::check::Filed;
use ponte_metrics::outbox::{PendingRow, Ticket};
use ponte_metrics::ports::{Later, Platform, PlatformAnswer, Tickets};
use ponte_metrics::report::PRIVATE_REPORT;
use ponte_metrics::verdict::Verdict;
use ponte_ports::outbox::shard_of;
use ponte_ports::{Clock, Ids, Pauses, PortError};
use ponte_values::Moment;
use serde_json::json;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::ports::Ports;
pub(crate) use memory::Memory;

/// When the tests begin: noon in Brasília.
pub(crate) const NOON: &str = "2026-03-01T15:00:00.000Z";

pub(crate) fn noon() -> Moment {
    Moment::parse(NOON).unwrap()
}

/// A process that dies at a port call of the test's choice, with or without the effect of that call.
#[derive(Default)]
pub(crate) struct Fuse(Mutex<Burning>);

#[derive(Default)]
struct Burning {
    left: Option<usize>,
    after_effect: bool,
    /// Only the call fails, the process goes on.
    survives: bool,
    dead: bool,
}

impl Fuse {
    /// Dies at the call after `calls` more.
    pub(crate) fn light(&self, calls: usize, after_effect: bool) {
        *self.0.lock().unwrap() = Burning { left: Some(calls), after_effect, ..Burning::default() };
    }

    /// The call after `calls` more has its effect, but its answer is lost.
    pub(crate) fn lose_answer(&self, calls: usize) {
        let burning = Burning { left: Some(calls), after_effect: true, survives: true, dead: false };
        *self.0.lock().unwrap() = burning;
    }

    /// A new process.
    pub(crate) fn replace(&self) {
        *self.0.lock().unwrap() = Burning::default();
    }

    fn call<T>(&self, effect: impl FnOnce() -> T) -> Result<T, PortError> {
        let died = || PortError::new("memory", "died on purpose");
        let mut burning = self.0.lock().unwrap();
        if burning.dead {
            return Err(died());
        }
        match burning.left {
            Some(0) => {
                burning.dead = !burning.survives;
                burning.left = None;
                if burning.after_effect {
                    effect();
                }
                Err(died())
            }
            Some(left) => {
                burning.left = Some(left - 1);
                Ok(effect())
            }
            None => Ok(effect()),
        }
    }
}

/// A report of a call to a listed endpoint at noon, whose key sorts by `name`.
pub(crate) fn row(name: &str) -> PendingRow {
    row_at(name, noon())
}

pub(crate) fn row_at(name: &str, at: Moment) -> PendingRow {
    let body = json!({
        "fapiInteractionId": name,
        "endpoint": "/open-banking/accounts/v2/accounts",
        "httpMethod": "GET",
        "statusCode": 200,
        "timestamp": at.with_millis(),
        "role": "SERVER",
    });
    PendingRow {
        sort_key: format!("{}#{name}", at.with_millis()),
        path: PRIVATE_REPORT.to_owned(),
        body: body.to_string(),
        ..PendingRow::default()
    }
}

/// The same in the shard that its id belongs to.
pub(crate) fn placed(name: &str) -> (u8, PendingRow) {
    (shard_of(name), row(name))
}

/// The ids of posted items.
pub(crate) fn names(items: &[String]) -> Vec<String> {
    let name = |item: &String| {
        serde_json::from_str::<serde_json::Value>(item).unwrap()["fapiInteractionId"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    items.iter().map(name).collect()
}

/// A queue in memory.
#[derive(Default)]
pub(crate) struct Queue {
    pub(crate) tickets: Mutex<Vec<Ticket>>,
    pub(crate) dying_sends: Mutex<usize>,
}

impl Queue {
    pub(crate) fn take(&self) -> Vec<Ticket> {
        std::mem::take(&mut *self.tickets.lock().unwrap())
    }
}

#[async_trait]
impl Tickets for Queue {
    async fn send(&self, tickets: &[Ticket]) -> Result<(), PortError> {
        let mut dying = self.dying_sends.lock().unwrap();
        if *dying > 0 {
            *dying -= 1;
            return Err(PortError::new("queue", "refused on purpose"));
        }
        self.tickets.lock().unwrap().extend_from_slice(tickets);
        Ok(())
    }
}

type Rule = dyn Fn(usize, &[&str]) -> PlatformAnswer + Send + Sync;

/// A platform that answers by rule and remembers what it took.
pub(crate) struct Script {
    rule: Box<Rule>,
    fuse: Arc<Fuse>,
    /// Path and items of every call.
    pub(crate) calls: Mutex<Vec<(String, Vec<String>)>>,
    /// What it shows of an interaction.
    pub(crate) filed: Mutex<BTreeMap<String, Vec<Filed>>>,
}

impl Script {
    pub(crate) fn sizes(&self) -> Vec<usize> {
        self.calls.lock().unwrap().iter().map(|(_, items)| items.len()).collect()
    }

    /// The interaction ids of every call.
    pub(crate) fn names(&self) -> Vec<Vec<String>> {
        self.calls.lock().unwrap().iter().map(|(_, items)| names(items)).collect()
    }
}

/// Takes everything.
pub(crate) fn accept(items: &[&str]) -> PlatformAnswer {
    PlatformAnswer::Items(vec![Verdict::Accepted; items.len()])
}

pub(crate) fn later(reason: &str, after: Option<u64>) -> PlatformAnswer {
    PlatformAnswer::Later(Later { reason: reason.to_owned(), after: after.map(Duration::from_secs) })
}

#[async_trait]
impl Platform for Script {
    async fn post(&self, path: &str, items: &[&str]) -> Result<PlatformAnswer, PortError> {
        self.fuse.call(|| {
            let mut calls = self.calls.lock().unwrap();
            calls.push((path.to_owned(), items.iter().map(|item| (*item).to_owned()).collect()));
            (self.rule)(calls.len(), items)
        })
    }

    async fn find(&self, interaction: &str) -> Result<Vec<Filed>, PortError> {
        self.fuse.call(|| self.filed.lock().unwrap().get(interaction).cloned().unwrap_or_default())
    }
}

/// A clock that a test moves, and that pauses move too.
#[derive(Default)]
pub(crate) struct Hand {
    millis: Mutex<i64>,
    /// By how much every look moves it.
    step: Mutex<i64>,
    pub(crate) pauses: Mutex<Vec<Duration>>,
}

impl Hand {
    pub(crate) fn forward(&self, seconds: i64) {
        *self.millis.lock().unwrap() += seconds * 1000;
    }
}

impl Hand {
    /// From now on every look is so many seconds after the one before.
    pub(crate) fn hurry(&self, seconds: i64) {
        *self.step.lock().unwrap() = seconds * 1000;
    }
}

impl Clock for Hand {
    fn now(&self) -> Moment {
        let mut millis = self.millis.lock().unwrap();
        *millis += *self.step.lock().unwrap();
        Moment::from_millis(noon().millis() + *millis)
    }
}

#[async_trait]
impl Pauses for Hand {
    async fn pause(&self, span: Duration) {
        *self.millis.lock().unwrap() += i64::try_from(span.as_millis()).unwrap();
        self.pauses.lock().unwrap().push(span);
    }
}

/// Ids that differ; the two digits in front are as high as chance can be.
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Ids for Counting {
    fn uuid(&self) -> String {
        format!("ff{:06x}-0000-4000-8000-000000000000", self.0.fetch_add(1, Ordering::SeqCst))
    }

    fn secret(&self) -> String {
        "secret".to_owned()
    }
}

/// Log lines of a test.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Keeps what this thread logs until the guard goes.
    pub(crate) fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let sink = self.clone();
        let layer = tracing_subscriber::fmt::layer().json().with_writer(move || sink.clone());
        tracing::subscriber::set_default(tracing_subscriber::registry().with(layer))
    }

    pub(crate) fn read(&self) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Everything around the function.
pub(crate) struct World {
    pub(crate) memory: Arc<Memory>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) platform: Arc<Script>,
    pub(crate) clock: Arc<Hand>,
    pub(crate) ports: Arc<Ports>,
}

pub(crate) fn world(rule: impl Fn(usize, &[&str]) -> PlatformAnswer + Send + Sync + 'static) -> World {
    let (memory, queue, clock) = (Arc::<Memory>::default(), Arc::<Queue>::default(), Arc::<Hand>::default());
    let platform = Arc::new(Script {
        rule: Box::new(rule),
        fuse: memory.fuse.clone(),
        calls: Mutex::default(),
        filed: Mutex::default(),
    });
    let ports = Arc::new(Ports {
        backlog: memory.clone(),
        tickets: queue.clone(),
        settlements: memory.clone(),
        ledger: memory.clone(),
        platform: platform.clone(),
        clock: clock.clone(),
        ids: Arc::new(Counting::default()),
        pauses: clock.clone(),
        endpoints: EndpointList::built_in(),
    });
    World { memory, queue, platform, clock, ports }
}
