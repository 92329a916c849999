//! The end of a visit: the ticket that lets the browser pick it up, and the answer that carries it.

use ponte_domain::consent::ConsentStatus;
use ponte_domain::interaction::Interaction;
use ponte_edge::{Admitted, Refusal};
use ponte_fapi::secret;
use serde::Serialize;

use super::data;
use crate::Ports;

/// A ticket: its secret goes into the redirect alone, its hash into the store.
pub(super) struct Ticket {
    pub(super) hash: String,
    redirect_uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ended<'a> {
    interaction_id: &'a str,
    status: ConsentStatus,
    redirect_uri: &'a str,
}

impl Ticket {
    /// A fresh one for this visit.
    pub(super) fn issue(ports: &Ports, call: &Admitted, interaction: &Interaction) -> Self {
        let text = call.secret();
        let (host, id) = (&ports.settings.public_url, &interaction.id);
        Self { hash: secret::hash(&text), redirect_uri: format!("{host}/auth/resume?ticket={id}.{text}") }
    }

    /// `data` of the answer that sends the browser back, with the status of the consent.
    pub(super) fn data(&self, interaction: &Interaction, status: ConsentStatus) -> Result<String, Refusal> {
        data(&Ended { interaction_id: &interaction.id, status, redirect_uri: &self.redirect_uri })
    }
}
