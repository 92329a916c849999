//! A clock to be set, pauses that pass at once, and ids to be counted.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use ponte_ports::{Clock, Ids, Pauses};
use ponte_values::Moment;

/// A clock to be set, pauses that pass at once, and ids to be counted.
pub struct ManualClock {
    /// The time.
    pub now: Mutex<Moment>,
    /// Ids given out so far.
    pub ids: AtomicU64,
    /// Pauses so far; each put the clock forward.
    pub pauses: Mutex<Vec<Duration>>,
    /// By how much every look puts the clock forward.
    pub step: Mutex<Duration>,
}

impl ManualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn at(now: Moment) -> Self {
        let (pauses, step) = (Mutex::default(), Mutex::default());
        Self { now: Mutex::new(now), ids: AtomicU64::new(0), pauses, step }
    }

    /// Puts the clock forward.
    pub fn wait(&self, span: Duration) {
        let mut now = self.now.lock().unwrap();
        *now = now.plus(span);
    }

    /// Puts the clock forward, or back.
    pub fn forward(&self, seconds: i64) {
        let mut now = self.now.lock().unwrap();
        *now = Moment::from_millis(now.millis() + seconds * 1000);
    }

    /// Sets the time.
    pub fn set(&self, now: Moment) {
        *self.now.lock().unwrap() = now;
    }
}

/// The secret that comes as number so many.
#[must_use]
pub fn secret_of(number: u64) -> String {
    // 43 characters are 258 bits; the last one has the two that are none.
    format!("secret{number:036}A")
}

/// At the time of the examples.
impl Default for ManualClock {
    fn default() -> Self {
        Self::at(crate::examples::now())
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        self.wait(*self.step.lock().unwrap());
        *self.now.lock().unwrap()
    }
}

#[async_trait]
impl Pauses for ManualClock {
    async fn pause(&self, span: Duration) {
        self.wait(span);
        self.pauses.lock().unwrap().push(span);
    }
}

impl Ids for ManualClock {
    fn uuid(&self) -> String {
        format!("00000000-0000-4000-8000-{:012}", self.ids.fetch_add(1, Ordering::Relaxed) + 1)
    }
    fn secret(&self) -> String {
        secret_of(self.ids.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
