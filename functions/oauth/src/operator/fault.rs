//! Why a command was not done, for the operator who sent it. Nothing here repeats what was sent.

use ponte_authorization::api_key::KeyFault;
use ponte_authorization::client::ClientFault;
use ponte_ports::audit::Unsigned;
use ponte_ports::{CommitFault, PortError, chain};
use ponte_values::ClientId;

/// The commands and what each takes, for an operator who got one wrong.
pub(super) const COMMANDS: [(&str, &str); 8] = [
    ("api-key.issue", "caller, scopes (a list) and optionally expiresAt"),
    ("api-key.rotate", "id and optionally graceSeconds (a number)"),
    ("api-key.revoke", "id"),
    ("api-key.list", "nothing"),
    ("client.block", "id and reason"),
    ("client.unblock", "id and reason"),
    ("client.remove", "id and reason"),
    ("client.reset", "id and reason"),
];

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandFault {
    /// There is no command of that name.
    #[error("unknown operator command; there are {}", COMMANDS.map(|(name, _)| name).join(", "))]
    Unknown,
    /// The members are not those of the command.
    #[error("{0}: a member is missing, unknown, doubled or of another type; it takes {1}")]
    Members(&'static str, &'static str),
    /// A member has no value that it may have.
    #[error("{0}")]
    Input(&'static str),
    /// There is no such scope.
    #[error("scopes: an unknown one; there are {0}")]
    Scope(String),
    /// It changes something, and does not say who orders it or why.
    #[error(transparent)]
    Unsigned(#[from] Unsigned),
    /// There is no key with that id.
    #[error("id: there is no such API key")]
    NoKey,
    /// The key does not change that way.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// There is no client with that id, and there was none.
    #[error("id: there is no such client")]
    NoClient,
    /// It was removed at that time.
    #[error("id: the client was removed at {0}")]
    Removed(String),
    /// It was removed at that time, and its software statement has registered again.
    #[error(
        "id: the client was removed at {0}, and its software statement is {1} by now; remove that one, or block it first: \
         a client that is blocked does not leave"
    )]
    Became(String, ClientId),
    /// The software statement of a removed client is free.
    #[error("the software statement of the client may register already, or has")]
    Released,
    /// Somebody shut it out after the order.
    #[error("the client was blocked after this was ordered: look at it, and order it anew")]
    BlockedSince,
    /// The client does not change that way.
    #[error(transparent)]
    Client(#[from] ClientFault),
    /// Somebody else was faster.
    #[error("it was changed by another command meanwhile; look at it and try again")]
    Conflict,
    /// The answer could not be written.
    #[error("the answer could not be written")]
    Answer(#[source] serde_json::Error),
    /// The store failed.
    #[error("{}", chain(.0))]
    Port(#[source] PortError),
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
