//! The stack that a command speaks to: on this machine, found by its folder, or on AWS, found by its name.

mod account;
mod outputs;
mod signed;

use std::path::{Path, PathBuf};

use serde_json::Value;

use self::account::Account;
use crate::ask;

/// A stack, and how it is reached.
pub(crate) enum Target {
    /// The one that runs on this machine, in its folder: by its control port.
    Local(PathBuf),
    /// One of an AWS account: by the Lambda API and by SQS.
    Account(Box<Account>),
}

impl Target {
    /// The stack called `name` of the account that the credentials are of; the one of `directory` without a name.
    pub(crate) async fn of(directory: PathBuf, name: Option<&str>) -> Result<Self, String> {
        match name {
            Some(name) => Ok(Self::Account(Box::new(Account::of(name).await?))),
            None => Ok(Self::Local(directory)),
        }
    }

    /// Invokes the function called `function` and gives its answer.
    pub(crate) async fn invoke(&self, function: &str, event: Vec<u8>) -> Result<Value, String> {
        match self {
            Self::Local(directory) => ask::invoke(directory, function, event).await,
            Self::Account(account) => account.invoke(function, event).await,
        }
    }

    /// Sends a message to the operator queue of a function.
    pub(crate) async fn send(&self, function: &str, message: &str) -> Result<(), String> {
        match self {
            // The local cloud answers as AWS does: its queues are found the same way.
            Self::Local(directory) => {
                let account = Account::on_this_machine(&ask::described(directory)?).await?;
                account.send(function, message).await
            }
            Self::Account(account) => account.send(function, message).await,
        }
    }

    /// The folder of a stack on this machine, for what AWS has no call for.
    pub(crate) fn directory(&self) -> Result<&Path, String> {
        match self {
            Self::Local(directory) => Ok(directory),
            Self::Account(_) => Err("only a stack on this machine does that: leave --stack out".to_owned()),
        }
    }
}
