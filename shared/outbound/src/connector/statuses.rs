//! What a status of the connector may say: one table, from which `docs/payment-connector.md` is printed.

use std::ops::RangeInclusive;

/// What an answer with a status may say. Whatever says something is signed by the connector, in reply to the request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AnswerSays {
    /// `data`: what was asked for.
    Data,
    /// A refusal by a code of the stage.
    Refusal,
    /// That the core does not have it, by the code for that.
    NotFound,
    /// NAO_EXECUTADO alone: nothing was done, and nothing will be. Anybody on the way answers so too, and says nothing.
    NotExecuted,
    /// Nothing of the money, whoever signs it; the core is asked less for a while.
    Busy,
    /// Nothing: the same as silence, which the breaker counts.
    Silence,
    /// Nothing.
    Nothing,
}

/// Statuses that say the same.
pub struct AnswerRow {
    /// The statuses.
    pub statuses: RangeInclusive<u16>,
    /// What they say.
    pub says: AnswerSays,
}

/// Every status that HTTP can carry, once and in order.
pub static ANSWERS: &[AnswerRow] = &[
    row(100..=199, AnswerSays::Nothing),
    row(200..=201, AnswerSays::Data),
    row(202..=403, AnswerSays::Nothing),
    row(404..=404, AnswerSays::NotFound),
    row(405..=407, AnswerSays::Nothing),
    row(408..=408, AnswerSays::Silence),
    row(409..=421, AnswerSays::Nothing),
    row(422..=422, AnswerSays::Refusal),
    row(423..=428, AnswerSays::Nothing),
    row(429..=429, AnswerSays::Busy),
    row(430..=502, AnswerSays::Nothing),
    row(503..=503, AnswerSays::NotExecuted),
    row(504..=504, AnswerSays::Silence),
    row(505..=528, AnswerSays::Nothing),
    row(529..=529, AnswerSays::Busy),
    row(530..=999, AnswerSays::Nothing),
];

const fn row(statuses: RangeInclusive<u16>, says: AnswerSays) -> AnswerRow {
    AnswerRow { statuses, says }
}

/// What a status may say; one that is none says nothing.
pub(super) fn says(status: u16) -> AnswerSays {
    let row = ANSWERS.iter().find(|row| row.statuses.contains(&status));
    row.map_or(AnswerSays::Nothing, |row| row.says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_says_one_thing() {
        let mut next = 100;
        for row in ANSWERS {
            assert_eq!(*row.statuses.start(), next, "no status is left out or twice");
            next = row.statuses.end() + 1;
            assert_eq!((says(*row.statuses.start()), says(*row.statuses.end())), (row.says, row.says));
        }
        assert_eq!(next, 1000);
        assert_eq!((says(0), says(1000)), (AnswerSays::Nothing, AnswerSays::Nothing));
    }
}
