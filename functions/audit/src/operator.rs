//! Operator commands: an event `{"operator": "audit.prove", "day": ".."}` of a direct invocation.
//!
//! | command | what it does |
//! |---|---|
//! | `audit.prove {day, continue?}` | proves the seals and the rows of a day (UTC), and names what is wrong |

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_edge::{Operator, OperatorError};
use ponte_ports::audit::OperatorAction;
use ponte_ports::audit_chain::{AuditChain, prove};
use ponte_ports::{Clock, PortError, chain};
use ponte_values::Date;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::commands::{Command, ProvenDay};
use crate::report::report;

/// After this much time a command answers with what is left.
const BUDGET: Duration = Duration::from_secs(18);

/// Runs the command about the audit.
pub struct ChainOperator {
    /// The rows and their seals.
    pub chain: Arc<dyn AuditChain>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
enum CommandFault {
    /// The command or one of its members is not understood.
    #[error("not understood: {0}")]
    Unreadable(serde_json::Error),
    /// The text is no day.
    #[error("day must be a date, YYYY-MM-DD")]
    Day,
    /// The store failed.
    #[error("{}", chain(.0))]
    Port(PortError),
}

#[async_trait]
impl Operator for ChainOperator {
    async fn run(&self, command: &RawValue, _: &OperatorAction) -> Result<Value, OperatorError> {
        let Command::Prove { day, from } =
            serde_json::from_str(command.get()).map_err(CommandFault::Unreadable)?;
        let date = Date::parse(&day).map_err(|_| CommandFault::Day)?;
        let until = self.clock.now().plus(BUDGET);
        let proof = prove(&*self.chain, date, from, &*self.clock, until).await.map_err(CommandFault::Port)?;
        report(&day, &proof);
        Ok(serde_json::to_value(ProvenDay { day, proof }).map_err(CommandFault::Unreadable)?)
    }
}
