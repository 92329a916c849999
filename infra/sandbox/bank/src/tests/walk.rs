//! Every answer of every operation of a kind of product, for every customer of the bank: judged by the official file, read to the
//! last page, and refused where it must be.

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use jsonschema::Validator;
use ponte_machine::clock;
use ponte_values::{Date, Moment};
use ponte_web::Site as _;
use serde_json::{Value, json};

use super::official::{Official, faults};
use super::{bank, request};
use crate::Bank;
use crate::customers::{CUSTOMERS, Customer};

/// A kind of product and its operations.
#[expect(clippy::struct_field_names, reason = "what the Resources API names a kind is its kind")]
pub(crate) struct Kind {
    /// Name of the official file.
    pub(crate) file: &'static str,
    /// Its name in the Resources API.
    pub(crate) kind: &'static str,
    /// Name of the public id that stands in the place of `resourceLegacyId`.
    pub(crate) id: &'static str,
    pub(crate) discovery: &'static str,
    /// The list of products: operation, path of the file.
    pub(crate) list: (&'static str, &'static str),
    pub(crate) operations: &'static [Operation],
}

/// An operation about one product.
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    /// Path of the official file.
    pub(crate) path: &'static str,
    /// Filters by day, and the property that they go by.
    pub(crate) days: Option<Days>,
    /// The id below the product: the operation that shows it and its name.
    pub(crate) below: Option<(&'static str, &'static str)>,
}

/// Filters by day.
#[derive(Clone, Copy)]
pub(crate) struct Days {
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    /// Name of the property, a day or a moment.
    pub(crate) field: &'static str,
}

/// Records that each operation answered.
pub(crate) type Tally = BTreeMap<&'static str, usize>;

/// The common part of a request for `customer` with these products in the consent.
pub(crate) fn common(customer: &Customer, kind: &str, products: &[Value]) -> Value {
    let resources: Vec<Value> =
        products.iter().map(|id| json!({ "type": kind, "resourceLegacyId": id })).collect();
    let mut body = json!({
        "requestMeta": { "correlationId": "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01", "brandId": "ponte-bank" },
        "consent": {
            "brandId": "ponte-bank",
            "creationDateTime": "2026-03-02T12:00:00Z",
            "externalId": "urn:ponte-bank:1",
            "tpp": { "name": "Receptora Exemplo" },
            "loggedUser": { "document": { "identification": customer.cpf, "rel": "CPF" } },
            "permissions": ["RESOURCES_READ"],
            "resources": resources,
        },
    });
    if let Some(cnpj) = customer.cnpj {
        body["consent"]["businessEntity"] = json!({ "document": { "identification": cnpj, "rel": "CNPJ" } });
    }
    body
}

/// `body` with one more property.
pub(crate) fn with(mut body: Value, name: &str, value: impl Into<Value>) -> Value {
    body[name] = value.into();
    body
}

/// Status and body of an answer.
pub(crate) async fn ask(bank: &Bank, operation: &str, body: &Value) -> (u16, Value) {
    let answer = bank.answer(request(operation, body)).await;
    (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap())
}

/// The answer, which must be 200.
pub(crate) async fn read(bank: &Bank, operation: &str, body: &Value) -> Value {
    let (status, answer) = ask(bank, operation, body).await;
    assert_eq!(status, 200, "{operation}: {answer}");
    assert_eq!(answer["meta"]["requestDateTime"].as_str().map(str::len), Some(20), "{operation}");
    answer
}

/// All records of a list, page by page.
pub(crate) async fn whole(bank: &Bank, operation: &str, body: &Value) -> Vec<Value> {
    let mut records = Vec::new();
    for page in 1.. {
        let answer = read(bank, operation, &with(with(body.clone(), "page", page), "pageSize", 1000)).await;
        let (total, pages) = totals(&answer);
        assert_eq!(pages, total.div_ceil(1000), "{operation}");
        let of_page = answer["data"].as_array().unwrap();
        if of_page.is_empty() {
            assert_eq!(records.len(), total, "{operation}");
            break;
        }
        records.extend(of_page.iter().cloned());
    }
    let some: Vec<&Value> = records.iter().skip(7).take(7).collect();
    let second = read(bank, operation, &with(with(body.clone(), "page", 2), "pageSize", 7)).await;
    assert_eq!(second["data"].as_array().unwrap().iter().collect::<Vec<_>>(), some, "{operation}: page 2");
    assert_eq!(totals(&second), (records.len(), records.len().div_ceil(7)), "{operation}");
    let past = read(bank, operation, &with(body.clone(), "page", u32::MAX)).await;
    assert_eq!((&past["data"], totals(&past).0), (&json!([]), records.len()), "{operation}: past the end");
    for (name, value) in [("page", 0), ("pageSize", 0), ("pageSize", 1001)] {
        assert_eq!(ask(bank, operation, &with(body.clone(), name, value)).await.0, 400, "{operation} {name}");
    }
    records
}

fn totals(answer: &Value) -> (usize, usize) {
    let number = |name: &str| usize::try_from(answer["meta"][name].as_u64().unwrap()).unwrap();
    (number("totalRecords"), number("totalPages"))
}

/// Identifiers of the customer's products, by the discovery.
pub(crate) async fn discovered(bank: &Bank, discovery: &str, customer: &Customer) -> Vec<Value> {
    let answer = read(bank, discovery, &common(customer, "", &[])).await;
    let resources = answer["data"]["resources"].as_array().unwrap();
    assert_eq!(totals(&answer).0, resources.len());
    resources.iter().map(|resource| resource["resourceLegacyId"].clone()).collect()
}

/// Walks through the kind; the records of each operation, over all customers.
pub(crate) async fn walk(kind: &Kind) -> Tally {
    let (bank, official) = (bank(), Official::open(kind.file));
    let judge = |path: &str| official.as_ref().map(|official| official.data(path));
    let mut tally = Tally::new();
    let mut products: Vec<Vec<Value>> = Vec::new();
    for customer in CUSTOMERS {
        products.push(discovered(&bank, kind.discovery, customer).await);
    }
    let ids: BTreeSet<String> = products.iter().flatten().map(Value::to_string).collect();
    assert_eq!(ids.len(), products.iter().flatten().count(), "{}: one id twice", kind.kind);
    let list = judge(kind.list.1);
    for (customer, own) in CUSTOMERS.iter().zip(&products) {
        let body = common(customer, kind.kind, own);
        let records = whole(&bank, kind.list.0, &body).await;
        assert_eq!(records.len(), own.len(), "{}: {}", kind.list.0, customer.name);
        judged(list.as_ref(), kind.list.0, &public(&records.clone().into(), kind.id));
        let listed: Vec<&Value> = records.iter().map(|record| &record["resourceLegacyId"]).collect();
        assert!(own.iter().all(|id| listed.contains(&id)), "{}", kind.list.0);
        *tally.entry(kind.list.0).or_default() += records.len();
    }
    for operation in kind.operations {
        let validator = judge(operation.path);
        for (position, customer) in CUSTOMERS.iter().enumerate() {
            let others = products.iter().enumerate().filter(|(other, _)| *other != position);
            let foreign = others.flat_map(|(_, theirs)| theirs).next();
            for id in some(&products[position]) {
                let shared = std::slice::from_ref(id);
                let body = with(common(customer, kind.kind, shared), "resourceLegacyId", id.clone());
                let answered = one(&bank, operation, body, foreign, validator.as_ref()).await;
                *tally.entry(operation.name).or_default() += answered;
            }
        }
    }
    for name in std::iter::once(kind.list.0).chain(kind.operations.iter().map(|one| one.name)) {
        assert!(tally.get(name).is_some_and(|records| *records > 0), "{name} never answered a record");
        refused(&bank, name, kind).await;
    }
    tally
}

/// Enough of a customer's products to have met every sort of them: the first ones and the last.
fn some(products: &[Value]) -> impl Iterator<Item = &Value> {
    let first = products.len().min(FIRST);
    products[..first].iter().chain(products[first..].last())
}

/// How many of a customer's products are asked for one by one.
const FIRST: usize = 6;

/// One operation for one product; the count of its records.
async fn one(
    bank: &Bank,
    operation: &Operation,
    body: Value,
    foreign: Option<&Value>,
    validator: Option<&Validator>,
) -> usize {
    let name = operation.name;
    let mut bodies = vec![body.clone()];
    if let Some((shown_by, id)) = operation.below {
        let today = clock::now().date_brasilia();
        let wide = windows(body.clone(), today);
        let records = whole(bank, shown_by, &wide).await;
        let ids: BTreeSet<&str> = records.iter().filter_map(|record| record[id].as_str()).collect();
        bodies = ids.into_iter().map(|value| with(body.clone(), id, value)).collect();
    }
    let mut count = 0;
    for body in &bodies {
        let wide = operation.days.map_or_else(|| body.clone(), |days| window(body.clone(), days));
        let first = read(bank, name, &wide).await;
        if first["data"].is_array() {
            let records = whole(bank, name, &wide).await;
            count += records.len();
            if let (Some(days), Some(record)) = (operation.days, records.first()) {
                one_day(bank, name, body, days, &day_of(record, days.field), &records).await;
            }
            judged(validator, name, &public(&records.into(), ""));
        } else {
            assert_eq!(totals(&first), (1, 1), "{name}");
            judged(validator, name, &public(&first["data"], ""));
            count += 1;
        }
        let mut again = read(bank, name, &wide).await;
        again["meta"] = first["meta"].clone();
        assert_eq!(again, first, "{name}: the same question, the same answer");
        let key = body["resourceLegacyId"][0]["key"].clone();
        let unknown = json!([{ "key": key, "value": "nobody-has-this" }]);
        assert_eq!(ask(bank, name, &with(body.clone(), "resourceLegacyId", unknown)).await.0, 404, "{name}");
        assert_eq!(
            ask(bank, name, &with(body.clone(), "resourceLegacyId", Value::Null)).await.0,
            400,
            "{name}"
        );
        if let Some(foreign) = foreign {
            let (status, answer) =
                ask(bank, name, &with(body.clone(), "resourceLegacyId", foreign.clone())).await;
            let code = &answer["errors"][0]["code"];
            assert_eq!((status, code), (403, &json!("RECURSO_DE_OUTRO_CLIENTE")), "{name}");
        }
        if let Some((_, id)) = operation.below {
            assert_eq!(ask(bank, name, &with(body.clone(), id, "nobody-has-this")).await.0, 404, "{name}");
            assert_eq!(ask(bank, name, &with(body.clone(), id, Value::Null)).await.0, 400, "{name}");
        }
    }
    count
}

/// What every operation refuses.
async fn refused(bank: &Bank, name: &str, kind: &Kind) {
    assert_eq!(ask(bank, name, &json!({})).await.0, 400, "{name}");
    let stranger = Customer { cpf: "52998224725", cnpj: None, ..CUSTOMERS[0] };
    assert_eq!(ask(bank, name, &common(&stranger, kind.kind, &[])).await.0, 404, "{name}");
    let good = common(&CUSTOMERS[0], kind.kind, &[]);
    let mut wrong = request(name, &good);
    wrong.method = Method::GET;
    assert_eq!(bank.answer(wrong).await.status, 405, "{name}");
    let mut wrong = request(name, &good);
    wrong.headers.insert("content-type", "text/plain".parse().unwrap());
    assert_eq!(bank.answer(wrong).await.status, 415, "{name}");
}

/// One day alone has exactly the records of that day; a day that is none is refused.
async fn one_day(bank: &Bank, name: &str, body: &Value, days: Days, day: &str, all: &[Value]) {
    let narrow = with(with(body.clone(), days.from, day), days.to, day);
    let expected: Vec<&Value> = all.iter().filter(|record| day_of(record, days.field) == day).collect();
    let found = whole(bank, name, &narrow).await;
    assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{name}: {day} alone");
    for filter in [days.from, days.to] {
        assert_eq!(
            ask(bank, name, &with(body.clone(), filter, "2026-13-01")).await.0,
            400,
            "{name} {filter}"
        );
    }
}

/// The day of a record in Brasília.
fn day_of(record: &Value, field: &str) -> String {
    let text = record[field].as_str().unwrap_or_else(|| panic!("no {field} in {record}"));
    if text.len() == 10 {
        return text.to_owned();
    }
    Moment::parse(text).unwrap().date_brasilia().to_string()
}

/// The widest window that any operation has.
fn window(body: Value, days: Days) -> Value {
    let today = clock::now().date_brasilia();
    with(with(body, days.from, around(today, -366)), days.to, around(today, 365))
}

fn around(today: Date, days: i64) -> String {
    today.plus_days(days).to_string()
}

/// Every filter by day there is, since unknown properties are ignored.
fn windows(body: Value, today: Date) -> Value {
    ["BookingDate", "DueDate", "TransactionDate", "TransactionConversionDate"].iter().fold(
        body,
        |body, name| {
            let body = with(body, &format!("from{name}"), around(today, -366));
            with(body, &format!("to{name}"), around(today, 365))
        },
    )
}

/// What Ponte makes of the bank's own identifiers: the id of the product under the name of its kind, a UUID for a reserve.
pub(crate) fn public(data: &Value, id: &str) -> Value {
    match data {
        Value::Array(items) => items.iter().map(|item| public(item, id)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| match name.as_str() {
                "resourceLegacyId" => (id.to_owned(), json!("d78fc4e5-37ca-4da3-adf2-9b082bf92280")),
                "reservedIdentification" => (name.clone(), json!("d78fc4e5-37ca-4da3-adf2-9b082bf92280")),
                _ => (name.clone(), public(value, id)),
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Judges `data` if the file is here.
pub(crate) fn judged(validator: Option<&Validator>, name: &str, data: &Value) {
    let found = validator.map_or_else(Vec::new, |validator| faults(validator, data));
    let some: Vec<&String> = found.iter().take(10).collect();
    assert!(found.is_empty(), "{name}: {} faults, such as {some:#?}", found.len());
}
