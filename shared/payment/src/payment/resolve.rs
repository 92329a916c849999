//! What operators say of a payment of which asking could not decide what became (1.3 of the reliability patterns). Each of these needs
//! two of them, and leaves an audit row with their names.

use std::time::Duration;

use ponte_ports::CLOCK_DIFFERENCE;
use ponte_ports::LegacyId;
use ponte_ports::audit::{Actor, OperatorOrder};
use ponte_values::Moment;

use super::change::{AuditAction, PaymentChange};
use super::core_report::{CoreReport, CoreStatus};
use super::end::{Rejection, RejectionCode};
use super::execution::Execution;
use super::fault::PaymentFault;
use super::status::State;
use super::stored::Payment;

/// The time in which the core may still execute what was sent, counted from when a payment was parked: the longest call, and the
/// difference of two clocks.
const STILL_ON_ITS_WAY: Duration = Duration::from_mins(1);

impl Payment {
    /// The core executed it: settled.
    ///
    /// # Errors
    /// `State` unless it is parked, or its outcome is unknown.
    pub fn resolve_executed(
        self,
        core_id: Option<LegacyId>,
        order: &OperatorOrder,
        now: Moment,
    ) -> Result<PaymentChange, PaymentFault> {
        if !self.is_in_doubt() {
            return Err(PaymentFault::State);
        }
        let report = CoreReport { status: CoreStatus::Settled, core_id };
        let change = self.core_says(report, Actor::Operator, now).ok_or(PaymentFault::State)?;
        Ok(signed(change, "payment.resolved_executed", order))
    }

    /// The core did not execute it, and will not: rejected.
    ///
    /// # Errors
    /// `State` unless it is parked, and for so long that nothing of it is on its way to the core any more.
    pub fn resolve_not_executed(
        self,
        order: &OperatorOrder,
        now: Moment,
    ) -> Result<PaymentChange, PaymentFault> {
        self.require_parked(now)?;
        let detail = "O pagamento não foi executado pela detentora.".to_owned();
        let rejection = Rejection { code: RejectionCode::FalhaInfraestruturaDetentora, detail };
        let action = AuditAction { action: "payment.rejected", actor: Actor::Operator, at: now };
        Ok(signed(self.moved(State::Rjct(rejection), action), "payment.resolved_not_executed", order))
    }

    /// The core did not execute it: it is sent again under the same key.
    ///
    /// # Errors
    /// `State` unless it is parked as above, and its time to be sent is not over: the day of a scheduled payment, an hour of others.
    pub fn resolve_send_again(
        self,
        order: &OperatorOrder,
        now: Moment,
    ) -> Result<PaymentChange, PaymentFault> {
        let epoch = self.require_parked(now)?;
        if self.is_too_late(now) {
            return Err(PaymentFault::State);
        }
        let execution = Execution::Idle { epoch, next: now };
        let action = AuditAction { action: "payment.sent_again", actor: Actor::Operator, at: now };
        Ok(signed(Self { execution, ..self }.noted(action), "payment.resolved_send_again", order))
    }

    /// Whether it was sent and nobody knows what became of it.
    #[must_use]
    pub const fn is_in_doubt(&self) -> bool {
        let unknown = matches!(
            self.execution,
            Execution::Sent { .. } | Execution::Unknown { .. } | Execution::Parked { .. }
        );
        unknown && !self.status().is_final()
    }

    /// The number of claims of one that is parked, and of which nothing can arrive any more.
    fn require_parked(&self, now: Moment) -> Result<u64, PaymentFault> {
        match self.execution {
            Execution::Parked { epoch, since, .. }
                if !self.status().is_final()
                    && now >= since.plus(STILL_ON_ITS_WAY).plus(CLOCK_DIFFERENCE) =>
            {
                Ok(epoch)
            }
            _ => Err(PaymentFault::State),
        }
    }
}

/// The change with an audit row that names who ordered it.
fn signed(change: PaymentChange, action: &'static str, order: &OperatorOrder) -> PaymentChange {
    let audit = change.audit.map(|entry| order.signed(ponte_ports::audit::AuditEntry { action, ..entry }));
    PaymentChange { audit, ..change }
}
