//! POST .../consent: the customer says yes to these products (C03).

use std::sync::Arc;

use ponte_domain::consent::{Authorisation, ConsentStatus};
use ponte_domain::interaction::{InteractionFault, Waiting};
use ponte_domain::ports::Commit;
use ponte_edge::{Admitted, Answer, Refusal};
use ponte_values::Device;
use serde::Deserialize;

use super::ending::Ticket;
use super::funnel::Funnel;
use super::visit::Visit;
use super::{body, cors, offer};
use crate::Ports;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    /// Whether others have to agree before the consent counts.
    #[serde(default)]
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

pub(crate) async fn consent(ports: Arc<Ports>, call: Admitted) -> Result<Answer, Refusal> {
    let outcome = steps(&ports, &call).await;
    Ok(cors::finish(&ports, &call, outcome))
}

async fn steps(ports: &Ports, call: &Admitted) -> Result<Answer, Refusal> {
    let asked: Body = call.json()?;
    if asked.partial_approval {
        return Err(Refusal::not_served("partialApproval: a aprovação por várias pessoas não é atendida"));
    }
    let visit = Visit::find(ports, call).await?;
    let subject = match visit.interaction.at(call.now) {
        Waiting::Decision(login) => login.subject.clone(),
        _ => return Err(InteractionFault::OutOfOrder.into()),
    };
    visit.still_awaiting(call)?;
    let offers = offer::offers(ports, &visit.consent, call).await?;
    let authorisation = Authorisation {
        at: call.now,
        subject,
        resources: offer::choose(offers, asked.resources.as_deref())?,
    };
    let outbox = Funnel::of(call, &visit.interaction, &asked.device)?.sent_back(true)?;
    let ticket = Ticket::issue(ports, call, &visit.interaction);
    let data = ticket.data(&visit.interaction, ConsentStatus::Authorised)?;
    let actor = visit.actor();
    let change = visit.consent.authorise(authorisation, actor)?;
    let commit = Commit {
        interaction: Some(visit.interaction.grant(ticket.hash, call.now)?),
        outbox,
        ..change.commit(call.uuid(), Some(call.interaction.to_string()))
    };
    ports.consents.commit(commit).await?;
    Ok(Answer::json(200, body(&data, call.now)))
}
