//! Points in time in UTC and calendar days, with exactly the formats of the wire (C50, C56, M10).

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::invalid::Invalid;

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, between the years 0 and 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// A calendar day, `YYYY-MM-DD` (C56: Brasília time where the wire says so).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Date(time::Date);

impl Moment {
    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// From seconds since the epoch, as in JWT claims.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// From the operating system's clock reading.
    #[must_use]
    pub fn from_system(now: std::time::SystemTime) -> Self {
        let since = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The moment `span` later.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The moment `span` earlier.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Time passed from `earlier` to this moment; zero if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Whether this moment lies in the `span` that begins at `start`. One before `start` does not: the clock that read
    /// `start` was ahead, and what it noted is no reason to wait for it (LB-04).
    #[must_use]
    pub fn is_within(self, span: Duration, start: Self) -> bool {
        start <= self && self < start.plus(span)
    }

    /// Reads an RFC 3339 date-time of any offset.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let parsed = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| Invalid("date-time"))?;
        Ok(Self(i64::try_from(parsed.unix_timestamp_nanos() / 1_000_000).map_err(|_| Invalid("date-time"))?))
    }

    /// Reads exactly `YYYY-MM-DDThh:mm:ssZ`, the only date-time form of the regulatory APIs (C56).
    pub fn parse_utc_seconds(text: &str) -> Result<Self, Invalid> {
        if text.len() == 20 && text.ends_with('Z') && text.as_bytes()[10] == b'T' {
            Self::parse(text)
        } else {
            Err(Invalid("date-time in UTC with seconds"))
        }
    }

    /// `YYYY-MM-DDThh:mm:ss.sssZ` (M10).
    #[must_use]
    pub fn with_millis(self) -> String {
        let t = self.utc();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second(),
            t.millisecond()
        )
    }

    /// The calendar day in UTC.
    #[must_use]
    pub fn date_utc(self) -> Date {
        Date(self.utc().date())
    }

    /// The calendar day in Brasília, UTC-3 all year since 2019 (C56).
    #[must_use]
    pub fn date_brasilia(self) -> Date {
        let brasilia = UtcOffset::from_hms(-3, 0, 0).unwrap_or(UtcOffset::UTC);
        Date(self.utc().to_offset(brasilia).date())
    }

    /// The minute of the day in Brasília, from 0 to 1439.
    #[must_use]
    pub fn minute_of_day_brasilia(self) -> u16 {
        let brasilia = UtcOffset::from_hms(-3, 0, 0).unwrap_or(UtcOffset::UTC);
        let there = self.utc().to_offset(brasilia);
        u16::from(there.hour()) * 60 + u16::from(there.minute())
    }

    /// The moment at which a day of Brasília begins.
    #[must_use]
    pub fn start_of_day_brasilia(day: Date) -> Self {
        let brasilia = UtcOffset::from_hms(-3, 0, 0).unwrap_or(UtcOffset::UTC);
        Self::from_seconds(day.0.midnight().assume_offset(brasilia).unix_timestamp())
    }

    /// The first moment of the next month in Brasília.
    #[must_use]
    pub fn end_of_month_brasilia(self) -> Self {
        let brasilia = UtcOffset::from_hms(-3, 0, 0).unwrap_or(UtcOffset::UTC);
        let day = self.utc().to_offset(brasilia).date();
        let month = day.month().next();
        let year = if month == time::Month::January { day.year() + 1 } else { day.year() };
        let first = time::Date::from_calendar_date(year, month, 1).unwrap_or(time::Date::MAX);
        Self::from_seconds(first.midnight().assume_offset(brasilia).unix_timestamp())
    }

    fn utc(self) -> OffsetDateTime {
        // Years 0 to 9999 are what `OffsetDateTime` holds; anything beyond is clamped to its end.
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).unwrap_or(if self.0 < 0 {
            time::macros::datetime!(0000-01-01 0:00 UTC)
        } else {
            time::macros::datetime!(9999-12-31 23:59:59 UTC)
        })
    }
}

/// `YYYY-MM-DDThh:mm:ssZ`, 20 characters (C50).
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.utc();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second()
        )
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_millis())
    }
}

/// Serialises as RFC 3339 with milliseconds, so that a stored moment reads back equal.
impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.with_millis())
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

impl TryFrom<String> for Date {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl Date {
    /// Reads exactly `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() != 10 {
            return Err(Invalid("date"));
        }
        let format = time::macros::format_description!("[year]-[month]-[day]");
        time::Date::parse(text, &format).map(Self).map_err(|_| Invalid("date"))
    }

    /// The day of these numbers, month and day from 1; `None` if there is no such day.
    #[must_use]
    pub fn of(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        time::Date::from_calendar_date(year, month, day).ok().filter(|date| date.year() >= 0).map(Self)
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, from 1.
    #[must_use]
    pub fn month(self) -> u8 {
        u8::from(self.0.month())
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.0.day()
    }

    /// The day of the week, Monday 1 to Sunday 7 (ISO 8601).
    #[must_use]
    pub fn iso_weekday(self) -> u8 {
        self.0.weekday().number_from_monday()
    }

    /// Whole days from `earlier` to this day; negative if `earlier` is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).whole_days()
    }

    /// The day `days` later (or earlier, when negative).
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(time::Duration::days(days)))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lb04_a_span_that_begins_in_the_future_holds_nobody_up() {
        let (start, span) = (Moment::from_seconds(100), Duration::from_secs(10));
        for (second, within) in [(0, false), (99, false), (100, true), (109, true), (110, false)] {
            assert_eq!(Moment::from_seconds(second).is_within(span, start), within, "{second}");
        }
    }

    #[test]
    fn c50_twenty_characters_in_utc() {
        let moment = Moment::parse("2021-05-21T08:30:00-03:00").unwrap();
        assert_eq!(moment.to_string(), "2021-05-21T11:30:00Z");
        assert_eq!(moment.to_string().len(), 20);
        assert_eq!(moment.with_millis(), "2021-05-21T11:30:00.000Z");
    }

    #[test]
    fn c56_only_utc_with_seconds() {
        assert!(Moment::parse_utc_seconds("2021-05-21T08:30:00Z").is_ok());
        for bad in [
            "2021-05-21T08:30:00.1Z",
            "2021-05-21T08:30:00-03:00",
            "2021-05-21",
            "2021-02-30T08:30:00Z",
            "2021-05-21 08:30:00Z",
        ] {
            assert!(Moment::parse_utc_seconds(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn c56_brasilia_day_starts_three_hours_later() {
        let moment = Moment::parse("2026-01-02T02:59:59Z").unwrap();
        assert_eq!(moment.date_brasilia().to_string(), "2026-01-01");
        assert_eq!(moment.date_utc().to_string(), "2026-01-02");
    }

    #[test]
    fn l06_a_month_ends_at_midnight_in_brasilia() {
        for (text, end) in [
            ("2026-03-01T02:59:59.999Z", "2026-03-01T03:00:00.000Z"),
            ("2026-03-01T03:00:00Z", "2026-04-01T03:00:00.000Z"),
            ("2026-12-15T00:00:00Z", "2027-01-01T03:00:00.000Z"),
            ("2028-02-29T12:00:00Z", "2028-03-01T03:00:00.000Z"),
        ] {
            assert_eq!(Moment::parse(text).unwrap().end_of_month_brasilia().with_millis(), end, "{text}");
        }
        let last = Moment::from_millis(i64::MAX).end_of_month_brasilia();
        assert!(last.millis() < i64::MAX, "the end of the calendar is no overflow");
    }

    #[test]
    fn json_keeps_milliseconds() {
        let moment = Moment::from_millis(1_700_000_000_123);
        let json = serde_json::to_string(&moment).unwrap();
        assert_eq!(json, "\"2023-11-14T22:13:20.123Z\"");
        assert_eq!(serde_json::from_str::<Moment>(&json).unwrap(), moment);
        assert_eq!(format!("{moment:?}"), "2023-11-14T22:13:20.123Z");
    }

    #[test]
    fn what_lies_beyond_the_years_that_can_be_written_is_written_as_their_end() {
        for (millis, text) in [
            (i64::MIN, "0000-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (0, "1970-01-01T00:00:00Z"),
            (i64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Moment::from_millis(millis).to_string(), text);
        }
    }

    #[test]
    fn seconds_are_whole_and_rounded_down() {
        for (millis, seconds) in [(-1_001, -2), (-1, -1), (999, 0), (1_999, 1), (2_000, 2)] {
            let moment = Moment::from_millis(millis);
            assert_eq!((moment.millis(), moment.seconds()), (millis, seconds));
        }
        assert_eq!(
            Moment::from_seconds(i64::MAX).millis(),
            i64::MAX,
            "a claim of a stranger does not overflow"
        );
    }

    #[test]
    fn spans_run_forwards_and_end_at_what_can_be_counted() {
        let (start, span) = (Moment::from_seconds(100), Duration::from_millis(2_500));
        assert_eq!(start.plus(span).since(start), span);
        assert_eq!(start.minus(span).since(start), Duration::ZERO, "the clock went back");
        assert_eq!(start.since(start.minus(span)), span);
        assert_eq!(start.plus(Duration::MAX).millis(), i64::MAX);
        assert_eq!(Moment::from_millis(-2).minus(Duration::MAX).millis(), i64::MIN);
    }

    #[test]
    fn the_clock_of_the_system_counts_from_1970() {
        let epoch = std::time::UNIX_EPOCH;
        assert_eq!(Moment::from_system(epoch + Duration::from_millis(1_500)).millis(), 1_500);
        assert_eq!(
            Moment::from_system(epoch - Duration::from_secs(1)).millis(),
            0,
            "a clock that nobody set"
        );
    }

    #[test]
    fn dates_are_strict() {
        assert_eq!(Date::parse("2024-02-29").unwrap().to_string(), "2024-02-29");
        for bad in ["2023-02-29", "2024-2-29", "20240229", "2024-02-29T"] {
            assert!(Date::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn p52_a_day_has_its_numbers_and_its_weekday() {
        let day = Date::parse("2026-12-09").unwrap();
        assert_eq!((day.year(), day.month(), day.day(), day.iso_weekday()), (2026, 12, 9, 3));
        assert_eq!(Date::of(2026, 12, 9), Some(day));
        assert_eq!(Date::parse("2026-12-13").unwrap().iso_weekday(), 7);
        for (year, month, day) in
            [(2027, 2, 29), (2027, 0, 1), (2027, 13, 1), (2027, 4, 0), (10_000, 1, 1), (-1, 1, 1)]
        {
            assert_eq!(Date::of(year, month, day), None, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn c56_the_minutes_of_a_day_are_those_of_brasilia() {
        for (text, minute) in
            [("2026-01-02T02:59:59Z", 1439), ("2026-01-02T03:00:00Z", 0), ("2026-01-02T23:05:00Z", 1205)]
        {
            assert_eq!(Moment::parse(text).unwrap().minute_of_day_brasilia(), minute, "{text}");
        }
    }

    #[test]
    fn c57_days_between_dates_are_whole_and_signed() {
        let day = |text| Date::parse(text).unwrap();
        let (leap, march) = (day("2024-02-28"), day("2024-03-01"));
        assert_eq!((march.days_since(leap), leap.days_since(march), leap.days_since(leap)), (2, -2, 0));
        assert_eq!((leap.plus_days(2), march.plus_days(-366)), (march, day("2023-03-01")));
        assert_eq!(march.plus_days(i64::MAX / 1_000_000).to_string(), "9999-12-31", "no overflow");
    }
}
