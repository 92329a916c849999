//! The row of an operation, and what it lets through.

use std::time::Duration;

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use super::limits::{LONGEST_PAUSE, PAUSE, PROBE, SKEW, SLOT, SLOTS};

/// What the environments know together of an operation that did not answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BreakerRow {
    /// Operation of the integration layer: `/accounts/balances`.
    pub operation: String,
    /// Counts the changes, from 1.
    pub version: u64,
    /// Time of the last change.
    pub changed_at: Moment,
    /// While it is open: until when nobody asks. Absent while it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_until: Option<Moment>,
    /// Pauses so far without an answer between them.
    #[serde(default)]
    pub pauses: u32,
    /// The environments that go on asking.
    #[serde(default)]
    pub slots: Vec<Slot>,
}

/// The place of one environment among those that go on asking.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Slot {
    /// Id of the environment.
    pub environment: String,
    /// When it is free again.
    pub until: Moment,
}

/// What a row lets an environment do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// Ask.
    Free,
    /// Ask if it is the one that takes the probe.
    Probe,
    /// Nobody asks; the next probe is this far off.
    Open(Duration),
    /// Enough others ask already.
    Full,
}

impl BreakerRow {
    /// The row of an operation that has none.
    #[must_use]
    pub fn new(operation: &str, now: Moment) -> Self {
        Self {
            operation: operation.to_owned(),
            version: 0,
            changed_at: now,
            open_until: None,
            pauses: 0,
            slots: Vec::new(),
        }
    }

    /// Whether somebody is held back by this row now, or the breaker waits for a probe. One that nobody has asked for since
    /// its longest pause is no trouble.
    #[must_use]
    pub fn is_troubled(&self, now: Moment) -> bool {
        let open = |until: Moment| now < until.plus(LONGEST_PAUSE);
        self.open_until.is_some_and(open) || self.live(now).next().is_some()
    }

    /// What an environment may do; `suspect` if its last calls had no answer.
    #[must_use]
    pub fn admits(&self, environment: &str, suspect: bool, now: Moment) -> Admission {
        match self.open_until {
            // Set by a clock that is ahead of ours by more than clocks may be: as good as over.
            Some(until) if self.changed_at > now.plus(SKEW) || until > now.plus(LONGEST_PAUSE + SKEW) => {
                Admission::Probe
            }
            Some(until) if now < until => Admission::Open(until.since(now)),
            Some(_) => Admission::Probe,
            None if suspect && self.is_full_for(environment, now) => Admission::Full,
            None => Admission::Free,
        }
    }

    /// The row after an environment took the probe: the others wait for its end.
    #[must_use]
    pub fn probed(&self, now: Moment) -> Self {
        Self { open_until: Some(now.plus(PROBE)), ..self.next(now) }
    }

    /// The row after calls without an answer opened the breaker, or the probe had none.
    #[must_use]
    pub fn opened(&self, now: Moment) -> Self {
        let pause = PAUSE.saturating_mul(1 << self.pauses.min(8)).min(LONGEST_PAUSE);
        let pauses = self.pauses.saturating_add(1);
        Self { open_until: Some(now.plus(pause)), pauses, slots: Vec::new(), ..self.next(now) }
    }

    /// The row after an answer: everybody asks.
    #[must_use]
    pub fn closed(&self, now: Moment) -> Self {
        Self { open_until: None, pauses: 0, slots: Vec::new(), ..self.next(now) }
    }

    /// The row in which an environment has a slot; `None` if it has one that is young, or none is free.
    #[must_use]
    pub fn with_slot(&self, environment: &str, now: Moment) -> Option<Self> {
        let fresh = |slot: &Slot| slot.environment == environment && slot.until > now.plus(SLOT / 2);
        if self.live(now).any(fresh) || self.is_full_for(environment, now) {
            return None;
        }
        let mut slots = self.live(now).cloned().collect::<Vec<_>>();
        match slots.iter_mut().find(|slot| slot.environment == environment) {
            Some(own) => own.until = now.plus(SLOT),
            None => slots.push(Slot { environment: environment.to_owned(), until: now.plus(SLOT) }),
        }
        Some(Self { slots, ..self.next(now) })
    }

    fn next(&self, now: Moment) -> Self {
        Self { version: self.version + 1, changed_at: now, ..self.clone() }
    }

    fn is_full_for(&self, environment: &str, now: Moment) -> bool {
        self.live(now).count() >= SLOTS && !self.live(now).any(|slot| slot.environment == environment)
    }

    fn live(&self, now: Moment) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(move |slot| now < slot.until && slot.until <= now.plus(SLOT + SKEW))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_seconds(1_000_000 + seconds)
    }

    fn open() -> BreakerRow {
        BreakerRow::new("/accounts/balances", at(0)).opened(at(0))
    }

    #[test]
    fn t63_it_opens_lets_one_probe_through_and_closes() {
        let open = open();
        assert_eq!(open.version, 1);
        assert_eq!(open.admits("a", false, at(0)), Admission::Open(PAUSE));
        assert_eq!(open.admits("a", true, at(4)), Admission::Open(Duration::from_secs(1)));
        assert_eq!(open.admits("a", false, at(5)), Admission::Probe);
        let probed = open.probed(at(5));
        assert_eq!(probed.admits("b", false, at(5)), Admission::Open(PROBE), "one probe at a time");
        assert_eq!(probed.admits("b", false, at(17)), Admission::Probe, "the probe died");
        let closed = probed.closed(at(6));
        assert_eq!((closed.admits("b", true, at(6)), closed.version), (Admission::Free, 3));
        assert!(!closed.is_troubled(at(6)) && probed.is_troubled(at(6)));
        assert!(open.is_troubled(at(64)) && !open.is_troubled(at(65)), "nobody asks for it any more");
    }

    #[test]
    fn t63_each_silent_probe_doubles_the_pause_up_to_a_minute_and_an_answer_begins_anew() {
        let mut row = open();
        let mut pauses = Vec::new();
        for _ in 0..6 {
            let until = row.open_until.unwrap();
            pauses.push(until.since(row.changed_at).as_secs());
            row = row.probed(until).opened(until);
        }
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
        let anew = row.closed(at(500)).opened(at(500));
        assert_eq!(anew.admits("a", false, at(500)), Admission::Open(PAUSE));
        let ancient = BreakerRow { pauses: u32::MAX, ..row };
        assert_eq!(ancient.opened(at(0)).open_until, Some(at(60)), "no overflow");
    }

    #[test]
    fn t63_lb04_a_row_from_the_future_is_old() {
        // Opened by an environment a day ahead.
        let day = BreakerRow::new("/x", at(86_400)).opened(at(86_400));
        assert_eq!(day.admits("a", false, at(0)), Admission::Probe);
        // A clock that was right when the row was written, and went back by an hour.
        assert_eq!(open().admits("a", false, at(-3_600)), Admission::Probe);
        // Within the difference that clocks may have it counts.
        assert!(matches!(open().admits("a", false, at(-30)), Admission::Open(_)));
        let slot = BreakerRow::new("/x", at(86_400)).with_slot("b", at(86_400)).unwrap();
        assert!(!slot.is_troubled(at(0)), "a slot of the future is free");
        assert!(slot.is_troubled(at(86_400)));
    }

    #[test]
    fn t63_only_so_many_environments_go_on_asking_a_silent_operation() {
        let mut row = BreakerRow::new("/x", at(0));
        for number in 0..SLOTS {
            row = row.with_slot(&number.to_string(), at(0)).unwrap();
        }
        assert_eq!(row.with_slot("late", at(0)), None, "none is free, and nothing to write");
        assert_eq!(row.admits("late", true, at(1)), Admission::Full);
        assert_eq!(row.admits("0", true, at(1)), Admission::Free, "it has a slot");
        assert_eq!(row.admits("late", false, at(1)), Admission::Free, "it got answers");
        assert_eq!(row.with_slot("0", at(1)), None, "young enough");
        let renewed = row.with_slot("0", at(6)).unwrap();
        assert_eq!(renewed.slots.len(), SLOTS);
        assert_eq!(renewed.admits("0", true, at(15)), Admission::Free);
        // The other nine are over by then, and their places are free.
        assert_eq!(renewed.with_slot("late", at(11)).unwrap().slots.len(), 2);
        assert_eq!(row.admits("late", true, at(10)), Admission::Free);
    }
}
