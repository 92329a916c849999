//! GET: the page, with its code for a phone.

use std::sync::Arc;

use ponte_authorization::interaction::{ArrivalId, HandoffPage, Interaction, InteractionFault, PageStatus};
use ponte_edge::{Answer, Call, OpenCall, Refusal};
use ponte_ports::CommitFault;

use super::html::{self, PageContent};
use super::page_secret::PageSecret;
use super::qr;
use crate::ports::Ports;
use crate::session::{Session, require_client};

/// Attempts to show a code: a conflict is another browser that did so at this moment.
const ATTEMPTS: u32 = 3;

/// Shows the page to a browser that arrived, each with a code of its own until a phone reads one.
///
/// # Errors
/// None: a refusal is a page with 404, 409, 500 or 503. The signature is that of every handler.
pub(crate) async fn page(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let outcome = open_page(&ports, &call).await;
    Ok(outcome.unwrap_or_else(|refusal| html::failure(&refusal, call.now)))
}

/// The id of the arrival that a page belongs to, for a browser that has a cookie for it; nothing is read for any other.
pub(super) fn arrival_of(call: &Call) -> Result<ArrivalId, InteractionFault> {
    let arrival = ArrivalId::parse(call.request.id("interactionId"));
    arrival.filter(|arrival| PageSecret::is_shown(call, arrival)).ok_or(InteractionFault::InvalidSession)
}

async fn open_page(ports: &Ports, call: &Call) -> Result<Answer, Refusal> {
    let arrival = arrival_of(call)?;
    for _ in 0..ATTEMPTS {
        let (Session { interaction, .. }, secret) = Session::of_page(ports, call, arrival.clone()).await?;
        let page = secret.of_page(interaction.clone())?;
        require_client(ports, call, &interaction).await?;
        if page.status(call.now) != PageStatus::Ready {
            return render(ports, call, &interaction, (&arrival, &page, &secret, true));
        }
        match show_code(ports, call, &interaction, (&arrival, &secret)).await {
            Ok(with_code) => {
                return render(ports, call, &interaction, (&arrival, &page, &secret, with_code));
            }
            // Another browser showed its code at this moment: read again.
            Err(Refused::Conflict) => {}
            Err(Refused::For(refusal)) => return Err(refusal),
        }
    }
    Err(CommitFault::Conflict.into())
}

enum Refused {
    Conflict,
    For(Refusal),
}

/// Whether the page shows its short code: one that loads again as before, a new one unless so many others do. A code that
/// another page happens to have is not shown; the QR code does without one.
async fn show_code(
    ports: &Ports,
    call: &Call,
    interaction: &Interaction,
    (arrival, secret): (&ArrivalId, &PageSecret),
) -> Result<bool, Refused> {
    let code = secret.short_code().map_err(Refused::For)?;
    let shown =
        ports.handoffs.arrival_of(&code, call.now).await.map_err(|fault| Refused::For(fault.into()))?;
    if let Some(shown) = shown {
        return Ok(shown == *arrival);
    }
    let opened = interaction.clone().hand_off(call.now).map_err(|fault| Refused::For(fault.into()))?;
    let Some(opened) = opened else { return Ok(false) };
    match ports.handoffs.open(&opened, (arrival, &code), &call.uuid()).await {
        Ok(()) => Ok(true),
        Err(CommitFault::Conflict) => Err(Refused::Conflict),
        Err(fault) => Err(Refused::For(fault.into())),
    }
}

fn render(
    ports: &Ports,
    call: &Call,
    interaction: &Interaction,
    (arrival, page, secret, with_code): (&ArrivalId, &HandoffPage, &PageSecret, bool),
) -> Result<Answer, Refusal> {
    let status = page.status(call.now);
    // The app's address (`commands::handoff`), not that of this page.
    let read = interaction.arrivals().page_id(arrival);
    let link = format!("{}/auth/handoff/{}", ports.settings.public_url, read.as_str());
    // What opens nothing any more is not shown.
    let open = matches!(status, PageStatus::Ready | PageStatus::Read);
    let code = (open && with_code).then(|| secret.short_code()).transpose()?;
    let qr = open.then(|| qr::svg(&link)).transpose()?;
    let content = PageContent {
        interaction: arrival.as_str(),
        client: &interaction.client_name,
        status,
        seconds: page.remaining(call.now).as_secs(),
        link: &link,
        code: code.as_ref(),
        qr: qr.as_deref(),
    };
    Ok(html::page(&content))
}
