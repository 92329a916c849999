//! POST .../consent: the customer says yes to these products (C03).
//!
//! The yes covers what the customer alone may decide on. A product that others must agree to waits for them as
//! PENDING_AUTHORISATION and is never shared early (C60). `partialApproval` is the channel's word on whether one does: a wrong one
//! is refused, for the customer was then told something else than what she agrees to. Who says nothing is not asked.

use std::sync::Arc;

use ponte_authorization::interaction::CustomerAnswer;
use ponte_edge::{Answer, OpenCall, ParameterFault, Refusal};
use ponte_values::Device;
use serde::Deserialize;

use super::envelope::body;
use super::{completion, session};
use crate::limits;
use crate::ports::Ports;
use crate::proof::Wish;
use crate::steps::{agree, repeated};
use crate::target::choose;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    /// Whether other people must agree too before all of it may be read.
    partial_approval: Option<bool>,
    /// Ids of the products to share; all on offer where it is absent.
    resources: Option<Vec<String>>,
    /// The account to debit, for a target that debits one.
    debtor_account: Option<DebtorAccount>,
    /// Absent where the institution reports the customer's way itself (M40).
    device: Option<Device>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "read for its form; no target debits an account yet")]
struct DebtorAccount {
    ispb: String,
    issuer: Option<String>,
    number: String,
    account_type: AccountType,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum AccountType {
    Cacc,
    Svgs,
    Tran,
}

pub(crate) async fn consent(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let request: Body = call.json()?;
    let mut session = session::of(&ports, &call, Wish::Agree).await?;
    if request.debtor_account.is_some() && !session.target.debits() {
        return Err(Refusal::invalid_parameter("debtorAccount", ParameterFault::NothingToDebit));
    }
    let answer = CustomerAnswer::yes(request.resources.as_deref());
    if let Some(completed) = repeated(&ports, &call, &session, std::slice::from_ref(&answer)) {
        return Ok(Answer::json(200, body(&completion::data_of(&completed)?, call.now)));
    }
    session.may_decide(&call)?;
    limits::admit_decision(&ports, &call, &session).await?;
    let offers = session.target.offers(&call).await?;
    let chosen = choose(&offers, request.resources)?;
    let waits = offers.iter().any(|offer| offer.waits_for_others && chosen.contains(&offer.id));
    if request.partial_approval.is_some_and(|partial| partial != waits) {
        return Err(Refusal::invalid_parameter("partialApproval", ParameterFault::PartialApproval));
    }
    let completed = agree(&ports, &call, session, (answer, chosen), request.device.as_ref()).await?;
    Ok(Answer::json(200, body(&completion::data_of(&completed)?, call.now)))
}
