//! Records against the field tables, by the gate that Ponte itself reads every answer with.

use ponte_catalog::{Holder, Row, Shape};
use ponte_records::{Ids, LEGACY_ID, Product, can_be_bound, pass};
use ponte_values::ResourceKind;

use crate::answers::Body;
use crate::customers::Customer;
use crate::sheet::{Check, Sheet};

/// Stands for the public id of a product, or of a record.
const PUBLIC: &str = "00000000-0000-4000-8000-000000000000";

/// Holds an answer about a customer to the table of its endpoint.
pub(crate) fn hold(row: &Row, customer: &Customer, body: &Body, sheet: &mut Sheet) {
    let Some(schema) = row.fields else {
        return sheet.note("no table of fields: its records were not checked");
    };
    let product = ResourceKind::of_api(row.api.name).map(ResourceKind::id);
    let products = [Product { key: "[]", public: PUBLIC }];
    let product_of = |_: &str| Ok(Some(0));
    let record_of = |_: &str| Ok(PUBLIC.to_owned());
    let ids = match (row.shape, product) {
        (Shape::Products, Some(name)) => Ids::Products { name, products: &products, place: &product_of },
        (Shape::IdentifiedRecords(name) | Shape::BoundRecords(name), _) => {
            Ids::Records { name, product, public: &record_of }
        }
        _ => Ids::None { product },
    };
    let passed = match pass(&body.raw, schema, ids) {
        Ok(passed) => passed,
        Err(unreadable) => return sheet.wrong(Check::Answer, unreadable.to_string()),
    };
    for finding in passed.findings.kinds() {
        sheet.wrong_at(Check::Answer, &finding.path, finding.rule.as_str(), finding.count);
    }
    if passed.findings.others() > 0 {
        sheet.wrong_at(Check::Answer, "data", "further findings", passed.findings.others());
    }
    if passed.left_out > 0 {
        sheet.wrong_at(Check::Answer, &format!("data[].{LEGACY_ID}"), "missing", passed.left_out);
    }
    if let Shape::BoundRecords(name) = row.shape {
        let ids = body.records().iter().filter_map(|record| record[name].as_str());
        let unfit = ids.filter(|id| !can_be_bound(id)).count() as u64;
        if unfit > 0 {
            let what = "an id of more than 63 characters, or of another form than that of the file";
            sheet.wrong_at(Check::Answer, &format!("data[].{name}"), what, unfit);
        }
    }
    if let Shape::Registrations(holder) = row.shape {
        let own = match holder {
            Holder::Person => Some(customer.cpf.as_str()),
            Holder::Company => customer.cnpj.as_deref(),
        };
        let found = body.records().iter().filter_map(|record| record.pointer(holder.pointer())?.as_str());
        let others = found.filter(|document| Some(*document) != own).count() as u64;
        if others > 0 {
            let path = format!("data[]{}", holder.pointer().replace('/', "."));
            sheet.wrong_at(Check::Answer, &path, "of somebody else than the customer of the consent", others);
        }
    }
    // What only Ponte writes is left out of an answer without a word.
    let records = if body.data.is_array() { body.records() } else { std::slice::from_ref(&body.data) };
    let public =
        records.iter().filter(|record| product.is_some_and(|name| record.get(name).is_some())).count();
    if public > 0 {
        let place = if body.data.is_array() { "data[]" } else { "data" };
        let path = format!("{place}.{}", product.unwrap_or_default());
        sheet.wrong_at(
            Check::Answer,
            &path,
            "an id that only Ponte writes",
            public.try_into().unwrap_or(u64::MAX),
        );
    }
}
