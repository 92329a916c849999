//! An interaction together with the target that the customer decides on in it.

use ponte_authorization::interaction::{Interaction, InteractionFault, Waiting};
use ponte_authorization::ports::Customer;
use ponte_edge::{Call, Refusal};
use ponte_ports::audit::{Actor, AuditEntry};

use crate::ports::Ports;
use crate::target::DecisionTarget;

/// An interaction with its target, both as they are stored now.
pub(crate) struct Session {
    pub(crate) interaction: Interaction,
    pub(crate) target: Box<dyn DecisionTarget>,
}

impl Session {
    /// Reads both, also when the session is over. A target of no kind that is decided on here is an invalid session,
    /// and so are linked targets of the optimised journey (S51).
    pub(crate) async fn read(ports: &Ports, id: &str) -> Result<Self, Refusal> {
        let over = InteractionFault::InvalidSession;
        let interaction =
            ports.interactions.find(id).await?.filter(|found| found.linked.is_none()).ok_or(over)?;
        for targets in ports.targets.iter().filter(|targets| targets.kind() == interaction.target.kind) {
            if let Some(target) = targets.find(&interaction.target.id).await? {
                return Ok(Self { interaction, target });
            }
        }
        Err(over.into())
    }

    /// Refuses a login when the interaction is past it, or its target does not wait any more (C03).
    pub(crate) fn may_log_in(&self, call: &Call) -> Result<(), Refusal> {
        match self.interaction.at(call.now) {
            Waiting::Login | Waiting::Decision(_) => self.require_awaiting(call),
            Waiting::Page(_) | Waiting::Browser(_) | Waiting::Nothing | Waiting::Expired => {
                Err(InteractionFault::OutOfOrder.into())
            }
        }
    }

    /// Refuses a yes without a login, or after the end of the interaction or the target (C03).
    pub(crate) fn may_decide(&self, call: &Call) -> Result<(), Refusal> {
        match self.interaction.at(call.now) {
            Waiting::Decision(_) => self.require_awaiting(call),
            _ => Err(InteractionFault::OutOfOrder.into()),
        }
    }

    /// Refuses when the target was decided before or has ended (C03).
    pub(crate) fn require_awaiting(&self, call: &Call) -> Result<(), Refusal> {
        self.target.require_awaiting(call.now)
    }

    /// Whether the target names this customer: the person, and the company if and only if there is one (S20).
    pub(crate) fn names(&self, customer: &Customer) -> bool {
        self.target.customer() == (&customer.cpf, customer.cnpj.as_ref())
    }

    /// The actor of the audit rows: the customer through this interaction.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Channel(self.interaction.id.clone())
    }

    /// The audit row of a step that leaves the target as it is, tied to the call that caused it.
    pub(crate) fn audit(
        &self,
        call: &Call,
        action: &'static str,
        (before, after): (Option<&'static str>, &'static str),
    ) -> AuditEntry {
        AuditEntry {
            at: call.now,
            actor: self.actor(),
            subject: self.interaction.target.id.to_string(),
            action,
            before,
            after,
            reason: None,
            interaction: Some(call.interaction.to_string()),
        }
    }
}
