//! What the core says of a payment: by the answer of a call, by a question of ours, or by its own notification. All end in the same
//! transition, and nothing leads out of a final status (P20, P21, PB-G02).

use std::time::Duration;

use ponte_ports::LegacyId;
use ponte_ports::audit::Actor;
use ponte_values::{Cpf, Moment};

use super::change::{AuditAction, PaymentChange};
use super::end::{Cancellation, CancellationReason, CancelledFrom, Rejection};
use super::execution::Execution;
use super::status::{PaymentStatus, State};
use super::stored::Payment;

/// Pauses between two questions for the status of what the core has, in seconds; then five minutes.
const POLL_AGAIN: [u64; 6] = [2, 5, 10, 30, 60, 60];

/// A status that the core tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CoreStatus {
    /// Received.
    Received,
    /// Held for analysis.
    Held,
    /// All checks passed.
    Accepted,
    /// Sent to settlement.
    Settling,
    /// Settled.
    Settled,
    /// Cancelled at the institution, by this customer.
    Cancelled(Cpf),
    /// Rejected.
    Rejected(Rejection),
}

/// What the core says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CoreReport {
    /// The status.
    pub status: CoreStatus,
    /// The core's own key of it, if it tells one.
    pub core_id: Option<LegacyId>,
}

impl CoreStatus {
    /// Its place on the way: what comes from further back came late.
    const fn rank(&self) -> u8 {
        match self {
            Self::Received => 0,
            Self::Held => 1,
            Self::Accepted => 2,
            Self::Settling => 3,
            Self::Settled | Self::Cancelled(_) | Self::Rejected(_) => 4,
        }
    }

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Received => "RCVD",
            Self::Held => "PDNG",
            Self::Accepted => "ACCP",
            Self::Settling => "ACPD",
            Self::Settled => "ACSC",
            Self::Cancelled(_) => "CANC",
            Self::Rejected(_) => "RJCT",
        }
    }
}

impl PaymentStatus {
    const fn rank(self) -> u8 {
        match self {
            Self::Rcvd | Self::Schd => 0,
            Self::Pdng => 1,
            Self::Accp => 2,
            Self::Acpd => 3,
            Self::Acsc | Self::Canc | Self::Rjct => 4,
        }
    }
}

impl Payment {
    /// Takes what the core says. Whatever stood in the execution, the core has it now: DONE. A status from further back changes nothing
    /// but that; after a final status the report is noted for an operator and changes nothing (P20). `None` if there is nothing to write.
    #[must_use]
    pub fn core_says(self, report: CoreReport, actor: Actor, now: Moment) -> Option<PaymentChange> {
        if self.status().is_final() {
            let same = self.status().as_str() == report.status.as_str();
            let action = if same { "payment.core_repeated" } else { "payment.core_contradicted" };
            return Some(self.noted(AuditAction { action, actor, at: now }));
        }
        let (epoch, asked) = match &self.execution {
            Execution::Done { epoch, asked, .. } => (*epoch, asked.saturating_add(1)),
            other => (other.epoch(), 0),
        };
        let seconds = usize::try_from(asked).ok().and_then(|asked| POLL_AGAIN.get(asked)).copied();
        let next = now.plus(Duration::from_secs(seconds.unwrap_or(300)));
        let payment = Self {
            execution: Execution::Done { epoch, asked, next },
            core_id: report.core_id.or(self.core_id),
            ..self
        };
        if report.status.rank() <= payment.status().rank() {
            return Some(payment.stepped());
        }
        let state = match report.status {
            CoreStatus::Received => State::Rcvd,
            CoreStatus::Held => State::Pdng,
            CoreStatus::Accepted => State::Accp,
            CoreStatus::Settling => State::Acpd,
            CoreStatus::Settled => State::Acsc,
            CoreStatus::Rejected(rejection) => State::Rjct(rejection),
            CoreStatus::Cancelled(by) => State::Canc(Cancellation {
                reason: CancellationReason::CanceladoPendencia,
                cancelled_from: CancelledFrom::Detentora,
                cancelled_at: now,
                cancelled_by: by,
            }),
        };
        Some(payment.moved(state, AuditAction { action: "payment.core_reported", actor, at: now }))
    }
}
