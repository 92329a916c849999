//! How many short codes may be guessed: failures are counted by the minute, by source and in all (T62).
//!
//! A code has 40 bits. At [`OF_ALL`] a minute and a thousand codes shown at once, a minute of guessing hits one of them with
//! 3,000 x 1,000 / 2^40, one time in 366,000. A minute opens again by itself, and ids that are not short are never counted:
//! guesses hold up those who type a code for a minute at a time, and not those who scan one. A flood beyond the throttle of the
//! gateway holds up both.

use ponte_values::Moment;

use super::fault::InteractionFault;
use crate::count_window::CountWindow;

/// Failures of one source in a minute: many customers may share an address.
pub const OF_ONE_SOURCE: u32 = 30;
/// Failures of all sources in a minute.
pub const OF_ALL: u32 = 3_000;

/// Judges whether one more code may be guessed at `now`, after so many that failed in its minute.
///
/// # Errors
/// [`InteractionFault::TooManyGuesses`] with the time until the minute is over.
pub fn admit_guess(of_source: u32, of_all: u32, now: Moment) -> Result<(), InteractionFault> {
    if of_source < OF_ONE_SOURCE && of_all < OF_ALL {
        return Ok(());
    }
    Err(InteractionFault::TooManyGuesses(CountWindow::minute(now).left(now)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn t62_guessing_is_closed_by_either_count_until_the_minute_is_over() {
        let now = Moment::from_seconds(1_772_366_415);
        assert_eq!(admit_guess(OF_ONE_SOURCE - 1, OF_ALL - 1, now), Ok(()));
        let closed = Err(InteractionFault::TooManyGuesses(Duration::from_secs(45)));
        assert_eq!(admit_guess(OF_ONE_SOURCE, 0, now), closed);
        assert_eq!(admit_guess(0, OF_ALL, now), closed);
    }
}
