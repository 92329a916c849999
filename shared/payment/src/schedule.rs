//! The days of scheduled payments, in Brasília (P52, P53, C56). Holidays are days like others: whether a core settles on one is its own.

use std::collections::HashSet;

use ponte_values::Date;

use crate::wire::{ApiVersion, Monthly, Schedule, ScheduledDays, Weekly};

/// Most payments of a schedule (P52).
pub const MOST_PAYMENTS: usize = 60;

/// Most payments of a monthly schedule (P52).
const MOST_MONTHS: u32 = 24;

/// The reason why a schedule cannot be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScheduleFault {
    /// A number of payments below 2, of months above 24, of others above 60.
    Quantity,
    /// A day of the month that is not between 1 and 31.
    DayOfMonth,
    /// A day twice.
    Repeated,
    /// A day before tomorrow.
    TooEarly,
    /// A day beyond two years.
    TooLate,
}

impl Schedule {
    /// The days of its payments, in the order of the calendar; at most 60, also of one that was never judged.
    #[must_use]
    pub fn days(&self) -> Vec<Date> {
        let (days, quantity): (Box<dyn Iterator<Item = Date>>, u32) = match &self.days {
            ScheduledDays::Single(single) => return vec![single.date],
            ScheduledDays::Custom(custom) => {
                let mut days: Vec<Date> = custom.dates.iter().take(MOST_PAYMENTS).copied().collect();
                days.sort_unstable();
                return days;
            }
            ScheduledDays::Daily(daily) => (every(daily.start_date, 1), daily.quantity),
            ScheduledDays::Weekly(weekly) => (every(first_weekday(weekly), 7), weekly.quantity),
            ScheduledDays::Monthly(monthly) => (Box::new(months(monthly)), monthly.quantity),
        };
        days.take(MOST_PAYMENTS.min(quantity as usize)).collect()
    }

    /// Whether it is of one day.
    #[must_use]
    pub const fn is_single(&self) -> bool {
        matches!(self.days, ScheduledDays::Single(_))
    }

    /// Judges the numbers in it, whatever the day.
    ///
    /// # Errors
    /// `Quantity`, `DayOfMonth`, `Repeated`.
    pub fn judge_form(&self) -> Result<(), ScheduleFault> {
        let (quantity, most) = match &self.days {
            ScheduledDays::Single(_) => return Ok(()),
            ScheduledDays::Daily(daily) => (daily.quantity as usize, MOST_PAYMENTS),
            ScheduledDays::Weekly(weekly) => (weekly.quantity as usize, MOST_PAYMENTS),
            ScheduledDays::Monthly(monthly) => (monthly.quantity as usize, MOST_MONTHS as usize),
            ScheduledDays::Custom(custom) => (custom.dates.len(), MOST_PAYMENTS),
        };
        if !(2..=most).contains(&quantity) {
            return Err(ScheduleFault::Quantity);
        }
        match &self.days {
            ScheduledDays::Monthly(monthly) if !(1..=31).contains(&monthly.day_of_month) => {
                Err(ScheduleFault::DayOfMonth)
            }
            ScheduledDays::Custom(custom) => {
                let mut seen = HashSet::new();
                let distinct = custom.dates.iter().all(|day| seen.insert(*day));
                if distinct { Ok(()) } else { Err(ScheduleFault::Repeated) }
            }
            _ => Ok(()),
        }
    }

    /// Judges its days, seen from `today` in Brasília: from tomorrow on, and within two years (P52). A start before tomorrow is too early,
    /// also where its first payment is later.
    ///
    /// # Errors
    /// `TooEarly`, `TooLate`.
    pub fn judge_days(&self, api: ApiVersion, today: Date) -> Result<(), ScheduleFault> {
        let days = self.days();
        let start = match &self.days {
            ScheduledDays::Single(_) | ScheduledDays::Custom(_) => days.first().copied(),
            ScheduledDays::Daily(daily) => Some(daily.start_date),
            ScheduledDays::Weekly(weekly) => Some(weekly.start_date),
            ScheduledDays::Monthly(monthly) => Some(monthly.start_date),
        };
        if start.is_none_or(|start| start <= today) {
            return Err(ScheduleFault::TooEarly);
        }
        match days.last() {
            Some(last) if *last <= last_day(api, today) => Ok(()),
            _ => Err(ScheduleFault::TooLate),
        }
    }
}

/// The last day for which a payment can be scheduled: in v4 730 days on, in v5 the same day two years on, of 29 February the 28th (P52).
#[must_use]
pub fn last_day(api: ApiVersion, today: Date) -> Date {
    match api {
        ApiVersion::V4 => today.plus_days(730),
        ApiVersion::V5 => {
            let year = today.year() + 2;
            let same = Date::of(year, today.month(), today.day());
            same.or_else(|| Date::of(year, 2, 28)).unwrap_or(today)
        }
    }
}

/// Every so many days from a day on; none beyond the end of the calendar.
fn every(start: Date, days: i64) -> Box<dyn Iterator<Item = Date>> {
    Box::new((0..).map(move |number| start.plus_days(number * days)))
}

/// The first such weekday on or after the start (PB-C03).
fn first_weekday(weekly: &Weekly) -> Date {
    let wanted = i64::from(weekly.day_of_week.iso());
    let start = i64::from(weekly.start_date.iso_weekday());
    weekly.start_date.plus_days((wanted - start).rem_euclid(7))
}

/// The day of every month from the month of the start on, leaving out a first one before it. A month without that day pays on the first of
/// the next, and the months after it on their own day (P53, PB-C01).
fn months(monthly: &Monthly) -> impl Iterator<Item = Date> + use<> {
    let (day, start) = (u8::try_from(monthly.day_of_month).unwrap_or(u8::MAX), monthly.start_date);
    let first = start.year() * 12 + i32::from(start.month()) - 1;
    (0..)
        .map_while(move |number| {
            let (year, month) = ((first + number).div_euclid(12), (first + number).rem_euclid(12));
            let month = u8::try_from(month).ok()? + 1;
            Date::of(year, month, day).or_else(|| first_after(year, month))
        })
        .skip_while(move |date| *date < start)
}

/// The first day of the next month.
fn first_after(year: i32, month: u8) -> Option<Date> {
    if month == 12 { Date::of(year + 1, 1, 1) } else { Date::of(year, month + 1, 1) }
}

#[cfg(test)]
mod tests;
