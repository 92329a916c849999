//! Outbox, archive and ledger in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ponte_metrics::ledger::check::Check;
use ponte_metrics::ledger::shard_leases::{ArchivePartKey, ShardLeases};
use ponte_metrics::ledger::{Counts, Line, LineKey};
use ponte_metrics::outbox::{Lease, PendingRow, Ticket, day_of, first_attempt, shard_of_key};
use ponte_metrics::ports::{
    ArchivePart, Backlog, Ledger, ParkedRow, Settlement, Settlements, Slice, WaitingReports,
};
use ponte_ports::audit::AuditEntry;
use ponte_ports::outbox::OutboxRow;
use ponte_ports::{PortError, Trail};
use ponte_values::{ConsentId, Date, Moment};

use super::fuse::Fuse;

#[derive(Default)]
pub(crate) struct State {
    pub(crate) rows: BTreeMap<(u8, String), PendingRow>,
    /// Consents whose facts rows wait for, by the key of the row.
    pub(crate) held: BTreeMap<String, ConsentId>,
    pub(crate) leases: BTreeMap<u8, Lease>,
    pub(crate) boards: BTreeMap<u8, ShardLeases>,
    pub(crate) parts: BTreeMap<ArchivePartKey, ArchivePart>,
    pub(crate) lines: BTreeMap<LineKey, Counts>,
    pub(crate) parked: BTreeMap<String, ParkedRow>,
    pub(crate) markers: BTreeMap<String, String>,
    pub(crate) checks: BTreeMap<Date, Check>,
    pub(crate) audit: Vec<AuditEntry>,
}

/// Outbox and ledger in memory.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) state: Mutex<State>,
    pub(crate) fuse: Arc<Fuse>,
}

impl Memory {
    fn call<T>(&self, effect: impl FnOnce(&mut State) -> T) -> Result<T, PortError> {
        self.fuse.call(|| effect(&mut self.state.lock().unwrap()))
    }

    pub(crate) fn add(&self, shard: u8, row: PendingRow) {
        self.state.lock().unwrap().rows.insert((shard, row.sort_key.clone()), row);
    }

    pub(crate) fn pending(&self) -> usize {
        self.state.lock().unwrap().rows.len()
    }

    pub(crate) fn parked_reasons(&self) -> BTreeMap<String, String> {
        let state = self.state.lock().unwrap();
        state.parked.iter().map(|(key, parked)| (key.clone(), parked.reason.clone())).collect()
    }

    /// All lines together.
    pub(crate) fn counts(&self) -> Counts {
        let mut sum = Counts::default();
        self.state.lock().unwrap().lines.values().for_each(|counts| sum += *counts);
        sum
    }
}

#[async_trait]
impl Backlog for Memory {
    async fn lease(&self, shard: u8) -> Result<Option<Lease>, PortError> {
        self.call(|state| state.leases.get(&shard).cloned())
    }

    async fn take_lease(&self, shard: u8, before: Option<&Lease>, after: &Lease) -> Result<bool, PortError> {
        self.call(|state| {
            let free = state.leases.get(&shard) == before;
            if free {
                state.leases.insert(shard, after.clone());
            }
            free
        })
    }

    async fn keys(&self, shard: u8, after: Option<&str>, limit: usize) -> Result<Vec<String>, PortError> {
        self.call(|state| {
            let keys = state.rows.keys();
            let keys =
                keys.filter(|(of, key)| *of == shard && after.is_none_or(|after| key.as_str() > after));
            keys.take(limit).map(|(_, key)| key.clone()).collect()
        })
    }

    async fn rows(&self, ticket: &Ticket) -> Result<Vec<PendingRow>, PortError> {
        let (from, to) = ((ticket.shard, ticket.from.clone()), (ticket.shard, ticket.to.clone()));
        self.call(|state| state.rows.range(from..=to).map(|(_, row)| row.clone()).collect())
    }

    async fn has(&self, sort_key: &str) -> Result<bool, PortError> {
        let shard = shard_of_key(sort_key);
        self.call(|state| {
            let pending = |(of, key): &(u8, String)| *of == shard && first_attempt(key) == sort_key;
            state.held.contains_key(sort_key) || state.rows.keys().any(pending)
        })
    }

    async fn done(&self, shard: u8, sort_keys: &[String]) -> Result<(), PortError> {
        self.call(|state| {
            for key in sort_keys {
                state.rows.remove(&(shard, key.clone()));
            }
        })
    }

    async fn waiting(&self, day: Date) -> Result<WaitingReports, PortError> {
        self.call(|state| {
            let mut waiting = WaitingReports::default();
            for row in state.rows.values().filter(|row| day_of(&row.sort_key) == Some(day)) {
                *if row.repeat { &mut waiting.repeats } else { &mut waiting.pending } += 1;
            }
            waiting
        })
    }
}

#[async_trait]
impl Settlements for Memory {
    async fn leases(&self, shard: u8) -> Result<ShardLeases, PortError> {
        self.call(|state| state.boards.get(&shard).cloned().unwrap_or_default())
    }

    async fn replace_leases(&self, shard: u8, after: &ShardLeases) -> Result<bool, PortError> {
        self.call(|state| {
            let stored = state.boards.entry(shard).or_default();
            let next = stored.version + 1 == after.version;
            if next {
                *stored = after.clone();
            }
            next
        })
    }

    async fn settle(&self, settlement: &Settlement) -> Result<Option<Vec<ArchivePartKey>>, PortError> {
        self.call(|state| {
            let (first, last) = (settlement.items.first()?, settlement.items.last()?);
            let day = day_of(&first.row.sort_key)?;
            let key = format!("{}!{}", first.row.sort_key, last.row.sort_key);
            let key = ArchivePartKey { day: day.to_string(), key };
            let leases = state.boards.get(&settlement.shard)?;
            let after = leases.with_parts(&settlement.owner, std::slice::from_ref(&key))?;
            state.boards.insert(settlement.shard, after);
            for item in &settlement.items {
                *state.lines.entry(LineKey::of(&item.row)).or_default() += item.counts(day, settlement.at);
            }
            let part = ArchivePart { key: key.clone(), at: settlement.at, items: settlement.items.clone() };
            assert!(state.parts.insert(key.clone(), part).is_none(), "a part is written once");
            Some(vec![key])
        })
    }

    async fn part(&self, key: &ArchivePartKey) -> Result<Option<ArchivePart>, PortError> {
        self.call(|state| state.parts.get(key).cloned())
    }

    async fn park(&self, shard: u8, row: &PendingRow, reason: &str, now: Moment) -> Result<bool, PortError> {
        let place = (shard, row.sort_key.clone());
        self.call(|state| {
            let there = state.rows.remove(&place).is_some();
            if there {
                let parked = ParkedRow { row: row.clone(), reason: reason.to_owned(), at: now };
                state.parked.insert(row.sort_key.clone(), parked);
                state.lines.entry(LineKey::of(row)).or_default().parked += 1;
            }
            there
        })
    }

    async fn mend(&self, shard: u8, row: &PendingRow, mended: &PendingRow) -> Result<bool, PortError> {
        self.call(|state| {
            let there = state.rows.remove(&(shard, row.sort_key.clone())).is_some();
            if there {
                state.rows.insert((shard_of_key(&mended.sort_key), mended.sort_key.clone()), mended.clone());
            }
            there
        })
    }
}

#[async_trait]
impl Ledger for Memory {
    async fn lines(&self, day: Date) -> Result<Vec<Line>, PortError> {
        self.call(|state| {
            let lines = state.lines.iter().filter(|(key, _)| key.day == day);
            lines
                .map(|(key, counts)| Line { key: key.clone(), counts: *counts, first: None, last: None })
                .collect()
        })
    }

    async fn correct(
        &self,
        lines: &[(LineKey, Counts, Counts)],
        _: Moment,
        trail: &Trail,
    ) -> Result<(), PortError> {
        self.call(|state| {
            state.audit.extend(trail.audit.iter().cloned());
            for (key, from, to) in lines {
                let stored = state.lines.entry(key.clone()).or_default();
                let (now, from, to) = (stored.fields(), from.fields(), to.fields());
                *stored =
                    Counts::of(std::array::from_fn(|i| now[i].wrapping_add(to[i]).wrapping_sub(from[i])));
            }
        })
    }

    async fn archive(&self, day: Date, after: Option<&str>) -> Result<Slice<ArchivePart>, PortError> {
        self.call(|state| {
            let day = day.to_string();
            let parts = state.parts.values().filter(|part| part.key.day == day);
            let mut parts =
                parts.filter(|part| after.is_none_or(|after| part.key.key.as_str() > after)).cloned();
            let found = parts.by_ref().take(2).collect::<Vec<_>>();
            let next = parts.next().and(found.last()).map(|part| part.key.key.clone());
            Slice { found, next }
        })
    }

    async fn archived(&self, day: Date, keys: &BTreeSet<String>) -> Result<BTreeSet<String>, PortError> {
        self.call(|state| {
            let day = day.to_string();
            let parts = state.parts.values().filter(|part| part.key.day == day);
            let rows = parts.flat_map(|part| &part.items).map(|item| first_attempt(&item.row.sort_key));
            rows.filter_map(|key| keys.get(key).cloned()).collect()
        })
    }

    async fn restore(
        &self,
        row: &PendingRow,
        waits_for: Option<&ConsentId>,
        _: Moment,
    ) -> Result<bool, PortError> {
        let (place, marker) = ((shard_of_key(&row.sort_key), row.sort_key.clone()), row.sort_key.clone());
        self.call(|state| {
            let free = !state.rows.contains_key(&place) && !state.markers.contains_key(&marker);
            if free {
                state.markers.insert(marker, place.1.clone());
                match waits_for {
                    None => drop(state.rows.insert(place, row.clone())),
                    Some(consent) => drop(state.held.insert(place.1, consent.clone())),
                }
            }
            free
        })
    }

    async fn parked(
        &self,
        day: Option<Date>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<ParkedRow>, PortError> {
        self.call(|state| {
            let parked =
                state.parked.values().filter(|parked| day.is_none() || day_of(&parked.row.sort_key) == day);
            let mut parked =
                parked.filter(|one| after.is_none_or(|after| one.row.sort_key.as_str() > after)).cloned();
            let found = parked.by_ref().take(limit).collect::<Vec<_>>();
            let next = parked.next().and(found.last()).map(|one| one.row.sort_key.clone());
            Slice { found, next }
        })
    }

    async fn unpark(&self, parked: &ParkedRow, row: &PendingRow, _: Moment) -> Result<bool, PortError> {
        self.call(|state| {
            let there = state.parked.remove(&parked.row.sort_key).is_some();
            if there {
                state.rows.insert((shard_of_key(&row.sort_key), row.sort_key.clone()), row.clone());
                state.lines.entry(LineKey::of(&parked.row)).or_default().parked -= 1;
            }
            there
        })
    }

    async fn resend(&self, rows: &[PendingRow]) -> Result<(), PortError> {
        self.call(|state| {
            for row in rows {
                state.rows.insert((shard_of_key(&row.sort_key), row.sort_key.clone()), row.clone());
            }
        })
    }

    async fn resend_one(&self, row: &PendingRow, trail: &Trail) -> Result<(), PortError> {
        self.call(|state| {
            state.audit.extend(trail.audit.iter().cloned());
            state.rows.insert((shard_of_key(&row.sort_key), row.sort_key.clone()), row.clone());
        })
    }

    async fn order(&self, trail: &Trail) -> Result<(), PortError> {
        self.call(|state| state.audit.extend(trail.audit.iter().cloned()))
    }

    async fn add_once(&self, row: &OutboxRow, marker: &str) -> Result<bool, PortError> {
        self.call(|state| {
            if state.markers.insert(marker.to_owned(), row.id.clone()).is_some() {
                return false;
            }
            let pending = PendingRow {
                sort_key: row.sort_key(),
                path: row.path.to_owned(),
                body: row.body.clone(),
                ..PendingRow::default()
            };
            state.rows.insert((row.shard(), pending.sort_key.clone()), pending);
            true
        })
    }

    async fn check(&self, day: Date) -> Result<Option<Check>, PortError> {
        self.call(|state| state.checks.get(&day).cloned())
    }

    async fn keep_check(&self, day: Date, check: &Check) -> Result<(), PortError> {
        self.call(|state| {
            state.checks.insert(day, check.clone());
        })
    }
}
