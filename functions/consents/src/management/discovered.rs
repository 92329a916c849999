//! A notification about products that no customer chose: they lie beside the consents, as they were discovered (C60, C62).

use ponte_data_consent::consent::{Consent, ResourceStatus};
use ponte_data_consent::discovery::{DiscoveredResource, DiscoveryState, KEPT};
use ponte_data_consent::ports::DiscoveryCommit;
use ponte_edge::{ManagerCall, Refusal};
use ponte_ports::LegacyId;
use ponte_ports::{CommitFault, Trail};
use ponte_values::ResourceKind;

use super::product_status::public_id;
use super::tally::{Effect, Tally};
use crate::ports::Ports;

/// How often a change is decided again because somebody else was faster.
const ATTEMPTS: u32 = 6;

/// Gives one product its status under each of these consents. Where it was not discovered so far, the products of its kind are
/// discovered again when a client next asks for them.
pub(super) async fn change(
    ports: &Ports,
    call: &ManagerCall,
    consents: Vec<Consent>,
    (kind, legacy_id): (ResourceKind, &LegacyId),
    status: ResourceStatus,
) -> Result<Tally, Refusal> {
    let mut tally = Tally::default();
    for consent in &consents {
        let id = public_id(ports, consent, kind, legacy_id);
        tally.count(changed(ports, call, consent, (kind, &id), status).await?);
    }
    Ok(tally)
}

/// Has the products of the kind discovered again under each of these consents, when a client next asks for them.
pub(super) async fn announce(
    ports: &Ports,
    call: &ManagerCall,
    consents: Vec<Consent>,
    kind: ResourceKind,
) -> Result<Tally, Refusal> {
    let mut tally = Tally::default();
    for consent in &consents {
        tally.count(announced(ports, call, consent, kind).await?);
    }
    Ok(tally)
}

async fn changed(
    ports: &Ports,
    call: &ManagerCall,
    consent: &Consent,
    (kind, id): (ResourceKind, &str),
    status: ResourceStatus,
) -> Result<Effect, Refusal> {
    for next in 2..=ATTEMPTS + 1 {
        let state = ports.discovered.state(&consent.id).await?.unwrap_or_default();
        let change = match ports.discovered.find(&consent.id, kind, id).await? {
            // An answer that shows it in another status may be on its way: it must not count, whatever is stored.
            None => (state.announced(kind), Vec::new(), Trail::new(call.uuid())),
            Some(product) if product.resource.at(call.now) == status => {
                (state.notified(kind), Vec::new(), Trail::new(call.uuid()))
            }
            Some(product) => {
                let Some(product) = product.to(status, call.now) else { return Ok(Effect::Refused) };
                let (actor, interaction) = (call.manager.actor(), Some(call.interaction.to_string()));
                let action = "consent.resource_changed";
                let trail = consent.discovered_change(action, actor, call.now, call.uuid(), interaction);
                (state.notified(kind), vec![product], trail)
            }
        };
        let effect = if change.1.is_empty() { Effect::Unchanged } else { Effect::Changed };
        if committed(ports, call, consent, change).await? {
            return Ok(effect);
        }
        call.pause_before(next).await;
    }
    Ok(Effect::Failed)
}

async fn announced(
    ports: &Ports,
    call: &ManagerCall,
    consent: &Consent,
    kind: ResourceKind,
) -> Result<Effect, Refusal> {
    for next in 2..=ATTEMPTS + 1 {
        let state = ports.discovered.state(&consent.id).await?.unwrap_or_default();
        let counted = !state.is_due(kind, call.now);
        // Also where no answer counts: one to an earlier question may be on its way.
        let change = (state.announced(kind), Vec::new(), Trail::new(call.uuid()));
        if committed(ports, call, consent, change).await? {
            return Ok(if counted { Effect::Changed } else { Effect::Unchanged });
        }
        call.pause_before(next).await;
    }
    Ok(Effect::Failed)
}

/// Whether the change was written; not if somebody else was faster.
async fn committed(
    ports: &Ports,
    call: &ManagerCall,
    consent: &Consent,
    (state, resources, trail): (DiscoveryState, Vec<DiscoveredResource>, Trail),
) -> Result<bool, Refusal> {
    let (consent, kept_until) = (consent.id.clone(), call.now.plus(KEPT));
    match ports.discovered.commit(DiscoveryCommit { consent, state, kept_until, resources, trail }).await {
        Ok(()) => Ok(true),
        Err(CommitFault::Conflict) => Ok(false),
        Err(CommitFault::Port(error)) => Err(error.into()),
    }
}
