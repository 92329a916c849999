//! Scheduled payments: SCHD once the core has agreed to the whole list (P22).

use ponte_ports::audit::Actor;
use ponte_values::Moment;

use super::change::{AuditAction, PaymentChange};
use super::execution::Execution;
use super::fault::PaymentFault;
use super::status::{PaymentStatus, State};
use super::stored::Payment;

impl Payment {
    /// Whether it is scheduled for a day, and its list is yet to be agreed to.
    #[must_use]
    pub const fn awaits_schedule(&self) -> bool {
        matches!(
            (&self.execution, self.status(), self.day),
            (Execution::Idle { .. }, PaymentStatus::Rcvd, Some(_))
        )
    }

    /// SCHD.
    ///
    /// # Errors
    /// `State` unless it is scheduled, RCVD, and nothing was sent.
    pub fn scheduled(self, now: Moment) -> Result<PaymentChange, PaymentFault> {
        match (&self.execution, self.status(), self.day) {
            (Execution::Idle { .. }, PaymentStatus::Rcvd, Some(_)) => {
                let action = AuditAction { action: "payment.scheduled", actor: Actor::Ponte, at: now };
                Ok(self.moved(State::Schd, action))
            }
            _ => Err(PaymentFault::State),
        }
    }

    /// The core could not be asked about its list: later.
    ///
    /// # Errors
    /// `State` as above.
    pub fn scheduling_delayed(self, next: Moment) -> Result<PaymentChange, PaymentFault> {
        match (&self.execution, self.status(), self.day) {
            (Execution::Idle { epoch, .. }, PaymentStatus::Rcvd, Some(_)) => {
                let execution = Execution::Idle { epoch: *epoch, next };
                Ok(Self { execution, ..self }.stepped())
            }
            _ => Err(PaymentFault::State),
        }
    }
}
