//! A notification that names a product: its status in every consent that holds it (C60).

use ponte_data_consent::consent::{ApprovalFault, Consent, ConsentChange, ConsentFault, ResourceStatus};
use ponte_edge::{ManagerCall, Refusal};
use ponte_ports::LegacyId;
use ponte_ports::audit::Actor;
use ponte_values::{Moment, ResourceKind};

use super::tally::{Effect, Tally};
use crate::change;
use crate::ports::Ports;

/// Gives one product its status in each of these consents.
pub(super) async fn apply(
    ports: &Ports,
    call: &ManagerCall,
    consents: Vec<Consent>,
    product: impl Fn(&Consent) -> String,
    status: ResourceStatus,
) -> Result<Tally, Refusal> {
    let actor = call.manager.actor();
    let mut tally = Tally::default();
    for consent in consents {
        let id = product(&consent);
        let decide = |consent| change_of(consent, (&id, status), call.now, actor.clone());
        tally.count(change::commit(ports, call, consent, decide).await?);
    }
    Ok(tally)
}

/// The change of one consent, and its effect. Approvers keep their answers: while they are asked, a product can only be
/// closed.
fn change_of(
    consent: Consent,
    (id, next): (&str, ResourceStatus),
    now: Moment,
    actor: Actor,
) -> Result<(Option<ConsentChange>, Effect), Refusal> {
    use ResourceStatus::{Available, PendingAuthorisation, TemporarilyUnavailable};
    let status =
        consent.resources().iter().find(|resource| resource.id == id).map(|resource| resource.at(now));
    match (status, next) {
        (None, _) => return Ok((None, Effect::Unchanged)),
        (Some(status), next) if status == next => return Ok((None, Effect::Unchanged)),
        (Some(PendingAuthorisation), Available | TemporarilyUnavailable) => {
            return Ok((None, Effect::Pending));
        }
        (Some(_), _) => {}
    }
    // It may have ended while it was looked for: then there is nothing to change any more.
    let Ok(in_force) = consent.in_force(now) else { return Ok((None, Effect::Unchanged)) };
    match in_force.change_resource_status(id, next, actor) {
        Ok(change) => Ok((Some(change), Effect::Changed)),
        Err(ApprovalFault::Status) => Ok((None, Effect::Refused)),
        Err(fault) => Err(ConsentFault::from(fault).into()),
    }
}

/// Public id of a product in a consent (C56).
pub(super) fn public_id(
    ports: &Ports,
    consent: &Consent,
    kind: ResourceKind,
    legacy_id: &LegacyId,
) -> String {
    ports.pseudonyms.resource(&consent.logged_user, consent.business.as_ref(), kind, legacy_id)
}
