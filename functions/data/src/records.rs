//! A row answered by the institution's layer: the list of products, what belongs to one of them, or data of the customer.

use std::sync::Arc;

use ponte_catalog::Shape;
use ponte_data_consent::consent::{InForce, Resource};
use ponte_data_consent::ports::{Records, RecordsRequest};
use ponte_edge::{Answer, CustomerCall, Refusal};
use ponte_ports::PortError;
use ponte_records::{Ids, Passed, Product, Unreadable};
use ponte_values::{Page, ResourceKind};

use crate::bound_ids::BoundIds;
use crate::own_ids::ByKey;
use crate::ports::Ports;
use crate::shared_products::SharedProducts;
use crate::{bound_ids, findings, holders, own_ids};

pub(crate) async fn records(ports: Arc<Ports>, call: CustomerCall<InForce>) -> Result<Answer, Refusal> {
    let row = call.row;
    let page = row.smallest_page.map(|_| call.page()).transpose()?;
    let filters = call.filters()?;
    let consent = call.proof.consent();
    let kind = ResourceKind::of_api(row.api.name);
    if row.path_parameters().any(|name| !own_ids::is_public(call.request.id(name))) {
        return Err(Refusal::not_found());
    }
    let shared = SharedProducts::of(&ports, &call).await?;
    let resource = shared.in_path();
    // An empty selection must never reach the layer, where it could mean everything.
    match (row.shape, page) {
        (Shape::Products, Some(page)) if shared.is_empty() => return call.paged("[]", page, 0),
        _ if shared.is_empty() => return Err(Refusal::not_found()),
        _ => {}
    }
    let operation = row.layer.ok_or_else(Refusal::internal)?;
    let own = |name: &'static str| {
        let named = (name, call.request.id(name));
        let own = bound_ids::own(&*ports.pseudonyms, named, shared.in_question())?;
        Some((name, own))
    };
    let ids: Option<Vec<_>> = row.ids.iter().map(|name| own(name)).collect();
    let ids = ids.ok_or_else(Refusal::not_found)?;
    let (correlation, ids, filters) = (call.interaction, &ids, &filters);
    // The class of the row says how long its answer may take; a call that has waited elsewhere has less left.
    let (budget, left) = (row.frequency.time_limit(), call.time_left());
    let readable = &shared.readable();
    let request = RecordsRequest {
        operation,
        correlation,
        consent,
        resource,
        shared: readable,
        ids,
        page,
        filters,
        budget,
        left,
    };
    let Records { body } = ports.institution.records(request).await?;
    let outcome = gate(&ports, &call, &body, (kind, resource), &shared.listed())?;
    // Two copies of a large page are enough.
    drop(body);
    let outcome = outcome.map(|passed| passed.held_to(page.map(Page::size)));
    let passed = findings::admit(&ports, &call, outcome).await?;
    if row.shape == Shape::Object {
        return Ok(call.object(row.success, &passed.data));
    }
    let missing = || PortError::new("institution", "a list without totalRecords");
    let total = passed.total_records.ok_or_else(missing)?;
    // What other pages leave out is not known, and links may not lead to other pages from one page than from the next.
    let total = if passed.records >= total { total.saturating_sub(passed.left_out) } else { total };
    match page {
        Some(page) => call.paged(&passed.data, page, total),
        None => Ok(call.whole_list(row.success, &passed.data, total)),
    }
}

/// What the gate says of the body of the layer. `listed` has the products that may be read.
///
/// # Errors
/// 500 for a row that the catalog gives no fields or product. A body that cannot be read is an outcome of the gate.
fn gate(
    ports: &Ports,
    call: &CustomerCall<InForce>,
    body: &[u8],
    (kind, product): (Option<ResourceKind>, Option<&Resource>),
    listed: &[Product<'_>],
) -> Result<Result<Passed, Unreadable>, Refusal> {
    let row = call.row;
    let fields = row.fields.ok_or_else(Refusal::internal)?;
    let kind = kind.map(ResourceKind::id);
    let is_own = |own: &str| product.map_or(Ok(true), |product| own_ids::is_of(own, &product.legacy_id));
    Ok(match row.shape {
        Shape::Products => {
            let by_key = ByKey::of(listed);
            let place = |own: &str| by_key.place(own);
            let name = kind.ok_or_else(Refusal::internal)?;
            ponte_records::pass(body, fields, Ids::Products { name, products: listed, place: &place })
        }
        Shape::IdentifiedRecords(name) => {
            let product = product.ok_or_else(Refusal::internal)?;
            let public = |own: &str| Ok(ports.pseudonyms.record(&product.id, name, &own_ids::text(own)?));
            let ids = Ids::Records { name, product: kind, public: &public };
            ponte_records::pass_about(body, fields, ids, &is_own)
        }
        Shape::BoundRecords(name) => {
            let bound = BoundIds::of(&*ports.pseudonyms, product.ok_or_else(Refusal::internal)?, name);
            let public = |own: &str| bound.public(own);
            let ids = Ids::Records { name, product: kind, public: &public };
            ponte_records::pass_about(body, fields, ids, &is_own)
        }
        Shape::Registrations(holder) => ponte_records::pass(body, fields, Ids::None { product: kind })
            .and_then(|passed| holders::held(passed, holder, call.proof.consent())),
        _ => ponte_records::pass_about(body, fields, Ids::None { product: kind }, &is_own),
    })
}
