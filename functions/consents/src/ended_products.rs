//! The discovered products of a consent that was revoked: the institution's keys of them are kept for a while only.

use ponte_data_consent::consent::Consent;
use ponte_data_consent::discovery::AFTER_THE_END;
use ponte_data_consent::ports::DiscoveryCommit;
use ponte_edge::Call;
use ponte_ports::{CommitFault, Trail, chain};
use ponte_values::{ConsentId, ResourceKind};

use crate::ports::Ports;

/// Most products whose end comes nearer within a call, and of a transaction; further ones go when they would have gone.
const MOST: usize = 240;
const AT_ONCE: usize = 80;

/// A consent under which products may have been discovered; none otherwise.
pub(crate) fn of(consent: &Consent) -> Option<ConsentId> {
    let discovered = |kind: &ResourceKind| !kind.selectable() && consent.permits(kind.permission());
    ResourceKind::ALL.iter().any(discovered).then(|| consent.id.clone())
}

/// Has the products go earlier. The consent is revoked whether or not this succeeds.
pub(crate) async fn shorten(ports: &Ports, call: &Call, consent: Option<ConsentId>) {
    let Some(consent) = consent else { return };
    match shortened(ports, call, &consent).await {
        Ok(()) => {}
        // An answer that was on its way came first.
        Err(CommitFault::Conflict) => tracing::warn!("products of a revoked consent are kept for longer"),
        Err(CommitFault::Port(error)) => {
            tracing::warn!(chain = chain(&error), "products of a revoked consent are kept for longer");
        }
    }
}

async fn shortened(ports: &Ports, call: &Call, consent: &ConsentId) -> Result<(), CommitFault> {
    let Some(mut state) = ports.discovered.state(consent).await? else { return Ok(()) };
    let found = ports.discovered.list(consent, None, MOST).await?;
    let ended: Vec<_> = found.known.iter().filter_map(|product| product.ended(call.now)).collect();
    for part in ended.chunks(AT_ONCE) {
        state = state.ended();
        let (consent, state, resources) = (consent.clone(), state.clone(), part.to_vec());
        let (kept_until, trail) = (call.now.plus(AFTER_THE_END), Trail::new(call.uuid()));
        ports.discovered.commit(DiscoveryCommit { consent, state, kept_until, resources, trail }).await?;
    }
    Ok(())
}
