//! A clock that is set by hand, and ids that are counted.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ponte_ports::{Clock, Ids};
use ponte_values::Moment;

/// A clock to be set, and ids to be counted.
pub struct SetClock {
    /// The time.
    pub now: Mutex<Moment>,
    /// Ids given out so far.
    pub ids: AtomicU64,
}

impl SetClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn at(now: Moment) -> Self {
        Self { now: Mutex::new(now), ids: AtomicU64::new(0) }
    }

    /// Puts the clock forward.
    pub fn wait(&self, span: Duration) {
        let mut now = self.now.lock().unwrap();
        *now = now.plus(span);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Moment {
        *self.now.lock().unwrap()
    }
}

impl Ids for SetClock {
    fn uuid(&self) -> String {
        format!("00000000-0000-4000-8000-{:012}", self.ids.fetch_add(1, Ordering::Relaxed) + 1)
    }
    fn secret(&self) -> String {
        format!("secret{:037}", self.ids.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
