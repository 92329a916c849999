//! From text to values: page, filters and JSON bodies of a call.

mod objects;

use std::fmt::Write as _;

use ponte_catalog::{FilterKind, Reach};
use ponte_refusals::{DataFault, MalformedRequest, MemberFault, ParameterFault, Refusal};
use ponte_values::{Date, Page};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Segment;

use self::objects::Objects;
use crate::call::Call;

/// Longest JSON body read by a handler, in bytes; nothing the catalog takes comes near.
const MAX_BODY: usize = 256 * 1024;

impl Call {
    /// The requested page, no smaller than the file of the row has it and no larger than the institution serves (C52).
    pub fn page(&self) -> Result<Page, Refusal> {
        let smallest = self.row.and_then(|row| row.smallest_page).unwrap_or(Page::DEFAULT_SIZE);
        let (number, size) = (self.request.query("page"), self.request.query("page-size"));
        let page = Page::parse(number, size, smallest)?;
        Ok(self.page_cap.map_or(page, |most| page.capped(most)))
    }

    /// `x-fapi-customer-ip-address` and `x-customer-user-agent`, the address and browser of the customer (C32). They
    /// stay out of logs.
    pub fn customer(&self) -> Result<(&str, &str), Refusal> {
        let value = |name: &'static str, most: usize| {
            let value = self.request.header(name).filter(|value| value.trim() == *value);
            let value = value.filter(|value| (1..=most).contains(&value.len()));
            value.ok_or(MalformedRequest::Header(name))
        };
        Ok((value("x-fapi-customer-ip-address", 100)?, value("x-customer-user-agent", 255)?))
    }

    /// The filters of the row as values: unknown words, numbers out of bounds and broken dates are refused, a date range
    /// is complete, in order and within reach, and is what the row says where the call has none (C57).
    pub fn filters(&self) -> Result<Vec<(&'static str, String)>, Refusal> {
        let Some(row) = self.row else {
            return Ok(Vec::new());
        };
        let mut filters = Vec::new();
        for filter in row.filters {
            let given = self.request.query(filter.name);
            match filter.kind {
                FilterKind::OneOf(words) => {
                    let Some(word) = given else { continue };
                    let word = words.iter().find(|known| **known == word);
                    let word = word.ok_or_else(|| {
                        Refusal::invalid_parameter(filter.name, ParameterFault::UnknownValue)
                    })?;
                    filters.push((filter.name, (*word).to_owned()));
                }
                FilterKind::Whole { most } => {
                    let Some(digits) = given else { continue };
                    let number = whole(digits, most).ok_or_else(|| {
                        Refusal::invalid_parameter(filter.name, ParameterFault::Whole(most))
                    })?;
                    filters.push((filter.name, number.to_string()));
                }
                FilterKind::From(to) => {
                    let (from, until) =
                        self.range(row.reach, (filter.name, given), (to, self.request.query(to)))?;
                    filters.extend(from.map(|from| (filter.name, from.to_string())));
                    filters.extend(until.map(|until| (to, until.to_string())));
                }
                FilterKind::To(_) => {}
            }
        }
        Ok(filters)
    }

    fn range(
        &self,
        reach: Reach,
        from: (&'static str, Option<&str>),
        to: (&'static str, Option<&str>),
    ) -> Result<(Option<Date>, Option<Date>), Refusal> {
        let today = self.today();
        let day = |(name, text): (&'static str, Option<&str>)| {
            let day = text.map(Date::parse).transpose();
            day.map_err(|_| Refusal::invalid_parameter(name, ParameterFault::Date))
        };
        let incomplete = |name| Refusal::invalid_parameter(name, ParameterFault::RangeIncomplete);
        let (start, end) = match (day(from)?, day(to)?) {
            (Some(start), Some(end)) => (start, end),
            (None, None) if !matches!(reach, Reach::None | Reach::Open | Reach::All) => (today, today),
            (None, None) => return Ok((None, None)),
            (start, end) if reach == Reach::Open => return Ok((start, end)),
            (None, Some(_)) => return Err(incomplete(from.0)),
            (Some(_), None) => return Err(incomplete(to.0)),
        };
        if end < start {
            return Err(Refusal::invalid_parameter(to.0, ParameterFault::RangeReversed));
        }
        let (oldest, newest) = match reach {
            Reach::None | Reach::Open | Reach::All => return Ok((Some(start), Some(end))),
            Reach::Year => (today.plus_days(-366), today.plus_days(366)),
            Reach::PastYear => (today.plus_days(-366), today),
            Reach::Current => (today.plus_days(-6), today.plus_days(366)),
            Reach::PastWeek => (today.plus_days(-6), today),
        };
        if start < oldest || end > newest {
            return Err(Refusal::invalid_parameter(from.0, ParameterFault::RangeTooFar));
        }
        Ok((Some(start), Some(end)))
    }

    /// The JSON body as a value. Types carry the rules, and a list is no object; a refusal names the member, never its content.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let body = self.request.body();
        if body.len() > MAX_BODY {
            return Err(MalformedRequest::BodyTooLarge.into());
        }
        let mut reader = serde_json::Deserializer::from_str(body);
        let value =
            serde_path_to_error::deserialize(Objects(&mut reader)).map_err(|error| unreadable(&error))?;
        reader.end().map_err(|error| broken(&error))?;
        Ok(value)
    }
}

/// A whole number in digits, no larger than `most` and no longer than it.
fn whole(digits: &str, most: u32) -> Option<u32> {
    let longest = most.to_string().len();
    let plain = digits.len() <= longest && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| plain && *number <= most)
}

/// The member `name` of a signed message as a value: a refusal names what is wrong below it, never its content.
pub(crate) fn read_member<T: DeserializeOwned>(name: &str, json: &str) -> Result<T, DataFault> {
    let mut reader = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(Objects(&mut reader)).map_err(|error| {
        let (below, fault) = wrong_member(&error);
        let dot = if below.is_empty() || below.starts_with('[') { "" } else { "." };
        let whole = format!("{name}{dot}{below}");
        if fault == MemberFault::Missing { DataFault::Missing(whole) } else { DataFault::Invalid(whole) }
    })
}

/// The fault of a body that is no `T`.
fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> MalformedRequest {
    let inner = error.inner();
    if inner.classify() != Category::Data {
        return broken(inner);
    }
    let (name, fault) = wrong_member(error);
    MalformedRequest::Member { name, fault, line: inner.line(), column: inner.column() }
}

/// The member at which a value is no `T`, with the names of those around it, and what is wrong with it.
fn wrong_member(error: &serde_path_to_error::Error<serde_json::Error>) -> (String, MemberFault) {
    // The words are serde's own; the names of what is missing or repeated are those of our types.
    let message = error.inner().to_string();
    let named = |beginning| message.strip_prefix(beginning)?.split('`').next();
    let unknown = named("unknown field `");
    let mut name = String::new();
    for segment in error.path() {
        match segment {
            // A name that nobody knows is the caller's, and stays out.
            Segment::Map { key } if Some(key.as_str()) == unknown => {}
            Segment::Map { key } => push_member(&mut name, key),
            // A `String` takes whatever is written.
            Segment::Seq { index } => drop(write!(name, "[{index}]")),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let fault = if let Some(member) = named("missing field `") {
        push_member(&mut name, member);
        MemberFault::Missing
    } else if let Some(member) = named("duplicate field `") {
        push_member(&mut name, member);
        MemberFault::Repeated
    } else if unknown.is_some() {
        MemberFault::Unknown
    } else {
        MemberFault::Invalid
    };
    (name, fault)
}

fn push_member(name: &mut String, member: &str) {
    if !name.is_empty() {
        name.push('.');
    }
    name.push_str(member);
}

/// The fault of a body that is no JSON.
fn broken(error: &serde_json::Error) -> MalformedRequest {
    MalformedRequest::Json { line: error.line(), column: error.column() }
}

#[cfg(test)]
mod tests;
