//! Who logged in, and who is a customer.

use futures_util::future;
use ponte_values::{Cnpj, Cpf};
use serde_json::{Value, json};

use super::refusals;
use crate::answers::{self, Body};
use crate::customers::Customer;
use crate::inquiry::Inquiry;
use crate::sheet::Check;

/// Levels of authentication (S15).
const LEVELS: [&str; 2] = ["urn:brasil:openbanking:loa2", "urn:brasil:openbanking:loa3"];
/// What a person may be to the accounts of a consent.
const AUTHORITIES: [&str; 3] = ["FULL", "NONE", "PERSON_MISMATCH"];

/// `/authentication/decrypt`: tokens of the customers, and one that is none.
pub(crate) async fn decrypt(inquiry: &mut Inquiry<'_>) {
    let scene = inquiry.scene;
    let with_token: Vec<(&Customer, Value)> = scene
        .customers
        .iter()
        .filter_map(|customer| Some((customer, json!({ "accessToken": customer.token.as_ref()? }))))
        .collect();
    for (customer, body) in &with_token {
        let asked = scene.layer.ask(inquiry.operation.path, body).await;
        inquiry.timed(asked.took);
        let Some(body) = answers::data(asked, Check::Answer, inquiry.sheet) else { continue };
        person(inquiry, customer, &body, Check::Answer);
    }
    if with_token.is_empty() {
        inquiry.sheet.note("no customer has a token of the channel: nobody was logged in");
    }
    if let [one, .., other] = &with_token[..] {
        let ask = |body| scene.layer.ask(inquiry.operation.path, body);
        let (first, second) = future::join(ask(&one.1), ask(&other.1)).await;
        for (asked, customer) in [(first, one.0), (second, other.0)] {
            if let Some(body) = answers::data(asked, Check::Parallel, inquiry.sheet) {
                person(inquiry, customer, &body, Check::Parallel);
            }
        }
    }
    let unknown = json!({ "accessToken": "ponte-layer-check" });
    let asked = scene.layer.ask(inquiry.operation.path, &unknown).await;
    answers::refusal(asked, ("a token nobody knows", &[422]), Check::Unknown, inquiry.sheet);
    refusals::bodies(inquiry, &unknown).await;
    refusals::access(inquiry, &unknown).await;
}

/// Holds an answer to the person whose token it was.
fn person(inquiry: &mut Inquiry<'_>, customer: &Customer, body: &Body, check: Check) {
    inquiry.sheet.made(check);
    let mut wrong = |path: &str, what: &str| inquiry.sheet.wrong_at(check, path, what, 1);
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
pub(crate) async fn account_holder(inquiry: &mut Inquiry<'_>) {
    let scene = inquiry.scene;
    for customer in &scene.customers {
        let asked = scene.layer.ask(inquiry.operation.path, &scene.requests.holder(customer)).await;
        if asked.status() == Some(404) {
            return inquiry.sheet.note("not offered");
        }
        inquiry.timed(asked.took);
        let Some(body) = answers::data(asked, Check::Answer, inquiry.sheet) else { continue };
        holder(inquiry, &body);
        if body.data["isAccountHolder"] == false {
            inquiry.sheet.wrong_at(Check::Answer, "data.isAccountHolder", "false for a customer", 1);
        }
    }
    let asked = scene.layer.ask(inquiry.operation.path, &scene.requests.holder(&Customer::nobody())).await;
    if let Some(body) = answers::data(asked, Check::Unknown, inquiry.sheet) {
        inquiry.sheet.made(Check::Unknown);
        holder(inquiry, &body);
        if body.data["isAccountHolder"] == true {
            inquiry.sheet.wrong_at(
                Check::Unknown,
                "data.isAccountHolder",
                "true for a person nobody knows",
                1,
            );
        }
    }
    let Some(first) = scene.customers.first() else { return };
    let right = scene.requests.holder(first);
    refusals::bodies(inquiry, &right).await;
    refusals::access(inquiry, &right).await;
}

fn holder(inquiry: &mut Inquiry<'_>, body: &Body) {
    inquiry.sheet.made(Check::Answer);
    let (holds, authority) = (&body.data["isAccountHolder"], &body.data["authority"]);
    if !(holds.is_boolean() || holds.is_null() && body.data.get("isAccountHolder").is_some()) {
        inquiry.sheet.wrong_at(Check::Answer, "data.isAccountHolder", "not true, false or null", 1);
    }
    if !(authority.is_null() || authority.as_str().is_some_and(|word| AUTHORITIES.contains(&word))) {
        inquiry.sheet.wrong_at(Check::Answer, "data.authority", "not FULL, NONE or PERSON_MISMATCH", 1);
    }
}
