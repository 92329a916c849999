//! A row answered by the institution's layer: one product's data, its records, or the list of products.

use std::borrow::Cow;
use std::sync::Arc;

use ponte_catalog::{Row, Shape, resources};
use ponte_data_consent::consent::{InForce, Resource, ResourceStatus};
use ponte_data_consent::ports::RecordsRequest;
use ponte_edge::{Answer, Call, CustomerCall, Refusal};
use ponte_ports::PortError;

use crate::kinds::product_type;
use crate::ports::Ports;
use crate::{operation, products};

pub(crate) async fn records(ports: Arc<Ports>, call: CustomerCall<InForce>) -> Result<Answer, Refusal> {
    let row = call.row;
    let page = if row.paged { Some(call.page()?) } else { None };
    let filters = call.filters()?;
    let consent = call.proof.consent();
    let resource = in_path(row, &call, consent.resources())?;
    let known = readable(row, consent.resources(), &call);
    if let (Shape::Products(_), Some(page), true) = (row.shape, page, known.is_empty()) {
        // An empty selection must never reach the layer, where it could mean everything.
        return call.paged("[]", page, 0);
    }
    let operation = operation::of(row)?;
    let correlation = call.interaction;
    let request = RecordsRequest { operation, correlation, consent, resource, page, filters: &filters };
    let found = ports.institution.records(request).await?;
    let (data, dropped) = match row.shape {
        Shape::Products(name) => {
            let (data, dropped) = products::spliced(&found.data, name, &known)?;
            (Cow::Owned(data), dropped)
        }
        _ => (Cow::Borrowed(found.data.get()), 0),
    };
    let Some(page) = page else { return Ok(call.object(row.success, &data)) };
    let missing = || PortError::new("institution", "a list without totalRecords");
    let total = found.total_records.ok_or_else(missing)?;
    call.paged(&data, page, total.saturating_sub(dropped))
}

/// The product whose id stands in the path, if the row has one: of the consent, of the right kind, and AVAILABLE (C60).
fn in_path<'a>(row: &Row, call: &Call, resources: &'a [Resource]) -> Result<Option<&'a Resource>, Refusal> {
    let Some(parameter) = row.path.split('/').find_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    else {
        return Ok(None);
    };
    let id = call.request.id(parameter);
    let wanted = |resource: &&Resource| resource.id == id && is_of(row, resource);
    let resource = resources.iter().find(wanted).ok_or_else(Refusal::not_found)?;
    Refusal::of_resource(resource.at(call.now)).map_or(Ok(Some(resource)), Err)
}

/// Whether a product belongs to the API of the row.
fn is_of(row: &Row, resource: &Resource) -> bool {
    resources::product_type(row.api) == Some(product_type(resource.kind))
}

/// The products of the row's API that may be read.
fn readable<'a>(row: &Row, resources: &'a [Resource], call: &Call) -> Vec<&'a Resource> {
    let available = |resource: &&Resource| resource.at(call.now) == ResourceStatus::Available;
    resources.iter().filter(|resource| is_of(row, resource)).filter(available).collect()
}
