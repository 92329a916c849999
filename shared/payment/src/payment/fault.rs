//! Faults of the changes of a payment.

/// The reason why a payment cannot be changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaymentFault {
    /// It cannot be cancelled, or not any more: PAGAMENTO_NAO_PERMITE_CANCELAMENTO (P55).
    NotCancellable,
    /// Another worker has it.
    NotOurs,
    /// It is not in the state that the change needs.
    State,
}
