//! Cancellation of a payment (P55, P56).

use std::time::Duration;

use ponte_ports::audit::Actor;
use ponte_values::{Cpf, Moment};

use super::change::{AuditAction, PaymentChange};
use super::end::{Cancellation, CancellationReason, CancelledFrom};
use super::execution::Execution;
use super::fault::PaymentFault;
use super::status::{PaymentStatus, State};
use super::stored::Payment;
use crate::wire::ApiVersion;

/// From 22:00 to midnight.
const TWO_HOURS: Duration = Duration::from_hours(2);

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

    /// Whether it is among those that a cancellation of all payments of its consent cancels at `now`: of v5 scheduled ones until 22:00 of
    /// the day before in Brasília, of v4 all that could be cancelled by itself, also what the core holds (P56).
    #[must_use]
    pub fn cancellable_with_others(&self, api: ApiVersion, now: Moment) -> bool {
        match (api, self.cancellable(now), self.day) {
            (ApiVersion::V4, way, _) => way.is_ok(),
            (ApiVersion::V5, Ok(CancellationWay::Here), Some(day)) => {
                now < Moment::start_of_day_brasilia(day).minus(TWO_HOURS)
            }
            (ApiVersion::V5, _, _) => false,
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
