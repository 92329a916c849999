//! What a step starts from: the interaction of the path and the consent it decides on.

use ponte_domain::audit::{Actor, AuditEntry};
use ponte_domain::consent::{Consent, ConsentFault, Standing};
use ponte_domain::interaction::{Interaction, InteractionFault, Waiting};
use ponte_edge::{Admitted, Refusal};

use crate::Ports;

/// An interaction whose session is not over, with its consent.
pub(super) struct Visit {
    pub(super) interaction: Interaction,
    pub(super) consent: Consent,
}

impl Visit {
    /// Reads both. Another `client_name` than the institution's is an unknown path.
    pub(super) async fn find(ports: &Ports, call: &Admitted) -> Result<Self, Refusal> {
        if call.request.id("client_name") != ports.settings.channel_name {
            return Err(Refusal::not_found());
        }
        let over = InteractionFault::InvalidSession;
        let interaction = ports.interactions.find(call.request.id("interactionId")).await?;
        let interaction = interaction.ok_or(over)?;
        if matches!(interaction.at(call.now), Waiting::Expired) {
            return Err(over.into());
        }
        // Visits about other targets have a channel of their own.
        let id = interaction.consent().ok_or(over)?;
        let consent = ports.consents.find(id).await?.ok_or(over)?;
        Ok(Self { interaction, consent })
    }

    /// Refuses when the consent does not wait for the customer any more (C03).
    pub(super) fn still_awaiting(&self, call: &Admitted) -> Result<(), ConsentFault> {
        match self.consent.at(call.now) {
            Standing::Awaiting => Ok(()),
            Standing::Authorised(_) | Standing::Rejected(_) => Err(ConsentFault::NotAwaiting),
        }
    }

    /// Who acts: the customer through this interaction.
    pub(super) fn actor(&self) -> Actor {
        Actor::Channel(self.interaction.id.clone())
    }
}

/// The audit row of a change, tied to the call that caused it.
pub(super) fn audited(entry: AuditEntry, call: &Admitted) -> AuditEntry {
    AuditEntry { interaction: Some(call.interaction.to_string()), ..entry }
}
