//! POST v1/payments/consents/{consentId}/authorisation: the other people who must agree, one by one or all at once (P06).

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_edge::{Answer, CustomerScope, ManagerCall, Refusal};
use ponte_values::Cpf;
use serde::Deserialize;

use super::{change, customers};
use crate::ports::Ports;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    data: Data,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    authorised: bool,
    /// The approver who answered; without one the institution completes all that waits.
    approver: Option<Person>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    cpf: Cpf,
}

pub(super) async fn authorise(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let customer = CustomerScope::of(&call, &ports.settings.institution, ApiScope::ConsentsWrite)?;
    let Body { data } = call.json()?;
    let actor = call.manager.actor();
    let consent = customers::consent(&ports, &call, &customer).await?;
    change::commit(&ports, &call, consent, |consent| match &data.approver {
        Some(Person { cpf }) => consent.answer(cpf, data.authorised, actor.clone(), call.now),
        None => consent.settle_approvals(data.authorised, actor.clone(), call.now),
    })
    .await?;
    Ok(Answer::no_content())
}
