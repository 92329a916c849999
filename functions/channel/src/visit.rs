//! What every style of channel has in common: the interaction with its consent, and the steps that change both.
//!
//! Each step changes the store once, in one commit with its audit and funnel rows. `channel` (interaction API) and
//! `commands` (command loop) only read calls and write answers; a visit begun in one may go on in the other. `handoff`
//! is the browser's side of a visit that a phone decides.

mod agree;
mod decline;
mod ending;
mod funnel;
mod handoff;
mod login;
pub(crate) mod offer;
pub(crate) mod words;

pub(crate) use agree::agree;
pub(crate) use decline::decline;
pub(crate) use ending::Ending;
pub(crate) use handoff::{abort, finish, take_over};
pub(crate) use login::{Entry, log_in};

use ponte_authorization::interaction::{Interaction, InteractionFault, Waiting};
use ponte_data_consent::consent::{Consent, ConsentFault, Standing};
use ponte_edge::{Call, Refusal};
use ponte_ports::audit::{Actor, AuditEntry};

use crate::ports::Ports;

/// An interaction with its consent.
pub(crate) struct Visit {
    pub(crate) interaction: Interaction,
    pub(crate) consent: Consent,
}

impl Visit {
    /// Reads both, whether or not the session is over; none that is about a data consent is an invalid session.
    pub(crate) async fn read(ports: &Ports, id: &str) -> Result<Self, Refusal> {
        let over = InteractionFault::InvalidSession;
        let interaction = ports.interactions.find(id).await?.ok_or(over)?;
        // Visits about other targets have a channel of their own.
        let target = interaction.consent().ok_or(over)?;
        let consent = ports.consents.find(target).await?.ok_or(over)?;
        Ok(Self { interaction, consent })
    }

    /// Refuses a login when the visit is past it, or its consent does not wait any more (C03).
    pub(crate) fn may_log_in(&self, call: &Call) -> Result<(), Refusal> {
        match self.interaction.at(call.now) {
            Waiting::Login | Waiting::Decision(_) => Ok(self.still_awaiting(call)?),
            Waiting::Page(_) | Waiting::Browser(_) | Waiting::Nothing | Waiting::Expired => {
                Err(InteractionFault::OutOfOrder.into())
            }
        }
    }

    /// Refuses a yes without a login, or after the end of the visit or the consent (C03).
    pub(crate) fn may_decide(&self, call: &Call) -> Result<(), Refusal> {
        match self.interaction.at(call.now) {
            Waiting::Decision(_) => Ok(self.still_awaiting(call)?),
            _ => Err(InteractionFault::OutOfOrder.into()),
        }
    }

    /// Refuses when the consent does not wait for the customer any more (C03).
    pub(crate) fn still_awaiting(&self, call: &Call) -> Result<(), ConsentFault> {
        match self.consent.at(call.now) {
            Standing::Awaiting => Ok(()),
            Standing::Authorised(_) | Standing::Rejected(_) => Err(ConsentFault::NotAwaiting),
        }
    }

    /// Who acts: the customer through this interaction.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Channel(self.interaction.id.clone())
    }
}

/// The audit row of a change, tied to the call that caused it.
pub(crate) fn audited(entry: AuditEntry, call: &Call) -> AuditEntry {
    AuditEntry { interaction: Some(call.interaction.to_string()), ..entry }
}
