//! Schedules: `rate(..)` and `cron(..)` of EventBridge Scheduler.

use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use time::{OffsetDateTime, UtcOffset};

use super::cron::Cron;
use super::error::TemplateError;
use super::scope::{ACCOUNT, REGION, STACK};

/// One schedule of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Local name: the name without the stack's, or the id of the SAM event in lower case; what `ponte tick` takes.
    pub name: String,
    /// ARN, as the function sees it in `resources`.
    pub arn: String,
    /// The expression as written.
    pub expression: String,
    /// When it fires.
    pub rhythm: Rhythm,
    /// Payload instead of the scheduler's own event.
    pub input: Option<String>,
    /// `State: DISABLED` fires only by hand.
    pub enabled: bool,
}

/// When a schedule fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rhythm {
    /// At once, then every so often.
    Rate(Duration),
    /// At the minutes a cron expression names.
    Cron(Cron),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ScheduleProperties {
    schedule_expression: String,
    schedule_expression_timezone: Option<String>,
    name: Option<String>,
    input: Option<String>,
    state: Option<String>,
    // A tick that fails here is logged and counted; the next one comes anyway.
    #[serde(rename = "RetryPolicy")]
    _retry: Option<IgnoredAny>,
    #[serde(rename = "DeadLetterConfig")]
    _dead_letters: Option<IgnoredAny>,
    #[serde(rename = "Description")]
    _description: Option<IgnoredAny>,
}

impl Schedule {
    pub(super) fn read(
        event_id: &str,
        properties: ScheduleProperties,
        path: &str,
    ) -> Result<Self, TemplateError> {
        let offset = match properties.schedule_expression_timezone.as_deref() {
            None | Some("UTC") => UtcOffset::UTC,
            // No summer time since 2019.
            Some("America/Sao_Paulo") => time::macros::offset!(-3),
            Some(other) => {
                return Err(TemplateError::new(path, format!("no rules for the time zone {other} here")));
            }
        };
        let physical = properties.name.unwrap_or_else(|| event_id.to_owned());
        let rhythm = rhythm(&properties.schedule_expression, offset)
            .map_err(|fault| TemplateError::new(format!("{path}.ScheduleExpression"), fault))?;
        let own = physical.strip_prefix(STACK).and_then(|rest| rest.strip_prefix('-'));
        Ok(Self {
            name: own.map_or_else(|| event_id.to_lowercase(), str::to_owned),
            arn: format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{physical}"),
            expression: properties.schedule_expression,
            rhythm,
            input: properties.input,
            enabled: properties.state.as_deref() != Some("DISABLED"),
        })
    }
}

impl Rhythm {
    /// The first moment after `now` at which it fires; `None` when its years are over.
    #[must_use]
    pub fn next(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        match self {
            Self::Rate(period) => Some(now + *period),
            Self::Cron(cron) => cron.next(now),
        }
    }
}

fn rhythm(expression: &str, offset: UtcOffset) -> Result<Rhythm, String> {
    let inner = |kind: &str| expression.strip_prefix(kind)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(fields) = inner("cron") {
        return Cron::parse(fields, offset).map(Rhythm::Cron);
    }
    let rate = inner("rate").ok_or_else(|| format!("`{expression}` is neither rate(..) nor cron(..)"))?;
    let fault = || format!("`rate({rate})` wants a positive number and a unit");
    let (count, unit) = rate.trim().split_once(' ').ok_or_else(fault)?;
    let count: u64 = count.parse().ok().filter(|count| *count > 0).ok_or_else(fault)?;
    let seconds = match unit.trim().trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        _ => return Err(fault()),
    };
    Ok(Rhythm::Rate(Duration::from_secs(count * seconds)))
}
