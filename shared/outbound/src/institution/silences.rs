//! Calls without an answer that one environment has seen in a row: of an operation, and of a client at it.

use std::collections::HashMap;
use std::time::Duration;

use ponte_values::Moment;

/// Calls without an answer that lie further apart have nothing to do with each other.
pub(super) const MEMORY: Duration = Duration::from_mins(1);
/// Most clients that are remembered of all operations.
const CLIENTS_MAX: usize = 500;

/// What was seen.
#[derive(Default)]
pub(super) struct Silences {
    operations: HashMap<&'static str, Silence>,
    clients: HashMap<(&'static str, String), Silence>,
}

struct Silence {
    calls: u32,
    last: Moment,
    /// The client of the first of them.
    client: String,
    /// Whether there were others among them.
    several: bool,
}

/// How many calls in a row had no answer.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    /// Of the operation, nobody was answered between them.
    pub(super) all: u32,
    /// Of the client, it was not answered between them.
    pub(super) own: u32,
    /// Whether those of the operation were of more than one client.
    pub(super) several: bool,
}

impl Counts {
    /// Whether so many are enough to say something of the layer, or of what it does for the client.
    pub(super) const fn reach(self, calls: u32) -> bool {
        self.own >= calls || (self.several && self.all >= calls)
    }
}

impl Silences {
    pub(super) fn of(&self, operation: &'static str, client: &str, now: Moment) -> Counts {
        if self.operations.is_empty() && self.clients.is_empty() {
            return Counts { all: 0, own: 0, several: false };
        }
        let all = self.operations.get(operation).filter(|silence| silence.counts(now));
        let own = self.clients.get(&(operation, client.to_owned())).filter(|silence| silence.counts(now));
        Counts {
            all: all.map_or(0, |silence| silence.calls),
            own: own.map_or(0, |silence| silence.calls),
            several: all.is_some_and(|silence| silence.several),
        }
    }

    /// A call of the client was answered.
    pub(super) fn answered(&mut self, operation: &'static str, client: &str) {
        self.operations.remove(operation);
        if !self.clients.is_empty() {
            self.clients.remove(&(operation, client.to_owned()));
        }
    }

    /// A call of the client was not.
    pub(super) fn silence(&mut self, operation: &'static str, client: &str, now: Moment) {
        if self.clients.len() >= CLIENTS_MAX {
            self.clients.retain(|_, silence| silence.counts(now));
        }
        let fresh = || Silence { calls: 0, last: now, client: client.to_owned(), several: false };
        let all = self.operations.entry(operation).or_insert_with(fresh);
        all.add(client, now);
        self.clients.entry((operation, client.to_owned())).or_insert_with(fresh).add(client, now);
    }
}

impl Silence {
    fn counts(&self, now: Moment) -> bool {
        self.last <= now && now < self.last.plus(MEMORY)
    }

    fn add(&mut self, client: &str, now: Moment) {
        if !self.counts(now) {
            *self = Self { calls: 0, last: now, client: client.to_owned(), several: false };
        }
        self.calls = self.calls.saturating_add(1);
        self.several |= self.client != client;
        self.last = now;
    }
}
