//! Why a command was not done, for the operator who sent it. Nothing here repeats what was sent.

use ponte_edge::unread;
use ponte_payment::ports::PaymentWriteFault;
use ponte_ports::audit::Unsigned;
use ponte_ports::{IndexFault, PortError, chain};

use crate::worker::WorkFault;

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandFault {
    /// The command or one of its members is not understood.
    #[error("not understood: {}", unread(.0))]
    Unreadable(serde_json::Error),
    /// It does not say who orders it or why.
    #[error(transparent)]
    Unsigned(#[from] Unsigned),
    /// Neither a day nor a payment, or both.
    #[error("either a day or a payment")]
    Which,
    /// No day, or one that the command does not take.
    #[error("day: YYYY-MM-DD in Brasília; of a reconciliation not one to come, of a run today")]
    Day,
    /// No id of a payment.
    #[error("payment: not the id of a payment")]
    Id,
    /// There is none of this id.
    #[error("there is no such payment")]
    Unknown,
    /// The core's key is none, or given of what was not executed.
    #[error("coreKey: a list of key and value, of a payment that was executed")]
    CoreKey,
    /// It is not in doubt, or not for long enough, or its time to be sent is over.
    #[error(
        "the payment does not wait for this: it is not parked, parked for too short a time, over, or too late to be sent"
    )]
    NotInDoubt,
    /// Somebody else changed it meanwhile, again and again.
    #[error("somebody else changes the payment: send the command again")]
    Met,
    /// `after` is not what an answer to this command gave.
    #[error("after: not the `next` of an answer to this command")]
    After,
    /// The store, the queue or the core failed.
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

impl From<WorkFault> for CommandFault {
    fn from(fault: WorkFault) -> Self {
        match fault {
            WorkFault::Met => Self::Met,
            WorkFault::Port(error) => Self::Port(error),
        }
    }
}

impl From<PaymentWriteFault> for CommandFault {
    fn from(fault: PaymentWriteFault) -> Self {
        WorkFault::from(fault).into()
    }
}
