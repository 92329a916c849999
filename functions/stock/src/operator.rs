//! The operator command: an event `{"operator": "stock.retake", "day": ".."}` of a direct invocation.
//!
//! What was in force at a past moment can be told for as long as the table keeps who authorised when and until when, and it
//! keeps that for good: a consent that somebody authorised is never cleaned away, it is renewed only while it is in force, and
//! an end is never taken back. So a day is counted as truly afterwards as in its night. What
//! limits it is the platform, which takes nothing that is older than seven days (M22).
//!
//! The report goes out as a repeated one, beside a first one that may still be pending: the platform takes the later numbers,
//! and the ledger does not count the day twice.

use std::sync::Arc;

use async_trait::async_trait;
use ponte_edge::{CommandKind, Operator, OperatorError, unread};
use ponte_ports::audit::{Actor, AuditEntry, OperatorAction, OperatorOrder, Unsigned};
use ponte_ports::{Ids, PortError, Trail, Trails, chain};
use ponte_values::Date;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::commands::{Command, MOST_DAYS, Retaken};
use crate::stock_taker::StockTaker;

/// Runs the command about the stock.
pub struct StockOperator {
    /// What counts.
    pub taker: StockTaker,
    /// Where the report and the audit row go.
    pub trails: Arc<dyn Trails>,
    /// Ids of the reports.
    pub ids: Arc<dyn Ids>,
}

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
enum CommandFault {
    /// The command or one of its members is not understood.
    #[error("not understood: {}", unread(.0))]
    Unreadable(#[from] serde_json::Error),
    /// It does not say who orders it or why.
    #[error(transparent)]
    Unsigned(#[from] Unsigned),
    /// The text is no day.
    #[error("day must be a date, YYYY-MM-DD")]
    Day,
    /// The day is not over in Brasília.
    #[error("the day is not over yet")]
    NotOver,
    /// The platform would refuse it.
    #[error("the day is more than {MOST_DAYS} days ago: the platform takes no report of it any more")]
    Old,
    /// The store failed.
    #[error("{}", chain(.0))]
    Port(#[source] PortError),
}

impl From<PortError> for CommandFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

#[async_trait]
impl Operator for StockOperator {
    fn kind(&self, command: &RawValue) -> Option<CommandKind> {
        let Command::Retake { day } = serde_json::from_str(command.get()).ok()?;
        // A queue records a command before it runs: what is no day does not get that far.
        Date::parse(&day).ok().map(|_| CommandKind::CHANGES)
    }

    async fn run(&self, command: &RawValue, action: &OperatorAction) -> Result<Value, OperatorError> {
        let Command::Retake { day } = serde_json::from_str(command.get()).map_err(CommandFault::from)?;
        let order = OperatorOrder::of(action).map_err(CommandFault::from)?;
        let retaken = self.retake(self.day(&day)?, &order).await?;
        Ok(serde_json::to_value(retaken).map_err(CommandFault::from)?)
    }
}

impl StockOperator {
    /// A day that is over, and not for too long.
    fn day(&self, text: &str) -> Result<Date, CommandFault> {
        let day = Date::parse(text).map_err(|_| CommandFault::Day)?;
        let today = self.taker.clock.now().date_brasilia();
        match today.days_since(day) {
            ..=0 => Err(CommandFault::NotOver),
            1..=MOST_DAYS => Ok(day),
            _ => Err(CommandFault::Old),
        }
    }

    async fn retake(&self, day: Date, order: &OperatorOrder) -> Result<Retaken, CommandFault> {
        let (counted, row) = self.taker.take(day).await?;
        let now = self.taker.clock.now();
        let entry = AuditEntry {
            at: now,
            actor: Actor::Operator,
            subject: format!("stock:{day}"),
            action: "stock.retaken",
            before: None,
            after: "REPORTED",
            reason: None,
            interaction: None,
            operator: None,
        };
        let trail = Trail::new(self.ids.uuid()).audited([order.signed(entry)]).reporting([row]);
        self.trails.write(&trail.repeated(now)).await?;
        Ok(Retaken {
            day: day.to_string(),
            consents: counted.consents.values().sum(),
            persons: counted.persons,
            companies: counted.companies,
            organisations: counted.consents,
        })
    }
}

#[cfg(test)]
mod tests;
