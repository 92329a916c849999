//! Discovery of a kind of product: what later calls are about, the same at every call.

use futures_util::future;
use ponte_values::{Cpf, Moment, ResourceKind};
use serde_json::Value;

use super::refusals;
use crate::answers::{self, timeless};
use crate::customers::Customer;
use crate::desk::Desk;
use crate::scene::Scene;
use crate::sheet::Check;

/// A CPF that a bank has no customer with: its digits are right and it was never given out.
const NOBODY: &str = "00000000191";

/// Statuses that a discovery may give a product (C60).
const STATUSES: [&str; 4] = ["AVAILABLE", "UNAVAILABLE", "TEMPORARILY_UNAVAILABLE", "PENDING_AUTHORISATION"];

/// The products of each customer of the scene, by its place there; `None` where the layer does not offer the kind.
pub(crate) async fn check(desk: &mut Desk<'_>, kind: ResourceKind) -> Option<Vec<(usize, Vec<Value>)>> {
    let scene = desk.scene;
    let mut found = Vec::new();
    for (at, customer) in scene.customers.iter().enumerate() {
        let asked = ask(desk, kind, customer).await;
        if asked.received.as_ref().is_ok_and(|received| received.status == 404) {
            continue;
        }
        desk.timed(asked.took);
        let Some(body) = answers::data(asked, Check::Answer, desk.sheet) else { continue };
        desk.sheet.made(Check::Answer);
        answers::meta(&body, Check::Answer, desk.sheet);
        let Some(resources) = body.data["resources"].as_array() else {
            desk.sheet.wrong_at(Check::Answer, "data.resources", "missing or no list", 1);
            continue;
        };
        for resource in resources {
            shape(desk, kind, resource);
        }
        let ids: Vec<Value> = resources.iter().map(|resource| resource["resourceLegacyId"].clone()).collect();
        if ids.iter().enumerate().any(|(place, id)| ids[..place].contains(id)) {
            desk.sheet.wrong_at(Check::Answer, PATH, "one id for several products", 1);
        }
        found.push((at, ids));
    }
    if found.is_empty() {
        desk.sheet.note("not offered: the discovery knows none of the customers");
        return None;
    }
    again(desk, kind, &found).await;
    nobody(desk, kind).await;
    let right = scene.requests.discovery(kind, &scene.customers[found[0].0]);
    refusals::bodies(desk, &right).await;
    refusals::access(desk, &right).await;
    together(desk, kind, &found).await;
    Some(found)
}

const PATH: &str = "data.resources[].resourceLegacyId";

async fn ask(desk: &Desk<'_>, kind: ResourceKind, customer: &Customer) -> crate::layer::Asked {
    let Scene { layer, requests, .. } = desk.scene;
    layer.ask(desk.operation.path, &requests.discovery(kind, customer)).await
}

/// Holds a product to what Ponte reads of it.
fn shape(desk: &mut Desk<'_>, kind: ResourceKind, resource: &Value) {
    let mut wrong = |path: &str, what: &str| desk.sheet.wrong_at(Check::Answer, path, what, 1);
    let parts = resource["resourceLegacyId"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    if parts.is_empty() || !parts.iter().all(|part| is_text(&part["key"]) && is_text(&part["value"])) {
        wrong(PATH, "no list of keys and values");
    }
    if resource.get(kind.id()).is_some() {
        wrong(&format!("data.resources[].{}", kind.id()), "an id that only Ponte writes");
    }
    for authorizer in resource["authorizers"].as_array().into_iter().flatten() {
        if authorizer["cpf"].as_str().is_none_or(|cpf| Cpf::parse(cpf).is_err()) {
            wrong("data.resources[].authorizers[].cpf", "no CPF");
        }
    }
    for name in resource["resourceName"].as_array().into_iter().flatten() {
        if !(is_text(&name["key"]) && name["value"].is_string()) {
            wrong("data.resources[].resourceName[]", "no key and value");
        }
    }
    let absent = |value: &Value| value.is_null();
    let selected = &resource["defaultSelected"];
    if !(absent(selected) || selected.is_boolean()) {
        wrong("data.resources[].defaultSelected", "not true or false");
    }
    let status = &resource["status"];
    if !(absent(status) || status.as_str().is_some_and(|status| STATUSES.contains(&status))) {
        wrong("data.resources[].status", "no status of a product");
    }
    let until = &resource["validUntil"];
    if !(absent(until) || until.as_str().is_some_and(|until| Moment::parse_utc_seconds(until).is_ok())) {
        wrong("data.resources[].validUntil", "no time in UTC with seconds and Z");
    }
}

/// The ids are the same at the next call: others keep what hangs on them.
async fn again(desk: &mut Desk<'_>, kind: ResourceKind, found: &[(usize, Vec<Value>)]) {
    for (at, ids) in found {
        let asked = ask(desk, kind, &desk.scene.customers[*at]).await;
        let Some(body) = answers::data(asked, Check::Answer, desk.sheet) else { return };
        let resources = body.data["resources"].as_array().map(Vec::as_slice).unwrap_or_default();
        if resources.iter().any(|resource| !ids.contains(&resource["resourceLegacyId"])) {
            desk.sheet.wrong_at(Check::Answer, PATH, "another id for the same product at the next call", 1);
        }
    }
}

/// Somebody whom the institution does not know has nothing.
async fn nobody(desk: &mut Desk<'_>, kind: ResourceKind) {
    let nobody = Customer { cpf: NOBODY.to_owned(), cnpj: None, token: None };
    let asked = ask(desk, kind, &nobody).await;
    let nothing =
        asked.received.as_ref().ok().filter(|received| received.status == 200).is_some_and(|received| {
            let body: Value = serde_json::from_slice(&received.body).unwrap_or_default();
            body["data"]["resources"].as_array().is_some_and(Vec::is_empty)
        });
    desk.sheet.made(Check::Empty);
    if !nothing {
        answers::refusal(asked, ("a person nobody knows", &[404]), Check::Empty, desk.sheet);
    }
}

async fn together(desk: &mut Desk<'_>, kind: ResourceKind, found: &[(usize, Vec<Value>)]) {
    let Some((one, other)) = found.iter().find_map(|one| {
        let other = found.iter().find(|other| other.1 != one.1)?;
        Some((one, other))
    }) else {
        return;
    };
    let customers = &desk.scene.customers;
    let (first, second) =
        future::join(ask(desk, kind, &customers[one.0]), ask(desk, kind, &customers[other.0])).await;
    for (asked, (_, ids)) in [(first, one), (second, other)] {
        let Some(body) = answers::data(asked, Check::Parallel, desk.sheet) else { return };
        desk.sheet.made(Check::Parallel);
        let listed = body.data["resources"].as_array().into_iter().flatten();
        let listed: Vec<Value> = listed.map(|resource| timeless(&resource["resourceLegacyId"])).collect();
        if listed != *ids {
            desk.sheet.wrong_at(Check::Parallel, PATH, "another answer than to the same call alone", 1);
        }
    }
}
