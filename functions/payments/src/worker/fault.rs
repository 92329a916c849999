//! Why a payment was not brought further now.

use ponte_edge::Refusal;
use ponte_payment::payment::PaymentFault;
use ponte_payment::ports::PaymentWriteFault;
use ponte_ports::PortError;

/// The reason why a payment was not brought further now.
#[derive(Debug)]
pub(crate) enum WorkFault {
    /// Somebody else changed it meanwhile: it is read and judged again.
    Met,
    /// The store or the queue failed; the message comes again.
    Port(PortError),
}

impl From<PortError> for WorkFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl From<PaymentFault> for WorkFault {
    fn from(_: PaymentFault) -> Self {
        Self::Met
    }
}

impl From<PaymentWriteFault> for WorkFault {
    fn from(fault: PaymentWriteFault) -> Self {
        match fault {
            PaymentWriteFault::Port(error) => Self::Port(error),
            PaymentWriteFault::Conflict
            | PaymentWriteFault::KeyUsed
            | PaymentWriteFault::EndToEndIdUsed(_)
            | PaymentWriteFault::LimitOfDay => Self::Met,
        }
    }
}

impl From<WorkFault> for Refusal {
    fn from(fault: WorkFault) -> Self {
        match fault {
            WorkFault::Met => Self::overloaded(),
            WorkFault::Port(error) => error.into(),
        }
    }
}
