//! GET: what the channel shows to the customer.

use std::sync::Arc;

use ponte_authorization::interaction::Waiting;
use ponte_data_consent::consent::ConsentStatus;
use ponte_edge::{Answer, Call, OpenCall, Refusal};
use ponte_values::PermissionSet;
use serde::Serialize;

use super::{body, data, visit};
use crate::ports::Ports;
use crate::visit::offer::{self, Offer};
use crate::visit::{Visit, words};

/// What there is to see of a visit.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'a> {
    interaction_id: &'a str,
    status: ConsentStatus,
    stage: Stage,
    client_name: &'a str,
    /// The weakest login that will do (S15).
    acr: &'static str,
    permissions: Vec<&'static str>,
    permission_codes: PermissionSet,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_date_time: Option<String>,
    session_expiration_date_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<&'a [Offer]>,
}

/// Which step is next.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Stage {
    /// `/login`.
    AwaitingLogin,
    /// `/consent`.
    AwaitingDecision,
    /// The browser's way back.
    Decided,
    /// None.
    Completed,
}

pub(crate) async fn show(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let visit = visit::of(&ports, &call).await?;
    let stage = match visit.interaction.at(call.now) {
        Waiting::Login => Stage::AwaitingLogin,
        Waiting::Decision(_) => Stage::AwaitingDecision,
        Waiting::Page(_) | Waiting::Browser(_) => Stage::Decided,
        Waiting::Nothing | Waiting::Expired => Stage::Completed,
    };
    view(&ports, &call, &visit, stage).await
}

/// The answer that shows a visit; the products to choose from only after a login.
pub(super) async fn view(ports: &Ports, call: &Call, visit: &Visit, stage: Stage) -> Result<Answer, Refusal> {
    let (interaction, consent) = (&visit.interaction, &visit.consent);
    let decides = matches!(stage, Stage::AwaitingDecision) && visit.still_awaiting(call).is_ok();
    let offers = if decides { Some(offer::offers(ports, consent, call).await?) } else { None };
    let view = View {
        interaction_id: &interaction.id,
        status: consent.at(call.now).status(),
        stage,
        client_name: &interaction.client_name,
        acr: interaction.assurance.acr(),
        permissions: consent.permissions.iter().map(words::of).collect(),
        permission_codes: consent.permissions,
        expiration_date_time: consent.expires_at.map(|end| end.to_string()),
        session_expiration_date_time: interaction.expires_at().to_string(),
        resources: offers.as_deref(),
    };
    Ok(Answer::json(200, body(&data(&view)?, call.now)))
}
