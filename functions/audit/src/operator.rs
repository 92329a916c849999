//! Operator commands: events such as `{"operator": "audit.prove", "day": ".."}` of a direct invocation.
//!
//! | command | what it does |
//! |---|---|
//! | `audit.prove {day, continue?}` | proves the seals and the rows of a day (UTC), and names what is wrong |
//! | `audit.compare {seals}` | holds seals as the log named them against the tables |

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_edge::{CommandKind, Operator, OperatorError, unread};
use ponte_ports::audit::OperatorAction;
use ponte_ports::audit_chain::{AuditChain, LoggedSeal, ProofPlace, compare, prove};
use ponte_ports::{Clock, PortError, chain};
use ponte_values::Date;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::commands::{Command, Compared, MOST_SEALS, ProvenDay};
use crate::report::{report, report_findings};

/// After this much time a command answers with what is left.
const BUDGET: Duration = Duration::from_secs(18);

/// Runs the commands about the audit.
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
    #[error("not understood: {}", unread(.0))]
    Unreadable(serde_json::Error),
    /// The text is no day.
    #[error("day must be a date, YYYY-MM-DD")]
    Day,
    /// More than fit into the time of a command.
    #[error("seals: {MOST_SEALS} at most")]
    TooMany,
    /// The store failed.
    #[error("{}", chain(.0))]
    Port(#[source] PortError),
}

#[async_trait]
impl Operator for ChainOperator {
    fn kind(&self, command: &RawValue) -> Option<CommandKind> {
        let command = serde_json::from_str(command.get()).ok()?;
        // A queue records a command before it runs: what is no day does not get that far.
        match command {
            Command::Prove { day, .. } => date(&day).ok().map(|_| CommandKind::LOOKS.going_on()),
            Command::Compare { seals } => {
                seals.iter().all(|seal| date(&seal.day).is_ok()).then_some(CommandKind::LOOKS)
            }
        }
    }

    async fn run(&self, command: &RawValue, _: &OperatorAction) -> Result<Value, OperatorError> {
        let command = serde_json::from_str(command.get()).map_err(CommandFault::Unreadable)?;
        let answer = match command {
            Command::Prove { day, from } => serde_json::to_value(self.prove(day, from).await?),
            Command::Compare { seals } => serde_json::to_value(self.compare(&seals).await?),
        };
        Ok(answer.map_err(CommandFault::Unreadable)?)
    }
}

impl ChainOperator {
    async fn prove(&self, day: String, from: Option<ProofPlace>) -> Result<ProvenDay, CommandFault> {
        let date = date(&day)?;
        let until = self.clock.now().plus(BUDGET);
        let proof = prove(&*self.chain, date, from, &*self.clock, until).await.map_err(CommandFault::Port)?;
        report(&day, &proof);
        Ok(ProvenDay { day, proof })
    }

    async fn compare(&self, seals: &[LoggedSeal]) -> Result<Compared, CommandFault> {
        if seals.len() > MOST_SEALS {
            return Err(CommandFault::TooMany);
        }
        let mut answer = Compared::default();
        for seal in seals {
            let found = compare(&*self.chain, seal, date(&seal.day)?).await.map_err(CommandFault::Port)?;
            answer.compared += 1;
            answer.findings.extend(found);
        }
        report_findings(None, &answer.findings);
        Ok(answer)
    }
}

fn date(text: &str) -> Result<Date, CommandFault> {
    Date::parse(text).map_err(|_| CommandFault::Day)
}
