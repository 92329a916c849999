//! The secret of the browser that shows a page: that of its arrival, and the code that is made from it.

use ponte_authorization::interaction::{
    ArrivalId, HandoffPage, Interaction, InteractionFault, ShortCode, arrival_cookie,
};
use ponte_edge::{Call, Refusal};
use ponte_fapi::{base64url, secret};
use ponte_values::Moment;

use crate::proof;

/// The secret behind a page; the store knows its hash at most.
pub(crate) struct PageSecret {
    text: String,
    /// Beginning of the session in which the page is shown.
    began: Moment,
    /// By which an interaction knows the page.
    page: String,
}

impl PageSecret {
    /// Whether a call has a cookie in which there may be one.
    pub(super) fn is_shown(call: &Call, arrival: &ArrivalId) -> bool {
        let names = [arrival_cookie(arrival.interaction()), older_cookie(arrival.interaction())];
        names.iter().any(|name| call.request.cookie(name).is_some())
    }

    /// The one that a call shows for this arrival at an interaction.
    ///
    /// # Errors
    /// The session is invalid to any other browser than the one that arrived.
    pub(crate) fn of(
        call: &Call,
        interaction: &Interaction,
        arrival: &ArrivalId,
    ) -> Result<Self, InteractionFault> {
        let began = interaction.started_at;
        let shown = match arrival.reference() {
            Some(page) => proof::arrived(call, interaction, arrival).map(|secret| Self {
                text: secret.as_str().to_owned(),
                began,
                page: page.to_owned(),
            }),
            // A page that a release before there were arrivals opened, with a secret of its own.
            None if interaction.is_handed_off() => call
                .request
                .cookie(&older_cookie(&interaction.id))
                .map(|text| Self { text: text.to_owned(), began, page: secret::hash(text) }),
            None => None,
        };
        shown.ok_or(InteractionFault::InvalidSession)
    }

    /// The interaction with this page, unless a phone read the code of another.
    pub(super) fn of_page(&self, interaction: Interaction) -> Result<HandoffPage, InteractionFault> {
        interaction.with_page(&self.page)
    }

    /// The short code: made from the secret, so that a page that is loaded again in the same session shows the same one although
    /// nothing of it is stored but hashes. Its 40 bits tell nothing of the rest.
    pub(super) fn short_code(&self) -> Result<ShortCode, Refusal> {
        let digest =
            base64url::decode(&secret::hash(&format!("short-code:{}:{}", self.began.millis(), self.text)));
        let bits = digest.and_then(|digest| digest.first_chunk::<5>().copied());
        bits.map(ShortCode::of_bits).ok_or_else(Refusal::internal)
    }
}

/// The cookie of a page that a release before there were arrivals opened.
fn older_cookie(interaction: &str) -> String {
    format!("__Host-handoff-{interaction}")
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
