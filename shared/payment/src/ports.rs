//! Ports of payments: their stores. The core is [`crate::connector`].

mod consents;
mod payments;
mod queue;

pub use consents::{
    PaymentConsentCommit, PaymentConsentDecisions, PaymentConsentIndex, PaymentConsentPage, PaymentConsents,
};
pub use payments::{
    Acceptance, ConsentCreation, CreatedPage, PaymentWriteFault, Payments, PaymentsCommit, Spending,
};
pub use queue::{PaymentMessage, PaymentQueue};
