//! The value in use, and its replacement by a newer version.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future;
use ponte_values::Moment;

use crate::error::{PortError, chain};
use crate::secrets::SecretVersion;

use super::fault_log::{FaultLog, Report, ReportedFault};
use super::interval::{COOLDOWN, INTERVAL};
use super::versions::{Check, InvalidSecret, VersionPair};
use super::watched::WatchedSecret;

/// A value that follows its secret. It has no clock: every call brings the time.
pub struct Rotating<T> {
    /// `None` for a value that never changes.
    watch: Option<Watch<T>>,
    held: Mutex<Held<T>>,
}

struct Watch<T> {
    secret: WatchedSecret,
    check: Check<T>,
}

struct Held<T> {
    value: Arc<T>,
    /// The version that the value is made of; `None` for a value that never changes.
    version: Option<Arc<SecretVersion>>,
    read_at: Moment,
    faults: FaultLog,
}

/// Outcome of a read of the secret.
enum Outcome<T> {
    Same,
    New(SecretVersion, T),
    Invalid(String, InvalidSecret),
    Missing,
    Failed(PortError),
}

impl<T> Rotating<T> {
    /// Reads the version in use. If it does not pass `check`, that is reported and the version before it is used.
    pub async fn start(secret: WatchedSecret, check: Check<T>, now: Moment) -> Result<Self, PortError> {
        let (current, previous) = future::join(secret.versions.current(), secret.versions.previous()).await;
        let unread = |error: PortError| secret.unusable(chain(&error));
        let (current, previous) = (current.map_err(unread)?, previous.map_err(unread)?);
        let watch = Watch { secret, check };
        let (fault, reported) = match current {
            Some(current) => {
                let versions = VersionPair { current, previous: previous.clone() };
                match (watch.check)(&versions, now) {
                    Ok(value) => return Ok(watch.holding(value, versions.current, now, None)),
                    Err(fault) => (fault, ReportedFault::Version(versions.current.id)),
                }
            }
            None => (missing(), ReportedFault::Missing),
        };
        watch.secret.raise(fault.to_string());
        let Some(current) = previous else { return Err(watch.secret.unusable(fault)) };
        let versions = VersionPair { current, previous: None };
        let value = (watch.check)(&versions, now)
            .map_err(|worse| watch.secret.unusable(format!("{fault}; the version before: {worse}")))?;
        Ok(watch.holding(value, versions.current, now, Some(reported)))
    }

    /// The value at `now`, after a read of the secret if the last one is older than [`INTERVAL`], or was made by a clock
    /// that was ahead (LB-04).
    pub async fn at(&self, now: Moment) -> Arc<T> {
        self.after(INTERVAL, now).await
    }

    /// The value at `now`, after a read of the secret unless the last one is younger than [`COOLDOWN`].
    pub async fn refresh(&self, now: Moment) -> Arc<T> {
        self.after(COOLDOWN, now).await
    }

    async fn after(&self, pause: Duration, now: Moment) -> Arc<T> {
        match (&self.watch, self.claim(pause, now)) {
            (Some(watch), (_, Some(version))) => {
                // Boxed: one call in many reads the secret, and the others need not carry its state.
                let outcome = Box::pin(watch.read(version, now)).await;
                self.settle(watch, outcome, now)
            }
            (_, (value, _)) => value,
        }
    }

    /// The value; and, for one of all calls at the same time, the version it is made of when a read is due.
    fn claim(&self, pause: Duration, now: Moment) -> (Arc<T>, Option<Arc<SecretVersion>>) {
        let mut held = self.lock();
        let due = !now.is_within(pause, held.read_at);
        let version = held.version.as_ref().filter(|_| due).cloned();
        if version.is_some() {
            held.read_at = now;
        }
        (Arc::clone(&held.value), version)
    }

    fn settle(&self, watch: &Watch<T>, outcome: Outcome<T>, now: Moment) -> Arc<T> {
        let (value, report) = {
            let mut held = self.lock();
            let report = held.settle(outcome, now);
            (Arc::clone(&held.value), report)
        };
        match report {
            Some(Report::Raise(reason)) => watch.secret.raise(reason),
            Some(Report::Warn(reason)) => watch.secret.warn(reason),
            None => {}
        }
        value
    }

    fn lock(&self) -> MutexGuard<'_, Held<T>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Watch<T> {
    fn holding(
        self,
        value: T,
        version: SecretVersion,
        now: Moment,
        reported: Option<ReportedFault>,
    ) -> Rotating<T> {
        let faults = FaultLog::of(reported);
        let version = Some(Arc::new(version));
        let held = Held { value: Arc::new(value), version, read_at: now, faults };
        Rotating { watch: Some(self), held: Mutex::new(held) }
    }

    /// Reads the current version, and the previous one only if the current one is new.
    async fn read(&self, in_use: Arc<SecretVersion>, now: Moment) -> Outcome<T> {
        let current = match self.secret.versions.current().await {
            Ok(Some(current)) if current.id == in_use.id => return Outcome::Same,
            Ok(Some(current)) => current,
            Ok(None) => return Outcome::Missing,
            Err(error) => return Outcome::Failed(error),
        };
        let previous = match self.secret.versions.previous().await {
            Ok(previous) => previous,
            Err(error) => return Outcome::Failed(error),
        };
        let versions = VersionPair { current, previous: Some(self.before(previous, in_use, now)) };
        match (self.check)(&versions, now) {
            Ok(value) => Outcome::New(versions.current, value),
            Err(fault) => Outcome::Invalid(versions.current.id, fault),
        }
    }

    /// The version in use before the new one: `previous` if it passes the check, else the one in use here.
    fn before(
        &self,
        previous: Option<SecretVersion>,
        in_use: Arc<SecretVersion>,
        now: Moment,
    ) -> SecretVersion {
        let passes = |version: &SecretVersion| {
            let alone = VersionPair { current: version.clone(), previous: None };
            version.id != in_use.id && (self.check)(&alone, now).is_ok()
        };
        previous.filter(passes).unwrap_or_else(|| Arc::unwrap_or_clone(in_use))
    }
}

impl<T> Held<T> {
    fn settle(&mut self, outcome: Outcome<T>, now: Moment) -> Option<Report> {
        match outcome {
            Outcome::Same => self.faults = FaultLog::default(),
            Outcome::New(version, value) => {
                (self.value, self.version) = (Arc::new(value), Some(Arc::new(version)));
                self.faults = FaultLog::default();
            }
            Outcome::Invalid(version, fault) => {
                return self.faults.once(ReportedFault::Version(version), &fault);
            }
            Outcome::Missing => return self.faults.once(ReportedFault::Missing, &missing()),
            Outcome::Failed(error) => return self.faults.failed(&error, now),
        }
        None
    }
}

/// A value that never changes.
impl<T> From<T> for Rotating<T> {
    fn from(value: T) -> Self {
        let read_at = Moment::from_seconds(0);
        let held = Held { value: Arc::new(value), version: None, read_at, faults: FaultLog::default() };
        Self { watch: None, held: Mutex::new(held) }
    }
}

fn missing() -> InvalidSecret {
    InvalidSecret::new("has no current version")
}
