//! Which days a night proves: the day before, and those that lie whole rounds before it, so that each day is proven again every
//! [`ROUND`] nights for as long as the chain reaches back.

use ponte_values::Date;

use super::place::ProofPlace;

/// Nights in which every day is proven once.
pub(super) const ROUND: i64 = 30;

/// Where the proof of the nights stands. A run that ends in the middle leaves the rest of its night to the next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The night, by the day (UTC) it belongs to: the first day that it proves is the one before.
    pub night: Date,
    /// The day that is proven next; `None` once the night is done.
    pub day: Option<Date>,
    /// Where in that day; `None` for its beginning.
    pub place: Option<ProofPlace>,
    /// The first day of the chain, as far back as it was ever seen.
    pub since: Date,
    /// Number of changes; the store's condition for the next one.
    pub version: u64,
}

impl Standing {
    /// A first night, of a chain that began on the day `since`.
    #[must_use]
    pub fn beginning(night: Date, since: Date) -> Self {
        Self { night, day: Some(night.plus_days(-1)), place: None, since, version: 0 }
    }

    /// The night after this one, or where a round was missed since, the first that proves a day not proven by then.
    #[must_use]
    pub fn next_night(&self, tonight: Date) -> Self {
        let night = self.night.plus_days(1).max(tonight.plus_days(1 - ROUND));
        Self { version: self.version, ..Self::beginning(night, self.since) }
    }

    /// The same day from `place` on, or, if that is `None`, the day a round before it.
    #[must_use]
    pub fn after(&self, day: Date, place: Option<ProofPlace>) -> Self {
        let version = self.version + 1;
        if place.is_some() {
            return Self { place, version, ..self.clone() };
        }
        let before = day.plus_days(-ROUND);
        Self { day: (before >= self.since).then_some(before), place, version, ..self.clone() }
    }

    /// Whether this night, or one between it and `tonight`, was not proven when its time was over.
    #[must_use]
    pub fn is_late(&self, tonight: Date) -> bool {
        let first_open = if self.day.is_some() { self.night } else { self.night.plus_days(1) };
        first_open < tonight
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// Every day that the nights from `from` to `to` prove, with how often.
    fn proven(mut standing: Standing, to: Date) -> (Standing, BTreeMap<Date, usize>) {
        let mut days = BTreeMap::new();
        loop {
            match standing.day {
                Some(day) => {
                    *days.entry(day).or_default() += 1;
                    standing = standing.after(day, None);
                }
                None if standing.night < to => standing = standing.next_night(to),
                None => return (standing, days),
            }
        }
    }

    #[test]
    fn t67_thirty_nights_prove_every_day_of_the_chain_and_each_night_the_day_before() {
        let (since, first) = (date("2024-01-01"), date("2026-03-01"));
        let mut standing = Standing::beginning(first, since);
        let mut all = BTreeMap::new();
        for night in 0..ROUND {
            let tonight = first.plus_days(night);
            let (after, days) = proven(standing, tonight);
            assert!(days.contains_key(&tonight.plus_days(-1)));
            assert!(days.len() <= 28, "820 days are 28 rounds at most: {}", days.len());
            all.extend(days);
            standing = after;
        }
        let span = first.plus_days(ROUND - 1).days_since(since);
        assert_eq!(all.len(), usize::try_from(span).unwrap(), "each of them");
        assert_eq!(all.keys().next(), Some(&since));
    }

    #[test]
    fn t67_nights_that_were_missed_are_made_up_for_and_a_round_at_most() {
        let (since, first) = (date("2026-01-01"), date("2026-03-01"));
        let (standing, _) = proven(Standing::beginning(first, since), first);
        let third = first.plus_days(3);
        let (after, days) = proven(standing.clone(), third);
        assert_eq!((after.night, days.contains_key(&first)), (third, true));
        let far = first.plus_days(400);
        let (after, days) = proven(standing, far);
        assert_eq!((after.night, days.keys().next()), (far, Some(&since)));
        assert!(days.values().all(|times| *times == 1), "each day once");
    }

    #[test]
    fn a_night_that_is_not_done_is_late_when_the_next_one_comes() {
        let night = date("2026-03-01");
        let open = Standing::beginning(night, night);
        assert!(!open.is_late(night) && open.is_late(night.plus_days(1)));
        let done = open.after(night.plus_days(-1), None);
        assert!(done.day.is_none() && !done.is_late(night.plus_days(1)) && done.is_late(night.plus_days(2)));
    }

    #[test]
    fn t67_a_night_that_paused_goes_on_at_its_place_and_every_change_is_counted() {
        let (night, day, place) = (date("2026-03-01"), date("2026-02-28"), ProofPlace::beginning(2));
        let paused = Standing::beginning(night, date("2026-01-01")).after(day, Some(place.clone()));
        assert_eq!((paused.day, &paused.place, paused.version), (Some(day), &Some(place), 1));
        let next = paused.after(day, None);
        assert_eq!((next.day, &next.place, next.version), (Some(date("2026-01-29")), &None, 2));
        assert_eq!(next.next_night(night.plus_days(1)).version, 2, "the store goes on from there");
    }
}
