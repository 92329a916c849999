//! Months of bills.

use std::fmt;

use ponte_values::{Date, Moment};

/// A month, counted from the year 0; written `YYYY-MM`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Month(i64);

impl Month {
    /// The month that a day is in.
    pub(super) fn of(day: Date) -> Self {
        let text = day.to_string();
        let number =
            |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<i64>().ok());
        Self(number(0..4).unwrap_or(0) * 12 + number(5..7).unwrap_or(1) - 1)
    }

    /// So many months later.
    pub(super) fn plus(self, months: i64) -> Self {
        Self(self.0 + months)
    }

    /// A day of it that every month has.
    pub(super) fn day(self, day: u32) -> Date {
        Date::parse(&format!("{self}-{day:02}")).unwrap_or_else(|_| Moment::from_seconds(0).date_utc())
    }

    /// Whether it is one of every so many.
    pub(super) fn is_one_in(self, count: i64) -> bool {
        self.0 % count == 0
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_ends_after_its_twelfth_month() {
        let november = Month::of(Date::parse("2025-11-30").unwrap());
        let written: Vec<String> = (0..4).map(|months| november.plus(months).to_string()).collect();
        assert_eq!(written, ["2025-11", "2025-12", "2026-01", "2026-02"]);
        assert_eq!(november.plus(-11).day(28).to_string(), "2024-12-28");
    }
}
