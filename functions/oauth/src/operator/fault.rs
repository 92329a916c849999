//! Why a command was not done, for the operator who sent it. Nothing here repeats what was sent.

use ponte_authorization::api_key::KeyFault;
use ponte_ports::{CommitFault, PortError, chain};

use super::Command;

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandFault {
    /// No command has that name.
    #[error("unknown operator command; there are {}", Command::ALL.map(Command::name).join(", "))]
    Unknown,
    /// The members are not those of the command.
    #[error("{0}: a member is missing, unknown, doubled or of another type; it takes {1}")]
    Members(&'static str, &'static str),
    /// A member makes no sense.
    #[error("{0}")]
    Input(&'static str),
    /// A scope that is none.
    #[error("scopes: an unknown one; there are {0}")]
    Scope(String),
    /// No key has that id.
    #[error("id: there is no such API key")]
    NoKey,
    /// The key does not change that way.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// Somebody else was faster.
    #[error("the key was changed by another command meanwhile; look at it and try again")]
    Conflict,
    /// The store failed.
    #[error("{}", chain(.0))]
    Port(PortError),
}

impl From<PortError> for CommandFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl From<CommitFault> for CommandFault {
    fn from(fault: CommitFault) -> Self {
        match fault {
            CommitFault::Conflict => Self::Conflict,
            CommitFault::Port(error) => Self::Port(error),
        }
    }
}
