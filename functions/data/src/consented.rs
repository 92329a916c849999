//! The resources that a consent shares, answered from the consent alone (C60, C61).

use std::sync::Arc;

use ponte_data_consent::consent::{InForce, Resource, ResourceStatus};
use ponte_edge::{Answer, Call, CustomerCall, Refusal};
use ponte_values::ResourceKind;
use serde::Serialize;

use crate::ports::Ports;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    resource_id: &'a str,
    #[serde(rename = "type")]
    kind: ResourceKind,
    status: ResourceStatus,
}

pub(crate) async fn list(_: Arc<Ports>, call: CustomerCall<InForce>) -> Result<Answer, Refusal> {
    let page = call.page()?;
    let resources = call.proof.consent().resources();
    let size = usize::try_from(page.size()).unwrap_or(usize::MAX);
    let before = usize::try_from(page.number() - 1).unwrap_or(usize::MAX).saturating_mul(size);
    let items: Vec<Item<'_>> =
        resources.iter().skip(before).take(size).map(|resource| Item::of(resource, &call)).collect();
    let data = serde_json::to_string(&items).map_err(|_| Refusal::internal())?;
    let total = u64::try_from(resources.len()).unwrap_or(u64::MAX);
    call.paged(&data, page, total)
}

impl<'a> Item<'a> {
    fn of(resource: &'a Resource, call: &Call) -> Self {
        Self { resource_id: &resource.id, kind: resource.kind, status: resource.at(call.now) }
    }
}
