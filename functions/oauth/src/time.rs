//! Moments and spans as claims and members of answers have them.

use std::time::Duration;

use ponte_fapi::claims::{NumericDate, VerificationTime};
use ponte_values::Moment;

/// Difference granted to the clocks of clients, in seconds (as S62 does for signed messages).
const SKEW: u64 = 60;

/// A moment as a claim.
pub(crate) fn date(moment: Moment) -> NumericDate {
    NumericDate::at(u64::try_from(moment.seconds()).unwrap_or(0))
}

/// The clock for claims that a client signed.
pub(crate) fn client_clock(now: Moment) -> VerificationTime {
    VerificationTime { now: date(now).seconds(), skew: SKEW }
}

/// The clock for claims that we signed ourselves: their end is exact.
pub(crate) fn own_clock(now: Moment) -> VerificationTime {
    VerificationTime { now: date(now).seconds(), skew: 0 }
}

/// Whole seconds of a span, as `expires_in` says them.
pub(crate) fn seconds(span: Duration) -> u64 {
    span.as_secs()
}
