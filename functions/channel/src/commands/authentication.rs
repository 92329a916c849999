//! PUT .../commands/{id}/authentication: the institution's back end says who the customer is, or the customer refused.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_values::Device;
use serde::Deserialize;

use super::command::{self, ErrorType, Head};
use super::next::{decide, end, open};
use crate::ports::Ports;
use crate::visit::{Entry, Visit, log_in};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(default)]
    refused: bool,
    /// Signed by the institution's back end; there unless the customer refused.
    jwt: Option<String>,
    /// Where the customer is; without it nothing is reported to the metrics platform.
    device: Option<Device>,
}

pub(crate) async fn authentication(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let asked: Body = call.json()?;
    if asked.refused == asked.jwt.is_some() {
        return Err(Refusal::malformed("Informe jwt, ou refused verdadeiro, e não ambos"));
    }
    let device = asked.device.as_ref();
    let visit = Visit::read(&ports, &call.request.id("id")).await?;
    let visit = match open(&call, visit) {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    let Some(jwt) = asked.jwt.filter(|_| visit.still_awaiting(&call).is_ok()) else {
        return end(&ports, &call, visit, device).await;
    };
    let keys = ports.channel_keys.as_ref().ok_or_else(Refusal::not_found)?;
    let customer = keys.customer(&jwt, &visit.interaction, call.now).await?;
    let head = Head::of(&visit.interaction);
    let right_person = visit.consent.logged_user == customer.cpf;
    match log_in(&ports, &call, visit, &customer, device).await? {
        Entry::LetIn(visit) => decide(&ports, &call, &visit).await,
        Entry::TurnedAway(ending) => {
            let kind = if right_person { ErrorType::CnpjMismatch } else { ErrorType::CpfMismatch };
            command::error(&head, kind, Some(&ending))
        }
    }
}
