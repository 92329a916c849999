//! Limits of calls, counted here (L03, L04, L06). A store that does not answer refuses nobody.
//!
//! Calls a second and a minute are counted by leases: an environment serves so many calls and then adds them to the shared count,
//! the last one included, beside another read of that call, so that none waits for it alone. What the count is then says whether
//! this call is one too many, and how many the environment may serve before it counts again: one near the limit. Until the limit
//! is reached only calls that are served are in the count, so nobody gets less; more than it are at most the calls that
//! environments have not counted, and those of an environment that ended are held against nobody.
//!
//! First pages a month are counted one by one, by a write with a condition, when the answer is ready and before it leaves. So
//! they are exact, and what failed is not counted.

mod lease;
mod month;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use ponte_catalog::{Frequency, Limits, Row};
use ponte_ports::limits::{CallCount, CallLimitSettings, LimitReached, Reached};
use ponte_ports::{CallCounts, PortError, chain};
use ponte_values::{Moment, OrganisationId};
use tokio::time::timeout;

use crate::caller::Client;
use lease::{Lease, Window};
use month::UsedUp;
pub(crate) use month::{MonthCall, Whose, monthly};

/// How long an answer waits for a count.
pub(crate) const PATIENCE: Duration = Duration::from_millis(300);

/// Counts the calls of an institution, and refuses those above its limits.
pub struct CallLimits {
    counts: Arc<dyn CallCounts>,
    settings: CallLimitSettings,
    leases: Mutex<Leases>,
    used_up: Mutex<UsedUp>,
}

type Leases = HashMap<Traffic, Lease>;

/// Whose calls a lease is for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Traffic {
    /// All calls of the institution (L04).
    Institution,
    /// Those of a participant at the endpoint with this template (L03).
    Participant(&'static str, OrganisationId),
}

/// Calls that the shared count does not know of yet.
#[derive(Debug)]
pub(crate) struct Uncounted {
    traffic: Traffic,
    window: Window,
    calls: u32,
    limit: u32,
    now: Moment,
}

impl CallLimits {
    /// The limits of these settings, counted in `counts`.
    #[must_use]
    pub fn new(counts: Arc<dyn CallCounts>, settings: CallLimitSettings) -> Self {
        Self { counts, settings, leases: Mutex::default(), used_up: Mutex::default() }
    }

    /// Lets a call of a client of ours in, with what the shared counts do not know of it and of those before; or refuses it, and counts
    /// it nowhere.
    pub(crate) fn admit(
        &self,
        row: &Row,
        client: &Client,
        now: Moment,
    ) -> Result<Vec<Uncounted>, LimitReached> {
        let limits = self.of(row, client, now);
        let mut leases = self.lock();
        for (traffic, window, limit) in &limits {
            let lease = leases.entry(traffic.clone()).or_default();
            lease.turn_to(*window);
            if lease.is_used_up() {
                return Err(traffic.reached(Reached { limit: *limit, resets_at: window.ends, now }));
            }
        }
        let taken = limits.into_iter().filter_map(|(traffic, window, limit)| {
            let calls = leases.get_mut(&traffic)?.take()?;
            Some(Uncounted { traffic, window, calls, limit, now })
        });
        let uncounted = taken.collect();
        // What is of windows long over says nothing any more.
        leases.retain(|_, lease| lease.is_of_use(now));
        Ok(uncounted)
    }

    /// Adds calls to the shared counts, all at once; refuses the last of these calls if it is one too many.
    pub(crate) async fn count(&self, calls: Vec<Uncounted>) -> Result<(), LimitReached> {
        join_all(calls.into_iter().map(|calls| self.count_one(calls))).await.into_iter().collect()
    }

    async fn count_one(
        &self,
        Uncounted { traffic, window, calls, limit, now }: Uncounted,
    ) -> Result<(), LimitReached> {
        let count = CallCount { of: traffic.name(), ends: window.ends };
        let counted = within_patience(self.counts.add(&count, calls)).await;
        let counted = counted.inspect_err(|error| uncounted("traffic", error)).ok();
        if let Some(lease) = self.lock().get_mut(&traffic) {
            lease.learn(window, counted, limit);
        }
        if counted.is_some_and(|calls| calls > u64::from(limit)) {
            return Err(traffic.reached(Reached { limit, resets_at: window.ends, now }));
        }
        Ok(())
    }

    /// The limits of traffic that a call comes under, from the widest on.
    fn of(&self, row: &Row, client: &Client, now: Moment) -> Vec<(Traffic, Window, u32)> {
        let second = (Traffic::Institution, Window::second(now), self.settings.a_second.number());
        let minute = match row.limits {
            Limits::Institution => None,
            Limits::Operational { .. } => {
                let a_minute = self.settings.a_minute;
                let limit = match row.frequency {
                    Frequency::High => a_minute.high,
                    Frequency::MediumHigh => a_minute.medium_high,
                    Frequency::Medium => a_minute.medium,
                    Frequency::Low => a_minute.low,
                };
                let traffic = Traffic::Participant(row.template, client.organisation.clone());
                Some((traffic, Window::minute(now), limit))
            }
        };
        [second].into_iter().chain(minute).collect()
    }

    /// Whether the calls a month that a call counts among are known to be used up, so that nobody need be asked for an answer.
    pub(crate) fn check_month(&self, call: &MonthCall) -> Result<(), LimitReached> {
        if self.used_up().holds(call) { Err(call.reached()) } else { Ok(()) }
    }

    /// Counts a call whose answer is ready.
    pub(crate) async fn count_month(&self, call: &MonthCall) -> Result<(), LimitReached> {
        let counted = within_patience(self.counts.count(&call.count, call.limit)).await;
        let counted = counted.inspect_err(|error| uncounted("month", error)).unwrap_or(true);
        if counted {
            return Ok(());
        }
        self.used_up().note(call);
        Err(call.reached())
    }

    /// The limit a month of a row; `None` where nothing is counted.
    pub(crate) fn a_month(&self, row: &Row) -> Option<u32> {
        match row.limits {
            Limits::Institution => None,
            Limits::Operational { a_month } => self.settings.a_month.of(a_month),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Leases> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn used_up(&self) -> MutexGuard<'_, UsedUp> {
        self.used_up.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Traffic {
    const fn reached(&self, reached: Reached) -> LimitReached {
        match self {
            Self::Institution => LimitReached::Second(reached),
            Self::Participant(..) => LimitReached::Minute(reached),
        }
    }

    /// What its counts are called.
    fn name(&self) -> String {
        match self {
            Self::Institution => "second".to_owned(),
            Self::Participant(template, organisation) => format!("minute {template} {organisation}"),
        }
    }
}

async fn within_patience<T>(counted: impl Future<Output = Result<T, PortError>>) -> Result<T, PortError> {
    timeout(PATIENCE, counted).await.unwrap_or_else(|late| Err(PortError::timeout("limits table", late)))
}

/// The call is served, and somebody hears that nobody counts: `LimitsAlarm` of the template counts the field `uncounted`.
fn uncounted(what: &'static str, error: &PortError) {
    tracing::error!(uncounted = what, cause = chain(error), "calls not counted, nobody is refused");
}

#[cfg(test)]
mod tests;
