//! The audit rows of what operators order: nothing is changed without a name and a reason (T47).

use ponte_ports::Trail;
use ponte_ports::audit::{Actor, AuditEntry, OperatorAction, OperatorOrder};
use ponte_values::Date;

use crate::ports::Ports;

use super::fault::CommandFault;

/// What an operator ordered, with their name and reason.
pub(super) struct Orders<'a> {
    ports: &'a Ports,
    order: OperatorOrder,
}

impl<'a> Orders<'a> {
    /// An order that names its operator and its reason.
    pub(super) fn of(ports: &'a Ports, action: &OperatorAction) -> Result<Self, CommandFault> {
        Ok(Self { ports, order: OperatorOrder::of(action)? })
    }

    /// The trail of a change: its name, and what became of the reports of a day, or of all days.
    pub(super) fn trail(&self, name: &'static str, day: Option<Date>, after: &'static str) -> Trail {
        let day = day.map_or_else(|| "all".to_owned(), |day| day.to_string());
        let entry = AuditEntry {
            at: self.ports.clock.now(),
            actor: Actor::Operator,
            subject: format!("pcm:{day}"),
            action: name,
            before: None,
            after,
            reason: None,
            interaction: None,
            operator: None,
        };
        Trail::new(self.ports.ids.uuid()).audited([self.order.signed(entry)])
    }
}
