//! The end of a visit: the ticket that lets the browser pick it up.

use ponte_domain::consent::ConsentStatus;
use ponte_domain::interaction::Interaction;
use ponte_edge::Admitted;
use ponte_fapi::secret;

use crate::Ports;

/// How a visit ended, and where the browser goes.
pub(crate) struct Ending {
    /// Id of the interaction.
    pub(crate) interaction: String,
    /// Of the consent.
    pub(crate) status: ConsentStatus,
    /// With the secret of the ticket, which is nowhere else.
    pub(crate) redirect_uri: String,
}

impl Ending {
    /// An ending with a fresh ticket, and what is stored of the ticket.
    pub(super) fn issue(
        ports: &Ports,
        call: &Admitted,
        interaction: &Interaction,
        status: ConsentStatus,
    ) -> (Self, String) {
        let text = call.secret();
        let (host, id) = (&ports.settings.public_url, &interaction.id);
        let redirect_uri = format!("{host}/auth/resume?ticket={id}.{text}");
        (Self { interaction: id.clone(), status, redirect_uri }, secret::hash(&text))
    }
}
