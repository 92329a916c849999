//! POST .../abort: the customer gives up at the page. The target is rejected; the answer `{"redirectTo"}` is the URL from
//! which the browser goes back to the client with `access_denied`.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use super::answer::{RedirectBack, json};
use super::page::arrival_of;
use crate::ports::Ports;
use crate::session::Session;
use crate::steps;

pub(crate) async fn abort(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let (session, secret) = Session::of_page(&ports, &call, arrival_of(&call)?).await?;
    let page = secret.of_page(session.interaction.clone())?;
    let redirect_to = steps::abort(&ports, &call, session, page).await?;
    json(&RedirectBack { redirect_to: &redirect_to })
}
