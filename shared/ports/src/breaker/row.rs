//! The row of an operation, and what it lets through.

use std::time::Duration;

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use super::limits::{CLIENTS, LONGEST_PAUSE, PAUSE, PROBE, SKEW, SLOT, SLOTS, SLOTS_OF_CLIENT};

/// What the environments know together of an operation that did not answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BreakerRow {
    /// Operation of the integration layer: `/accounts/balances`.
    pub operation: String,
    /// Counts the changes, from 1.
    pub version: u64,
    /// Time of the last change.
    pub changed_at: Moment,
    /// While it is open: until when nobody asks. Absent while it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_until: Option<Moment>,
    /// Pauses so far without an answer between them.
    #[serde(default)]
    pub pauses: u32,
    /// The environments that go on asking.
    #[serde(default)]
    pub slots: Vec<Slot>,
    /// The clients that are held back, because their own questions had no answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<HeldClient>,
}

/// The place of one environment among those that go on asking.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Slot {
    /// Id of the environment.
    pub environment: String,
    /// When it is free again.
    pub until: Moment,
    /// The client whose question took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

/// A client whose questions of this operation had no answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HeldClient {
    /// The client.
    pub client: String,
    /// Until when it does not ask; after that one question of it goes through, while the breaker is open a pause later.
    pub until: Moment,
    /// Pauses so far without an answer between them.
    pub pauses: u32,
}

/// Who wants to ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asker<'a> {
    /// Id of the environment.
    pub environment: &'a str,
    /// The client on whose behalf it asks.
    pub client: &'a str,
    /// Whether its last calls had no answer.
    pub suspect: bool,
}

/// What a row lets an environment do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// Ask.
    Free,
    /// Ask if it is the one that takes the probe.
    Probe,
    /// Ask if it is the one that takes the probe of its client, which is held back.
    OwnProbe,
    /// Nobody asks, or nobody for this client; the next probe is this far off.
    Open(Duration),
    /// Enough others ask already.
    Full,
}

impl BreakerRow {
    /// The row of an operation that has none.
    #[must_use]
    pub fn new(operation: &str, now: Moment) -> Self {
        Self {
            operation: operation.to_owned(),
            version: 0,
            changed_at: now,
            open_until: None,
            pauses: 0,
            slots: Vec::new(),
            clients: Vec::new(),
        }
    }

    /// Whether somebody is held back by this row now, or the breaker waits for a probe. One that nobody has asked for since
    /// its longest pause is no trouble.
    #[must_use]
    pub fn is_troubled(&self, now: Moment) -> bool {
        let open = |until: Moment| now < until.plus(LONGEST_PAUSE);
        self.open_until.is_some_and(open)
            || self.live(now).next().is_some()
            || self.held(now).next().is_some()
    }

    /// What an environment may do for a client.
    #[must_use]
    pub fn admits(&self, asker: &Asker<'_>, now: Moment) -> Admission {
        // Set by a clock that is ahead of ours by more than clocks may be: as good as over.
        let ahead = self.changed_at > now.plus(SKEW);
        let left = |until: Moment, longest: Duration| {
            (!ahead && now < until && until <= now.plus(longest + SKEW)).then(|| until.since(now))
        };
        let own = self.clients.iter().find(|held| held.client == asker.client);
        let own_left = own.and_then(|held| left(held.until, 2 * LONGEST_PAUSE));
        match (self.open_until, own_left) {
            (None, Some(own)) => Admission::Open(own),
            (Some(until), own) => match left(until, LONGEST_PAUSE).max(own).max(self.behind(asker, now)) {
                Some(left) => Admission::Open(left),
                None => Admission::Probe,
            },
            (None, None) if own.is_some() => Admission::OwnProbe,
            (None, None) if asker.suspect && self.is_full_for(asker, now) => Admission::Full,
            (None, None) => Admission::Free,
        }
    }

    /// How long a client whose own questions had no answer lets the others go first with the probe: a whole pause after it is
    /// due, or two such clients would take it in turns and keep the breaker open for everybody.
    fn behind(&self, asker: &Asker<'_>, now: Moment) -> Option<Duration> {
        let until = self.open_until.filter(|until| *until <= now.plus(LONGEST_PAUSE + SKEW))?;
        let from = until.plus(pause(self.pauses.saturating_sub(1)));
        let ahead = self.changed_at > now.plus(SKEW);
        (!ahead && now < from && self.holds(asker.client, now)).then(|| from.since(now))
    }

    /// Whether the questions of a client other than this had no answer lately.
    #[must_use]
    pub fn holds_another(&self, client: &str, now: Moment) -> bool {
        self.held(now).any(|held| held.client != client)
    }

    /// Whether the client is held back, or was until a moment ago.
    #[must_use]
    pub fn holds(&self, client: &str, now: Moment) -> bool {
        self.held(now).any(|held| held.client == client)
    }

    /// The row after an environment took the probe: the others wait for its end.
    #[must_use]
    pub fn probed(&self, now: Moment) -> Self {
        Self { open_until: Some(now.plus(PROBE)), ..self.next(now) }
    }

    /// The row after calls without an answer opened the breaker, or the probe had none; the last of them was this client's.
    #[must_use]
    pub fn opened(&self, client: &str, now: Moment) -> Self {
        let pause = pause(self.pauses);
        let pauses = self.pauses.saturating_add(1);
        let before = self.held(now).find(|held| held.client == client).map_or(0, |held| held.pauses);
        let held = HeldClient {
            client: client.to_owned(),
            until: now.plus(2 * pause),
            pauses: before.saturating_add(1),
        };
        Self {
            open_until: Some(now.plus(pause)),
            pauses,
            slots: Vec::new(),
            clients: self.clients_with(held, now),
            ..self.next(now)
        }
    }

    /// The row after an answer to this client: everybody asks, but of another client that was held back one call first.
    #[must_use]
    pub fn closed(&self, client: &str, now: Moment) -> Self {
        let over = |held: &HeldClient| HeldClient { until: held.until.min(now), ..held.clone() };
        let clients = self.held(now).filter(|held| held.client != client).map(over).collect();
        Self { open_until: None, pauses: 0, slots: Vec::new(), clients, ..self.next(now) }
    }

    /// The row after a probe that came to nothing: the next call may take it.
    #[must_use]
    pub fn given_back(&self, now: Moment) -> Self {
        Self { open_until: self.open_until.map(|until| until.min(now)), ..self.next(now) }
    }

    /// The row after calls of a client had no answer, or its probe had none.
    #[must_use]
    pub fn client_held(&self, client: &str, now: Moment) -> Self {
        let before = self.held(now).find(|held| held.client == client).map_or(0, |held| held.pauses);
        let until = now.plus(pause(before));
        let held = HeldClient { client: client.to_owned(), until, pauses: before.saturating_add(1) };
        Self { clients: self.clients_with(held, now), ..self.next(now) }
    }

    /// The row after a client took its probe: its other calls wait for the end of it.
    #[must_use]
    pub fn client_probed(&self, client: &str, now: Moment) -> Self {
        self.client_until(client, now.plus(PROBE), now)
    }

    /// The row after the probe of a client came to nothing.
    #[must_use]
    pub fn client_given_back(&self, client: &str, now: Moment) -> Self {
        self.client_until(client, now, now)
    }

    /// The row after an answer to a client that was held back.
    #[must_use]
    pub fn client_answered(&self, client: &str, now: Moment) -> Self {
        let clients = self.held(now).filter(|held| held.client != client).cloned().collect();
        Self { clients, ..self.next(now) }
    }

    /// The row in which an environment has a slot; `None` if it has one that is young, or none is free.
    #[must_use]
    pub fn with_slot(&self, asker: &Asker<'_>, now: Moment) -> Option<Self> {
        let fresh = |slot: &Slot| slot.environment == asker.environment && slot.until > now.plus(SLOT / 2);
        if self.live(now).any(fresh) || self.is_full_for(asker, now) {
            return None;
        }
        let mut slots = self.live(now).cloned().collect::<Vec<_>>();
        let (environment, client) = (asker.environment.to_owned(), Some(asker.client.to_owned()));
        match slots.iter_mut().find(|slot| slot.environment == environment) {
            Some(own) => own.until = now.plus(SLOT),
            None => slots.push(Slot { environment, until: now.plus(SLOT), client }),
        }
        Some(Self { slots, ..self.next(now) })
    }

    fn next(&self, now: Moment) -> Self {
        Self { version: self.version + 1, changed_at: now, ..self.clone() }
    }

    /// The clients with this one in the place of what was known of it.
    fn clients_with(&self, held: HeldClient, now: Moment) -> Vec<HeldClient> {
        let mut clients: Vec<_> = self.held(now).filter(|one| one.client != held.client).cloned().collect();
        clients.sort_by_key(|one| one.until);
        let beyond = (clients.len() + 1).saturating_sub(CLIENTS);
        clients.drain(..beyond);
        clients.push(held);
        clients
    }

    fn client_until(&self, client: &str, until: Moment, now: Moment) -> Self {
        let change = |held: &HeldClient| {
            let until = if held.client == client { until } else { held.until };
            HeldClient { until, ..held.clone() }
        };
        Self { clients: self.held(now).map(change).collect(), ..self.next(now) }
    }

    fn is_full_for(&self, asker: &Asker<'_>, now: Moment) -> bool {
        let all = self.live(now).count();
        let own = self.live(now).filter(|slot| slot.client.as_deref() == Some(asker.client)).count();
        let has_one = self.live(now).any(|slot| slot.environment == asker.environment);
        !has_one && (all >= SLOTS || own >= SLOTS_OF_CLIENT)
    }

    fn live(&self, now: Moment) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(move |slot| now < slot.until && slot.until <= now.plus(SLOT + SKEW))
    }

    /// The clients that are not forgotten: nobody remembers one that has not asked since its longest pause, nor, while the
    /// breaker is open, since that of the breaker.
    fn held(&self, now: Moment) -> impl Iterator<Item = &HeldClient> {
        let latest = now.plus(2 * LONGEST_PAUSE + SKEW);
        let open = self.open_until;
        let known = move |held: &&HeldClient| {
            now < open.map_or(held.until, |open| open.max(held.until)).plus(LONGEST_PAUSE)
                && held.until <= latest
        };
        self.clients.iter().filter(known)
    }
}

/// The pause after so many without an answer.
fn pause(before: u32) -> Duration {
    PAUSE.saturating_mul(1 << before.min(8)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests;
