//! Cancellation of a payment (P55, P56).

use ponte_ports::audit::Actor;
use ponte_values::{Cpf, Moment};

use super::change::{AuditAction, PaymentChange};
use super::end::{Cancellation, CancellationReason, CancelledFrom};
use super::execution::Execution;
use super::fault::PaymentFault;
use super::status::{PaymentStatus, State};
use super::stored::Payment;

/// What a cancellation needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CancellationWay {
    /// Nothing was sent: it is cancelled here alone.
    Here,
    /// The core holds it: the core cancels it first.
    AtTheCore,
}

impl Payment {
    /// Whether it can be cancelled at `now`, and how: one that is held, or a scheduled one until 23:59 of the day before in Brasília (P55).
    ///
    /// # Errors
    /// `NotCancellable`.
    pub fn cancellable(&self, now: Moment) -> Result<CancellationWay, PaymentFault> {
        match (self.status(), &self.execution, self.day) {
            (PaymentStatus::Schd, Execution::Idle { .. }, Some(day)) if now.date_brasilia() < day => {
                Ok(CancellationWay::Here)
            }
            (PaymentStatus::Pdng, Execution::Done { .. }, _) => Ok(CancellationWay::AtTheCore),
            _ => Err(PaymentFault::NotCancellable),
        }
    }

    /// Cancelled.
    ///
    /// # Errors
    /// `NotCancellable`.
    pub fn cancel(
        self,
        by: Cpf,
        from: CancelledFrom,
        actor: Actor,
        now: Moment,
    ) -> Result<PaymentChange, PaymentFault> {
        let reason = match self.cancellable(now)? {
            CancellationWay::Here => CancellationReason::CanceladoAgendamento,
            CancellationWay::AtTheCore => CancellationReason::CanceladoPendencia,
        };
        let cancellation = Cancellation { reason, cancelled_from: from, cancelled_at: now, cancelled_by: by };
        Ok(self.moved(State::Canc(cancellation), AuditAction { action: "payment.cancelled", actor, at: now }))
    }
}
