//! What Ponte reads of a product at its discovery: one thing of products that customers choose, another of all others.

use ponte_values::{Cpf, Moment, ResourceKind};
use serde_json::Value;

use crate::legacy_id;

/// Longest key of a product that customers do not choose, in bytes: Ponte stores it.
const LONGEST_KEY: usize = 2_000;

/// Statuses that a discovery may give a product (C60).
const STATUSES: [&str; 4] = ["AVAILABLE", "UNAVAILABLE", "TEMPORARILY_UNAVAILABLE", "PENDING_AUTHORISATION"];

/// Where a product is wrong, below `data.resources[]`, and what is wrong there.
pub(super) type Faults = Vec<(String, &'static str)>;

/// Holds a product to what Ponte reads of it.
pub(super) fn faults(kind: ResourceKind, product: &Value) -> Faults {
    let mut faults = Faults::new();
    key(product, &mut faults);
    if product.get(kind.id()).is_some() {
        faults.push((kind.id().to_owned(), "an id that only Ponte writes"));
    }
    if kind.selectable() {
        chosen(product, &mut faults);
    } else {
        listed(product, &mut faults);
    }
    faults
}

/// Whether a product of the kind is one that later calls may name.
pub(super) fn is_available(kind: ResourceKind, product: &Value) -> bool {
    kind.selectable() || product["status"] == "AVAILABLE"
}

fn key(product: &Value, faults: &mut Faults) {
    let parts = product["resourceLegacyId"].as_array().map(Vec::as_slice).unwrap_or_default();
    if parts.is_empty() || !parts.iter().all(|part| is_text(&part["key"]) && is_text(&part["value"])) {
        faults.push(("resourceLegacyId".to_owned(), "no list of keys and values"));
    }
}

/// A product that customers choose: what they are shown, and who must agree.
fn chosen(product: &Value, faults: &mut Faults) {
    let mut wrong = |path: &str, what| faults.push((path.to_owned(), what));
    match product["resourceName"].as_array() {
        None => wrong("resourceName", "missing or no list"),
        Some(names) if !names.iter().all(|name| is_text(&name["key"]) && name["value"].is_string()) => {
            wrong("resourceName[]", "no key and value");
        }
        Some(_) => {}
    }
    // Absent is nobody; null is no list.
    if product.get("authorizers").is_some_and(|authorizers| !authorizers.is_array()) {
        wrong("authorizers", "no list");
    }
    for authorizer in product["authorizers"].as_array().into_iter().flatten() {
        if authorizer["cpf"].as_str().is_none_or(|cpf| Cpf::parse(cpf).is_err()) {
            wrong("authorizers[].cpf", "no CPF");
        }
        if !(authorizer["name"].is_null() || authorizer["name"].is_string()) {
            wrong("authorizers[].name", "no text");
        }
    }
    for name in ["resourceBalanceCurrency", "resourceBalanceAmount"] {
        if !(product[name].is_null() || product[name].is_string()) {
            wrong(name, "no text");
        }
    }
    if !(product["defaultSelected"].is_null() || product["defaultSelected"].is_boolean()) {
        wrong("defaultSelected", "not true or false");
    }
}

/// A product that nobody chooses: whether it can be used, and until when that holds.
fn listed(product: &Value, faults: &mut Faults) {
    let mut wrong = |path: &str, what| faults.push((path.to_owned(), what));
    if legacy_id::length(&legacy_id::of(product)) > LONGEST_KEY {
        wrong("resourceLegacyId", "a key of more than 2000 bytes");
    }
    if product["status"].as_str().is_none_or(|status| !STATUSES.contains(&status)) {
        wrong("status", "missing or no status of a product");
    }
    if product["validUntil"].as_str().is_none_or(|until| Moment::parse_utc_seconds(until).is_err()) {
        wrong("validUntil", "missing or no time in UTC with seconds and Z");
    }
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_of_a_product_that_is_stored_has_an_end() {
        let product = |length: usize| {
            json!({
                "resourceLegacyId": [{ "key": "contract", "value": "a".repeat(length) }],
                "status": "AVAILABLE", "validUntil": "2026-03-02T12:00:00Z",
            })
        };
        let room = LONGEST_KEY - legacy_id::length(&legacy_id::of(&product(0)));
        assert_eq!(faults(ResourceKind::Loan, &product(room)), []);
        let found = faults(ResourceKind::Loan, &product(room + 1));
        assert_eq!(found, [("resourceLegacyId".to_owned(), "a key of more than 2000 bytes")]);
    }

    #[test]
    fn what_ponte_does_not_read_of_a_kind_is_not_held_against_it() {
        let key = json!([{ "key": "contract", "value": "1" }]);
        let chosen = json!({ "resourceLegacyId": key, "resourceName": [], "status": 1, "validUntil": 2 });
        assert_eq!(faults(ResourceKind::Account, &chosen), []);
        let listed = json!({
            "resourceLegacyId": key, "status": "PENDING_AUTHORISATION", "validUntil": "2026-03-02T12:00:00Z",
            "authorizers": "nobody reads it",
        });
        assert_eq!(faults(ResourceKind::Loan, &listed), []);
        assert_eq!(faults(ResourceKind::Account, &json!(1)).len(), 2, "a key and a name are missing");
        assert_eq!(faults(ResourceKind::Loan, &json!(1)).len(), 3, "a key, a status and its end are missing");
    }
}
