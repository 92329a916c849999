//! Time and ids of a test.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use ponte_ports::{Clock, Ids, Pauses};
use ponte_values::Moment;

use super::rows::noon;

/// A clock that a test moves, and that pauses move too.
#[derive(Default)]
pub(crate) struct Hand {
    millis: Mutex<i64>,
    /// By how much every look moves it.
    step: Mutex<i64>,
    pub(crate) pauses: Mutex<Vec<Duration>>,
}

impl Hand {
    pub(crate) fn forward(&self, seconds: i64) {
        *self.millis.lock().unwrap() += seconds * 1000;
    }
}

impl Hand {
    /// From now on every look is so many seconds after the one before.
    pub(crate) fn hurry(&self, seconds: i64) {
        *self.step.lock().unwrap() = seconds * 1000;
    }
}

impl Clock for Hand {
    fn now(&self) -> Moment {
        let mut millis = self.millis.lock().unwrap();
        *millis += *self.step.lock().unwrap();
        Moment::from_millis(noon().millis() + *millis)
    }
}

#[async_trait]
impl Pauses for Hand {
    async fn pause(&self, span: Duration) {
        *self.millis.lock().unwrap() += i64::try_from(span.as_millis()).unwrap();
        self.pauses.lock().unwrap().push(span);
    }
}

/// Ids that differ; the two digits in front are as high as chance can be.
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Ids for Counting {
    fn uuid(&self) -> String {
        format!("ff{:06x}-0000-4000-8000-000000000000", self.0.fetch_add(1, Ordering::SeqCst))
    }

    fn secret(&self) -> String {
        "secret".to_owned()
    }
}
