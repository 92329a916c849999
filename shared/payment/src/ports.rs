//! Ports of payments: their stores. The core is [`crate::connector`].

mod connector_replies;
mod consents;
mod payments;
mod queue;

pub use connector_replies::{ConnectorReplies, ConnectorReply};
pub use consents::{
    PaymentConsentCommit, PaymentConsentDecisions, PaymentConsentIndex, PaymentConsentPage, PaymentConsents,
};
pub use payments::{
    Acceptance, ConsentCreation, CreatedPage, PaymentWriteFault, Payments, PaymentsCommit, Spending,
};
pub use queue::{PaymentMessage, PaymentQueue};
