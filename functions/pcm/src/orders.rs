//! What an operator can have done, by an event `{"operator": "pcm.<command>", ..}`; one file of `events/` each.
//!
//! | command | what it does |
//! |---|---|
//! | `pcm.status {day?, days?}` | the last days in a line each, or one day with everything known of it |
//! | `pcm.check {day?, sample?}` | asks the platform how a sample of the accepted reports stands |
//! | `pcm.parked {day?, after?}` | parked reports with their reasons, 50 at a time |
//! | `pcm.resend-discarded {day?}` | parked reports go out again, mended where the rule is known |
//! | `pcm.resend-day {day, after?}` | every accepted report of a day goes out once more, counted as repeated |
//! | `pcm.correct {day, interaction, role, set}` | one accepted report goes out once more with other facts |
//! | `pcm.rebuild {day, continue?}` | the lines of a day are counted again from the archive and the parked rows |
//!
//! A command works for eighteen seconds at most. What is left it answers as `next` or `continue`: send it again with that.

mod rebuild;
mod resend;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_edge::{Operator, OperatorError};
use ponte_metrics::ledger::LineKey;
use ponte_metrics::outbox;
use ponte_metrics::ports::Parked;
use ponte_ports::PortError;
use ponte_values::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::ports::Ports;
use crate::{check, view};

pub(crate) use rebuild::Carried;

/// After this much time a command answers with what is left.
const BUDGET: Duration = Duration::from_secs(18);
/// Parked rows of one answer.
const LISTED: usize = 50;
/// Days of a status without a day.
const DAYS: u8 = 8;

/// Why an order was not carried out.
#[derive(Debug)]
pub enum OrderFault {
    /// The command or one of its members is not understood.
    Unreadable(String),
    /// This text is no day.
    Day,
    /// There is nothing of the kind.
    Unknown,
    /// The archive of the day is gone, or going.
    Old,
    /// The facts given cannot be reported.
    Refused(String),
    /// Something behind a port did not work.
    Port(PortError),
}

impl From<PortError> for OrderFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl std::fmt::Display for OrderFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(what) => write!(f, "not understood: {what}"),
            Self::Day => f.write_str("day must be a date, YYYY-MM-DD"),
            Self::Unknown => f.write_str("no such report in the archive of that day"),
            Self::Old => f.write_str("the archive of that day is not whole any more: it is kept for 9 days"),
            Self::Refused(reason) => write!(f, "the platform would refuse it: {reason}"),
            Self::Port(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OrderFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Port(error) => Some(error),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(tag = "operator", deny_unknown_fields)]
enum Order {
    #[serde(rename = "pcm.status")]
    Status { day: Option<String>, days: Option<u8> },
    #[serde(rename = "pcm.check")]
    Check { day: Option<String>, sample: Option<usize> },
    #[serde(rename = "pcm.parked")]
    Parked { day: Option<String>, after: Option<String> },
    #[serde(rename = "pcm.resend-discarded")]
    ResendDiscarded { day: Option<String>, after: Option<String> },
    #[serde(rename = "pcm.resend-day")]
    ResendDay { day: String, after: Option<String> },
    #[serde(rename = "pcm.correct")]
    Correct { day: String, interaction: String, role: String, set: Map<String, Value> },
    #[serde(rename = "pcm.rebuild")]
    Rebuild {
        day: String,
        #[serde(rename = "continue")]
        carried: Option<Carried>,
    },
}

/// Carries out what operators order.
pub struct ReportOperator {
    ports: Arc<Ports>,
}

impl ReportOperator {
    /// An operator's hand that reaches the world through `ports`.
    #[must_use]
    pub const fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }
}

#[async_trait]
impl Operator for ReportOperator {
    async fn run(&self, command: &RawValue) -> Result<Value, OperatorError> {
        Ok(run(&self.ports, command).await?)
    }
}

/// Carries an order out.
async fn run(ports: &Ports, command: &RawValue) -> Result<Value, OrderFault> {
    let order =
        serde_json::from_str(command.get()).map_err(|error| OrderFault::Unreadable(error.to_string()))?;
    match order {
        Order::Status { day: Some(day), .. } => json_of(view::in_detail(ports, date(&day)?).await?),
        Order::Status { day: None, days } => {
            let days = view::of_days(ports, days.unwrap_or(DAYS).clamp(1, 31)).await?;
            Ok(json!({ "days": json_of(days)? }))
        }
        Order::Check { day, sample } => checked(ports, day.as_deref(), sample).await,
        Order::Parked { day, after } => {
            let day = day.as_deref().map(date).transpose()?;
            let stretch = ports.ledger.parked(day, after.as_deref(), LISTED).await?;
            let found = stretch.found.iter().map(shown).collect::<Vec<_>>();
            Ok(json!({ "parked": found, "next": stretch.next }))
        }
        Order::ResendDiscarded { day, after } => {
            let day = day.as_deref().map(date).transpose()?;
            json_of(resend::discarded(ports, day, after).await?)
        }
        Order::ResendDay { day, after } => json_of(resend::day(ports, date(&day)?, after).await?),
        Order::Correct { day, interaction, role, set } => {
            json_of(resend::corrected(ports, date(&day)?, (&interaction, &role), set).await?)
        }
        Order::Rebuild { day, carried } => json_of(rebuild::run(ports, date(&day)?, carried).await?),
    }
}

fn date(text: &str) -> Result<Date, OrderFault> {
    Date::parse(text).map_err(|_| OrderFault::Day)
}

fn json_of(answer: impl Serialize) -> Result<Value, OrderFault> {
    serde_json::to_value(answer).map_err(|error| OrderFault::Unreadable(error.to_string()))
}

/// One day, or those of the hour.
async fn checked(ports: &Ports, day: Option<&str>, sample: Option<usize>) -> Result<Value, OrderFault> {
    let sample = sample.unwrap_or(check::SAMPLE).clamp(1, 5_000);
    let days = match day {
        Some(day) => vec![date(day)?],
        None => check::of_the_hour(ports.clock.now()).to_vec(),
    };
    let mut checks = Map::new();
    let (began, mut share) = (ports.clock.now(), 0);
    let shares = u32::try_from(days.len()).unwrap_or(1);
    for day in days {
        // Each day has its share of the time, and what the one before left of its own.
        share += 1;
        let until = began.plus(BUDGET * share / shares);
        checks.insert(day.to_string(), json_of(check::run(ports, day, sample, until).await?)?);
    }
    Ok(json!({ "checks": checks }))
}

/// A parked report as an operator wants to see it.
fn shown(parked: &Parked) -> Value {
    let line = LineKey::of(&parked.row);
    let item = serde_json::from_str::<Value>(&parked.row.body);
    json!({
        "row": parked.row.sort_key,
        "day": outbox::day_of(&parked.row.sort_key).map(|day| day.to_string()),
        "api": line.api,
        "role": line.role.as_str(),
        "path": parked.row.path,
        "reason": parked.reason,
        "since": parked.at.to_string(),
        "report": item.unwrap_or_else(|_| Value::from(parked.row.body.as_str())),
    })
}

#[cfg(test)]
mod tests;
