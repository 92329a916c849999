//! The circuit breaker around the calls of one environment: what it has seen itself, and what all of them share (T63).
//!
//! While the layer answers, the shared rows are read as often as the keys are, and nothing is written. A row is read again
//! when a call had no answer, and every [`TROUBLED`] while one is held back. Where the store does not answer in
//! [`PATIENCE`], the environment goes by what it knows alone.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ponte_ports::breaker::{Admission, BreakerRow, FAILURES, SUSPECT};
use ponte_ports::rotation::INTERVAL;
use ponte_ports::{Breakers, Clock, InstitutionFault, PortError, chain};
use ponte_values::Moment;
use tokio::time::timeout;

use super::answer::WHAT;

/// How old the shared rows may be while one of them holds somebody back.
const TROUBLED: Duration = Duration::from_secs(2);
/// Shortest time between two reads.
const COOLDOWN: Duration = Duration::from_secs(1);
/// How long a call waits for the store of the rows.
const PATIENCE: Duration = Duration::from_millis(300);
/// Calls without an answer that lie further apart have nothing to do with each other.
const MEMORY: Duration = Duration::from_mins(1);
/// Tries to change a row that others change too.
const TRIES: u32 = 3;
/// When those who are turned away because enough others ask may come back.
const SOON: Duration = Duration::from_secs(2);

/// The breakers of an institution, as one environment sees them.
pub struct Breaker {
    environment: String,
    shared: Arc<dyn Breakers>,
    clock: Arc<dyn Clock>,
    patience: Duration,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    rows: HashMap<String, BreakerRow>,
    read_at: Option<Moment>,
    /// Calls without an answer in a row, by operation.
    silences: HashMap<&'static str, Silence>,
}

#[derive(Clone, Copy)]
struct Silence {
    calls: u32,
    last: Moment,
}

/// How a call came through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Free,
    Probe,
}

impl Breaker {
    /// The breakers in `shared`, for the environment with this id, which is new each time.
    #[must_use]
    pub fn new(environment: String, shared: Arc<dyn Breakers>, clock: Arc<dyn Clock>) -> Self {
        Self { environment, shared, clock, patience: PATIENCE, seen: Mutex::default() }
    }

    /// Makes a call of `operation`, unless it is held back. `silent` says whether its outcome is no answer at all: any
    /// answer, whatever it says, is one.
    pub(super) async fn guard<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, InstitutionFault>>,
        silent: impl FnOnce(&Result<T, InstitutionFault>) -> bool,
    ) -> Result<T, InstitutionFault> {
        let pass = self.admit(operation).await?;
        let outcome = call.await;
        if silent(&outcome) {
            self.silence(operation, pass).await;
        } else {
            self.answered(operation, pass).await;
        }
        outcome
    }

    async fn admit(&self, operation: &'static str) -> Result<Pass, PortError> {
        let now = self.clock.now();
        self.look(now, None).await;
        let mut admission = self.admission(operation, now);
        if admission == Admission::Probe {
            // Another environment may have had its answer since we looked.
            self.look(now, Some(COOLDOWN)).await;
            admission = self.admission(operation, now);
        }
        match admission {
            Admission::Free => Ok(Pass::Free),
            Admission::Probe if self.takes_probe(operation, now).await => Ok(Pass::Probe),
            Admission::Probe => Err(open(SOON)),
            Admission::Open(left) => Err(open(left)),
            Admission::Full => {
                Err(PortError::overloaded(WHAT, format!("{operation}: enough others wait")).after(Some(SOON)))
            }
        }
    }

    fn admission(&self, operation: &'static str, now: Moment) -> Admission {
        let seen = self.lock();
        let suspect = seen.silences.get(operation).is_some_and(|silence| silence.counts(now) >= SUSPECT);
        let row = seen.rows.get(operation);
        row.map_or(Admission::Free, |row| row.admits(&self.environment, suspect, now))
    }

    async fn takes_probe(&self, operation: &'static str, now: Moment) -> bool {
        let row = self.row(operation, now).probed(now);
        self.store(row, now).await
    }

    /// The answer of the probe closes the breaker; one of a call that was under way before it opened says nothing.
    async fn answered(&self, operation: &'static str, pass: Pass) {
        let row = {
            let mut seen = self.lock();
            seen.silences.remove(operation);
            // Copied only where there is something to close: nothing is written while the layer answers.
            seen.rows.get(operation).filter(|row| pass == Pass::Probe && row.open_until.is_some()).cloned()
        };
        if let Some(row) = row {
            let now = self.clock.now();
            if self.store(row.closed(now), now).await {
                tracing::warn!(operation, "the integration layer answers again");
            }
        }
    }

    async fn silence(&self, operation: &'static str, pass: Pass) {
        let now = self.clock.now();
        let calls = self.count(operation, now);
        if pass == Pass::Free {
            self.look(now, Some(COOLDOWN)).await;
        }
        for _ in 0..TRIES {
            let row = self.row(operation, now);
            let opens = pass == Pass::Probe || (calls >= FAILURES && row.open_until.is_none());
            let next = if opens {
                Some(row.opened(now))
            } else if calls >= SUSPECT && row.open_until.is_none() {
                row.with_slot(&self.environment, now)
            } else {
                None
            };
            let Some(next) = next else { return };
            if self.store(next, now).await {
                if opens {
                    // The metric filter of the template counts the field.
                    tracing::error!(
                        breaker = operation,
                        "no answers of the integration layer, calls are turned away"
                    );
                }
                return;
            }
            self.look(now, Some(Duration::ZERO)).await;
        }
    }

    fn count(&self, operation: &'static str, now: Moment) -> u32 {
        let mut seen = self.lock();
        let before = seen.silences.get(operation).map_or(0, |silence| silence.counts(now));
        let calls = before.saturating_add(1);
        seen.silences.insert(operation, Silence { calls, last: now });
        calls
    }

    fn row(&self, operation: &'static str, now: Moment) -> BreakerRow {
        let known = self.lock().rows.get(operation).cloned();
        known.unwrap_or_else(|| BreakerRow::new(operation, now))
    }

    /// Reads the rows if the last look is older than `age`; without an age, as old as it may be for this state.
    async fn look(&self, now: Moment, age: Option<Duration>) {
        if !self.lock().take_turn(now, age) {
            return;
        }
        // Boxed: one call in many reads the rows, and the others need not carry its state.
        match Box::pin(timeout(self.patience, self.shared.rows())).await {
            Ok(Ok(rows)) => {
                let by_name = rows.into_iter().map(|row| (row.operation.clone(), row));
                self.lock().rows = by_name.collect();
            }
            Ok(Err(error)) => {
                tracing::warn!(chain = chain(&error), "breakers not read, the known ones count");
            }
            Err(_) => tracing::warn!("breakers not read in time, the known ones count"),
        }
    }

    /// Stores a row. It counts here also if the store does not take it; not if another environment was faster, whose row
    /// is read at the next look.
    async fn store(&self, row: BreakerRow, now: Moment) -> bool {
        let stored = match Box::pin(timeout(self.patience, self.shared.replace(&row))).await {
            Ok(Ok(stored)) => stored,
            Ok(Err(error)) => {
                tracing::warn!(chain = chain(&error), "breaker not stored, it counts here alone");
                true
            }
            Err(_) => {
                tracing::warn!("breaker not stored in time, it counts here alone");
                true
            }
        };
        let mut seen = self.lock();
        if stored {
            seen.rows.insert(row.operation.clone(), row);
            seen.read_at = Some(now);
        } else {
            seen.read_at = None;
        }
        stored
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// Whether a read is due, which this call then makes. A last look in the future is none (LB-04).
    fn take_turn(&mut self, now: Moment, age: Option<Duration>) -> bool {
        let troubled = || self.rows.values().any(|row| row.is_troubled(now));
        let age = age.unwrap_or_else(|| if troubled() { TROUBLED } else { INTERVAL });
        let fresh = self.read_at.is_some_and(|read_at| read_at <= now && now < read_at.plus(age));
        if !fresh {
            self.read_at = Some(now);
        }
        !fresh
    }
}

impl Silence {
    fn counts(self, now: Moment) -> u32 {
        if self.last <= now && now < self.last.plus(MEMORY) { self.calls } else { 0 }
    }
}

/// The answer in the place of one for which nobody waits.
fn open(left: Duration) -> PortError {
    PortError::timeout(WHAT, "its breaker is open").after(Some(left))
}

#[cfg(test)]
mod tests;
