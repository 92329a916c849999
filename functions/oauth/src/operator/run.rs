//! Runs a command: reads it, does it, writes its answer.

use async_trait::async_trait;
use ponte_edge::{CommandKind, Operator, OperatorError};
use ponte_ports::audit::{OperatorAction, OperatorOrder};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::commands::Command;

use super::change::{Subject, block, unblock};
use super::fault::{COMMANDS, CommandFault};
use super::form::is_well_formed;
use super::issue::{NewKey, issue};
use super::list::list;
use super::ports::OperatorPorts;
use super::remove::remove;
use super::reset::reset;
use super::revoke::revoke;
use super::rotate::rotate;

#[async_trait]
impl Operator for OperatorPorts {
    fn kind(&self, command: &RawValue) -> Option<CommandKind> {
        Some(match read(command).ok().filter(is_well_formed)? {
            Command::Issue { .. } | Command::Rotate { .. } => CommandKind::CHANGES.answering_a_secret(),
            Command::List {} => CommandKind::LOOKS,
            Command::Revoke { .. }
            | Command::BlockClient { .. }
            | Command::UnblockClient { .. }
            | Command::RemoveClient { .. }
            | Command::ResetClient { .. } => CommandKind::CHANGES,
        })
    }

    async fn run(&self, command: &RawValue, action: &OperatorAction) -> Result<Value, OperatorError> {
        Ok(answer(self, read(command)?, action).await?)
    }
}

async fn answer(
    ports: &OperatorPorts,
    command: Command,
    action: &OperatorAction,
) -> Result<Value, CommandFault> {
    // What only looks needs no reason.
    let order = || OperatorOrder::of(action);
    let subject = |id: &str, reason: Option<String>| Subject::read(id, reason.as_deref(), action);
    match command {
        Command::Issue { caller, scopes, expires_at } => {
            json(issue(ports, NewKey { caller, scopes, expires_at }, &order()?).await?)
        }
        Command::Rotate { id, grace_seconds } => json(rotate(ports, &id, grace_seconds, &order()?).await?),
        Command::Revoke { id } => json(revoke(ports, &id, &order()?).await?),
        Command::List {} => json(list(ports).await?),
        Command::BlockClient { id, reason } => json(block(ports, &subject(&id, reason)?).await?),
        Command::UnblockClient { id, reason } => json(unblock(ports, &subject(&id, reason)?).await?),
        Command::RemoveClient { id, reason } => json(remove(ports, &subject(&id, reason)?).await?),
        Command::ResetClient { id, reason } => json(reset(ports, &subject(&id, reason)?).await?),
    }
}

/// The command in an event. The reader's own message is not passed on: it repeats what it could not read, and that may
/// be the text of a key.
fn read(event: &RawValue) -> Result<Command, CommandFault> {
    #[derive(Deserialize)]
    struct Named {
        operator: String,
    }
    let named: Named = serde_json::from_str(event.get()).map_err(|_| CommandFault::Unknown)?;
    let known = COMMANDS.iter().find(|(name, _)| *name == named.operator);
    let (name, members) = known.ok_or(CommandFault::Unknown)?;
    serde_json::from_str(event.get()).map_err(|_| CommandFault::Members(name, members))
}

fn json(answer: impl Serialize) -> Result<Value, CommandFault> {
    serde_json::to_value(answer).map_err(CommandFault::Answer)
}
