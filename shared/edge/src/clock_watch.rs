//! Our clock, held against the times that events bring from outside.
//!
//! The clock of an environment can be wrong by minutes, just after a thaw above all. What it says too early cannot be
//! undone: a consent that has run out, a token that is over.

use std::sync::Arc;
use std::time::Duration;

use ponte_ports::{Clock, Ending};
use ponte_values::Moment;

/// How far our clock may be ahead of the time of an event that is not late.
pub(crate) const AHEAD_MAX: Duration = Duration::from_mins(1);
/// The same where a schedule has fired: the scheduler delivers an event for a minute, and Lambda starts it within another or
/// drops it (`EventInvokeConfig` of the function). It does not try again what failed.
pub(crate) const AHEAD_OF_SCHEDULE_MAX: Duration = Duration::from_mins(2);
/// The same where a message has only just been received: it may wait that long for an environment, as long as the queue
/// hides it.
pub(crate) const AHEAD_OF_MESSAGE_MAX: Duration = Duration::from_mins(5);

/// Watches the clock of this environment.
pub(crate) struct ClockWatch {
    clock: Arc<dyn Clock>,
    ending: Ending,
}

impl ClockWatch {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, ending: Ending::default() }
    }

    /// Ends the process by `ending`.
    pub(crate) fn end_by(&mut self, ending: Ending) {
        self.ending = ending;
    }

    /// The clock.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Asked to end, once the clock was found wrong.
    pub(crate) const fn ending(&self) -> &Ending {
        &self.ending
    }

    /// How far our clock is ahead of `outside`, if that is more than an event of that time can be late. The environment
    /// then ends after its answer.
    pub(crate) fn ahead(&self, outside: Option<Moment>, late: Duration) -> Option<Duration> {
        let ahead = self.clock.now().since(outside?);
        let wrong = ahead > late;
        if wrong {
            // Whoever said it first has the reason.
            let _ = self.ending.after_this_answer("clock ahead");
        }
        wrong.then_some(ahead)
    }
}
