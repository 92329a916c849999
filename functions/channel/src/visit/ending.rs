//! The end of a visit: the ticket that lets the browser pick it up.

use ponte_authorization::interaction::Interaction;
use ponte_data_consent::consent::ConsentStatus;
use ponte_edge::Call;
use ponte_fapi::secret;

use crate::ports::Ports;

/// How a visit ended, and where the browser goes.
pub(crate) struct Ending {
    /// Id of the interaction.
    pub(crate) interaction: String,
    /// Of the consent.
    pub(crate) status: ConsentStatus,
    /// With the secret of the ticket, which is nowhere else. None where the visit was handed off.
    pub(crate) redirect_uri: Option<String>,
}

impl Ending {
    /// An ending with a fresh ticket, and what is stored of the ticket.
    pub(super) fn issue(
        ports: &Ports,
        call: &Call,
        interaction: &Interaction,
        status: ConsentStatus,
    ) -> (Self, String) {
        let ticket = Ticket::fresh(ports, call, &interaction.id);
        let redirect_uri = (!interaction.is_handed_off()).then_some(ticket.redirect_uri);
        (Self { interaction: interaction.id.clone(), status, redirect_uri }, ticket.hash)
    }
}

/// The way back of one browser, once.
pub(super) struct Ticket {
    /// With the secret.
    pub(super) redirect_uri: String,
    /// What is stored.
    pub(super) hash: String,
}

impl Ticket {
    /// A fresh one for a visit.
    pub(super) fn fresh(ports: &Ports, call: &Call, interaction: &str) -> Self {
        let (host, text) = (&ports.settings.public_url, call.secret());
        let redirect_uri = format!("{host}/auth/resume?ticket={interaction}.{text}");
        Self { redirect_uri, hash: secret::hash(&text) }
    }
}
