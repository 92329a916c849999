//! The lease of an environment: the calls that it serves in a window before it adds them to the shared count.

use std::time::Duration;

use ponte_values::Moment;

/// Calls of a lease while the count is far from its limit. An environment serves one call at a time, so this is the time of as
/// many calls: a second or more at most institutions.
pub(super) const CALLS: u32 = 4;

/// A second or a minute of UTC, the same for every environment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Window {
    pub(super) ends: Moment,
    millis: i64,
}

/// What an environment knows of a count, and what the count does not know of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lease {
    window: Window,
    /// Calls served in the window that the count does not know of.
    used: u32,
    /// Calls until the next time they are added; they go over the end of a window, so that whoever serves one call in each adds it too.
    left: u32,
    /// The highest count that was heard of, of the window and of the one before it.
    counted: u64,
    counted_before: u64,
    is_used_up: bool,
}

impl Default for Lease {
    fn default() -> Self {
        let window = Window { ends: Moment::from_seconds(0), millis: 0 };
        Self { window, used: 0, left: CALLS, counted: 0, counted_before: 0, is_used_up: false }
    }
}

impl Window {
    pub(super) fn second(now: Moment) -> Self {
        Self::of(now, 1_000)
    }

    pub(super) fn minute(now: Moment) -> Self {
        Self::of(now, 60_000)
    }

    fn of(now: Moment, millis: i64) -> Self {
        let begins = now.millis() - now.millis().rem_euclid(millis);
        Self { ends: Moment::from_millis(begins.saturating_add(millis)), millis }
    }

    fn follows(self, other: Self) -> bool {
        self.millis == other.millis && self.ends.millis() == other.ends.millis().saturating_add(other.millis)
    }
}

impl Lease {
    /// Begins a window if it is another one. What was not added of the last one nobody is counted for.
    pub(super) fn turn_to(&mut self, window: Window) {
        if self.window == window {
            return;
        }
        let counted_before = if window.follows(self.window) { self.counted } else { 0 };
        *self = Self { window, used: 0, left: self.left, counted: 0, counted_before, is_used_up: false };
    }

    pub(super) const fn is_used_up(&self) -> bool {
        self.is_used_up
    }

    /// Takes a call; the number of calls to add to the count, if it is time.
    pub(super) fn take(&mut self) -> Option<u32> {
        self.used += 1;
        self.left = self.left.saturating_sub(1);
        if self.left > 0 {
            return None;
        }
        Some(std::mem::take(&mut self.used))
    }

    /// The shared count of a window is this much; `None` if it did not answer.
    pub(super) fn learn(&mut self, window: Window, count: Option<u64>, limit: u32) {
        let limit = u64::from(limit);
        if let Some(count) = count.filter(|_| self.window == window) {
            self.counted = self.counted.max(count);
            self.is_used_up |= count >= limit;
        }
        // Each call in the count may be of another environment, and each of these may serve a lease that is not in it: four calls for
        // one, so that from an eighth of the limit on, half of it may be served.
        let known = self.counted.max(self.counted_before);
        let is_far = known.saturating_mul(2 * u64::from(CALLS)) < limit;
        self.left = if is_far { CALLS } else { 1 };
    }

    /// Whether its window, or the one after it, is not over.
    pub(super) fn is_of_use(&self, now: Moment) -> bool {
        let span = Duration::from_millis(u64::try_from(self.window.millis).unwrap_or_default());
        now < self.window.ends.plus(span)
    }
}
