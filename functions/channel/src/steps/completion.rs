//! The end of an interaction: the ticket that lets the browser pick it up.

use ponte_authorization::interaction::Interaction;
use ponte_edge::Call;
use ponte_fapi::secret;

use crate::ports::Ports;

/// A decided interaction, and where the browser goes.
pub(crate) struct Completion {
    /// Id of the interaction.
    pub(crate) interaction: String,
    /// Status of the target.
    pub(crate) status: &'static str,
    /// URL with the secret of the ticket, which is nowhere else; `None` if the interaction was handed off.
    pub(crate) redirect_uri: Option<String>,
}

impl Completion {
    /// The completion of an interaction that ended with this ticket.
    pub(super) fn of(interaction: &Interaction, ticket: Ticket, status: &'static str) -> Self {
        let redirect_uri = (!interaction.is_handed_off()).then_some(ticket.redirect_uri);
        Self { interaction: interaction.id.clone(), status, redirect_uri }
    }
}

/// The way back of one browser, once.
pub(super) struct Ticket {
    /// URL with the secret.
    pub(super) redirect_uri: String,
    /// Hash that is stored.
    pub(super) hash: String,
}

impl Ticket {
    /// A fresh one for an interaction.
    pub(super) fn fresh(ports: &Ports, call: &Call, interaction: &str) -> Self {
        let (host, text) = (&ports.settings.public_url, call.secret());
        let redirect_uri = format!("{host}/auth/resume?ticket={interaction}.{text}");
        Self { redirect_uri, hash: secret::hash(&text) }
    }
}
