//! GET /auth/handoff/{code}: a phone takes over the interaction that a browser began, and gets its next command.
//!
//! The code is the short code of the browser's page, or the id that its QR code has in it. The answer to the first call carries the
//! secret that every step needs from then on. A repetition with that secret changes nothing; one without it, or signed, is answered
//! a few times with a new secret that voids the former (T61).
//!
//! It is a GET because apps open the link of a QR code as it is (product contract, section 1.3). A page, a robot and a browser that
//! follows a link do not ask for JSON by name. A script of a page may, and is known by what its browser says of it: the visitors of
//! some website try no codes for it.

use std::sync::Arc;

use ponte_authorization::interaction::{ArrivalId, Interaction, InteractionFault, ShortCode};
use ponte_edge::{Answer, Call, OpenCall, Refusal};

use super::guess;
use super::next::next;
use crate::cors;
use crate::handoff::without_app;
use crate::ports::Ports;
use crate::proof::{self, Wish};
use crate::session::{Session, interaction_of};
use crate::steps::take_over;

pub(crate) async fn handoff(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    // An app asks for JSON by name. A phone whose app did not take the link over has opened it in a browser, and a robot that looks
    // at a link takes anything: neither changes or learns anything (T62).
    if !call.request.names("application/json") || is_of_a_page(&ports, &call) {
        return Ok(without_app());
    }
    let signed = proof::signed(&ports, &call).await?;
    let read = code_of(&ports, &call, signed).await?;
    let session = Session::through(&ports, &call, read, (Wish::TakeOver, signed)).await?;
    let (session, secret) = take_over(&ports, &call, session).await?;
    next(&ports, &call, session, secret.as_deref()).await
}

/// Whether a script or a part of a page calls, by the Fetch Metadata that a browser adds and no script can change (W3C, section 2); apps
/// send none. The institution's own pages may: their origin is known.
fn is_of_a_page(ports: &Ports, call: &Call) -> bool {
    let told = |name: &str| call.request.header(name);
    let by_script = told("sec-fetch-mode").is_some_and(|mode| mode != "navigate");
    let elsewhere = told("sec-fetch-site") == Some("cross-site");
    (by_script || elsewhere) && !cors::is_of_channel(ports, call)
}

/// The interaction that a code opens, and the arrival whose page shows it. The id of an arrival is none: the channel and the
/// browser know that, whatever page was shown.
async fn code_of(ports: &Ports, call: &Call, signed: bool) -> Result<(Interaction, ArrivalId), Refusal> {
    let code = call.request.id("code");
    let over = InteractionFault::InvalidSession;
    if let Ok(code) = ShortCode::parse(code) {
        // The back end of the institution knows who types, and limits that itself.
        let arrival = if signed {
            ports.handoffs.arrival_of(&code, call.now).await?
        } else {
            guess::arrival_of(ports, call, &code).await?
        };
        let arrival = arrival.ok_or(over)?;
        return Ok((interaction_of(ports, &arrival).await?, arrival));
    }
    let page = ArrivalId::parse(code).ok_or(over)?;
    let interaction = interaction_of(ports, &page).await?;
    let arrival = interaction.arrivals().of_page_id(&page).ok_or(over)?;
    Ok((interaction, arrival))
}
