//! Runs a command: reads it, does it, writes its answer.

use async_trait::async_trait;
use ponte_edge::{CommandKind, Operator, OperatorError};
use ponte_ports::LegacyId;
use ponte_ports::audit::{OperatorAction, OperatorOrder};
use ponte_values::{Date, InteractionId, PaymentId};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::fault::CommandFault;
use super::payment_operator::PaymentOperator;
use super::{look, redrive, resolve, run_day};
use crate::commands::{Command, Outcome, Reconciled};

#[async_trait]
impl Operator for PaymentOperator {
    fn kind(&self, command: &RawValue) -> Option<CommandKind> {
        let command: Command = serde_json::from_str(command.get()).ok()?;
        // A queue records a command before it runs: what is no id may be a customer's data.
        Some(match is_well_formed(&command).then_some(command)? {
            Command::Reconcile { .. } => CommandKind::CHANGES,
            Command::Resolve { .. } => CommandKind::CHANGES.by_two(),
            Command::Redrive { .. } => CommandKind::CHANGES.going_on().by_two(),
            Command::RunDay { .. } => CommandKind::CHANGES.going_on(),
        })
    }

    async fn run(&self, command: &RawValue, action: &OperatorAction) -> Result<Value, OperatorError> {
        let command = serde_json::from_str(command.get()).map_err(CommandFault::Unreadable)?;
        let order = OperatorOrder::of(action).map_err(CommandFault::Unsigned)?;
        Ok(Box::pin(self.answer(command, &order)).await?)
    }
}

impl PaymentOperator {
    async fn answer(&self, command: Command, order: &OperatorOrder) -> Result<Value, CommandFault> {
        match command {
            Command::Reconcile { day: Some(text), payment: None } => {
                json(Reconciled::Day(look::day(self, date(&text)?, order).await?))
            }
            Command::Reconcile { day: None, payment: Some(text) } => {
                json(Reconciled::Payment(Box::pin(look::payment(self, &id(&text)?, order)).await?))
            }
            Command::Reconcile { .. } => Err(CommandFault::Which),
            Command::Resolve { payment, outcome, core_key } => {
                let key = key(outcome, core_key.as_ref())?;
                json(resolve::resolve(&self.ports, &id(&payment)?, (outcome, key), order).await?)
            }
            Command::Redrive { .. } => json(redrive::redrive(self, order).await?),
            Command::RunDay { day, after } => {
                json(run_day::run_day(self, date(&day)?, after.as_deref(), order).await?)
            }
        }
    }
}

/// Whether every member can be what it has to be.
fn is_well_formed(command: &Command) -> bool {
    match command {
        Command::Reconcile { day: Some(text), payment: None } => date(text).is_ok(),
        Command::Reconcile { day: None, payment: Some(text) } => id(text).is_ok(),
        Command::Reconcile { .. } => false,
        Command::Resolve { payment, outcome, core_key } => {
            id(payment).is_ok() && key(*outcome, core_key.as_ref()).is_ok()
        }
        Command::Redrive { .. } => true,
        Command::RunDay { day, .. } => date(day).is_ok(),
    }
}

fn date(text: &str) -> Result<Date, CommandFault> {
    Date::parse(text).map_err(|_| CommandFault::Day)
}

fn id(text: &str) -> Result<PaymentId, CommandFault> {
    // Ours have the form of a UUID; the wire would take a document as well, which no record may hold.
    let ours = InteractionId::parse(text).map_err(|_| CommandFault::Id)?;
    PaymentId::parse(&ours.to_string()).map_err(|_| CommandFault::Id)
}

fn key(outcome: Outcome, key: Option<&Value>) -> Result<Option<LegacyId>, CommandFault> {
    let Some(key) = key else { return Ok(None) };
    if outcome != Outcome::Executed {
        return Err(CommandFault::CoreKey);
    }
    let raw = serde_json::value::to_raw_value(key).map_err(|_| CommandFault::CoreKey)?;
    LegacyId::parse(&raw).map(Some).map_err(|_| CommandFault::CoreKey)
}

fn json(answer: impl Serialize) -> Result<Value, CommandFault> {
    serde_json::to_value(answer).map_err(CommandFault::Unreadable)
}
