//! Why a command was not done, for the operator who sent it. Nothing here repeats what was sent.

use ponte_edge::unread;
use ponte_ports::audit::Unsigned;
use ponte_ports::{IndexFault, PortError, chain};

use crate::commands::{MOST_CONSENTS, MOST_DAYS};

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandFault {
    /// The command or one of its members is not understood.
    #[error("not understood: {}", unread(.0))]
    Unreadable(serde_json::Error),
    /// It does not say who orders it or why.
    #[error(transparent)]
    Unsigned(#[from] Unsigned),
    /// The text at this place of the list is no consent id; it may hold a customer's data, so that it is not repeated.
    #[error("consents[{0}] is not the id of a consent")]
    Id(usize),
    /// More consents than fit into a command, or none.
    #[error("consents: 1 to {MOST_CONSENTS} of them")]
    Count,
    /// Neither consents nor a period, or both.
    #[error("either consents or a period: from, and until if it is not now")]
    Which,
    /// The period ends before it begins, in the future, or too long after its beginning.
    #[error(
        "from and until: date-times of RFC 3339, from before until, until not ahead of now, {MOST_DAYS} days at most"
    )]
    Period,
    /// `after` is not what an answer to this command gave.
    #[error("after: not the `next` of an answer to this command")]
    After,
    /// The store failed.
    #[error("{}", chain(.0))]
    Port(#[source] PortError),
}

impl From<PortError> for CommandFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl From<IndexFault> for CommandFault {
    fn from(fault: IndexFault) -> Self {
        match fault {
            IndexFault::Cursor => Self::After,
            IndexFault::Port(error) => Self::Port(error),
        }
    }
}
