//! The secret of the browser that shows a page: that of its arrival, and the code that is made from it.

use ponte_authorization::interaction::{ArrivalId, HandoffPage, Interaction, InteractionFault, ShortCode};
use ponte_edge::{Call, Refusal};
use ponte_fapi::{base64url, secret};

use crate::proof;

/// The secret behind a page; the store knows its hash at most.
pub(super) struct PageSecret {
    text: String,
    /// By which an interaction knows the page.
    page: String,
}

impl PageSecret {
    /// The one that a call shows for this arrival at an interaction.
    ///
    /// # Errors
    /// The session is invalid to any other browser than the one that arrived.
    pub(super) fn of(
        call: &Call,
        interaction: &Interaction,
        arrival: &ArrivalId,
    ) -> Result<Self, InteractionFault> {
        let shown = match arrival.reference() {
            Some(page) => proof::arrived(call, interaction, arrival)
                .map(|secret| Self { text: secret.as_str().to_owned(), page: page.to_owned() }),
            // A page that a release before there were arrivals opened, with a secret of its own.
            None if interaction.is_handed_off() => call
                .request
                .cookie(&format!("__Host-handoff-{}", interaction.id))
                .map(|text| Self { text: text.to_owned(), page: secret::hash(text) }),
            None => None,
        };
        shown.ok_or(InteractionFault::InvalidSession)
    }

    /// The interaction with this page, unless a phone read the code of another.
    pub(super) fn of_page(&self, interaction: Interaction) -> Result<HandoffPage, InteractionFault> {
        interaction.with_page(&self.page)
    }

    /// The short code: made from the secret, so that a page that is loaded again shows the same one although nothing of
    /// it is stored but hashes. Its 40 bits tell nothing of the rest.
    pub(super) fn short_code(&self) -> Result<ShortCode, Refusal> {
        let digest = base64url::decode(&secret::hash(&format!("short-code:{}", self.text)));
        let bits = digest.and_then(|digest| digest.first_chunk::<5>().copied());
        bits.map(ShortCode::of_bits).ok_or_else(Refusal::internal)
    }
}

/// The page that calls, known by its cookie.
///
/// # Errors
/// The session is invalid to any other browser than the one that shows the page.
pub(super) fn page_of(
    call: &Call,
    interaction: Interaction,
    arrival: &ArrivalId,
) -> Result<HandoffPage, InteractionFault> {
    PageSecret::of(call, &interaction, arrival)?.of_page(interaction)
}
