//! POST .../login: the channel says who is in front of it; only the person the consent names goes on (S20).

use std::sync::Arc;

use ponte_authorization::interaction::InteractionFault;
use ponte_data_consent::ports::InstitutionFault;
use ponte_edge::{Answer, Call, OpenCall, Refusal};
use ponte_values::Device;
use serde::Deserialize;

use super::show::{Stage, view};
use super::{ending, visit};
use crate::ports::Ports;
use crate::visit::{Ending, Entry, log_in};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    /// Made by the institution; it tells us whose it is.
    access_token: String,
    device: Device,
}

pub(crate) async fn login(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let asked: Body = call.json()?;
    let visit = visit::of(&ports, &call).await?;
    // Before the institution is asked for nothing.
    visit.may_log_in(&call)?;
    let customer = ports.institution.identify(&asked.access_token).await;
    let customer = customer.map_err(|fault| match fault {
        InstitutionFault::NotFound => Refusal::unauthenticated(),
        other => other.into(),
    })?;
    match log_in(&ports, &call, visit, &customer, Some(&asked.device)).await? {
        Entry::LetIn(visit) => view(&ports, &call, &visit, Stage::AwaitingDecision).await,
        Entry::TurnedAway(ended) => turned_away(&call, &ended),
    }
}

/// The refusal, with the `data` that sends the browser back in front of its errors.
fn turned_away(call: &Call, ended: &Ending) -> Result<Answer, Refusal> {
    let data = ending::data_of(ended)?;
    let refusal = Answer::refused(&InteractionFault::DocumentMismatch.into(), call.now);
    let errors = refusal.body().strip_prefix('{').unwrap_or_default();
    Ok(Answer::json(refusal.status(), format!(r#"{{"data":{data},{errors}"#)))
}
