//! POST .../consent: the customer says yes to these products (C03), or to a payment from this account.
//!
//! The yes covers what the customer alone may decide on. A product that others must agree to waits for them as
//! PENDING_AUTHORISATION and is never shared early (C60). `partialApproval` is the channel's word on whether one does: a wrong one
//! is refused, for the customer was then told something else than what she agrees to. Who says nothing is not asked.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, ParameterFault, Refusal};
use ponte_payment::wire::{Account, AccountNumber, AccountType, Issuer};
use ponte_values::{Device, Ispb};
use serde::Deserialize;

use super::envelope::body;
use super::{completion, session};
use crate::limits;
use crate::ports::Ports;
use crate::proof::Wish;
use crate::steps::{agree, repeated};
use crate::target::{Choice, Chosen, choose};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    /// Whether other people must agree too before all of it may be read.
    partial_approval: Option<bool>,
    /// Ids of the products to share, or of the account to debit; all on offer where it is absent.
    resources: Option<Vec<String>>,
    /// The account to debit, for a target that debits one; in place of its id.
    debtor_account: Option<DebtorAccount>,
    /// Absent where the institution reports the customer's way itself (M40).
    device: Option<Device>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DebtorAccount {
    ispb: Ispb,
    issuer: Option<Issuer>,
    number: AccountNumber,
    account_type: AccountType,
}

impl From<DebtorAccount> for Account {
    fn from(account: DebtorAccount) -> Self {
        let DebtorAccount { ispb, issuer, number, account_type } = account;
        Self { ispb, issuer, number, account_type }
    }
}

pub(crate) async fn consent(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let request: Body = call.json()?;
    let mut session = session::of(&ports, &call, Wish::Agree).await?;
    if request.debtor_account.is_some() && session.target.choice() != Choice::Debtor {
        return Err(Refusal::invalid_parameter("debtorAccount", ParameterFault::NothingToDebit));
    }
    let wished =
        Chosen { resources: request.resources, debtor: request.debtor_account.map(DebtorAccount::into) };
    let answer = wished.answer();
    if let Some(completed) = repeated(&ports, &call, &session, &[answer.clone(), answer.clone().refused()]) {
        return Ok(Answer::json(200, body(&completion::data_of(&completed)?, call.now)));
    }
    session.may_decide(&call)?;
    limits::admit_decision(&ports, &call, &session).await?;
    let offers = session.target.offers(&call).await?;
    let chosen = choose(&*session.target, &offers, wished)?;
    let waits = offers.iter().any(|offer| offer.waits_for_others && chosen.contains(&offer.id));
    if request.partial_approval.is_some_and(|partial| partial != waits) {
        return Err(Refusal::invalid_parameter("partialApproval", ParameterFault::PartialApproval));
    }
    let completed = agree(&ports, &call, session, (answer, chosen), request.device.as_ref()).await?;
    Ok(Answer::json(200, body(&completion::data_of(&completed)?, call.now)))
}
