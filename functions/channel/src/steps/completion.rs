//! A completed interaction, and the ticket that takes the browser back to the client by `/auth/resume`.
//!
//! A ticket is made anew whenever its answer is asked for again, and is the same each time (T61).

use ponte_authorization::interaction::{ArrivalId, Interaction};
use ponte_fapi::secret;

use crate::ports::Ports;

/// A decided interaction, and where the browser goes.
pub(crate) struct Completion {
    /// Id of the interaction, as the channel knows it.
    pub(crate) interaction: String,
    /// Status of the target.
    pub(crate) status: &'static str,
    /// `{public host}/auth/resume?ticket={interaction}.{secret}`; `None` if the interaction was handed off. The secret is
    /// stored as its hash alone.
    pub(crate) redirect_uri: Option<String>,
    /// Whether it ended with an authorisation.
    pub(crate) granted: bool,
}

impl Completion {
    /// The completion of an interaction that ended with this ticket and without an authorisation.
    pub(super) fn of(
        interaction: &Interaction,
        arrival: &ArrivalId,
        ticket: Ticket,
        status: &'static str,
    ) -> Self {
        let redirect_uri = (!interaction.is_handed_off()).then_some(ticket.redirect_uri);
        Self { interaction: arrival.as_str().to_owned(), status, redirect_uri, granted: false }
    }
}

/// The way back to the client for one browser.
pub(super) struct Ticket {
    /// URL of `/auth/resume` with the secret.
    pub(super) redirect_uri: String,
    /// Hash that is stored.
    pub(super) hash: String,
}

impl Ticket {
    /// The ticket of an interaction, which ends once.
    pub(super) fn of(ports: &Ports, interaction: &Interaction) -> Self {
        let text = ports.tickets.secret(&interaction.id, interaction.started_at);
        let (host, id) = (&ports.settings.public_url, &interaction.id);
        let redirect_uri = format!("{host}/auth/resume?ticket={id}.{text}");
        Self { redirect_uri, hash: secret::hash(&text) }
    }
}
