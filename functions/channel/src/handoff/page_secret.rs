//! The secret of the browser that opened a page, and the code that is made from it.

use ponte_authorization::interaction::{HandoffPage, Interaction, InteractionFault, ShortCode};
use ponte_edge::{Call, Refusal};
use ponte_fapi::{base64url, secret};

/// 256 random bits in a cookie; the store knows their hash.
pub(super) struct PageSecret(String);

impl PageSecret {
    /// A new one.
    pub(super) fn fresh(call: &Call) -> Self {
        Self(call.secret())
    }

    /// The one that a call shows for this interaction.
    pub(super) fn of(call: &Call, interaction: &str) -> Option<Self> {
        call.request.cookie(&name(interaction)).map(|text| Self(text.to_owned()))
    }

    /// The hash that is stored.
    pub(super) fn hash(&self) -> String {
        secret::hash(&self.0)
    }

    /// The short code: made from the secret, so that a page that is loaded again shows the same one although only
    /// hashes are stored. Its 40 bits tell nothing of the other 216.
    pub(super) fn short_code(&self) -> Result<ShortCode, Refusal> {
        let digest = base64url::decode(&secret::hash(&format!("short-code:{}", self.0)));
        let bits = digest.and_then(|digest| digest.first_chunk::<5>().copied());
        bits.map(ShortCode::of_bits).ok_or_else(Refusal::internal)
    }

    /// The cookie that takes it to the browser: for this host alone, out of reach of scripts, gone with the session.
    pub(super) fn cookie(&self, interaction: &Interaction, seconds: u64) -> String {
        let (name, text) = (name(&interaction.id), &self.0);
        format!("{name}={text}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax")
    }
}

/// One for each interaction: two tabs of a browser may each have one.
fn name(interaction: &str) -> String {
    format!("__Host-handoff-{interaction}")
}

/// The page that calls, known by its cookie.
///
/// # Errors
/// The session is invalid to any other browser than the one that opened the page.
pub(super) fn page_of(call: &Call, interaction: Interaction) -> Result<HandoffPage, InteractionFault> {
    let secret = PageSecret::of(call, &interaction.id).ok_or(InteractionFault::InvalidSession)?;
    interaction.with_page(&secret.hash())
}
