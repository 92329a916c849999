//! Months and years, which contracts and bonds are made of.

use ponte_values::{Date, Moment};

/// Year, month and day of the month.
pub(crate) fn parts(date: Date) -> (i64, i64, i64) {
    let text = date.to_string();
    let mut parts = text.splitn(3, '-').map(|part| part.parse().unwrap_or(1));
    let mut next = || parts.next().unwrap_or(1);
    (next(), next(), next())
}

/// The day so many months after the first month of `year`; `day` is one that every month has.
pub(crate) fn day(year: i64, months: i64, day: i64) -> Date {
    let (year, month) = (year + months.div_euclid(12), months.rem_euclid(12) + 1);
    Date::parse(&format!("{year:04}-{month:02}-{day:02}"))
        .unwrap_or_else(|_| Moment::from_seconds(0).date_utc())
}

/// Days since 1 January 1970.
pub(crate) fn ordinal(date: Date) -> i64 {
    date.days_since(Moment::from_seconds(0).date_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_run_over_the_end_of_a_year_in_both_directions() {
        for (months, text) in [
            (0, "2026-01-10"),
            (11, "2026-12-10"),
            (12, "2027-01-10"),
            (-1, "2025-12-10"),
            (-25, "2023-12-10"),
        ] {
            assert_eq!(day(2026, months, 10).to_string(), text);
        }
        assert_eq!(parts(day(2026, 13, 28)), (2027, 2, 28));
        assert_eq!(ordinal(day(1971, 0, 2)), 366);
    }
}
