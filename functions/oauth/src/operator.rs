//! Operator commands: the API keys of the institution's own callers.
//!
//! | command | members | answer |
//! |---|---|---|
//! | `api-key.issue` | `caller`, `scopes`, `expiresAt`? | the key, its text shown this once |
//! | `api-key.rotate` | `id`, `graceSeconds`? | the key with another secret, its text shown this once |
//! | `api-key.revoke` | `id` | the key, which counts for nothing from now on |
//! | `api-key.list` | | all keys, without texts |
//!
//! A command is an event like `{"operator": "api-key.revoke", "id": ".."}`. IAM decides who may send one.
//!
//! **One more command:** a file with what it takes and does, and its lines in [`Command`].

mod fault;
mod issue;
mod list;
mod revoke;
mod rotate;
mod told;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use ponte_authorization::api_key::{ApiKey, ApiKeyId, KeyChange};
use ponte_authorization::ports::ApiKeys;
use ponte_edge::{Operator, OperatorError};
use ponte_ports::{Clock, Ids};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use fault::CommandFault;

/// Runs the commands about API keys.
pub struct KeyOperator {
    /// The keys.
    pub keys: Arc<dyn ApiKeys>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids and secrets.
    pub ids: Arc<dyn Ids>,
}

/// The commands there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Command {
    Issue,
    Rotate,
    Revoke,
    List,
}

impl Command {
    const ALL: [Self; 4] = [Self::Issue, Self::Rotate, Self::Revoke, Self::List];

    const fn name(self) -> &'static str {
        match self {
            Self::Issue => "api-key.issue",
            Self::Rotate => "api-key.rotate",
            Self::Revoke => "api-key.revoke",
            Self::List => "api-key.list",
        }
    }

    /// What it takes, for whoever got it wrong.
    const fn takes(self) -> &'static str {
        match self {
            Self::Issue => "caller, scopes (a list) and optionally expiresAt",
            Self::Rotate => "id and optionally graceSeconds (a number)",
            Self::Revoke => "id",
            Self::List => "nothing",
        }
    }
}

#[derive(Deserialize)]
struct Named {
    operator: String,
}

#[async_trait]
impl Operator for KeyOperator {
    async fn run(&self, command: &RawValue) -> Result<Value, OperatorError> {
        Ok(self.answer(command).await?)
    }
}

impl KeyOperator {
    async fn answer(&self, event: &RawValue) -> Result<Value, CommandFault> {
        let named: Named = serde_json::from_str(event.get()).map_err(|_| CommandFault::Unknown)?;
        let command = Command::ALL.into_iter().find(|command| command.name() == named.operator);
        match command.ok_or(CommandFault::Unknown)? {
            Command::Issue => self.issue(input(Command::Issue, event)?).await,
            Command::Rotate => self.rotate(input(Command::Rotate, event)?).await,
            Command::Revoke => self.revoke(input(Command::Revoke, event)?).await,
            Command::List => self.list(input(Command::List, event)?).await,
        }
    }

    /// The key a command names.
    async fn named(&self, id: &str) -> Result<ApiKey, CommandFault> {
        let id = ApiKeyId::parse(id).map_err(|_| {
            CommandFault::Input(
                "id: 16 lower-case hexadecimal digits, those between the underscores of a key",
            )
        })?;
        self.keys.find(&id).await?.ok_or(CommandFault::NoKey)
    }

    async fn commit(&self, change: KeyChange) -> Result<(), CommandFault> {
        Ok(self.keys.commit(change, self.ids.uuid()).await?)
    }
}

/// What a command was given. The reader's own message is not passed on: it repeats what it could not read, and that
/// may be the text of a key.
fn input<'a, T: Deserialize<'a>>(command: Command, event: &'a RawValue) -> Result<T, CommandFault> {
    serde_json::from_str(event.get()).map_err(|_| CommandFault::Members(command.name(), command.takes()))
}
