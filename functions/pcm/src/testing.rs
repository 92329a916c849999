//! Ports in memory that fail where a test says so.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use ponte_domain::outbox::{Lease, PendingRow, Ticket};
use ponte_domain::ports::{Backlog, Clock, Platform, PlatformAnswer, PortError, Tickets, Verdict};
use ponte_values::Moment;

/// An outbox in memory.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) rows: Mutex<BTreeMap<(u8, String), PendingRow>>,
    pub(crate) parked: Mutex<BTreeMap<String, String>>,
    pub(crate) leases: Mutex<BTreeMap<u8, Lease>>,
    /// Calls of `done` that die instead of deleting.
    pub(crate) dying_dones: Mutex<usize>,
    /// Calls of `take_lease` that die instead of noting.
    pub(crate) dying_leases: Mutex<usize>,
}

impl Memory {
    pub(crate) fn add(&self, shard: u8, row: PendingRow) {
        self.rows.lock().unwrap().insert((shard, row.sort_key.clone()), row);
    }

    pub(crate) fn pending(&self) -> usize {
        self.rows.lock().unwrap().len()
    }
}

pub(crate) fn row(key: &str, path: &str) -> PendingRow {
    PendingRow { sort_key: key.to_owned(), path: path.to_owned(), body: format!("{{\"key\":\"{key}\"}}") }
}

fn dies(left: &Mutex<usize>) -> Result<(), PortError> {
    let mut left = left.lock().unwrap();
    if *left == 0 {
        return Ok(());
    }
    *left -= 1;
    Err(PortError::new("memory", "died on purpose"))
}

#[async_trait]
impl Backlog for Memory {
    async fn lease(&self, shard: u8) -> Result<Option<Lease>, PortError> {
        Ok(self.leases.lock().unwrap().get(&shard).cloned())
    }

    async fn take_lease(&self, shard: u8, before: Option<&Lease>, after: &Lease) -> Result<bool, PortError> {
        dies(&self.dying_leases)?;
        let mut leases = self.leases.lock().unwrap();
        let free = leases.get(&shard) == before;
        if free {
            leases.insert(shard, after.clone());
        }
        Ok(free)
    }

    async fn keys(&self, shard: u8, after: Option<&str>, limit: usize) -> Result<Vec<String>, PortError> {
        let rows = self.rows.lock().unwrap();
        let keys =
            rows.keys().filter(|(of, key)| *of == shard && after.is_none_or(|after| key.as_str() > after));
        Ok(keys.take(limit).map(|(_, key)| key.clone()).collect())
    }

    async fn rows(&self, ticket: &Ticket) -> Result<Vec<PendingRow>, PortError> {
        let rows = self.rows.lock().unwrap();
        let (from, to) = ((ticket.shard, ticket.from.clone()), (ticket.shard, ticket.to.clone()));
        Ok(rows.range(from..=to).map(|(_, row)| row.clone()).collect())
    }

    async fn done(&self, shard: u8, sort_keys: &[String]) -> Result<(), PortError> {
        dies(&self.dying_dones)?;
        let mut rows = self.rows.lock().unwrap();
        for key in sort_keys {
            rows.remove(&(shard, key.clone()));
        }
        Ok(())
    }

    async fn park(&self, shard: u8, row: &PendingRow, reason: &str) -> Result<(), PortError> {
        self.rows.lock().unwrap().remove(&(shard, row.sort_key.clone()));
        self.parked.lock().unwrap().insert(row.sort_key.clone(), reason.to_owned());
        Ok(())
    }
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
        dies(&self.dying_sends)?;
        self.tickets.lock().unwrap().extend_from_slice(tickets);
        Ok(())
    }
}

/// A platform that answers by rule and remembers what it took.
pub(crate) struct Script {
    pub(crate) rule: fn(usize, &[&str]) -> PlatformAnswer,
    /// Path and items of every call.
    pub(crate) calls: Mutex<Vec<(String, Vec<String>)>>,
}

impl Script {
    pub(crate) fn new(rule: fn(usize, &[&str]) -> PlatformAnswer) -> Self {
        Self { rule, calls: Mutex::default() }
    }

    pub(crate) fn sizes(&self) -> Vec<usize> {
        self.calls.lock().unwrap().iter().map(|(_, items)| items.len()).collect()
    }
}

/// Takes everything.
pub(crate) fn accept(items: &[&str]) -> PlatformAnswer {
    PlatformAnswer::Items(vec![Verdict::Accepted; items.len()])
}

#[async_trait]
impl Platform for Script {
    async fn post(&self, path: &str, items: &[&str]) -> Result<PlatformAnswer, PortError> {
        let mut calls = self.calls.lock().unwrap();
        calls.push((path.to_owned(), items.iter().map(|item| (*item).to_owned()).collect()));
        Ok((self.rule)(calls.len(), items))
    }
}

/// A clock that a test moves.
#[derive(Default)]
pub(crate) struct Hand(pub(crate) Mutex<i64>);

impl Hand {
    pub(crate) fn forward(&self, seconds: i64) {
        *self.0.lock().unwrap() += seconds * 1000;
    }
}

impl Clock for Hand {
    fn now(&self) -> Moment {
        Moment::from_millis(*self.0.lock().unwrap())
    }
}
