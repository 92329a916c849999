//! Runs a command: reads it, does it, writes its answer.

use std::sync::Arc;

use async_trait::async_trait;
use ponte_edge::{CommandKind, Operator, OperatorError, unread};
use ponte_metrics::ledger::Role;
use ponte_ports::audit::OperatorAction;
use ponte_values::{Date, Moment};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::commands::{Command, Days, Findings};
use crate::days;
use crate::ports::Ports;
use crate::quality::{Question, QuestionFault};

use super::fault::CommandFault;
use super::orders::Orders;
use super::{checks, parked, rebuild, resend, restore};

/// Days of a status without a day.
const DAYS: u8 = 8;
/// Longest id of an interaction.
const INTERACTION_MAX: usize = 64;

/// Runs the commands about reports.
pub struct ReportOperator {
    ports: Arc<Ports>,
}

impl ReportOperator {
    /// An operator over `ports`.
    #[must_use]
    pub const fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }
}

#[async_trait]
impl Operator for ReportOperator {
    fn kind(&self, command: &RawValue) -> Option<CommandKind> {
        read(command).ok().filter(is_well_formed).as_ref().map(kind_of)
    }

    async fn run(&self, command: &RawValue, action: &OperatorAction) -> Result<Value, OperatorError> {
        Ok(answer(&self.ports, read(command)?, action).await?)
    }
}

/// What a command is. A list of parked reports or of findings is done with a page of it.
const fn kind_of(command: &Command) -> CommandKind {
    match command {
        Command::Status { .. } | Command::Check { .. } | Command::Parked { .. } | Command::Quality { .. } => {
            CommandKind::LOOKS
        }
        Command::Correct { .. } | Command::Restore { .. } => CommandKind::CHANGES,
        Command::ResendDiscarded { .. } | Command::ResendDay { .. } | Command::Rebuild { .. } => {
            CommandKind::CHANGES.going_on()
        }
    }
}

/// Whether every member can be what it has to be. A queue records a command before it runs: what is no day and no id may be a
/// customer's data, and does not get that far.
fn is_well_formed(command: &Command) -> bool {
    let is_day = |text: &str| date(text).is_ok();
    match command {
        Command::Status { day, .. }
        | Command::Check { day, .. }
        | Command::Parked { day, .. }
        | Command::ResendDiscarded { day, .. } => day.as_deref().is_none_or(is_day),
        Command::ResendDay { day, .. } | Command::Rebuild { day, .. } => is_day(day),
        Command::Correct { day, interaction, role, set } => {
            let of_an_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            is_day(day)
                && (1..=INTERACTION_MAX).contains(&interaction.len())
                && interaction.bytes().all(of_an_id)
                && Role::parse(role).is_some()
                && resend::are_correctable(set)
        }
        Command::Restore { .. } => true,
        // Any time will do: without a day the period is another one, and as well formed.
        Command::Quality { .. } => {
            question(command, Moment::from_seconds(0)).is_some_and(|question| question.is_ok())
        }
    }
}

pub(super) async fn answer(
    ports: &Ports,
    command: Command,
    action: &OperatorAction,
) -> Result<Value, CommandFault> {
    // What only looks needs no reason; the schedule of the check states none.
    let orders = || Orders::of(ports, action);
    match command {
        Command::Status { day: Some(day), .. } => json(days::in_detail(ports, date(&day)?).await?),
        Command::Status { day: None, days } => {
            let days = days::last(ports, days.unwrap_or(DAYS).clamp(1, 31)).await?;
            json(Days { days })
        }
        Command::Check { day, sample } => json(checks::run(ports, optional(day)?, sample).await?),
        Command::Parked { day, after } => json(parked::list(ports, optional(day)?, after).await?),
        Command::ResendDiscarded { day, after } => {
            let (day, orders) = (optional(day)?, orders()?);
            json(resend::discarded(ports, day, after, &orders).await?)
        }
        Command::ResendDay { day, after } => {
            let (day, orders) = (date(&day)?, orders()?);
            json(resend::day(ports, day, after, &orders).await?)
        }
        Command::Correct { day, interaction, role, set } => {
            let (day, orders) = (date(&day)?, orders()?);
            json(resend::corrected(ports, day, (&interaction, &role), set, &orders).await?)
        }
        Command::Rebuild { day, carried } => {
            let (day, orders) = (date(&day)?, orders()?);
            json(rebuild::run(ports, day, carried, &orders).await?)
        }
        Command::Quality { .. } => {
            let question = question(&command, ports.clock.now()).ok_or(CommandFault::Unknown)?;
            let page = question.map_err(CommandFault::Question)?.page(ports).await?;
            json(Findings { findings: page.lines, next: page.next })
        }
        Command::Restore { reports } => json(restore::run(ports, reports, &orders()?).await?),
    }
}

/// The command in an event.
pub(super) fn read(event: &RawValue) -> Result<Command, CommandFault> {
    serde_json::from_str(event.get()).map_err(|error| CommandFault::Unreadable(unread(&error)))
}

/// What a command asks of the findings, if it does.
fn question(command: &Command, now: Moment) -> Option<Result<Question<'_>, QuestionFault>> {
    let Command::Quality { from, to, api, after } = command else { return None };
    Some(Question::parse((from.as_deref(), to.as_deref()), api.as_deref(), after.as_deref(), now))
}

fn date(text: &str) -> Result<Date, CommandFault> {
    Date::parse(text).map_err(|_| CommandFault::Day)
}

fn optional(day: Option<String>) -> Result<Option<Date>, CommandFault> {
    day.map(|day| date(&day)).transpose()
}

fn json(answer: impl Serialize) -> Result<Value, CommandFault> {
    serde_json::to_value(answer).map_err(|error| CommandFault::Unreadable(error.to_string()))
}
