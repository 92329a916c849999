//! The counts of a line of the ledger.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// The counts of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Counts {
    /// Items the platform gave a verdict on, every attempt.
    pub sent: u64,
    /// Reports the platform has, each once.
    pub accepted: u64,
    /// Accepted once more: an operator sent them again.
    pub repeated: u64,
    /// Refusals by the platform, every attempt.
    pub discarded: u64,
    /// Accepted after 08:00 of the next day.
    pub late: u64,
    /// Reports that are parked now.
    pub parked: u64,
}

impl Counts {
    /// Names of the counts, in the order of [`Self::fields`].
    pub const FIELDS: [&str; 6] = ["sent", "accepted", "repeated", "discarded", "late", "parked"];

    /// The counts by position.
    #[must_use]
    pub const fn fields(&self) -> [u64; 6] {
        [self.sent, self.accepted, self.repeated, self.discarded, self.late, self.parked]
    }

    /// Counts by position.
    #[must_use]
    pub const fn of([sent, accepted, repeated, discarded, late, parked]: [u64; 6]) -> Self {
        Self { sent, accepted, repeated, discarded, late, parked }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.accepted += other.accepted;
        self.repeated += other.repeated;
        self.discarded += other.discarded;
        self.late += other.late;
        self.parked += other.parked;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: [u64; 6] = [1, 2, 3, 4, 5, 6];

    #[test]
    fn m60_the_counts_stand_under_their_names_in_the_order_of_the_names() {
        let counts = Counts::of(SOME);
        assert_eq!(counts.fields(), SOME);
        let written = serde_json::to_value(counts).unwrap();
        for (name, count) in Counts::FIELDS.into_iter().zip(SOME) {
            assert_eq!(written[name], count, "{name}");
        }
        assert_eq!(written.as_object().unwrap().len(), Counts::FIELDS.len());
    }

    #[test]
    fn m60_counts_are_summed_each_for_itself() {
        let mut sum = Counts::of(SOME);
        sum += Counts::of([10, 20, 30, 40, 50, 60]);
        sum += Counts::of(SOME);
        assert_eq!(sum, Counts::of([12, 24, 36, 48, 60, 72]));
    }
}
