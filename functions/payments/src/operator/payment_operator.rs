//! What commands about payments work through.

use std::sync::Arc;
use std::time::Duration;

use ponte_ports::audit::{Actor, AuditEntry, OperatorOrder};
use ponte_ports::{LettersToRedrive, Pauses, Trail, Trails};

use crate::ports::Ports;

/// After this much time a command answers with what is left.
pub(super) const BUDGET: Duration = Duration::from_secs(18);

/// Runs the commands about payments.
pub struct PaymentOperator {
    /// The payments, their core and their queue.
    pub ports: Arc<Ports>,
    /// Dead letters of the queue of payments.
    pub letters: Arc<dyn LettersToRedrive>,
    /// Audit rows of what changes no payment.
    pub trails: Arc<dyn Trails>,
    /// Pauses between two batches.
    pub pauses: Arc<dyn Pauses>,
}

impl PaymentOperator {
    /// The trail of an order about something that is not changed with it: its id makes it one, however often it is written.
    pub(super) fn trail(
        &self,
        id: String,
        order: &OperatorOrder,
        (subject, action, after): (String, &'static str, &'static str),
    ) -> Trail {
        let entry = AuditEntry {
            at: self.ports.clock.now(),
            actor: Actor::Operator,
            subject,
            action,
            before: None,
            after,
            reason: None,
            interaction: None,
            operator: None,
        };
        Trail::new(id).audited([order.signed(entry)])
    }
}
