//! POST .../login: the channel says who is in front of it; only the person the consent names goes on (S20).

use std::sync::Arc;

use ponte_domain::audit::AuditEntry;
use ponte_domain::consent::{ConsentStatus, RejectedBy, Rejection, RejectionReason};
use ponte_domain::interaction::{Assurance, InteractionFault, Login, Waiting};
use ponte_domain::ports::{Commit, InstitutionFault};
use ponte_edge::{Admitted, Answer, Refusal};
use ponte_values::Device;
use serde::Deserialize;

use super::cors;
use super::ending::Ticket;
use super::funnel::Funnel;
use super::show::{Stage, view};
use super::visit::{Visit, audited};
use crate::Ports;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    /// Made by the institution; it tells us whose it is.
    access_token: String,
    device: Device,
}

pub(crate) async fn login(ports: Arc<Ports>, call: Admitted) -> Result<Answer, Refusal> {
    let outcome = steps(&ports, &call).await;
    Ok(cors::finish(&ports, &call, outcome))
}

async fn steps(ports: &Ports, call: &Admitted) -> Result<Answer, Refusal> {
    let asked: Body = call.json()?;
    let visit = Visit::find(ports, call).await?;
    let known = match visit.interaction.at(call.now) {
        Waiting::Login => false,
        Waiting::Decision(_) => true,
        Waiting::Browser(_) | Waiting::Nothing | Waiting::Expired => {
            return Err(InteractionFault::OutOfOrder.into());
        }
    };
    visit.still_awaiting(call)?;
    let customer = ports.institution.identify(&asked.access_token).await;
    let customer = customer.map_err(|fault| match fault {
        InstitutionFault::NotFound => Refusal::unauthenticated(),
        other => other.into(),
    })?;
    if !visit.consent.names(&customer.cpf, customer.cnpj.as_ref()) {
        return turn_away(ports, call, visit, &asked.device).await;
    }
    // The same person once more before deciding (C05): nothing changes, nothing is reported twice.
    let visit =
        if known { visit } else { let_in(ports, call, visit, customer.assurance, &asked.device).await? };
    view(ports, call, &visit, Stage::AwaitingDecision).await
}

async fn let_in(
    ports: &Ports,
    call: &Admitted,
    visit: Visit,
    assurance: Assurance,
    device: &Device,
) -> Result<Visit, Refusal> {
    let outbox = Funnel::of(call, &visit.interaction, device)?.authenticated()?;
    let audit = AuditEntry {
        at: call.now,
        actor: visit.actor(),
        subject: visit.consent.id.to_string(),
        action: "interaction.logged_in",
        before: Some("AWAITING_LOGIN"),
        after: "AWAITING_DECISION",
        reason: None,
        interaction: None,
    };
    let (person, company) = (&visit.consent.logged_user, visit.consent.business.as_ref());
    let login = Login { subject: ports.pseudonyms.subject(person, company), at: call.now, assurance };
    let interaction = visit.interaction.log_in(login)?;
    let commit = Commit {
        id: call.uuid(),
        interaction: Some(interaction.clone()),
        audit: vec![audited(audit, call)],
        outbox,
        ..Commit::default()
    };
    ports.consents.commit(commit).await?;
    Ok(Visit { interaction, ..visit })
}

/// Somebody else logged in: the consent ends, and the browser goes back with `access_denied` (S20). The answer is the
/// refusal, with the `data` that sends the browser back in front of its errors.
async fn turn_away(ports: &Ports, call: &Admitted, visit: Visit, device: &Device) -> Result<Answer, Refusal> {
    let outbox = Funnel::of(call, &visit.interaction, device)?.sent_back(false)?;
    let ticket = Ticket::issue(ports, call, &visit.interaction);
    let data = ticket.data(&visit.interaction, ConsentStatus::Rejected)?;
    let actor = visit.actor();
    let rejection =
        Rejection { by: RejectedBy::Aspsp, reason: RejectionReason::InternalSecurityReason, at: call.now };
    let change = visit.consent.refuse(rejection, actor)?;
    let commit = Commit {
        interaction: Some(visit.interaction.deny(ticket.hash, call.now)?),
        outbox,
        ..change.commit(call.uuid(), Some(call.interaction.to_string()))
    };
    ports.consents.commit(commit).await?;
    let refusal = Refusal::from(InteractionFault::DocumentMismatch).into_answer(call.now);
    let errors = refusal.body().strip_prefix('{').unwrap_or_default();
    Ok(Answer::json(refusal.status(), format!(r#"{{"data":{data},{errors}"#)))
}
