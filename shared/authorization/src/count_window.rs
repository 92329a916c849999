//! The window in which something is counted and limited: attempts at the channel by the minute, registrations by the hour. It
//! opens again by itself, so that a limit holds somebody up and shuts nobody out (T60, T62).

use std::time::Duration;

use ponte_values::Moment;

/// A minute or an hour of UTC, the same for every environment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct CountWindow {
    starts: Moment,
    seconds: i64,
}

impl CountWindow {
    /// The minute that a moment lies in.
    #[must_use]
    pub const fn minute(now: Moment) -> Self {
        Self::of(now, 60)
    }

    /// The hour that a moment lies in.
    #[must_use]
    pub const fn hour(now: Moment) -> Self {
        Self::of(now, 3_600)
    }

    const fn of(now: Moment, seconds: i64) -> Self {
        Self { starts: Moment::from_seconds(now.seconds() - now.seconds().rem_euclid(seconds)), seconds }
    }

    /// Its first moment, by which a count is named.
    #[must_use]
    pub const fn starts(self) -> Moment {
        self.starts
    }

    /// The first moment of the next one.
    #[must_use]
    pub const fn ends(self) -> Moment {
        Moment::from_seconds(self.starts.seconds() + self.seconds)
    }

    /// When its counts may be forgotten: a window later, for clocks that are behind.
    #[must_use]
    pub const fn forgotten_at(self) -> Moment {
        Moment::from_seconds(self.starts.seconds() + 2 * self.seconds)
    }

    /// How long to wait from `now` until the next one, one second at least.
    #[must_use]
    pub fn left(self, now: Moment) -> Duration {
        let seconds = self.ends().seconds() - now.seconds();
        Duration::from_secs(u64::try_from(seconds).unwrap_or_default().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn t60_an_hour_is_the_same_for_all_its_moments_and_the_wait_ends_with_it() {
        let now = at("2026-03-01T12:59:59.900Z");
        let window = CountWindow::hour(now);
        assert_eq!(
            (window.starts(), window.ends(), window.forgotten_at()),
            (at("2026-03-01T12:00:00Z"), at("2026-03-01T13:00:00Z"), at("2026-03-01T14:00:00Z"))
        );
        assert_eq!(window.left(now), Duration::from_secs(1));
        assert_eq!(window.left(window.starts()), Duration::from_hours(1));
        assert_eq!(window.left(window.forgotten_at()), Duration::from_secs(1), "a clock that is ahead");
        assert_eq!(CountWindow::hour(window.ends()).starts(), window.ends());
        assert_eq!(CountWindow::hour(window.starts()), window);
    }

    #[test]
    fn t62_a_minute_opens_again_by_itself_and_its_count_is_kept_for_one_more() {
        let minute = at("2026-03-01T12:01:00Z");
        let window = CountWindow::minute(minute.plus(Duration::from_secs(15)));
        assert_eq!((window.starts(), window.ends()), (minute, minute.plus(Duration::from_mins(1))));
        assert_eq!(window.forgotten_at(), minute.plus(Duration::from_mins(2)));
        assert_eq!(CountWindow::minute(minute.plus(Duration::from_secs(59))), window);
        assert_ne!(CountWindow::minute(window.ends()), window);
    }
}
