//! POST .../consent: the customer says yes to these products (C03).
//!
//! The yes covers what the customer alone may decide on. A product that others must agree to waits for them as
//! PENDING_AUTHORISATION, with `partialApproval` and without: it is never shared early (C60).

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_values::Device;
use serde::Deserialize;

use super::{body, ending, visit};
use crate::ports::Ports;
use crate::visit::{agree, offer};

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
    device: Device,
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
    let asked: Body = call.json()?;
    let visit = visit::of(&ports, &call).await?;
    visit.may_decide(&call)?;
    let offers = offer::offers(&ports, &visit.consent, &call).await?;
    let resources = offer::choose(offers, asked.resources.as_deref())?;
    let ended = agree(&ports, &call, visit, resources, Some(&asked.device)).await?;
    Ok(Answer::json(200, body(&ending::data_of(&ended)?, call.now)))
}
