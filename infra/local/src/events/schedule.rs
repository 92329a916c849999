//! EventBridge Scheduler: fires schedules by their rhythm or by hand.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use tokio::task::JoinSet;

use crate::clock;
use crate::runtime::{Function, Functions, Outcome};
use crate::serve::Serving;
use crate::template::{ACCOUNT, REGION, Rhythm, Schedule, Template};

const TIME: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// Every schedule of the stack by its local name.
#[derive(Clone)]
pub struct Scheduler(Arc<BTreeMap<String, Arc<Clockwork>>>);

struct Clockwork {
    schedule: Schedule,
    function: Arc<Function>,
    ticks: AtomicU64,
    failures: AtomicU64,
    next: Mutex<Option<OffsetDateTime>>,
}

/// Counts of one schedule since the stack started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SchedulerTally {
    /// The expression of the template.
    pub expression: String,
    /// Name of the function it starts.
    pub function: String,
    /// Times it fired, by hand included.
    pub ticks: u64,
    /// Those that ended in an error.
    pub failures: u64,
    /// When it fires next, RFC 3339; `None` when only by hand.
    pub next: Option<String>,
}

impl Scheduler {
    /// The schedules of the template with their functions.
    #[must_use]
    pub fn new(template: &Template, functions: &Functions) -> Self {
        let clockworks = template.schedules().filter_map(|(function, schedule)| {
            let clockwork = Clockwork {
                schedule: schedule.clone(),
                function: Arc::clone(functions.get(&function.name)?),
                ticks: AtomicU64::new(0),
                failures: AtomicU64::new(0),
                next: Mutex::new(None),
            };
            Some((schedule.name.clone(), Arc::new(clockwork)))
        });
        Self(Arc::new(clockworks.collect()))
    }

    /// Fires by the rhythm until the returned guard goes.
    pub(crate) fn start(&self) -> Serving {
        let clockworks: Vec<_> =
            self.0.values().filter(|clockwork| clockwork.schedule.enabled).cloned().collect();
        Serving::of(tokio::spawn(async move {
            let mut running: JoinSet<()> = clockworks.into_iter().map(Clockwork::run).collect();
            while running.join_next().await.is_some() {}
        }))
    }

    /// Fires the schedule called `name` now and waits for its end; `None` when there is no such schedule.
    pub async fn tick(&self, name: &str) -> Option<Outcome> {
        let clockwork = self.0.get(&name.to_lowercase())?;
        Some(clockwork.fire().await)
    }

    /// The names that [`Self::tick`] takes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The counts of every schedule.
    #[must_use]
    pub fn tallies(&self) -> BTreeMap<&str, SchedulerTally> {
        self.0.iter().map(|(name, clockwork)| (name.as_str(), clockwork.tally())).collect()
    }
}

impl Clockwork {
    async fn run(self: Arc<Self>) {
        let mut fires = JoinSet::new();
        // A rate starts at once, a cron expression at its first minute.
        if matches!(self.schedule.rhythm, Rhythm::Rate(_)) {
            fires.spawn(Arc::clone(&self).fire_alone());
        }
        while let Some(next) = self.schedule.rhythm.next(clock::now()) {
            *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(next);
            let wait = Duration::try_from(next - clock::now()).unwrap_or_default();
            tokio::time::sleep(wait).await;
            while fires.try_join_next().is_some() {}
            // A slow invocation does not hold up the next one, as on AWS.
            fires.spawn(Arc::clone(&self).fire_alone());
        }
        while fires.join_next().await.is_some() {}
    }

    async fn fire_alone(self: Arc<Self>) {
        let outcome = self.fire().await;
        if !matches!(outcome, Outcome::Answered(_)) {
            tracing::warn!(schedule = self.schedule.name, ?outcome, "a scheduled invocation failed");
        }
    }

    async fn fire(&self) -> Outcome {
        let outcome = self.function.invoke(self.payload()).await;
        self.ticks.fetch_add(1, Ordering::Relaxed);
        if !matches!(outcome, Outcome::Answered(_)) {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        outcome
    }

    /// The scheduler's own event, unless the template gives an input.
    fn payload(&self) -> Bytes {
        if let Some(input) = &self.schedule.input {
            return Bytes::copy_from_slice(input.as_bytes());
        }
        let event = json!({
            "version": "0",
            "id": clock::request_id().to_string(),
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": ACCOUNT,
            "time": clock::now().format(TIME).unwrap_or_default(),
            "region": REGION,
            "resources": [self.schedule.arn],
            "detail": "{}",
        });
        Bytes::from(event.to_string())
    }

    fn tally(&self) -> SchedulerTally {
        let next = *self.next.lock().unwrap_or_else(PoisonError::into_inner);
        SchedulerTally {
            expression: self.schedule.expression.clone(),
            function: self.function.settings().name.clone(),
            ticks: self.ticks.load(Ordering::Relaxed),
            failures: self.failures.load(Ordering::Relaxed),
            next: next.map(|next| next.to_offset(time::UtcOffset::UTC).format(TIME).unwrap_or_default()),
        }
    }
}
