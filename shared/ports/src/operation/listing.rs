//! `ops.list`, also behind the management API: a page of operations, the newest first.

use std::fmt;

use ponte_values::{Date, Moment};

use super::{OfDay, OperationPage, OperationState, Operations};
use crate::PortError;

/// Operations of a page.
pub const LISTED: usize = 25;
/// Days that are looked through when no day is named.
const DAYS: i64 = 7;
/// Most reads of the table for a page.
const READS: usize = 20;

/// Which operations are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Listing {
    /// Those ordered on this day (UTC); of the last seven if absent.
    pub day: Option<Date>,
    /// Those in this state.
    pub state: Option<OperationState>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// A member of a listing is not what it should be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListFault {
    /// No day.
    Day,
    /// No state of operations.
    State,
    /// Not `next` of a page.
    After,
}

impl fmt::Display for ListFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Day => "day must be a date, YYYY-MM-DD",
            Self::State => "state must be WAITING_APPROVAL, RUNNING, DONE, FAILED, EXPIRED or REFUSED",
            Self::After => "after must be next of the answer before",
        })
    }
}

impl std::error::Error for ListFault {}

impl Listing {
    /// A listing from its texts.
    ///
    /// # Errors
    /// Names the text that is not understood.
    pub fn parse(day: Option<&str>, state: Option<&str>, after: Option<String>) -> Result<Self, ListFault> {
        let day = day.map(Date::parse).transpose().map_err(|_| ListFault::Day)?;
        let state = state.map(OperationState::parse).transpose().map_err(|_| ListFault::State)?;
        match after.as_deref().map(day_of) {
            Some(None) => return Err(ListFault::After),
            Some(Some(place)) if day.is_some_and(|day| day != place) => return Err(ListFault::After),
            _ => {}
        }
        Ok(Self { day, state, after })
    }
}

/// The day in the [place](super::Operation::place) of an operation.
fn day_of(place: &str) -> Option<Date> {
    Date::parse(place.get(..10)?).ok()
}

/// A page of operations as they are at `now`. It has fewer than [`LISTED`] and a `next` where much was looked through.
pub async fn list(
    operations: &dyn Operations,
    listing: &Listing,
    now: Moment,
) -> Result<OperationPage, PortError> {
    let mut page = OperationPage::default();
    let newest = now.date_utc();
    let (first, oldest) = match listing.day {
        Some(day) => (day, day),
        None => (newest, newest.plus_days(1 - DAYS)),
    };
    // A place after the first day is before everything there is.
    let mut after = listing.after.clone().filter(|place| day_of(place).is_some_and(|day| day <= first));
    let mut day = after.as_deref().and_then(day_of).unwrap_or(first);
    for _ in 0..READS {
        if day < oldest {
            return Ok(page);
        }
        let OfDay { found, next } = operations.of_day(day, after.as_deref(), LISTED).await?;
        for operation in found {
            let place = operation.place();
            let shown = operation.at(now);
            if listing.state.is_none_or(|state| state == shown.state) {
                page.operations.push(shown.without_answer());
            }
            if page.operations.len() == LISTED {
                page.next = Some(place);
                return Ok(page);
            }
        }
        if next.is_none() {
            day = day.plus_days(-1);
        }
        after = next;
    }
    page.next = (day >= oldest).then(|| after.unwrap_or_else(|| beginning_of(day)));
    Ok(page)
}

/// The place before the newest of a day: it is greater than that of any moment of the day.
fn beginning_of(day: Date) -> String {
    format!("{day}~")
}
