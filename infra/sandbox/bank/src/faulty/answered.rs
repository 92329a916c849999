//! What a layer makes of its answers.

use http::{HeaderValue, StatusCode, header};
use ponte_web::Answer;
use serde_json::{Value, json};

use super::edits::{edited, first_product, first_record, first_text, records, without};
use super::fault::Fault;
use crate::customers::CUSTOMERS;

/// The start of the answer about balances that a text can be put before.
const RESERVED: &str = "\"hasReservedBalance\":";

/// The start of the name of a product in the answer of a discovery.
const NAMED: &str = "\"resourceName\":";

/// The answer to the question `asked`, the successful one number `call`, with the fault.
pub(super) fn otherwise(fault: Fault, (asked, call): (&Value, u64), answer: Answer) -> Answer {
    match (fault, answer.status) {
        (Fault::UnknownIsOk, StatusCode::NOT_FOUND) => {
            let meta =
                json!({ "totalRecords": 1, "totalPages": 1, "requestDateTime": "2026-03-02T12:00:00Z" });
            Answer::json(StatusCode::OK, &json!({ "data": {}, "meta": meta }))
        }
        (Fault::ErrorAsPage, StatusCode::NOT_FOUND) => {
            Answer::html(StatusCode::NOT_FOUND, "<h1>Not found</h1>".to_owned())
        }
        (Fault::BadBodyFails, StatusCode::BAD_REQUEST) => {
            Answer { status: StatusCode::INTERNAL_SERVER_ERROR, ..answer }
        }
        (Fault::GetAnswered, StatusCode::METHOD_NOT_ALLOWED) => {
            Answer::json(StatusCode::OK, &json!({ "data": {} }))
        }
        (Fault::GzipUnread, _) => answer.with(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip")),
        (Fault::AnyToken, StatusCode::UNPROCESSABLE_ENTITY) => {
            let first = &CUSTOMERS[0];
            Answer::json(StatusCode::OK, &json!({ "data": { "cpf": first.cpf, "name": first.name } }))
        }
        (_, StatusCode::OK) => succeeded(fault, (asked, call), answer),
        _ => answer,
    }
}

fn succeeded(fault: Fault, (asked, call): (&Value, u64), answer: Answer) -> Answer {
    match fault {
        Fault::CutOff => Answer { body: answer.body.slice(..answer.body.len() / 2), ..answer },
        Fault::WrongMediaType => answer.with(header::CONTENT_TYPE, HeaderValue::from_static("text/html")),
        Fault::NotANumber => first_text(answer, RESERVED, &format!("\"rate\":NaN,{RESERVED}")),
        Fault::NameTwiceAtDiscovery => first_text(answer, NAMED, &format!("{NAMED}[],{NAMED}")),
        Fault::NameTwice => first_text(answer, RESERVED, &format!("{RESERVED}true,{RESERVED}")),
        _ => edited(answer, |body| {
            object(fault, body);
            discovery(fault, body, call);
            list(fault, body, call);
            page(fault, body, asked);
        }),
    }
}

/// Faults in answers that are one object.
fn object(fault: Fault, body: &mut Value) {
    let data = &mut body["data"];
    match fault {
        Fault::NumberForText => data["number"] = json!(12_345_678),
        Fault::FieldMissing => without(data, "currency"),
        Fault::FieldNull => data["currency"] = Value::Null,
        Fault::MoneyAsNumber => data["blockedAmount"]["amount"] = json!(1.5),
        Fault::ZonedTime => data["updateDateTime"] = json!("2026-03-02T09:00:00-03:00"),
        Fault::NullData => *data = Value::Null,
        Fault::ListForObject => *data = json!([data.take()]),
        Fault::DiscoveryAsList => *data = data["resources"].take(),
        Fault::NobodysName => without(data, "name"),
        Fault::EverybodyHolds => data["isAccountHolder"] = json!(true),
        Fault::HolderAsText => data["isAccountHolder"] = json!("true"),
        Fault::NoMeta => without(body, "meta"),
        _ => {}
    }
}

/// Faults in the products of a discovery.
fn discovery(fault: Fault, body: &mut Value, call: u64) {
    match fault {
        Fault::DiscoveryChanges => first_product(body, |product| of_call(product, call)),
        Fault::NoName => first_product(body, |product| without(product, "resourceName")),
        Fault::NameAsText => first_product(body, |product| product["resourceName"] = json!("Conta")),
        Fault::ApproversAsObject => first_product(body, |product| product["authorizers"] = json!({})),
        Fault::ApproversNull => first_product(body, |product| product["authorizers"] = Value::Null),
        Fault::ApproverWithoutCpf => {
            first_product(body, |product| product["authorizers"] = json!([{ "name": "Bruno" }]));
        }
        Fault::BalanceAsNumber => {
            first_product(body, |product| product["resourceBalanceAmount"] = json!(1520.75));
        }
        Fault::NoStatus => first_product(body, |product| without(product, "status")),
        Fault::WrongStatus => first_product(body, |product| product["status"] = json!("ATIVO")),
        Fault::NoEnd => first_product(body, |product| without(product, "validUntil")),
        Fault::ZonedEnd => {
            first_product(body, |product| product["validUntil"] = json!("2026-03-02T09:00:00-03:00"));
        }
        Fault::KeyTooLong => {
            first_product(body, |product| product["resourceLegacyId"][0]["value"] = json!("a".repeat(2_000)));
        }
        _ => {}
    }
}

/// Another key at each call.
fn of_call(product: &mut Value, call: u64) {
    product["resourceLegacyId"][0]["value"] = json!(format!("product-{call}"));
}

/// Faults in the records of a list.
fn list(fault: Fault, body: &mut Value, call: u64) {
    match fault {
        Fault::WrongWord => records(body, |record| record["type"] = json!("CORRENTE")),
        Fault::OthersRegistration => {
            records(body, |record| record["documents"]["cpfNumber"] = json!("12345678909"));
        }
        Fault::OthersCompany => records(body, |record| record["cnpjNumber"] = json!("44555666000199")),
        Fault::LongBillId => records(body, |record| record["billId"] = json!("a".repeat(64))),
        Fault::TextTooLong => records(body, |record| record["brandName"] = json!("a".repeat(200))),
        Fault::PublicId => records(body, |record| record["accountId"] = json!("92792126019929279212650822")),
        Fault::NoLegacyId => records(body, |record| without(record, "resourceLegacyId")),
        Fault::LegacyIdChanges => records(body, |record| of_call(record, call)),
        Fault::MoneyWithComma => {
            first_record(body, |record| record["transactionAmount"]["amount"] = json!("58,90"));
        }
        Fault::NoSuchDay => {
            first_record(body, |record| record["transactionDateTime"] = json!("2026-02-30T12:00:00.000Z"));
        }
        Fault::ProductLeftOut => {
            let left = body["data"].as_array_mut().map_or(0, |data| {
                data.pop();
                data.len()
            });
            body["meta"]["totalRecords"] = json!(left);
        }
        _ => {}
    }
}

/// Faults in pages and totals.
fn page(fault: Fault, body: &mut Value, asked: &Value) {
    let number = |name: &str| asked.get(name).and_then(Value::as_u64);
    let (page, size) = (number("page").unwrap_or(1), number("pageSize").unwrap_or(25));
    let is_small = size < 1_000;
    let one_more = |value: &Value| json!(value.as_u64().unwrap_or_default() + 1);
    match fault {
        Fault::EndlessPages => {
            body["meta"]["totalRecords"] = json!((page + 1) * size);
            body["meta"]["totalPages"] = json!(page + 1);
        }
        Fault::TotalWrong => body["meta"]["totalRecords"] = one_more(&body["meta"]["totalRecords"]),
        Fault::PagesWrong => body["meta"]["totalPages"] = one_more(&body["meta"]["totalPages"]),
        Fault::RepeatsOverPages if is_small && page > 1 => {
            if let Some([first, second, ..]) = body["data"].as_array_mut().map(Vec::as_mut_slice) {
                second.clone_from(first);
            }
        }
        Fault::OrderChanges if is_small => {
            body["data"].as_array_mut().into_iter().for_each(|data| data.reverse());
        }
        _ => {}
    }
}
