//! Dates in claims, and the time they are judged at.

use std::fmt;
use std::time::Duration;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// Last second of the year 9999.
const NUMERIC_DATE_MAX: u64 = 253_402_300_799;

/// Whole seconds since 1970, read from any JSON number and rounded down (RFC 7519 section 2). A string, a negative number or
/// one beyond the year 9999 is an error of the whole token, never an absent claim (T36, CVE-2026-25537).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NumericDate(u64);

impl NumericDate {
    /// From a reading of the clock; readings beyond the year 9999 become its last second.
    #[must_use]
    pub fn at(seconds: u64) -> Self {
        Self(seconds.min(NUMERIC_DATE_MAX))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

/// Reads a number of any form; what is not one is an error.
struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = NumericDate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds between the years 1970 and 9999")
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<NumericDate, E> {
        if seconds > NUMERIC_DATE_MAX {
            return Err(E::invalid_value(Unexpected::Unsigned(seconds), &self));
        }
        Ok(NumericDate(seconds))
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<NumericDate, E> {
        // Neither a negative number nor one that is none becomes a span.
        let span = Duration::try_from_secs_f64(seconds).map_err(E::custom)?;
        self.visit_u64(span.as_secs())
    }
}

/// The time that claims are judged at, with the tolerance for the clock of the signer.
#[derive(Debug, Clone, Copy)]
pub struct VerificationTime {
    /// Seconds since 1970.
    pub now: u64,
    /// Seconds of difference granted in both directions.
    pub skew: u64,
}

impl VerificationTime {
    pub(super) fn expired(self, exp: NumericDate) -> bool {
        exp.0.saturating_add(self.skew) <= self.now
    }

    pub(super) fn ahead(self, date: NumericDate) -> bool {
        self.ahead_by_more_than(date, self.skew)
    }

    pub(super) fn ahead_by_more_than(self, date: NumericDate, seconds: u64) -> bool {
        date.0 > self.now.saturating_add(seconds)
    }

    pub(super) fn older_than(self, date: NumericDate, seconds: u64) -> bool {
        date.0.saturating_add(seconds).saturating_add(self.skew) < self.now
    }
}
