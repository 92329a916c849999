//! Faults of the changes of a payment consent.

use ponte_authorization::approval::AnswerFault;

/// The reason why a payment consent cannot be changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaymentConsentFault {
    /// The transition needs AWAITING_AUTHORISATION.
    NotAwaiting,
    /// It waits for others to agree: CONSENTIMENTO_PENDENTE_AUTORIZACAO (P08).
    PendingApproval,
    /// It is not AUTHORISED: CONSENTIMENTO_INVALIDO (P31).
    NotAuthorised,
    /// It is REJECTED or CONSUMED already.
    Over,
    /// Nobody is waited for.
    NothingPending,
    /// The answer of an approver cannot be taken.
    Approval(AnswerFault),
}

impl From<AnswerFault> for PaymentConsentFault {
    fn from(fault: AnswerFault) -> Self {
        Self::Approval(fault)
    }
}
