//! Runs a command: reads it, does it, writes its answer.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_edge::{CommandKind, Operator, OperatorError};
use ponte_ports::audit::{OperatorAction, OperatorOrder};
use ponte_ports::{StatusChanges, Trails};
use ponte_values::Moment;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::commands::Command;
use crate::sweep::Sweeper;

use super::expire;
use super::fault::CommandFault;
use super::named::named;
use super::resend::{Resending, period, rest};

/// After this much time a command answers with what is left.
const BUDGET: Duration = Duration::from_secs(18);

/// Runs the commands about consents.
pub struct ConsentOperator {
    /// The consents, and what time makes of them.
    pub sweeper: Sweeper,
    /// What became of consents in a period.
    pub changes: Arc<dyn StatusChanges>,
    /// Where notices go out once more.
    pub trails: Arc<dyn Trails>,
}

#[async_trait]
impl Operator for ConsentOperator {
    fn kind(&self, command: &RawValue) -> Option<CommandKind> {
        let command: Command = serde_json::from_str(command.get()).ok()?;
        // A queue records a command before it runs: what is no id may be a customer's data.
        Some(match is_well_formed(&command).then_some(command)? {
            Command::ExpireNow { .. } | Command::ResendNotices { .. } => CommandKind::CHANGES.going_on(),
        })
    }

    async fn run(&self, command: &RawValue, action: &OperatorAction) -> Result<Value, OperatorError> {
        let command = serde_json::from_str(command.get()).map_err(CommandFault::Unreadable)?;
        Ok(self.answer(command, &OperatorOrder::of(action).map_err(CommandFault::Unsigned)?).await?)
    }
}

impl ConsentOperator {
    async fn answer(&self, command: Command, order: &OperatorOrder) -> Result<Value, CommandFault> {
        match command {
            Command::ExpireNow { consents: Some(ids), after } => {
                let ids = named(&ids, after.as_deref())?;
                json(expire::named(&self.sweeper, ids, order, BUDGET).await)
            }
            Command::ExpireNow { consents: None, after } => {
                json(expire::due(&self.sweeper, after.as_deref(), order, BUDGET).await?)
            }
            Command::ResendNotices { consents: Some(ids), from: None, until: None, after } => {
                json(self.resending(order).named(named(&ids, after.as_deref())?).await?)
            }
            Command::ResendNotices { consents: None, from: Some(from), until, after } => {
                let (end, after) = rest(until, after)?;
                let period = period(&from, end.as_deref(), self.sweeper.clock.now())?;
                json(self.resending(order).of_period(period, after).await?)
            }
            Command::ResendNotices { .. } => Err(CommandFault::Which),
        }
    }

    fn resending<'a>(&'a self, order: &'a OperatorOrder) -> Resending<'a> {
        Resending {
            consents: &*self.sweeper.consents,
            changes: &*self.changes,
            trails: &*self.trails,
            clock: &*self.sweeper.clock,
            ids: &*self.sweeper.ids,
            order,
            budget: BUDGET,
        }
    }
}

/// Whether every member can be what it has to be.
fn is_well_formed(command: &Command) -> bool {
    let moment = |text: &Option<String>| text.as_deref().is_none_or(|text| Moment::parse(text).is_ok());
    match command {
        Command::ExpireNow { consents: Some(ids), after }
        | Command::ResendNotices { consents: Some(ids), from: None, until: None, after } => {
            named(ids, after.as_deref()).is_ok()
        }
        Command::ExpireNow { consents: None, after } => moment(after),
        Command::ResendNotices { consents: None, from: from @ Some(_), until, .. } => {
            moment(from) && moment(until)
        }
        Command::ResendNotices { .. } => false,
    }
}

fn json(answer: impl Serialize) -> Result<Value, CommandFault> {
    serde_json::to_value(answer).map_err(CommandFault::Unreadable)
}
