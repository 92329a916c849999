//! How often one organisation registers clients, and one client replaces its registration: whoever does so again and again fills
//! no list of ours and keeps no operator from changing it, and the limit of one participant is felt by no other (T60).

use std::time::Duration;

use ponte_values::Moment;

/// Most registrations of an organisation in one window. A run of the certification's registration modules needs some thirty,
/// a participant with many brands one for each software statement, once.
pub const MOST_REGISTRATIONS: u32 = 100;

/// Most replacements of one registration by its client in one window: it changes a few times a year.
pub const MOST_REPLACEMENTS: u32 = 100;

/// Seconds of a window.
const WINDOW: i64 = 3_600;

/// The hour in which registrations and replacements are counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RegistrationWindow {
    starts: Moment,
}

impl RegistrationWindow {
    /// The window that a moment lies in.
    #[must_use]
    pub fn of(now: Moment) -> Self {
        Self { starts: Moment::from_seconds(now.seconds() - now.seconds().rem_euclid(WINDOW)) }
    }

    /// Its first moment.
    #[must_use]
    pub const fn starts(&self) -> Moment {
        self.starts
    }

    /// The first moment of the next one.
    #[must_use]
    pub fn ends(&self) -> Moment {
        Moment::from_seconds(self.starts.seconds() + WINDOW)
    }

    /// How long to wait from `now` until the next one, one second at least.
    #[must_use]
    pub fn wait(&self, now: Moment) -> Duration {
        let seconds = self.ends().seconds() - now.seconds();
        Duration::from_secs(u64::try_from(seconds).unwrap_or_default().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t60_a_window_is_an_hour_and_the_wait_ends_with_it() {
        let at = |text| Moment::parse(text).unwrap();
        let now = at("2026-03-01T12:59:59.900Z");
        let window = RegistrationWindow::of(now);
        assert_eq!(
            (window.starts(), window.ends()),
            (at("2026-03-01T12:00:00Z"), at("2026-03-01T13:00:00Z"))
        );
        assert_eq!(window.wait(now), Duration::from_secs(1));
        assert_eq!(window.wait(at("2026-03-01T12:00:00Z")), Duration::from_hours(1));
        assert_eq!(RegistrationWindow::of(window.ends()).starts(), window.ends());
        assert_eq!(RegistrationWindow::of(window.starts()), window);
    }
}
