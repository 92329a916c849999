//! GET .../status: the progress of the phone, for the browser that shows the page, known by its cookie.

use std::sync::Arc;

use ponte_authorization::interaction::{InteractionFault, PageStatus};
use ponte_edge::{Answer, OpenCall, Refusal};
use serde::Serialize;

use super::answer::json;
use super::page::arrival_of;
use super::page_secret::page_of;
use crate::ports::Ports;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Progress {
    status: PageStatus,
    remaining_seconds: u64,
}

/// Reads the interaction and not its target, because the page asks every few seconds.
///
/// # Errors
/// 404 for an unknown interaction or another browser.
pub(crate) async fn status(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let arrival = arrival_of(&call)?;
    let found = ports.interactions.find(arrival.interaction()).await?;
    let page = page_of(&call, found.ok_or(InteractionFault::InvalidSession)?, &arrival)?;
    let remaining_seconds = page.remaining(call.now).as_secs();
    json(&Progress { status: page.status(call.now), remaining_seconds })
}
