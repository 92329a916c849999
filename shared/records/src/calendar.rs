//! Days and points in time as they are written on the wire, judged without being read into a value.

/// How a point in time is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precision {
    /// `YYYY-MM-DDThh:mm:ssZ`, 20 characters.
    Seconds,
    /// `YYYY-MM-DDThh:mm:ss.sssZ`, 24 characters.
    Milliseconds,
}

/// Whether this is `YYYY-MM-DD`, a day of the calendar.
pub(crate) fn is_date(text: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else { return false };
    let (Some(century), Some(of_century)) = (two(y1, y2), two(y3, y4)) else { return false };
    let (Some(month), Some(day)) = (two(m1, m2), two(d1, d2)) else { return false };
    let year = u32::from(century) * 100 + u32::from(of_century);
    day >= 1 && day <= days_in(year, month)
}

/// Whether this is a point in time in UTC that exists, to this precision. A leap second has no form in the files.
pub(crate) fn is_moment(text: &[u8], precision: Precision) -> bool {
    let Some((date, [b'T', h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..])) = text.split_at_checked(10)
    else {
        return false;
    };
    let below = |tens: &u8, ones: &u8, end: u8| two(*tens, *ones).is_some_and(|number| number < end);
    let end = match (precision, rest) {
        (Precision::Seconds, [b'Z']) => true,
        (Precision::Milliseconds, [b'.', digits @ .., b'Z']) => {
            digits.len() == 3 && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    end && is_date(date) && below(h1, h2, 24) && below(m1, m2, 60) && below(s1, s2, 60)
}

/// Whether this is a month of a year: `YYYY-MM`, or `YYYY-M`, which the files allow.
pub(crate) fn is_year_month(text: &[u8]) -> bool {
    let Some((year, [b'-', month @ ..])) = text.split_at_checked(4) else { return false };
    let month = match *month {
        [one] => two(b'0', one),
        [ten, one] => two(ten, one),
        _ => None,
    };
    year.iter().all(u8::is_ascii_digit) && month.is_some_and(|month| (1..=12).contains(&month))
}

const fn days_in(year: u32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

const fn two(tens: u8, ones: u8) -> Option<u8> {
    if tens.is_ascii_digit() && ones.is_ascii_digit() {
        Some((tens - b'0') * 10 + (ones - b'0'))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use ponte_values::{Date, Moment};

    use super::*;

    #[test]
    fn c56_days_are_those_of_the_calendar() {
        for (year, month) in
            [(1900, 2), (2000, 2), (2023, 2), (2024, 2), (2026, 4), (2026, 12), (2026, 0), (2026, 13)]
        {
            for day in 0..=32 {
                let text = format!("{year}-{month:02}-{day:02}");
                assert_eq!(is_date(text.as_bytes()), Date::parse(&text).is_ok(), "{text}");
            }
        }
        for text in
            ["", "2026-1-05", "2026-01-5", "26-01-05", "2026/01/05", "2026-01-05 ", "+026-01-05", "２０２６"]
        {
            assert!(!is_date(text.as_bytes()), "{text}");
        }
        assert!(is_date(b"0000-01-01") && is_date(b"9999-12-31"));
    }

    #[test]
    fn c56_points_in_time_exist_and_are_written_in_utc() {
        let seconds = |text: &str| is_moment(text.as_bytes(), Precision::Seconds);
        let millis = |text: &str| is_moment(text.as_bytes(), Precision::Milliseconds);
        for time in ["00:00:00", "23:59:59", "24:00:00", "12:60:00", "12:00:60", "1:00:000"] {
            for date in ["2024-02-29", "2026-02-29", "2026-04-31"] {
                let text = format!("{date}T{time}Z");
                assert_eq!(seconds(&text), Moment::parse_utc_seconds(&text).is_ok(), "{text}");
                assert_eq!(millis(&text.replace('Z', ".123Z")), seconds(&text), "{text}");
            }
        }
        assert!(!seconds("2026-01-01T00:00:00.000Z") && !millis("2026-01-01T00:00:00Z"));
        for text in [
            "2026-01-01t00:00:00z",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00+00:00",
        ] {
            assert!(!seconds(text) && !millis(text), "{text}");
        }
        for text in ["2026-01-01T00:00:00.12Z", "2026-01-01T00:00:00.1234Z", "2026-01-01T00:00:00.12aZ"] {
            assert!(!millis(text), "{text}");
        }
    }
}
