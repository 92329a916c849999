//! GET: the interaction as the channel shows it to the customer.

use std::sync::Arc;

use ponte_authorization::interaction::Waiting;
use ponte_edge::{Answer, Call, OpenCall, Refusal};
use serde::Serialize;
use serde_json::{Map, Value};

use super::envelope::{body, data};
use super::session;
use crate::limits;
use crate::ports::Ports;
use crate::proof::Wish;
use crate::session::Session;
use crate::target::Offer;

/// An interaction as the channel shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'a> {
    interaction_id: &'a str,
    /// Status of the target, such as `AWAITING_AUTHORISATION`.
    status: &'static str,
    stage: Stage,
    client_name: &'a str,
    /// The weakest `acr` that the client accepts, such as `urn:brasil:openbanking:loa2` (S15).
    acr: &'static str,
    #[serde(flatten)]
    details: Map<String, Value>,
    session_expiration_date_time: String,
    /// In the answer to a login alone: what every later step must show.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_secret: Option<&'a str>,
    /// Products to choose from; absent unless the customer is to decide and the target still waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<&'a [Offer]>,
}

/// The next step of an interaction.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Stage {
    /// The login: `POST .../login`.
    AwaitingLogin,
    /// The decision: `POST .../consent`.
    AwaitingDecision,
    /// The return of the browser to the client.
    Decided,
    /// No step: the browser was sent back, or the session is over.
    Completed,
}

/// Answers the interaction.
///
/// # Errors
/// 404 for an unknown interaction.
pub(crate) async fn show(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let session = session::of(&ports, &call, Wish::See).await?;
    let stage = match session.waits_for(&call) {
        Waiting::Login => Stage::AwaitingLogin,
        Waiting::Decision(_) => Stage::AwaitingDecision,
        Waiting::Page(_) | Waiting::Browser(_) => Stage::Decided,
        Waiting::Nothing | Waiting::Expired => Stage::Completed,
    };
    if offers_products(&call, &session, stage) {
        limits::admit_products(&ports, &call, &session).await?;
    }
    view(&call, session, stage, None).await
}

/// Whether there is something to choose from.
fn offers_products(call: &Call, session: &Session, stage: Stage) -> bool {
    matches!(stage, Stage::AwaitingDecision) && session.require_awaiting(call).is_ok()
}

/// The answer that shows an interaction; the products to choose from only after a login, which also tells its secret.
pub(super) async fn view(
    call: &Call,
    mut session: Session,
    stage: Stage,
    session_secret: Option<&str>,
) -> Result<Answer, Refusal> {
    let offered = offers_products(call, &session, stage);
    let offers = if offered { Some(session.target.offers(call).await?) } else { None };
    let Session { interaction, target, arrival, .. } = &session;
    let view = View {
        interaction_id: arrival.as_str(),
        status: target.status(call.now),
        stage,
        client_name: &interaction.client_name,
        acr: interaction.assurance.acr(),
        details: target.details()?,
        session_expiration_date_time: interaction.expires_at().to_string(),
        session_secret,
        resources: offers.as_deref(),
    };
    Ok(Answer::json(200, body(&data(&view)?, call.now)))
}
