//! Days and deadlines: 95% by 08:00 of the next day, 99% by 08:00 of the seventh (M60), all in Brasília time.

use std::time::Duration;

use ponte_values::{Date, Moment};

use super::counts::Counts;

/// Share of a day that is due by 08:00 of the next day, in thousandths.
pub const FIRST_SHARE: u64 = 950;
/// Share of a day that is due by 08:00 of the seventh day, in thousandths.
pub const LAST_SHARE: u64 = 990;
/// Days after which the platform refuses a report (M22).
pub const OLDEST_DAYS: i64 = 7;

const DAY: Duration = Duration::from_hours(24);

/// Midnight at which a day begins in Brasília, UTC-3 all year since 2019.
#[must_use]
pub fn begins(day: Date) -> Moment {
    // Every day of the calendar has a midnight at UTC; three hours later it is midnight in Brasília.
    Moment::parse(&format!("{day}T03:00:00Z")).unwrap_or(Moment::from_millis(0))
}

/// 08:00 of the next day.
#[must_use]
pub fn first_deadline(day: Date) -> Moment {
    begins(day).plus(DAY + Duration::from_hours(8))
}

/// 08:00 of the seventh day.
#[must_use]
pub fn last_deadline(day: Date) -> Moment {
    begins(day).plus(DAY * 7 + Duration::from_hours(8))
}

/// The totals of a day over all APIs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// The sum of the lines.
    pub counts: Counts,
    /// Rows that wait in the outbox.
    pub pending: u64,
    /// Rows that wait for a fact (M38).
    pub held: u64,
}

impl Totals {
    /// Everything there is to report of the day.
    #[must_use]
    pub const fn produced(&self) -> u64 {
        self.counts.accepted + self.counts.parked + self.pending + self.held
    }

    /// Thousandths accepted so far; all of it when there is nothing to report.
    #[must_use]
    pub const fn share(&self) -> u64 {
        Self::thousandths(self.counts.accepted, self.produced())
    }

    /// Thousandths accepted by the first deadline.
    #[must_use]
    pub const fn share_in_time(&self) -> u64 {
        Self::thousandths(self.counts.accepted.saturating_sub(self.counts.late), self.produced())
    }

    /// Rounded down: a target is met or it is not.
    const fn thousandths(part: u64, whole: u64) -> u64 {
        match (part * 1000).checked_div(whole) {
            Some(share) => share,
            None => 1000,
        }
    }
}

/// The state of a target (M60).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeadlineStatus {
    /// Reached, in time.
    Met,
    /// Not reached yet, and there is time.
    Open,
    /// Not reached in time.
    Missed,
}

impl DeadlineStatus {
    /// A word for an operator.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "MET",
            Self::Open => "OPEN",
            Self::Missed => "MISSED",
        }
    }

    const fn of(met: bool, over: bool) -> Self {
        match (met, over) {
            (true, _) => Self::Met,
            (false, false) => Self::Open,
            (false, true) => Self::Missed,
        }
    }
}

/// The first target of `day`: 95% by 08:00 of the next day.
#[must_use]
pub fn first_target(day: Date, totals: &Totals, now: Moment) -> DeadlineStatus {
    DeadlineStatus::of(totals.share_in_time() >= FIRST_SHARE, now > first_deadline(day))
}

/// The last target of `day`: 99% by 08:00 of the seventh day.
#[must_use]
pub fn last_target(day: Date, totals: &Totals, now: Moment) -> DeadlineStatus {
    DeadlineStatus::of(totals.share() >= LAST_SHARE, now > last_deadline(day))
}

/// A target that is about to be missed, or was missed within the last hour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Threat {
    /// The day.
    pub day: Date,
    /// The share it needs, in thousandths.
    pub needed: u64,
    /// The share it has, in thousandths.
    pub reached: u64,
    /// Until when.
    pub deadline: Moment,
    /// Reports that are not accepted.
    pub open: u64,
}

/// The days that [`threat`] judges at `now`; empty outside its hours.
#[must_use]
pub fn watched(now: Moment) -> Vec<Date> {
    let today = now.date_brasilia();
    [1, 6, 7]
        .into_iter()
        .map(|back| today.plus_days(-back))
        .filter(|day| first_watch(*day, now) || last_watch(*day, now))
        .collect()
}

/// From 05:00 of the next day until an hour after the deadline, when a miss is said for the last time.
fn first_watch(day: Date, now: Moment) -> bool {
    let deadline = first_deadline(day);
    now >= deadline.minus(Duration::from_hours(3)) && now < deadline.plus(Duration::from_hours(1))
}

/// From the sixth day on until an hour after the deadline.
fn last_watch(day: Date, now: Moment) -> bool {
    now >= begins(day).plus(DAY * 6) && now < last_deadline(day).plus(Duration::from_hours(1))
}

/// Whether somebody has to act for `day` now.
#[must_use]
pub fn threat(day: Date, totals: &Totals, now: Moment) -> Option<Threat> {
    let (needed, reached, deadline) = if first_watch(day, now) {
        (FIRST_SHARE, totals.share_in_time(), first_deadline(day))
    } else if last_watch(day, now) {
        (LAST_SHARE, totals.share(), last_deadline(day))
    } else {
        return None;
    };
    let open = totals.produced() - totals.counts.accepted;
    (reached < needed).then_some(Threat { day, needed, reached, deadline, open })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> Date {
        Date::parse("2026-03-01").unwrap()
    }

    fn at(text: &str) -> Moment {
        Moment::parse(&format!("{text}-03:00")).unwrap()
    }

    fn totals(accepted: u64, late: u64, pending: u64) -> Totals {
        Totals { counts: Counts { accepted, late, ..Counts::default() }, pending, held: 0 }
    }

    #[test]
    fn m60_deadlines_are_eight_in_brasilia() {
        assert_eq!(begins(day()), at("2026-03-01T00:00:00"));
        assert_eq!(first_deadline(day()), at("2026-03-02T08:00:00"));
        assert_eq!(last_deadline(day()), at("2026-03-08T08:00:00"));
        assert_eq!(begins(day()).date_brasilia(), day());
    }

    #[test]
    fn m60_95_by_the_next_morning() {
        let (before, after) = (at("2026-03-02T08:00:00"), at("2026-03-02T08:00:01"));
        assert_eq!(first_target(day(), &totals(950, 0, 50), after), DeadlineStatus::Met);
        assert_eq!(first_target(day(), &totals(949, 0, 51), before), DeadlineStatus::Open);
        assert_eq!(first_target(day(), &totals(949, 0, 51), after), DeadlineStatus::Missed);
        // What came late does not mend it.
        assert_eq!(first_target(day(), &totals(1000, 51, 0), after), DeadlineStatus::Missed);
        assert_eq!(last_target(day(), &totals(1000, 51, 0), after), DeadlineStatus::Met);
    }

    #[test]
    fn m60_an_operator_reads_a_word_for_each_state_of_a_target() {
        let words =
            [DeadlineStatus::Met, DeadlineStatus::Open, DeadlineStatus::Missed].map(DeadlineStatus::as_str);
        assert_eq!(words, ["MET", "OPEN", "MISSED"]);
    }

    #[test]
    fn m60_99_by_the_seventh_morning() {
        let (before, after) = (at("2026-03-08T08:00:00"), at("2026-03-08T08:00:01"));
        assert_eq!(last_target(day(), &totals(989, 0, 11), before), DeadlineStatus::Open);
        assert_eq!(last_target(day(), &totals(989, 0, 11), after), DeadlineStatus::Missed);
        assert_eq!(last_target(day(), &totals(990, 0, 10), after), DeadlineStatus::Met);
    }

    #[test]
    fn parked_and_held_count_against_the_rate_and_an_empty_day_is_fine() {
        let counts = Counts { accepted: 90, parked: 5, discarded: 40, repeated: 7, ..Counts::default() };
        let totals = Totals { counts, pending: 3, held: 2 };
        assert_eq!((totals.produced(), totals.share()), (100, 900));
        assert_eq!(Totals::default().share(), 1000);
    }

    #[test]
    fn m60_somebody_is_woken_from_five_on_and_on_the_sixth_day() {
        let low = totals(900, 0, 100);
        for (when, expected) in [
            ("2026-03-02T04:59:59", None),
            ("2026-03-02T05:00:00", Some(FIRST_SHARE)),
            ("2026-03-02T08:30:00", Some(FIRST_SHARE)),
            ("2026-03-02T09:00:00", None),
            ("2026-03-06T23:59:59", None),
            ("2026-03-07T00:00:00", Some(LAST_SHARE)),
            ("2026-03-08T08:59:59", Some(LAST_SHARE)),
            ("2026-03-08T09:00:00", None),
        ] {
            let now = at(when);
            assert_eq!(threat(day(), &low, now).map(|threat| threat.needed), expected, "{when}");
            assert_eq!(watched(now).contains(&day()), expected.is_some(), "{when}");
        }
        let just_enough = totals(950, 0, 50);
        assert_eq!(threat(day(), &just_enough, at("2026-03-02T06:00:00")), None);
        let enough = totals(960, 0, 40);
        assert_eq!(threat(day(), &enough, at("2026-03-02T06:00:00")), None);
        let threat = threat(day(), &enough, at("2026-03-07T06:00:00")).unwrap();
        assert_eq!((threat.reached, threat.open), (960, 40));
    }
}
