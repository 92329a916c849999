//! POST .../consent: the customer says yes to these products (C03).
//!
//! The yes covers what the customer alone may decide on. A product that others must agree to waits for them as
//! PENDING_AUTHORISATION, with `partialApproval` and without: it is never shared early (C60).

use std::sync::Arc;

use ponte_authorization::interaction::CustomerAnswer;
use ponte_edge::{Answer, OpenCall, Refusal};
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
    #[serde(default)]
    #[expect(dead_code, reason = "accepted in shape; who else must agree is the institution's word")]
    partial_approval: bool,
    /// Ids of the products to share; all on offer where it is absent.
    resources: Option<Vec<String>>,
    #[expect(dead_code, reason = "accepted in shape; a data consent debits nothing")]
    debtor_account: Option<DebtorAccount>,
    /// Absent where the institution reports the customer's way itself (M40).
    device: Option<Device>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "accepted in shape; a data consent debits nothing")]
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
    let answer = CustomerAnswer::yes(request.resources.as_deref());
    if let Some(completed) = repeated(&ports, &call, &session, std::slice::from_ref(&answer)) {
        return Ok(Answer::json(200, body(&completion::data_of(&completed)?, call.now)));
    }
    session.may_decide(&call)?;
    limits::admit_decision(&ports, &call, &session).await?;
    let offers = session.target.offers(&call).await?;
    let chosen = choose(&offers, request.resources)?;
    let completed = agree(&ports, &call, session, (answer, chosen), request.device.as_ref()).await?;
    Ok(Answer::json(200, body(&completion::data_of(&completed)?, call.now)))
}
