//! GET /auth/handoff/{code}: a phone takes over the interaction that a browser began, and gets its next command.
//!
//! The code is the short code of the browser's page, or the id that the QR code has in it.
//! The first call is stored; a repetition changes nothing.

use std::sync::Arc;

use ponte_authorization::interaction::{ArrivalId, InteractionFault, ShortCode};
use ponte_edge::{Answer, OpenCall, Refusal};

use super::guess;
use super::next::next;
use crate::handoff::without_app;
use crate::ports::Ports;
use crate::proof::{self, Wish};
use crate::session::Session;
use crate::steps::take_over;

pub(crate) async fn handoff(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    // An app asks for JSON by name. A phone whose app did not take the link over has opened it in a browser, and a robot that looks
    // at a link takes anything: neither changes or learns anything (T62).
    if !call.request.names("application/json") {
        return Ok(without_app());
    }
    let signed = proof::signed(&ports, &call).await?;
    let code = call.request.id("code");
    let arrival = match ShortCode::parse(code) {
        // The back end of the institution knows who types, and limits that itself.
        Ok(code) if signed => ports.handoffs.arrival_of(&code).await?,
        Ok(code) => guess::arrival_of(&ports, &call, &code).await?,
        Err(_) => ArrivalId::parse(code),
    };
    let arrival = arrival.ok_or(InteractionFault::InvalidSession)?;
    let session = Session::through(&ports, &call, arrival, (Wish::See, signed)).await?;
    let session = take_over(&ports, &call, session).await?;
    next(&ports, &call, session).await
}
