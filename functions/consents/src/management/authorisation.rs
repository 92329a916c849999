//! POST v1/consents/{consentId}/authorisation: the other people a product waits for, one by one or all at once (C60).

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_data_consent::consent::ConsentFault;
use ponte_edge::{Answer, CustomerScope, ManagerCall, ParameterFault, Refusal};
use ponte_values::Cpf;
use serde::Deserialize;

use super::customer_scope;
use crate::change;
use crate::ports::Ports;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    data: Data,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Data {
    authorised: bool,
    /// The approver who answered; without one the institution completes all that waits.
    approver: Option<Approver>,
    /// The one product the answer is about; without one all that wait for that person.
    resource_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approver {
    cpf: Cpf,
}

pub(crate) async fn authorise(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let customer = CustomerScope::of(&call, &ports.settings.institution, ApiScope::ConsentsWrite)?;
    let Body { data } = call.json()?;
    if data.approver.is_none() && data.resource_id.is_some() {
        return Err(Refusal::invalid_parameter("resourceId", ParameterFault::ApproverMissing));
    }
    let actor = call.manager.actor();
    let consent = customer_scope::consent(&ports, &call, &customer).await?;
    change::commit(&ports, &call, consent, |consent| {
        let in_force = consent.in_force(call.now)?;
        let change = match &data.approver {
            Some(Approver { cpf }) => {
                in_force.answer(cpf, data.resource_id.as_deref(), data.authorised, actor.clone())
            }
            None => in_force.settle(data.authorised, actor.clone()),
        };
        Ok((Some(change.map_err(ConsentFault::from)?), ()))
    })
    .await?;
    Ok(Answer::no_content())
}
