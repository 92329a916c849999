//! The resources that a consent shares: those the customer chose, and those that the institution discovers (C60, C61).

use std::sync::Arc;
use std::time::Duration;

use ponte_data_consent::consent::{InForce, Resource, ResourceStatus};
use ponte_data_consent::discovery::{DiscoveryState, PATIENCE};
use ponte_edge::{Answer, Call, CustomerCall, Refusal};
use ponte_ports::InstitutionFault;
use ponte_values::{Page, ResourceKind};
use serde::Serialize;

use crate::discovery::{self, Discovery};
use crate::ports::Ports;

/// How far the clock of another environment may be ahead of ours: what it noted later than that is an error (LB-04).
const AHEAD: Duration = Duration::from_mins(1);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    resource_id: String,
    #[serde(rename = "type")]
    kind: ResourceKind,
    status: ResourceStatus,
}

pub(crate) async fn list(ports: Arc<Ports>, call: CustomerCall<InForce>) -> Result<Answer, Refusal> {
    let page = call.page()?;
    let consent = call.proof.consent();
    let kinds: Vec<ResourceKind> = ResourceKind::ALL
        .iter()
        .copied()
        .filter(|kind| !kind.selectable() && consent.permits(kind.permission()))
        .collect();
    let state = if kinds.is_empty() {
        DiscoveryState::default()
    } else {
        let discovery = discovery::known(&ports, &call, &kinds).await?;
        match known(&ports, &call, discovery, &kinds).await? {
            Some(state) => state,
            None => return Ok(Answer::accepted()),
        }
    };
    paged(&ports, &call, &state, &kinds, page).await
}

/// What there is to show; `None` as long as the client is to ask again (C61).
async fn known(
    ports: &Ports,
    call: &CustomerCall<InForce>,
    mut discovery: Discovery,
    kinds: &[ResourceKind],
) -> Result<Option<DiscoveryState>, Refusal> {
    let waiting = discovery.waiting(kinds);
    if !waiting.is_empty() {
        discovery.state = discovery::noted(ports, call, discovery.state, &waiting).await?;
        let since = waiting.iter().map(|kind| discovery.state.asked_since(*kind));
        let ahead = call.now.plus(AHEAD);
        let patient = |since: Option<_>| since.is_none_or(|since| ahead.is_within(PATIENCE + AHEAD, since));
        if since.into_iter().any(patient) {
            return Ok(None);
        }
    }
    let chosen = !call.proof.consent().resources().is_empty();
    if chosen || kinds.iter().any(|kind| discovery.state.is_answered(*kind)) {
        return Ok(Some(discovery.state));
    }
    // Nothing is known at all: that there is nothing would be a lie.
    Err(discovery.into_fault().unwrap_or(InstitutionFault::NotReady(None)).into())
}

/// One page: chosen products first, then the kinds one after the other. What the table cleaned away since the answer leaves a gap on
/// its own page, until the next answer is counted.
async fn paged(
    ports: &Ports,
    call: &CustomerCall<InForce>,
    state: &DiscoveryState,
    kinds: &[ResourceKind],
    page: Page,
) -> Result<Answer, Refusal> {
    let consent = call.proof.consent();
    let size = usize::try_from(page.size()).unwrap_or(usize::MAX);
    let mut before = usize::try_from(page.number() - 1).unwrap_or(usize::MAX).saturating_mul(size);
    let chosen = consent.resources();
    let mut items: Vec<Item> =
        chosen.iter().skip(before).take(size).map(|product| Item::of(product, call)).collect();
    let mut left = size - items.len();
    before = before.saturating_sub(chosen.len());
    let mut total = u64::try_from(chosen.len()).unwrap_or(u64::MAX);
    for kind in kinds.iter().copied().filter(|kind| state.is_answered(*kind)) {
        total = total.saturating_add(state.count(kind));
        let count = usize::try_from(state.count(kind)).unwrap_or(usize::MAX);
        let upto = before.saturating_add(left).min(count);
        if before < upto {
            left -= upto - before;
            let found = ports.discovered.list(&consent.id, Some(kind), upto).await?;
            let own = found.known.iter().skip(before);
            items.extend(own.map(|found| Item::of(&found.resource, call)));
        }
        before = before.saturating_sub(count);
    }
    let data = serde_json::to_string(&items).map_err(|_| Refusal::internal())?;
    call.paged(&data, page, total)
}

impl Item {
    fn of(product: &Resource, call: &Call) -> Self {
        Self { resource_id: product.id.clone(), kind: product.kind, status: product.at(call.now) }
    }
}
