//! The end of the consents of removed clients (T60): rounds through all consents, in parts that are read side by side.
//!
//! There is no index by client: a client is removed once in years, and an index would cost a write at each consent. One
//! round serves many clients, so that whoever registers and goes again and again starts no round each.

use std::collections::HashMap;

use ponte_authorization::removed_client::{Removal, RemovedBy};
use ponte_values::OrganisationId;
use serde::{Deserialize, Serialize};

use crate::consent::Consent;

/// Parts that the consents are read in.
pub const SEGMENTS: usize = 4;
/// Most clients of one round.
pub const MOST_CLIENTS: usize = 40;
/// How often a page is tried before what cannot be ended on it is passed over.
const TRIES: u8 = 5;

/// A round, as far as it got. A page is passed when all on it that concern the round have ended, so whoever goes on after
/// a crash repeats one page, on which nothing is ended twice.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RemovalRound {
    /// The removed clients.
    pub removals: Vec<Removal>,
    /// How far each part is.
    segments: Vec<Segment>,
    /// 1 at first, one more with each step.
    pub version: u64,
}

/// How far a part of the consents was read.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
struct Segment {
    after: Option<String>,
    over: bool,
    #[serde(default)]
    failures: u8,
}

/// A page that a round needs next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The part, below [`SEGMENTS`].
    pub segment: usize,
    /// The cursor to go on from; `None` is the beginning.
    pub after: Option<String>,
}

/// How a page went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PageOutcome {
    /// All on it that concern the round have ended; the cursor of the next page, `None` at the end of the part.
    Passed(Option<String>),
    /// Some did not end; the cursor of the next page, as above.
    Failed(Option<String>),
    /// The page was not read, or the time was over before all on it were tried.
    Interrupted,
}

impl RemovalRound {
    /// The beginning of a round for these clients.
    #[must_use]
    pub fn begin(removals: Vec<Removal>) -> Self {
        Self { removals, segments: vec![Segment::default(); SEGMENTS], version: 1 }
    }

    /// Whether a consent is one of the round's clients.
    #[must_use]
    pub fn concerns(&self, consent: &Consent) -> bool {
        self.removals.iter().any(|removal| removal.client == consent.client)
    }

    /// The next page of each part that is not over.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        let segments = self.segments.iter().enumerate().filter(|(_, segment)| !segment.over);
        segments.map(|(segment, at)| Place { segment, after: at.after.clone() }).collect()
    }

    /// The round after the page of a part. A page that failed is tried again, five times at most.
    #[must_use]
    pub fn after(mut self, segment: usize, outcome: PageOutcome) -> Self {
        let Some(at) = self.segments.get_mut(segment) else { return self };
        let tried = at.failures.saturating_add(1);
        let next = match outcome {
            PageOutcome::Passed(next) => next,
            PageOutcome::Failed(next) if tried >= TRIES => next,
            PageOutcome::Failed(_) => {
                at.failures = tried;
                return self;
            }
            PageOutcome::Interrupted => return self,
        };
        *at = Segment { over: next.is_none(), after: next, failures: 0 };
        self
    }

    /// The same as the next version, to be stored.
    #[must_use]
    pub fn step(self) -> Self {
        Self { version: self.version + 1, ..self }
    }

    /// Whether every part was read to its end.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.segments.iter().all(|segment| segment.over)
    }
}

/// Who comes next of all that wait: first those whom operators removed, then in turns between organisations, each time the
/// one that waits longest. So whoever registers and goes again and again holds up nobody but itself.
#[derive(Debug)]
pub struct Turns {
    most: usize,
    by_operators: Vec<Removal>,
    by_clients: HashMap<Option<OrganisationId>, Vec<Removal>>,
}

impl Turns {
    /// For a choice of `most` at most.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, by_operators: Vec::new(), by_clients: HashMap::new() }
    }

    /// Offers one that waits; who waits longer is offered earlier. What cannot be chosen is not kept.
    pub fn offer(&mut self, removal: Removal) {
        let of = match removal.by {
            Some(RemovedBy::Operator) => &mut self.by_operators,
            Some(RemovedBy::Client) | None => {
                self.by_clients.entry(removal.organisation.clone()).or_default()
            }
        };
        if of.len() < self.most {
            of.push(removal);
        }
    }

    /// Those whose turn it is.
    #[must_use]
    pub fn chosen(self) -> Vec<Removal> {
        let turns = self.by_clients.into_values().flat_map(|of| of.into_iter().enumerate());
        let mut turns: Vec<_> = turns.collect();
        turns.sort_by(|(turn, one), (other_turn, other)| {
            (turn, one.at, one.client.as_str()).cmp(&(other_turn, other.at, other.client.as_str()))
        });
        let clients = turns.into_iter().map(|(_, removal)| removal);
        self.by_operators.into_iter().chain(clients).take(self.most).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ponte_values::{ClientId, Moment};

    use super::*;

    fn removal(name: &str, second: u64, organisation: Option<u8>, by: Option<RemovedBy>) -> Removal {
        let organisation = organisation.map(|number| {
            OrganisationId::parse(&format!("c770aef3-6784-41f7-8e0e-ff5f97bddb{number:02}")).unwrap()
        });
        let began = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let at = began.plus(Duration::from_secs(second));
        Removal { client: ClientId::parse(name).unwrap(), at, organisation, by }
    }

    fn chosen(most: usize, waiting: Vec<Removal>) -> Vec<String> {
        let mut turns = Turns::new(most);
        for removal in waiting {
            turns.offer(removal);
        }
        turns.chosen().into_iter().map(|removal| removal.client.to_string()).collect()
    }

    #[test]
    fn t60_a_flood_of_one_organisation_holds_up_no_other() {
        let own = Some(RemovedBy::Client);
        let mut waiting: Vec<_> =
            (0..10_000).map(|number| removal(&format!("flood-{number}"), number, Some(1), own)).collect();
        waiting.push(removal("other", 20_000, Some(2), own));
        waiting.push(removal("before-this-release", 20_001, None, None));
        waiting.push(removal("other-again", 20_002, Some(2), own));
        let first = ["flood-0", "other", "before-this-release", "flood-1", "other-again", "flood-2"];
        assert_eq!(chosen(6, waiting.clone()), first);
        assert_eq!(chosen(40, waiting).len(), 40, "the rest is the flood's");
    }

    #[test]
    fn t60_of_a_flood_no_more_is_kept_than_can_be_chosen() {
        let mut turns = Turns::new(2);
        for second in 0..9 {
            turns.offer(removal("flood", second, Some(1), Some(RemovedBy::Client)));
            turns.offer(removal("decided", second, None, Some(RemovedBy::Operator)));
        }
        assert_eq!(turns.by_clients.values().map(Vec::len).collect::<Vec<_>>(), [2]);
        assert_eq!(turns.by_operators.len(), 2);
    }

    #[test]
    fn t60_those_whom_operators_removed_come_first() {
        let mut waiting: Vec<_> =
            (0..9).map(|number| removal(&format!("c{number}"), number.into(), Some(number), None)).collect();
        waiting.push(removal("decided", 100, Some(1), Some(RemovedBy::Operator)));
        waiting.push(removal("decided-too", 101, Some(1), Some(RemovedBy::Operator)));
        assert_eq!(chosen(4, waiting.clone()), ["decided", "decided-too", "c0", "c1"]);
        assert_eq!(chosen(1, waiting), ["decided"]);
    }

    #[test]
    fn t60_of_more_organisations_than_a_round_serves_the_longest_waiting_come_first() {
        let waiting =
            (0..60).map(|number| removal(&format!("c{number:02}"), number.into(), Some(number), None));
        let expected: Vec<_> = (0..40).map(|number| format!("c{number:02}")).collect();
        assert_eq!(chosen(40, waiting.collect()), expected);
    }

    #[test]
    fn t60_a_round_reads_each_part_to_its_end() {
        let mut round = RemovalRound::begin(Vec::new());
        assert_eq!(round.places().len(), SEGMENTS);
        round = round.after(1, PageOutcome::Passed(Some("a".to_owned())));
        assert_eq!(round.places()[1], Place { segment: 1, after: Some("a".to_owned()) });
        for segment in 0..SEGMENTS {
            assert!(!round.is_over());
            round = round.after(segment, PageOutcome::Passed(None));
        }
        assert!(round.is_over() && round.places().is_empty());
        assert_eq!(round.step().version, 2);
    }

    #[test]
    fn t60_a_page_that_fails_is_repeated_and_passed_over_at_the_fifth_time() {
        let mut round = RemovalRound::begin(Vec::new());
        let next = || Some("next".to_owned());
        for _ in 1..TRIES {
            round = round.after(0, PageOutcome::Failed(next()));
            assert_eq!(round.places()[0].after, None);
        }
        let interrupted = round.clone().after(0, PageOutcome::Interrupted);
        assert_eq!(interrupted, round, "a page that nobody read, or not to its end, is no failure");
        round = round.after(0, PageOutcome::Failed(next()));
        assert_eq!(round.places()[0].after, next());
        round = round.after(0, PageOutcome::Failed(None));
        assert_eq!(round.places()[0].after, next(), "the next page begins to count anew");
    }
}
