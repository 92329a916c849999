//! Cron expressions of EventBridge Scheduler: minutes, hours, day of month, month, day of week, year.

use time::{Date, Duration, OffsetDateTime, Time, UtcOffset};

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
/// An expression that names no day within this many days never fires (29 February included).
const HORIZON_DAYS: u32 = 9 * 366;

/// A parsed expression. Sets are bit masks: bit n stands for value n.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    /// `L` in the day of month.
    last_day: bool,
    months: u64,
    /// 1 is Sunday.
    weekdays: u64,
    /// First and last year.
    years: (i32, i32),
    offset: UtcOffset,
}

impl Cron {
    /// Parses the six fields between the parentheses; times are local to `offset`.
    pub fn parse(fields: &str, offset: UtcOffset) -> Result<Self, String> {
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays, years] = fields.as_slice() else {
            return Err(format!("cron wants six fields, not {}", fields.len()));
        };
        if (*days == "?") == (*weekdays == "?") {
            return Err("cron wants `?` in exactly one of day of month and day of week".to_owned());
        }
        Ok(Self {
            minutes: set(minutes, 0, 59, &[])?,
            hours: set(hours, 0, 23, &[])?,
            days: if *days == "L" { 0 } else { set(days, 1, 31, &[])? },
            last_day: *days == "L",
            months: set(months, 1, 12, &MONTHS)?,
            weekdays: set(weekdays, 1, 7, &WEEKDAYS)?,
            years: span(years)?,
            offset,
        })
    }

    /// The first minute after `now` that matches.
    #[must_use]
    pub fn next(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let start = now.to_offset(self.offset) + Duration::MINUTE;
        let mut date = start.date();
        let mut earliest = (start.hour(), start.minute());
        for _ in 0..HORIZON_DAYS {
            if self.matches_date(date)
                && let Some(time) = self.first_time(earliest)
            {
                return Some(date.with_time(time).assume_offset(self.offset));
            }
            date = date.next_day()?;
            earliest = (0, 0);
        }
        None
    }

    fn matches_date(&self, date: Date) -> bool {
        let last = date.month().length(date.year()) == date.day();
        let day = has(self.days, date.day()) || (self.last_day && last);
        let weekday = date.weekday().number_from_sunday();
        let year = (self.years.0..=self.years.1).contains(&date.year());
        year && has(self.months, u8::from(date.month())) && day && has(self.weekdays, weekday)
    }

    fn first_time(&self, earliest: (u8, u8)) -> Option<Time> {
        (earliest.0..24).filter(|hour| has(self.hours, *hour)).find_map(|hour| {
            let from = if hour == earliest.0 { earliest.1 } else { 0 };
            let minute = (from..60).find(|minute| has(self.minutes, *minute))?;
            Time::from_hms(hour, minute, 0).ok()
        })
    }
}

fn has(set: u64, value: u8) -> bool {
    set & (1 << value) != 0
}

/// Parses `*`, `?`, lists, ranges and steps.
fn set(field: &str, min: u8, max: u8, names: &[&str]) -> Result<u64, String> {
    let mut set = 0;
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, number(step, 1, max, &[])?),
            None => (part, 1),
        };
        let (first, last) = match range {
            "*" | "?" => (min, max),
            _ => match range.split_once('-') {
                Some((first, last)) => (number(first, min, max, names)?, number(last, min, max, names)?),
                // `5/10` counts on from 5; a bare `5` is only itself.
                None if part.contains('/') => (number(range, min, max, names)?, max),
                None => {
                    let only = number(range, min, max, names)?;
                    (only, only)
                }
            },
        };
        for value in (first..=last).step_by(usize::from(step)) {
            set |= 1 << value;
        }
    }
    if set == 0 { Err(format!("cron field `{field}` names nothing")) } else { Ok(set) }
}

fn number(text: &str, min: u8, max: u8, names: &[&str]) -> Result<u8, String> {
    let position = names.iter().position(|name| name.eq_ignore_ascii_case(text));
    let value = match position {
        Some(position) => u8::try_from(position).ok().map(|position| position + min),
        None => text.parse().ok(),
    };
    value
        .filter(|value| (min..=max).contains(value))
        .ok_or_else(|| format!("cron does not understand `{text}` here"))
}

fn span(field: &str) -> Result<(i32, i32), String> {
    let year =
        |text: &str| text.parse::<i32>().map_err(|_| format!("cron does not understand the year `{text}`"));
    match field {
        "*" => Ok((1970, 2199)),
        _ => match field.split_once('-') {
            Some((first, last)) => Ok((year(first)?, year(last)?)),
            None => year(field).map(|only| (only, only)),
        },
    }
}
