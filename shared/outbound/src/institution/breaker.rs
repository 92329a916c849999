//! The circuit breaker around the calls of one environment: what it has seen itself, and what all of them share (T63).
//!
//! While the layer answers, the shared rows are read as often as the keys are, and nothing is written. A row is read again
//! when a call had no answer, and every [`TROUBLED`] while one is held back. Where the store does not answer in
//! [`PATIENCE`], the environment goes by what it knows alone.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ponte_ports::breaker::{Admission, Asker, BreakerRow, FAILURES, SUSPECT};
use ponte_ports::rotation::INTERVAL;
use ponte_ports::{Breakers, Clock, PortError, chain};
use ponte_values::Moment;
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::silences::Silences;

/// How old the shared rows may be while one of them holds somebody back.
const TROUBLED: Duration = Duration::from_secs(2);
/// Shortest time between two reads.
const COOLDOWN: Duration = Duration::from_secs(1);
/// How long a call waits for the store of the rows.
const PATIENCE: Duration = Duration::from_millis(300);
/// Tries to change a row that others change too.
const TRIES: u32 = 3;
/// When those who are turned away because enough others ask may come back.
const SOON: Duration = Duration::from_secs(2);

/// The breakers of an institution, as one environment sees them.
pub struct Breaker(Arc<Environment>);

struct Environment {
    id: String,
    shared: Arc<dyn Breakers>,
    clock: Arc<dyn Clock>,
    patience: Duration,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    rows: HashMap<String, BreakerRow>,
    read_at: Option<Moment>,
    silences: Silences,
}

/// A call of an operation.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The system that is asked, as errors and the log name it.
    pub(crate) what: &'static str,
    /// The operation, by a name that no other system's has.
    pub(crate) operation: &'static str,
    /// The client on whose behalf it is made.
    pub(crate) client: &'a str,
    /// Whether it has the whole time of its operation: only such a one can judge the system.
    pub(crate) has_time: bool,
}

/// What the outcome of a call says of the layer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It answered, whatever it said.
    Answer,
    /// It had its time and did not answer.
    Silence,
    /// Nothing: the call was late itself and did not wait for long.
    Nothing,
}

/// How a call came through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Free,
    /// It decides whether everybody asks again.
    Probe,
    /// It decides whether its client asks again.
    OwnProbe,
}

impl Breaker {
    /// The breakers in `shared`, for the environment with this id, which is new each time.
    #[must_use]
    pub fn new(id: String, shared: Arc<dyn Breakers>, clock: Arc<dyn Clock>) -> Self {
        Self::with(id, shared, clock, PATIENCE)
    }

    fn with(id: String, shared: Arc<dyn Breakers>, clock: Arc<dyn Clock>, patience: Duration) -> Self {
        Self(Arc::new(Environment { id, shared, clock, patience, seen: Mutex::default() }))
    }

    /// Makes a call, unless it is held back: then that is the outer error. `hear` says what its outcome tells of the system.
    pub(crate) async fn guard<T, E>(
        &self,
        asked: Asked<'_>,
        call: impl Future<Output = Result<T, E>>,
        hear: impl FnOnce(&Result<T, E>) -> Heard,
    ) -> Result<Result<T, E>, PortError> {
        let pass = self.0.admit(&asked).await?;
        let taken = Taken { environment: &self.0, asked: &asked, pass: Some(pass) };
        let outcome = call.await;
        taken.done();
        match hear(&outcome) {
            Heard::Answer => self.0.answered(&asked, pass).await,
            Heard::Silence => self.0.silence(&asked, pass).await,
            Heard::Nothing => self.0.give_back(asked.operation, asked.client, pass).await,
        }
        Ok(outcome)
    }
}

/// A call on its way. One that is dropped before its end gives its probe back.
struct Taken<'a> {
    environment: &'a Arc<Environment>,
    asked: &'a Asked<'a>,
    pass: Option<Pass>,
}

impl Taken<'_> {
    fn done(mut self) {
        self.pass = None;
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let Some(pass) = self.pass.filter(|pass| *pass != Pass::Free) else { return };
        // Where the process ends too, the end of the probe is noticed by its time.
        if let Ok(runtime) = Handle::try_current() {
            let environment = Arc::clone(self.environment);
            let (operation, client) = (self.asked.operation, self.asked.client.to_owned());
            runtime.spawn(async move { environment.give_back(operation, &client, pass).await });
        }
    }
}

impl Environment {
    async fn admit(&self, asked: &Asked<'_>) -> Result<Pass, PortError> {
        let now = self.clock.now();
        self.look(now, None).await;
        let mut admission = self.admission(asked, now);
        if matches!(admission, Admission::Probe | Admission::OwnProbe) {
            // Another environment may have had its answer since we looked.
            self.look(now, Some(COOLDOWN)).await;
            admission = self.admission(asked, now);
        }
        let pass = passes(asked, admission)?;
        if pass == Pass::Free || self.takes(asked, pass, now).await {
            return Ok(pass);
        }
        // Another environment was faster: perhaps it has its answer.
        self.look(now, Some(Duration::ZERO)).await;
        match passes(asked, self.admission(asked, now))? {
            Pass::Free => Ok(Pass::Free),
            Pass::Probe | Pass::OwnProbe => Err(open(asked, SOON)),
        }
    }

    fn admission(&self, asked: &Asked<'_>, now: Moment) -> Admission {
        let seen = self.lock();
        let suspect = seen.silences.of(asked.operation, asked.client, now).reach(SUSPECT);
        let row = seen.rows.get(asked.operation);
        row.map_or(Admission::Free, |row| row.admits(&self.asker(asked, suspect), now))
    }

    fn asker<'a>(&'a self, asked: &Asked<'a>, suspect: bool) -> Asker<'a> {
        Asker { environment: &self.id, client: asked.client, suspect }
    }

    async fn takes(&self, asked: &Asked<'_>, pass: Pass, now: Moment) -> bool {
        let row = self.row(asked.operation, now);
        let taken = match pass {
            Pass::OwnProbe => row.client_probed(asked.client, now),
            _ => row.probed(now),
        };
        self.store(taken, now).await
    }

    /// The answer of the probe closes the breaker, or lets its client ask again; one of a call that was under way before
    /// says nothing of them.
    async fn answered(&self, asked: &Asked<'_>, pass: Pass) {
        let row = {
            let mut seen = self.lock();
            seen.silences.answered(asked.operation, asked.client);
            // Copied only where there is something to end: nothing is written while the layer answers.
            seen.rows.get(asked.operation).filter(|_| pass != Pass::Free).cloned()
        };
        let Some(row) = row else { return };
        let now = self.clock.now();
        let ended = match pass {
            Pass::OwnProbe => row.client_answered(asked.client, now),
            _ => row.closed(asked.client, now),
        };
        if self.store(ended, now).await {
            tracing::warn!(operation = asked.operation, "{} answers again", asked.what);
        }
    }

    async fn silence(&self, asked: &Asked<'_>, pass: Pass) {
        let now = self.clock.now();
        let counts = {
            let mut seen = self.lock();
            seen.silences.silence(asked.operation, asked.client, now);
            seen.silences.of(asked.operation, asked.client, now)
        };
        if pass == Pass::Free {
            self.look(now, Some(COOLDOWN)).await;
        }
        for _ in 0..TRIES {
            let row = self.row(asked.operation, now);
            // The silence is the bank's, and not that of one client's customers, when another client met it too.
            let several = counts.several || row.holds_another(asked.client, now);
            let closed = row.open_until.is_none();
            let opens = pass == Pass::Probe || (closed && several && counts.all >= FAILURES);
            let holds =
                pass == Pass::OwnProbe || (closed && counts.own >= FAILURES && !row.holds(asked.client, now));
            let next = if opens {
                Some(row.opened(asked.client, now))
            } else if holds {
                Some(row.client_held(asked.client, now))
            } else if closed && counts.reach(SUSPECT) {
                row.with_slot(&self.asker(asked, true), now)
            } else {
                None
            };
            let Some(next) = next else { return };
            if self.store(next, now).await {
                // The metric filter of the template counts the field `breaker`.
                if opens {
                    tracing::error!(
                        breaker = asked.operation,
                        "no answers of {}, calls are turned away",
                        asked.what
                    );
                } else if holds {
                    tracing::error!(
                        breaker = asked.operation,
                        client = asked.client,
                        "no answers of {} for one client, its calls are turned away",
                        asked.what
                    );
                }
                return;
            }
            self.look(now, Some(Duration::ZERO)).await;
        }
    }

    /// A probe came to nothing: the next call may take it.
    async fn give_back(&self, operation: &'static str, client: &str, pass: Pass) {
        let now = self.clock.now();
        let row = self.row(operation, now);
        let free = match pass {
            Pass::Free => return,
            Pass::Probe => row.given_back(now),
            Pass::OwnProbe => row.client_given_back(client, now),
        };
        self.store(free, now).await;
    }

    fn row(&self, operation: &str, now: Moment) -> BreakerRow {
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

/// How a call comes through, or what it gets instead.
fn passes(asked: &Asked<'_>, admission: Admission) -> Result<Pass, PortError> {
    match admission {
        Admission::Free => Ok(Pass::Free),
        Admission::Probe | Admission::OwnProbe if !asked.has_time => Err(open(asked, SOON)),
        Admission::Probe => Ok(Pass::Probe),
        Admission::OwnProbe => Ok(Pass::OwnProbe),
        Admission::Open(left) => Err(open(asked, left)),
        Admission::Full => {
            let text = format!("{}: enough others wait", asked.operation);
            Err(PortError::overloaded(asked.what, text).after(Some(SOON)).unasked())
        }
    }
}

/// The answer in the place of one for which nobody waits.
fn open(asked: &Asked<'_>, left: Duration) -> PortError {
    PortError::timeout(asked.what, "its breaker is open").after(Some(left)).unasked()
}

#[cfg(test)]
mod tests;
