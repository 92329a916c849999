//! The kinds of products that receivers discover, on days that are not today.

use ponte_values::{Date, Moment, ResourceKind};
use serde_json::{Value, json};

use super::bank;
use super::credit::CREDITS;
use super::exchanges::EXCHANGES;
use super::investments::INVESTMENTS;
use super::official::Official;
use super::walk::{Kind, Operation, ask as by_hand, common, judged, public, read, with};
use crate::customers::{CUSTOMERS, Customer};
use crate::layer::Layer;

/// Nights in which a day, a year and a leap day begin or end, in Brasília or in UTC.
const NIGHTS: [&str; 6] = [
    "2026-01-01T02:59:59Z",
    "2026-01-01T03:00:00Z",
    "2027-01-01T00:00:00Z",
    "2026-12-10T03:00:00Z",
    "2028-02-29T12:00:00Z",
    "2028-03-01T02:30:00Z",
];

fn ask(layer: &Layer, path: &str, body: &Value, now: Moment) -> Value {
    let request = serde_json::from_value(body.clone()).unwrap();
    let Ok(answer) = layer.answer(path, &request, now) else { panic!("{path} at {now}: refused {body}") };
    serde_json::from_slice(&answer.body).unwrap()
}

/// Identifiers of the customer's products, the first few.
fn products(layer: &Layer, kind: &Kind, customer: &Customer, now: Moment) -> Vec<Value> {
    let found = ask(layer, kind.discovery, &common(customer, kind.kind, &[]), now);
    let resources = found["data"]["resources"].as_array().unwrap();
    resources.iter().take(6).map(|resource| resource["resourceLegacyId"].clone()).collect()
}

/// What an operation says about a product in the year before `now`, the newest of it.
fn data(layer: &Layer, operation: &Operation, customer: &Customer, id: &Value, now: Moment) -> Value {
    let mut body = with(with(common(customer, "", &[]), "resourceLegacyId", id.clone()), "pageSize", 250);
    if let Some(days) = operation.days {
        let today = now.date_brasilia();
        body = with(body, days.from, today.plus_days(-366).to_string());
        body = with(body, days.to, today.to_string());
    }
    ask(layer, operation.name, &body, now)["data"].clone()
}

#[test]
fn c56_every_night_has_answers_that_the_files_allow() {
    for kind in CREDITS.iter().chain(&INVESTMENTS).chain([&EXCHANGES]) {
        let official = Official::open(kind.file);
        let layer = Layer::default();
        for operation in kind.operations {
            let judge = official.as_ref().map(|official| official.data(operation.path));
            for now in NIGHTS.map(|night| Moment::parse(night).unwrap()) {
                for customer in CUSTOMERS {
                    for id in products(&layer, kind, customer, now) {
                        let data = data(&layer, operation, customer, &id, now);
                        judged(judge.as_ref(), operation.name, &public(&data, ""));
                        nothing_is_later_than(now, operation.name, &data);
                    }
                }
            }
        }
    }
}

/// What has happened has not happened later than now.
fn nothing_is_later_than(now: Moment, operation: &str, data: &Value) {
    let past = [
        "contractDate",
        "settlementDate",
        "paidDate",
        "transactionDate",
        "transactionConversionDate",
        "purchaseDate",
        "referenceDate",
        "referenceDateTime",
        "lastUpdatedContractOutstandingBalance",
        "operationDate",
        "eventDate",
    ];
    let today = now.date_brasilia();
    let records = data["releases"].as_array().or(data.as_array()).cloned().unwrap_or_default();
    for record in records.iter().chain([data]) {
        for text in past.into_iter().filter_map(|name| record.get(name)?.as_str()) {
            let happened = if text.len() == 10 {
                Date::parse(text).unwrap() <= today
            } else {
                text <= now.with_millis().as_str()
            };
            assert!(happened, "{operation} at {now}: {text}");
        }
    }
}

#[test]
fn c58_a_transaction_is_the_same_whenever_it_is_asked_for() {
    let layer = Layer::default();
    let at = |text: &str| Moment::parse(text).unwrap();
    for kind in &INVESTMENTS {
        let operation = &kind.operations[2];
        let field = operation.days.unwrap().field;
        for id in products(&layer, kind, &CUSTOMERS[0], at("2026-03-02T12:00:00Z")) {
            let of_february = |now: &str| -> Vec<Value> {
                let records = data(&layer, operation, &CUSTOMERS[0], &id, at(now));
                let february =
                    |record: &&Value| record[field].as_str().is_some_and(|day| day.starts_with("2026-02-2"));
                records.as_array().unwrap().iter().filter(february).cloned().collect()
            };
            assert_eq!(of_february("2026-03-02T12:00:00Z"), of_february("2026-02-28T20:00:00Z"), "{id}");
        }
    }
}

#[tokio::test]
async fn z_res_05_a_product_of_any_kind_can_be_taken_away_by_hand() {
    let bank = bank();
    let available = async |kind: ResourceKind| {
        let answer = read(&bank, kind.discovery(), &common(&CUSTOMERS[0], kind.as_str(), &[])).await;
        let resources = answer["data"]["resources"].as_array().unwrap().clone();
        let left =
            resources.into_iter().filter(|one| one["status"].as_str().unwrap_or("AVAILABLE") == "AVAILABLE");
        left.map(|resource| resource["resourceLegacyId"].clone()).collect::<Vec<_>>()
    };
    for kind in ResourceKind::ALL {
        let before = available(*kind).await;
        let order = json!({
            "key": { "cpf": CUSTOMERS[0].cpf },
            "type": kind.as_str(),
            "resourceLegacyId": before[0],
            "status": "TEMPORARILY_UNAVAILABLE",
        });
        assert_eq!(by_hand(&bank, "/sandbox/resources", &order).await.0, 200, "{}", kind.as_str());
        assert_eq!(available(*kind).await, before[1..], "{}", kind.as_str());
    }
}

#[test]
fn z_res_02_the_discovery_says_until_when_it_is_good() {
    let (layer, now) = (Layer::default(), Moment::parse("2026-03-02T12:00:00Z").unwrap());
    for kind in CREDITS.iter().chain(&INVESTMENTS).chain([&EXCHANGES]) {
        let found = ask(&layer, kind.discovery, &common(&CUSTOMERS[0], kind.kind, &[]), now);
        for resource in found["data"]["resources"].as_array().unwrap() {
            let names: Vec<&str> = resource.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(names, ["resourceLegacyId", "status", "validUntil"], "{}", kind.discovery);
            let until = Moment::parse_utc_seconds(resource["validUntil"].as_str().unwrap()).unwrap();
            assert!(until > now, "{}", kind.discovery);
        }
    }
}

#[test]
fn a_name_of_the_bank_s_own_is_no_product_of_another_kind() {
    let (layer, now) = (Layer::default(), Moment::parse("2026-03-02T12:00:00Z").unwrap());
    let loan = json!([{ "key": "contractId", "value": "EMP-ANA-0001" }]);
    for path in ["/financings/find", "/funds/find", "/exchanges/find", "/loans/nothing", "/nothing/find"] {
        let body = with(common(&CUSTOMERS[0], "", &[]), "resourceLegacyId", loan.clone());
        let request = serde_json::from_value(body).unwrap();
        assert!(layer.answer(path, &request, now).is_err_and(|refusal| refusal.status == 404), "{path}");
    }
}
