//! The end of the consents of removed clients (T60): rounds through all consents, in parts that are read side by side.
//!
//! There is no index by client: a client is removed once in years, and an index would cost a write at each consent. One
//! round serves many clients, so that whoever registers and goes again and again starts no round each.

use ponte_authorization::removed_client::Removal;
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

#[cfg(test)]
mod tests {
    use super::*;

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
