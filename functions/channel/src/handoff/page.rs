//! GET: the page, with its code for a phone.

use std::sync::Arc;

use ponte_authorization::interaction::{HandoffPage, Interaction, PageStatus};
use ponte_edge::{Answer, Call, OpenCall, Refusal};
use ponte_ports::CommitFault;

use super::html::{self, PageContent};
use super::page_secret::{PageSecret, page_of};
use super::qr;
use crate::ports::Ports;
use crate::session::Session;

/// Attempts to open the page: a conflict is another browser, or one of the 2^40 short codes that another interaction has.
const ATTEMPTS: u32 = 3;

/// Opens the page for the first browser, which gets the secret as a cookie; shows it again to that browser alone.
///
/// # Errors
/// None: a refusal is a page with 404, 409, 500 or 503. The signature is that of every handler.
pub(crate) async fn page(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let outcome = open_page(&ports, &call).await;
    Ok(outcome.unwrap_or_else(|refusal| html::failure(&refusal, call.now)))
}

async fn open_page(ports: &Ports, call: &Call) -> Result<Answer, Refusal> {
    let id = call.request.id("interactionId");
    for _ in 0..ATTEMPTS {
        let Session { interaction, .. } = Session::read(ports, id).await?;
        if interaction.is_handed_off() {
            return reload(ports, call, &interaction);
        }
        let secret = PageSecret::fresh(call);
        let code = secret.short_code()?;
        let opened = interaction.hand_off(secret.hash(), call.now)?;
        match ports.handoffs.open(&opened, &code, &call.uuid()).await {
            Ok(()) => {
                let page = opened.clone().with_page(&secret.hash())?;
                let cookie = secret.cookie(&opened, page.remaining(call.now).as_secs());
                return Ok(render(ports, call, &opened, (&page, &secret))?.cookie(cookie));
            }
            // Another browser was faster, or another interaction has this code: read again.
            Err(CommitFault::Conflict) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(CommitFault::Conflict.into())
}

/// The page loaded once more: the same for its own browser, nothing for any other.
fn reload(ports: &Ports, call: &Call, interaction: &Interaction) -> Result<Answer, Refusal> {
    let page = page_of(call, interaction.clone())?;
    let secret = PageSecret::of(call, &interaction.id).ok_or_else(Refusal::not_found)?;
    render(ports, call, interaction, (&page, &secret))
}

fn render(
    ports: &Ports,
    call: &Call,
    interaction: &Interaction,
    (page, secret): (&HandoffPage, &PageSecret),
) -> Result<Answer, Refusal> {
    let status = page.status(call.now);
    // The app's address (`commands::handoff`), not that of this page: its code may be the id as 32 hexadecimal digits.
    let link = format!("{}/auth/handoff/{}", ports.settings.public_url, interaction.id.replace('-', ""));
    // A code that opens nothing any more is not shown.
    let code = match status {
        PageStatus::Ready | PageStatus::Read => Some((secret.short_code()?, qr::svg(&link)?)),
        _ => None,
    };
    let content = PageContent {
        interaction: &interaction.id,
        client: &interaction.client_name,
        status,
        seconds: page.remaining(call.now).as_secs(),
        link: &link,
        code: code.as_ref().map(|(code, qr)| (code, qr.as_str())),
    };
    Ok(html::page(&content))
}
