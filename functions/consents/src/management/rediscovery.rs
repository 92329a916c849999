//! A notification that names no product: the products of every consent are discovered again (C60).

use futures_util::future;
use ponte_data_consent::consent::{Consent, ConsentChange};
use ponte_data_consent::ports::DiscoveredProduct;
use ponte_edge::{Answer, ManagerCall, Refusal};
use ponte_ports::InstitutionFault;
use ponte_ports::audit::Actor;
use ponte_values::{Moment, ResourceKind};

use super::product_status::public_id;
use super::tally::{Effect, Tally};
use crate::change;
use crate::ports::Ports;

/// Asks the institution again for the products of each of these consents, side by side, and changes what differs.
///
/// # Errors
/// A store that failed, or an institution that answered for no consent at all. One consent without an answer counts as
/// failed and does not hold up the others.
pub(super) async fn apply(
    ports: &Ports,
    call: &ManagerCall,
    consents: Vec<Consent>,
    kind: ResourceKind,
) -> Result<Tally, Refusal> {
    let actor = call.manager.actor();
    let listed = future::join_all(consents.iter().map(|consent| listed(ports, call, consent, kind))).await;
    let mut tally = Tally::default();
    let mut fault = None;
    for (consent, ids) in consents.into_iter().zip(listed) {
        match ids {
            Ok(Some(ids)) => {
                let seen = consent.version;
                let decide = |consent| Ok(change_of(consent, seen, (kind, &ids), call.now, actor.clone()));
                tally.count(change::commit(ports, call, consent, decide).await?);
            }
            Ok(None) => tally.count(Effect::Refused),
            Err(refusal) => {
                tally.count(Effect::Failed);
                fault = Some(refusal);
            }
        }
    }
    match fault {
        // An institution that answers for no consent is an outage.
        Some(refusal) if tally.failed == tally.all() => Err(refusal),
        Some(refusal) => {
            // Only the log hears the cause, which an answer of the edge would have told it.
            let _logged = Answer::refused(&refusal, call.now);
            Ok(tally)
        }
        None => Ok(tally),
    }
}

/// The change of one consent, and its effect. A consent that is not at version `seen` was changed after the list was
/// asked for, so the list says nothing about it.
fn change_of(
    consent: Consent,
    seen: u64,
    (kind, ids): (ResourceKind, &[String]),
    now: Moment,
    actor: Actor,
) -> (Option<ConsentChange>, Effect) {
    if consent.version != seen {
        return (None, Effect::Failed);
    }
    let change = consent.in_force(now).ok().and_then(|consent| consent.rediscovered(kind, ids, actor));
    let effect = if change.is_some() { Effect::Changed } else { Effect::Unchanged };
    (change, effect)
}

/// Public ids of the products that the institution lists for a consent; `None` if it refuses.
async fn listed(
    ports: &Ports,
    call: &ManagerCall,
    consent: &Consent,
    kind: ResourceKind,
) -> Result<Option<Vec<String>>, Refusal> {
    match ports.institution.discover(kind, consent, call.interaction, call.time_left()).await {
        Ok(found) => {
            let id = |product: &DiscoveredProduct| public_id(ports, consent, kind, &product.legacy_id);
            Ok(Some(found.iter().map(id).collect()))
        }
        Err(InstitutionFault::NotFound | InstitutionFault::Refused(_)) => Ok(None),
        Err(
            fault @ (InstitutionFault::Limited(..)
            | InstitutionFault::NotReady(_)
            | InstitutionFault::Port(_)),
        ) => Err(fault.into()),
    }
}
