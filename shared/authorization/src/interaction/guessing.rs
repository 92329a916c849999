//! How many short codes may be guessed: failures are counted in windows of a minute, by source and in all (T62).
//!
//! A code has 40 bits. At [`OF_ALL`] a minute and a thousand codes shown at once, a minute of guessing hits one of them with
//! 3,000 x 1,000 / 2^40, one time in 366,000. A window opens again by itself, and ids that are not short are never counted:
//! guesses hold up those who type a code for a minute at a time, and not those who scan one. A flood beyond the throttle of the
//! gateway holds up both.

use std::time::Duration;

use ponte_values::Moment;

use super::fault::InteractionFault;

/// Seconds of a window.
const WINDOW: i64 = 60;
/// Failures of one source in a window: many customers may share an address.
pub const OF_ONE_SOURCE: u32 = 30;
/// Failures of all sources in a window.
pub const OF_ALL: u32 = 3_000;

/// The minute in which attempts are counted: guesses, logins, lists of products, yeses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AttemptWindow {
    start: i64,
}

impl AttemptWindow {
    /// The window of a call at `now`.
    #[must_use]
    pub const fn at(now: Moment) -> Self {
        Self { start: now.seconds().div_euclid(WINDOW) * WINDOW }
    }

    /// Start in seconds of Unix time; names the window.
    #[must_use]
    pub const fn start(self) -> i64 {
        self.start
    }

    /// When its counts may be forgotten: a window later, for clocks that are behind.
    #[must_use]
    pub const fn forgotten_at(self) -> Moment {
        Moment::from_seconds(self.start + 2 * WINDOW)
    }

    /// Judges whether one more guess may be made at `now`, after so many that failed.
    ///
    /// # Errors
    /// [`InteractionFault::TooManyGuesses`] with the time until the window is over.
    pub fn admit(self, of_source: u32, of_all: u32, now: Moment) -> Result<(), InteractionFault> {
        if of_source < OF_ONE_SOURCE && of_all < OF_ALL {
            return Ok(());
        }
        Err(InteractionFault::TooManyGuesses(self.left(now)))
    }

    /// How long the window goes on.
    #[must_use]
    pub fn left(self, now: Moment) -> Duration {
        let left = self.start + WINDOW - now.seconds();
        Duration::from_secs(u64::try_from(left).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t62_a_window_is_closed_by_either_count_and_opens_by_itself() {
        let now = Moment::from_seconds(1_772_366_415);
        let window = AttemptWindow::at(now);
        assert_eq!(window.admit(OF_ONE_SOURCE - 1, OF_ALL - 1, now), Ok(()));
        let closed = Err(InteractionFault::TooManyGuesses(Duration::from_secs(45)));
        assert_eq!(window.admit(OF_ONE_SOURCE, 0, now), closed);
        assert_eq!(window.admit(0, OF_ALL, now), closed);
        let later = now.plus(Duration::from_secs(45));
        assert_ne!(AttemptWindow::at(later), window);
        assert_eq!(AttemptWindow::at(later.plus(Duration::from_secs(59))), AttemptWindow::at(later));
    }

    #[test]
    fn t62_a_count_has_the_name_of_its_minute_and_is_kept_for_one_more() {
        let minute = Moment::parse("2026-03-01T12:01:00Z").unwrap();
        let window = AttemptWindow::at(minute.plus(Duration::from_secs(15)));
        assert_eq!(window.start(), minute.seconds());
        assert_eq!(window.forgotten_at(), minute.plus(Duration::from_mins(2)));
    }
}
