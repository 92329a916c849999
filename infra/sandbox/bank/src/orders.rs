//! `POST /sandbox/resources`: somebody sets the status of a product by hand (Z-COM-06). The bank goes by it from then on, and
//! says so to Ponte as its back office would. The body is `data` of that notification.

use http::{Method, StatusCode};
use ponte_machine::clock;
use ponte_values::ResourceKind;
use ponte_web::{Answer, Request};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bank::Bank;
use crate::contract::LegacyId;
use crate::customers::{CUSTOMERS, Customer};
use crate::refusal::{Refusal, invalid, not_found};
use crate::system::System;

/// Path of the orders.
pub(crate) const PATH: &str = "/sandbox/resources";

/// Most pages of consents that one order is notified to.
const PAGES: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Order {
    key: Key,
    #[serde(rename = "type")]
    kind: String,
    resource_legacy_id: LegacyId,
    status: String,
}

/// The customer: a person by CPF or a company by CNPJ.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    cpf: Option<String>,
    cnpj: Option<String>,
}

/// Carries an order out and notifies Ponte.
pub(crate) async fn answer(bank: &Bank, request: &Request) -> Result<Answer, Refusal> {
    if request.method != Method::POST {
        return Ok(Answer::message(StatusCode::METHOD_NOT_ALLOWED, "only POST"));
    }
    let data: Value = request.json().map_err(invalid)?;
    let order: Order =
        serde_json::from_value(data.clone()).map_err(|problem| invalid(problem.to_string()))?;
    let kind = ResourceKind::parse(&order.kind).map_err(|problem| invalid(problem.to_string()))?;
    let customer = order.key.customer().ok_or_else(|| not_found("cliente desconhecido"))?;
    bank.layer.set(customer, kind, &order.resource_legacy_id, &order.status, clock::now())?;
    let Some(endpoints) = &bank.back_office else {
        return Ok(Answer::json(StatusCode::OK, &json!({ "status": order.status, "notified": [] })));
    };
    Ok(match notify(endpoints, &data).await {
        Ok(notified) => {
            Answer::json(StatusCode::OK, &json!({ "status": order.status, "notified": notified }))
        }
        Err(problem) => Answer::message(StatusCode::BAD_GATEWAY, &problem),
    })
}

impl Key {
    fn customer(&self) -> Option<&'static Customer> {
        let mut customers = CUSTOMERS.iter();
        match (self.cpf.as_deref(), self.cnpj.as_deref()) {
            (Some(cpf), None) => customers.find(|one| one.cnpj.is_none() && one.cpf == cpf),
            (None, Some(cnpj)) => customers.find(|one| one.cnpj == Some(cnpj)),
            (None, None) | (Some(_), Some(_)) => None,
        }
    }
}

/// Ponte's answers, until no consents are left.
async fn notify(endpoints: &Value, data: &Value) -> Result<Vec<Value>, String> {
    let back_office = System::of(endpoints, "backoffice").map_err(|problem| problem.to_string())?;
    let mut notified = Vec::new();
    let mut reply = back_office.notify(data).await;
    while notified.len() < PAGES {
        let got = reply.map_err(|problem| format!("Ponte did not answer: {}", problem.reason))?;
        if got.status != 200 && got.status != 202 {
            return Err(format!("Ponte answered {}: {}", got.status, got.excerpt()));
        }
        let body = got.json();
        notified.push(body["data"].clone());
        let Some(next) = body["links"]["next"].as_str() else {
            return Ok(notified);
        };
        reply = back_office.call(Method::POST, next, &[], Some(&json!({ "data": data }))).await;
    }
    Err(format!("more than {PAGES} pages of consents"))
}
