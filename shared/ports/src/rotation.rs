//! Values made of a secret that may change at any time: keys, key sets, certificates.
//!
//! A function that sleeps between two calls has no background, so it looks when it is called: once in 45 s, and at once
//! (but not within 30 s of the last look) when somebody shows something that only a newer version could explain. A
//! version is checked before it takes the place of the one in use. What does not check out is ignored and reported
//! once; what cannot be read is tried again at the next look. The value in use serves on in both cases.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future;
use ponte_values::Moment;

use crate::{Alarm, Alarms, PortError, SecretVersion, SecretVersions, chain};

/// Longest time a holder that is called goes without looking.
pub const INTERVAL: Duration = Duration::from_secs(45);
/// Shortest time between two looks.
pub const COOLDOWN: Duration = Duration::from_secs(30);
/// Failed reads in a row that are no passing trouble any more.
const FAILURES: u32 = 2;

/// What a value is made of.
#[derive(Clone, Debug)]
pub struct Versions {
    /// The version to be used.
    pub current: SecretVersion,
    /// The version before it.
    pub previous: Option<SecretVersion>,
}

impl SecretVersion {
    /// When everybody who is called has seen this version.
    #[must_use]
    pub fn everywhere_at(&self) -> Moment {
        self.created_at.plus(INTERVAL)
    }
}

/// Why a version is not used. Says what is wrong, never what the version says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvalidSecret(String);

impl InvalidSecret {
    /// From a fault that repeats nothing of the secret.
    pub fn new(fault: impl fmt::Display) -> Self {
        Self(fault.to_string())
    }
}

impl fmt::Display for InvalidSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A secret under watch.
#[derive(Clone)]
pub struct Watched {
    /// Its name in `infra/template.yaml`.
    pub name: &'static str,
    /// Where its versions are.
    pub versions: Arc<dyn SecretVersions>,
    /// Whom to tell.
    pub alarms: Arc<dyn Alarms>,
}

impl Watched {
    /// Reports what is wrong with it.
    pub fn raise(&self, reason: impl Into<String>) {
        self.alarms.raise(&Alarm { secret: self.name, reason: reason.into() });
    }

    fn warn(&self, reason: String) {
        self.alarms.warn(&Alarm { secret: self.name, reason });
    }

    fn unusable(&self, reason: impl fmt::Display) -> PortError {
        PortError::new("secrets", format!("{}: {reason}", self.name))
    }
}

/// Makes the value of a version, or says why it cannot be used now.
pub type Check<T> = Box<dyn Fn(&Versions, Moment) -> Result<T, InvalidSecret> + Send + Sync>;

/// A value that follows its secret. No clock inside: every question brings the time.
pub struct Rotating<T> {
    /// None for a value that never changes.
    watch: Option<Watch<T>>,
    held: Mutex<Held<T>>,
}

struct Watch<T> {
    secret: Watched,
    check: Check<T>,
}

struct Held<T> {
    value: Arc<T>,
    /// What the value is made of; none for a value that never changes.
    version: Option<Arc<SecretVersion>>,
    looked_at: Moment,
    trouble: Trouble,
}

/// What was reported already.
#[derive(Default)]
struct Trouble {
    reported: Option<Reported>,
    failures: u32,
    warned_at: Option<Moment>,
}

#[derive(PartialEq, Eq)]
enum Reported {
    Version(String),
    Missing,
    Unreadable,
}

/// What a look found.
enum Found<T> {
    Same,
    New(SecretVersion, T),
    InvalidSecret(String, InvalidSecret),
    Missing,
    Failed(PortError),
}

/// What is to be told after a look.
enum Notice {
    Raise(String),
    Warn(String),
}

impl<T> Rotating<T> {
    /// Reads the version in use. One that does not check out is reported, and the one before it is used instead.
    pub async fn start(secret: Watched, check: Check<T>, now: Moment) -> Result<Self, PortError> {
        let (current, previous) = future::join(secret.versions.current(), secret.versions.previous()).await;
        let unread = |error: PortError| secret.unusable(chain(&error));
        let (current, previous) = (current.map_err(unread)?, previous.map_err(unread)?);
        let watch = Watch { secret, check };
        let (unfit, reported) = match current {
            Some(current) => {
                let versions = Versions { current, previous: previous.clone() };
                match (watch.check)(&versions, now) {
                    Ok(value) => return Ok(watch.holding(value, versions.current, now, None)),
                    Err(unfit) => (unfit, Reported::Version(versions.current.id)),
                }
            }
            None => (missing(), Reported::Missing),
        };
        watch.secret.raise(unfit.to_string());
        let Some(current) = previous else { return Err(watch.secret.unusable(unfit)) };
        let versions = Versions { current, previous: None };
        let value = (watch.check)(&versions, now)
            .map_err(|worse| watch.secret.unusable(format!("{unfit}; the version before: {worse}")))?;
        Ok(watch.holding(value, versions.current, now, Some(reported)))
    }

    /// The value at `now`.
    pub async fn at(&self, now: Moment) -> Arc<T> {
        self.after(INTERVAL, now).await
    }

    /// The value at `now`, looked for again unless that was done a moment ago.
    pub async fn look_again(&self, now: Moment) -> Arc<T> {
        self.after(COOLDOWN, now).await
    }

    async fn after(&self, pause: Duration, now: Moment) -> Arc<T> {
        match (&self.watch, self.claim(pause, now)) {
            (Some(watch), (_, Some(version))) => {
                // Boxed: one call in many looks, and the others need not carry its state.
                let found = Box::pin(watch.look(version, now)).await;
                self.settle(watch, found, now)
            }
            (_, (value, _)) => value,
        }
    }

    /// The value and, for the one of all who ask at once that has to look, the version it is made of.
    fn claim(&self, pause: Duration, now: Moment) -> (Arc<T>, Option<Arc<SecretVersion>>) {
        let mut held = self.lock();
        let due = now >= held.looked_at.plus(pause);
        let version = held.version.as_ref().filter(|_| due).cloned();
        if version.is_some() {
            held.looked_at = now;
        }
        (Arc::clone(&held.value), version)
    }

    fn settle(&self, watch: &Watch<T>, found: Found<T>, now: Moment) -> Arc<T> {
        let (value, notice) = {
            let mut held = self.lock();
            let notice = held.settle(found, now);
            (Arc::clone(&held.value), notice)
        };
        match notice {
            Some(Notice::Raise(reason)) => watch.secret.raise(reason),
            Some(Notice::Warn(reason)) => watch.secret.warn(reason),
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
        reported: Option<Reported>,
    ) -> Rotating<T> {
        let trouble = Trouble { reported, ..Trouble::default() };
        let version = Some(Arc::new(version));
        let held = Held { value: Arc::new(value), version, looked_at: now, trouble };
        Rotating { watch: Some(self), held: Mutex::new(held) }
    }

    /// The version before is read only when there is a new one.
    async fn look(&self, in_use: Arc<SecretVersion>, now: Moment) -> Found<T> {
        let current = match self.secret.versions.current().await {
            Ok(Some(current)) if current.id == in_use.id => return Found::Same,
            Ok(Some(current)) => current,
            Ok(None) => return Found::Missing,
            Err(error) => return Found::Failed(error),
        };
        let previous = match self.secret.versions.previous().await {
            Ok(previous) => previous,
            Err(error) => return Found::Failed(error),
        };
        let versions = Versions { current, previous: Some(self.before(previous, in_use, now)) };
        match (self.check)(&versions, now) {
            Ok(value) => Found::New(versions.current, value),
            Err(unfit) => Found::InvalidSecret(versions.current.id, unfit),
        }
    }

    /// What was in use before: a version that does not check out never was, ours is.
    fn before(
        &self,
        previous: Option<SecretVersion>,
        in_use: Arc<SecretVersion>,
        now: Moment,
    ) -> SecretVersion {
        let fit = |version: &SecretVersion| {
            let alone = Versions { current: version.clone(), previous: None };
            version.id != in_use.id && (self.check)(&alone, now).is_ok()
        };
        previous.filter(fit).unwrap_or_else(|| Arc::unwrap_or_clone(in_use))
    }
}

impl<T> Held<T> {
    fn settle(&mut self, found: Found<T>, now: Moment) -> Option<Notice> {
        match found {
            Found::Same => self.trouble = Trouble::default(),
            Found::New(version, value) => {
                (self.value, self.version) = (Arc::new(value), Some(Arc::new(version)));
                self.trouble = Trouble::default();
            }
            Found::InvalidSecret(version, unfit) => {
                return self.trouble.once(Reported::Version(version), &unfit);
            }
            Found::Missing => return self.trouble.once(Reported::Missing, &missing()),
            Found::Failed(error) => return self.trouble.failed(&error, now),
        }
        None
    }
}

impl Trouble {
    fn once(&mut self, what: Reported, reason: &impl fmt::Display) -> Option<Notice> {
        self.failures = 0;
        if self.reported.as_ref() == Some(&what) {
            return None;
        }
        self.reported = Some(what);
        Some(Notice::Raise(reason.to_string()))
    }

    /// One failure passes by itself, a row of them does not.
    fn failed(&mut self, error: &PortError, now: Moment) -> Option<Notice> {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES && self.reported.is_none() {
            self.reported = Some(Reported::Unreadable);
            return Some(Notice::Raise(chain(error)));
        }
        if self.warned_at.is_some_and(|at| now < at.plus(INTERVAL)) {
            return None;
        }
        self.warned_at = Some(now);
        Some(Notice::Warn(chain(error)))
    }
}

/// A value that never changes.
impl<T> From<T> for Rotating<T> {
    fn from(value: T) -> Self {
        let looked_at = Moment::from_seconds(0);
        let held = Held { value: Arc::new(value), version: None, looked_at, trouble: Trouble::default() };
        Self { watch: None, held: Mutex::new(held) }
    }
}

fn missing() -> InvalidSecret {
    InvalidSecret("has no current version".to_owned())
}

#[cfg(test)]
mod tests;
