//! Who logged in, and who is a customer.

use futures_util::future;
use ponte_values::{Cnpj, Cpf};
use serde_json::{Value, json};

use super::refusals;
use crate::answers::{self, Body};
use crate::customers::Customer;
use crate::desk::Desk;
use crate::sheet::Check;

/// A person whom no institution knows; see `discovery`.
const NOBODY: &str = "00000000191";

/// Levels of authentication (S15).
const LEVELS: [&str; 2] = ["urn:brasil:openbanking:loa2", "urn:brasil:openbanking:loa3"];
/// What a person may be to the accounts of a consent.
const AUTHORITIES: [&str; 3] = ["FULL", "NONE", "PERSON_MISMATCH"];

/// `/authentication/decrypt`: tokens of the customers, and one that is none.
pub(crate) async fn decrypt(desk: &mut Desk<'_>) {
    let scene = desk.scene;
    let with_token: Vec<(&Customer, Value)> = scene
        .customers
        .iter()
        .filter_map(|customer| Some((customer, json!({ "accessToken": customer.token.as_ref()? }))))
        .collect();
    for (customer, body) in &with_token {
        let asked = scene.layer.ask(desk.operation.path, body).await;
        desk.timed(asked.took);
        let Some(body) = answers::data(asked, Check::Answer, desk.sheet) else { continue };
        person(desk, customer, &body, Check::Answer);
    }
    if with_token.is_empty() {
        desk.sheet.note("no customer has a token of the channel: nobody was logged in");
    }
    if let [one, .., other] = &with_token[..] {
        let ask = |body| scene.layer.ask(desk.operation.path, body);
        let (first, second) = future::join(ask(&one.1), ask(&other.1)).await;
        for (asked, customer) in [(first, one.0), (second, other.0)] {
            if let Some(body) = answers::data(asked, Check::Parallel, desk.sheet) {
                person(desk, customer, &body, Check::Parallel);
            }
        }
    }
    let unknown = json!({ "accessToken": "ponte-layer-check" });
    let asked = scene.layer.ask(desk.operation.path, &unknown).await;
    answers::refusal(asked, ("a token nobody knows", &[422]), Check::Unknown, desk.sheet);
    refusals::bodies(desk, &unknown).await;
    refusals::access(desk, &unknown).await;
}

/// Holds an answer to the person whose token it was.
fn person(desk: &mut Desk<'_>, customer: &Customer, body: &Body, check: Check) {
    desk.sheet.made(check);
    let mut wrong = |path: &str, what: &str| desk.sheet.wrong_at(check, path, what, 1);
    let text = |name: &str| body.data[name].as_str();
    if text("cpf").is_none_or(|cpf| Cpf::parse(cpf).is_err()) {
        wrong("data.cpf", "no CPF");
    } else if text("cpf") != Some(customer.cpf.as_str()) {
        wrong("data.cpf", "another person than the one who logged in");
    }
    if text("cnpj").is_some_and(|cnpj| Cnpj::parse(cnpj).is_err()) {
        wrong("data.cnpj", "no CNPJ");
    } else if text("cnpj") != customer.cnpj.as_deref() {
        wrong("data.cnpj", "another company than the one that the person acts for");
    }
    if text("name").is_none_or(str::is_empty) {
        wrong("data.name", "missing");
    }
    if !(body.data["acr"].is_null() || text("acr").is_some_and(|acr| LEVELS.contains(&acr))) {
        wrong("data.acr", "no level of authentication");
    }
}

/// `/check-account-holder`: the customers are customers, and somebody else is none.
pub(crate) async fn account_holder(desk: &mut Desk<'_>) {
    let scene = desk.scene;
    for customer in &scene.customers {
        let asked = scene.layer.ask(desk.operation.path, &scene.requests.holder(customer)).await;
        if asked.received.as_ref().is_ok_and(|received| received.status == 404) {
            return desk.sheet.note("not offered");
        }
        desk.timed(asked.took);
        let Some(body) = answers::data(asked, Check::Answer, desk.sheet) else { continue };
        holder(desk, &body);
        if body.data["isAccountHolder"] == false {
            desk.sheet.wrong_at(Check::Answer, "data.isAccountHolder", "false for a customer", 1);
        }
    }
    let nobody = Customer { cpf: NOBODY.to_owned(), cnpj: None, token: None };
    let asked = scene.layer.ask(desk.operation.path, &scene.requests.holder(&nobody)).await;
    if let Some(body) = answers::data(asked, Check::Unknown, desk.sheet) {
        desk.sheet.made(Check::Unknown);
        holder(desk, &body);
        if body.data["isAccountHolder"] == true {
            desk.sheet.wrong_at(Check::Unknown, "data.isAccountHolder", "true for a person nobody knows", 1);
        }
    }
    let Some(first) = scene.customers.first() else { return };
    let right = scene.requests.holder(first);
    refusals::bodies(desk, &right).await;
    refusals::access(desk, &right).await;
}

fn holder(desk: &mut Desk<'_>, body: &Body) {
    desk.sheet.made(Check::Answer);
    let (holds, authority) = (&body.data["isAccountHolder"], &body.data["authority"]);
    if !(holds.is_boolean() || holds.is_null() && body.data.get("isAccountHolder").is_some()) {
        desk.sheet.wrong_at(Check::Answer, "data.isAccountHolder", "not true, false or null", 1);
    }
    if !(authority.is_null() || authority.as_str().is_some_and(|word| AUTHORITIES.contains(&word))) {
        desk.sheet.wrong_at(Check::Answer, "data.authority", "not FULL, NONE or PERSON_MISMATCH", 1);
    }
}
