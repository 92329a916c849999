//! Login: only the person whom the consent names goes on (S20).

use ponte_authorization::interaction::{Assurance, Login, Waiting};
use ponte_data_consent::consent::{ConsentStatus, RejectedBy, Rejection, RejectionReason};
use ponte_data_consent::ports::{Commit, Customer};
use ponte_edge::{Call, Refusal};
use ponte_ports::audit::AuditEntry;
use ponte_values::Device;

use super::ending::Ending;
use super::funnel::Funnel;
use super::{Visit, audited};
use crate::ports::Ports;

/// What came of a login.
pub(crate) enum Entry {
    /// The customer may decide.
    LetIn(Box<Visit>),
    /// Somebody else logged in: the consent ended.
    TurnedAway(Ending),
}

/// The institution says who is in front of its channel.
pub(crate) async fn log_in(
    ports: &Ports,
    call: &Call,
    visit: Visit,
    customer: &Customer,
    device: Option<&Device>,
) -> Result<Entry, Refusal> {
    visit.may_log_in(call)?;
    if !visit.consent.names(&customer.cpf, customer.cnpj.as_ref()) {
        return Ok(Entry::TurnedAway(turn_away(ports, call, visit, device).await?));
    }
    // The same person once more before deciding (C05): nothing changes, nothing is reported twice.
    if matches!(visit.interaction.at(call.now), Waiting::Decision(_)) {
        return Ok(Entry::LetIn(Box::new(visit)));
    }
    let visit = let_in(ports, call, visit, customer.assurance, device).await?;
    Ok(Entry::LetIn(Box::new(visit)))
}

async fn let_in(
    ports: &Ports,
    call: &Call,
    visit: Visit,
    assurance: Assurance,
    device: Option<&Device>,
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

/// The consent ends, and the browser goes back with `access_denied` (S20).
async fn turn_away(
    ports: &Ports,
    call: &Call,
    visit: Visit,
    device: Option<&Device>,
) -> Result<Ending, Refusal> {
    let outbox = Funnel::of(call, &visit.interaction, device)?.sent_back(false)?;
    let (ending, ticket) = Ending::issue(ports, call, &visit.interaction, ConsentStatus::Rejected);
    let actor = visit.actor();
    let rejection =
        Rejection { by: RejectedBy::Aspsp, reason: RejectionReason::InternalSecurityReason, at: call.now };
    let change = visit.consent.refuse(rejection, actor)?;
    let commit = Commit {
        interaction: Some(visit.interaction.deny(ticket, call.now)?),
        outbox,
        ..change.commit(call.uuid(), Some(call.interaction.to_string()))
    };
    ports.consents.commit(commit).await?;
    Ok(ending)
}
