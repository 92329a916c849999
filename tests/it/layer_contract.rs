//! `docs/openapi/integration-layer.yaml` says what the code does: every operation of every row and nothing else, with its
//! parameters, its time and its statuses; and the sandbox bank answers the examples in it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use http::{HeaderMap, Method};
use ponte_bank::channel::Channel;
use ponte_bank::customers::CUSTOMERS;
use ponte_bank::{Bank, Login, TokenBox};
use ponte_catalog::{Access, Filter, FilterKind, Row, Shape};
use ponte_machine::clock;
use ponte_outbound::institution::STATUSES;
use ponte_values::{LayerTimes, ResourceKind};
use ponte_web::{Request, Site as _};
use serde_json::{Value, json};

use crate::checkout;

/// Operations that answer no endpoint, with their time.
const OWN: [(&str, Duration); 2] = [
    ("/authentication/decrypt", LayerTimes::CONTRACT.identify),
    ("/check-account-holder", LayerTimes::CONTRACT.check),
];
const CREDENTIAL: &str = "credential-of-the-test";

/// The file as JSON.
fn file() -> Value {
    let path = checkout::root().join("docs/openapi/integration-layer.yaml");
    let text = std::fs::read_to_string(path).expect("the file can be read");
    serde_yaml_ng::from_str(&text).expect("the file is YAML")
}

/// Path → operation of the file. Each is of an API that the catalog has rows of, or answers no endpoint.
fn operations(file: &Value) -> BTreeMap<&str, &Value> {
    let folders: BTreeSet<&str> = rows().map(|row| row.api.name).collect();
    let paths = file["paths"].as_object().expect("paths");
    let mut found = BTreeMap::new();
    for (path, item) in paths {
        let methods: Vec<&String> = item.as_object().expect("an item").keys().collect();
        assert_eq!(methods, ["post"], "{path} is POST and nothing else");
        let folder = path.split('/').nth(1).unwrap_or_default();
        let own = OWN.iter().any(|(own, _)| own == path);
        assert!(own || folders.contains(folder), "{path} is of no API");
        found.insert(path.as_str(), &item["post"]);
    }
    found
}

fn rows() -> impl Iterator<Item = &'static Row> {
    ponte_catalog::ALL.iter().copied().flatten().copied().filter(|row| row.layer.is_some())
}

/// Kinds of products whose API has rows.
fn discoveries() -> impl Iterator<Item = &'static str> {
    let apis: BTreeSet<&str> = rows().map(|row| row.api.name).collect();
    apis.into_iter().filter_map(ResourceKind::of_api).map(ResourceKind::discovery)
}

/// Time and answer of a discovery: of products that customers choose, while one waits, or of the others.
fn of_discovery(path: &str) -> (Duration, &'static str) {
    if path.ends_with("/account-discovery") {
        return (LayerTimes::CONTRACT.discover, "#/components/schemas/Discovery");
    }
    (ponte_catalog::resources::LIST.frequency.time_limit(), "#/components/schemas/Listing")
}

/// The time that an operation of the file has.
fn answers_within(operation: &Value) -> Duration {
    Duration::from_millis(operation["x-answer-within-ms"].as_u64().expect("milliseconds"))
}

/// What `$ref` names, or the value itself.
fn named<'a>(file: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        None => value,
        Some(place) => {
            let pointer = place.strip_prefix('#').expect("a place in the file");
            file.pointer(pointer).unwrap_or_else(|| panic!("{place} is not there"))
        }
    }
}

fn request_schema(operation: &Value) -> &Value {
    &operation["requestBody"]["content"]["application/json"]["schema"]
}

/// Properties of a request besides the common part, and those of them that are always there.
fn parameters(operation: &Value) -> (BTreeMap<&str, &Value>, BTreeSet<&str>) {
    let schema = request_schema(operation);
    let own = match schema["allOf"].as_array().map(Vec::as_slice) {
        None => &Value::Null,
        Some([common, own]) => {
            assert_eq!(common["$ref"], "#/components/schemas/DataRequest");
            own
        }
        Some(other) => panic!("{other:?}"),
    };
    let properties = own["properties"].as_object().into_iter().flatten();
    let required = own["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    (properties.map(|(name, schema)| (name.as_str(), schema)).collect(), required.collect())
}

#[test]
fn the_file_has_every_operation_of_every_row_and_nothing_else() {
    let file = file();
    let mut wanted: BTreeSet<&str> = OWN.iter().map(|(path, _)| *path).collect();
    wanted.extend(discoveries());
    wanted.extend(rows().filter_map(|row| row.layer));
    let found: BTreeSet<&str> = operations(&file).into_keys().collect();
    assert_eq!(found, wanted);
    let ids: Vec<&Value> = operations(&file).into_values().map(|one| &one["operationId"]).collect();
    let distinct: BTreeSet<String> = ids.iter().map(ToString::to_string).collect();
    assert_eq!(distinct.len(), ids.len(), "operationIds are unique");
}

#[test]
fn an_operation_answers_the_endpoint_of_its_row_in_the_time_of_its_class() {
    let file = file();
    let operations = operations(&file);
    for row in rows() {
        let operation = operations[row.layer.expect("a layer")];
        assert_eq!(operation["x-answers"], row.operation);
        assert_eq!(operation["x-regulatory-file"], format!("{} {}", row.api.name, row.api.version));
        assert_eq!(operation["tags"], json!([row.api.name]));
        let time = row.frequency.time_limit();
        assert_eq!(answers_within(operation), time, "{}", row.operation);
        let data =
            &operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["data"];
        let wanted = if row.shape == Shape::Object { "object" } else { "array" };
        assert_eq!(data["type"], wanted, "{}", row.operation);
        let description = data["items"]["description"].as_str().or(data["description"].as_str());
        let told = description.expect("a description");
        assert!(told.contains(row.operation) && told.contains(row.api.version), "{told}");
        let products =
            data["items"]["required"].as_array().is_some_and(|names| names[0] == "resourceLegacyId");
        assert_eq!(products, row.shape == Shape::Products, "{}", row.operation);
        let named = data["items"]["required"].as_array().filter(|_| !products).map(|names| names[0].as_str());
        let wanted = match row.shape {
            Shape::IdentifiedRecords(name) => Some(Some(name)),
            _ => None,
        };
        assert_eq!(named, wanted, "{}", row.operation);
    }
    for path in discoveries() {
        let schema = &operations[path]["responses"]["200"]["content"]["application/json"]["schema"];
        assert_eq!(schema["$ref"], of_discovery(path).1, "{path}");
    }
    for (path, time) in OWN.into_iter().chain(discoveries().map(|path| (path, of_discovery(path).0))) {
        assert_eq!(answers_within(operations[path]), time, "{path}");
        assert_eq!(operations[path]["x-answers"], Value::Null, "{path}");
    }
}

#[test]
fn an_operation_takes_what_its_row_sends_and_pages_by_it() {
    let file = file();
    let operations = operations(&file);
    for path in discoveries() {
        assert_eq!(request_schema(operations[path])["$ref"], "#/components/schemas/DataRequest", "{path}");
    }
    for row in rows() {
        let (properties, required) = parameters(operations[row.layer.expect("a layer")]);
        let mut wanted: BTreeSet<&str> = row.ids.iter().copied().collect();
        wanted.extend(row.product.map(|_| "resourceLegacyId"));
        wanted.extend(row.smallest_page.into_iter().flat_map(|_| ["page", "pageSize"]));
        for name in &required {
            let filter = row.filters.iter().any(|filter| filter.name == *name && is_date(filter));
            assert!(wanted.contains(name) || filter, "{}: {name} is always sent", row.operation);
        }
        let missing: Vec<_> = wanted.difference(&required).collect();
        assert!(missing.is_empty(), "{}: {missing:?} are always sent", row.operation);
        if let Some(least) = row.smallest_page {
            assert_eq!(named(&file, properties["pageSize"])["minimum"], least, "{}", row.operation);
        }
        wanted.extend(row.filters.iter().map(|filter| filter.name));
        assert_eq!(properties.keys().copied().collect::<BTreeSet<_>>(), wanted, "{}", row.operation);
        for filter in row.filters {
            let schema = named(&file, properties[filter.name]);
            if is_date(filter) {
                assert_eq!(schema["format"], "date", "{}", filter.name);
            } else if let FilterKind::OneOf(words) = filter.kind {
                assert_eq!(schema["enum"], json!(words), "{}", filter.name);
            } else {
                assert_eq!(schema["type"], "string", "{}: filters are texts", filter.name);
            }
        }
    }
}

fn is_date(filter: &Filter) -> bool {
    matches!(filter.kind, FilterKind::From(_) | FilterKind::To(_))
}

#[test]
fn the_products_of_a_consent_are_of_the_kinds_of_the_code() {
    let file = file();
    let kinds = &file["components"]["schemas"]["Resource"]["properties"]["type"]["enum"];
    let kinds: BTreeSet<&str> = kinds.as_array().expect("kinds").iter().filter_map(Value::as_str).collect();
    for api in rows().map(|row| row.api.name) {
        let Some(kind) = ResourceKind::of_api(api) else { continue };
        assert!(kinds.contains(kind.as_str()), "{api}");
    }
}

/// Statuses that something between sends, or that are a range: the file has no word of the layer's for them.
const NOT_ITS_OWN: [u16; 3] = [300, 408, 505];

#[test]
fn an_operation_has_the_statuses_of_the_table() {
    let file = file();
    let own = STATUSES.iter().filter(|row| row.when.is_some()).map(|row| *row.statuses.start());
    let all: BTreeSet<String> =
        own.filter(|status| !NOT_ITS_OWN.contains(status)).map(|status| status.to_string()).collect();
    let discoveries: Vec<&str> = discoveries().collect();
    for (path, operation) in operations(&file) {
        let responses = operation["responses"].as_object().expect("responses");
        let mut wanted = all.clone();
        if !discoveries.contains(&path) {
            wanted.remove("202");
        }
        assert_eq!(responses.keys().cloned().collect::<BTreeSet<_>>(), wanted, "{path}");
        for (status, response) in responses {
            let response = named(&file, response);
            let schema = &response["content"]["application/json"]["schema"];
            let error = schema["$ref"] == "#/components/schemas/Errors";
            assert_eq!(error, !["200", "202"].contains(&status.as_str()), "{path} {status}");
        }
    }
}

/// What a value has against a schema, as far as the file uses JSON Schema.
fn faults(file: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(place) = schema["$ref"].as_str() {
        let pointer = place.strip_prefix('#').unwrap_or(place);
        let target = file.pointer(pointer).unwrap_or_else(|| panic!("{place} is not there"));
        faults(file, target, value, at, found);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        faults(file, part, value, at, found);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = |choice: &&Value| {
            let mut against = Vec::new();
            faults(file, choice, value, at, &mut against);
            against.is_empty()
        };
        if choices.iter().filter(fits).count() != 1 {
            found.push(format!("{at}: is not one of the choices"));
        }
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |kind: &&str| match *kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the type {other} is not used in this file"),
    };
    if !types.is_empty() && !types.iter().any(is) {
        found.push(format!("{at}: is no {types:?}"));
        return;
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        found.push(format!("{at}: is none of the words"));
    }
    let least = schema["minItems"].as_u64().zip(value.as_array().map(|items| items.len() as u64));
    let short = schema["minLength"].as_u64().zip(value.as_str().map(|text| text.chars().count() as u64));
    let small = schema["minimum"].as_u64().zip(value.as_u64());
    if [least, short, small].into_iter().flatten().any(|(least, has)| has < least) {
        found.push(format!("{at}: is too little"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            found.push(format!("{at}.{name}: is missing"));
        }
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(name) {
            faults(file, schema, value, &format!("{at}.{name}"), found);
        }
    }
    for item in value.as_array().into_iter().flatten().filter(|_| schema["items"].is_object()) {
        faults(file, &schema["items"], item, &format!("{at}[]"), found);
    }
}

fn assert_fits(file: &Value, schema: &Value, value: &Value, of: &str) {
    let mut found = Vec::new();
    faults(file, schema, value, of, &mut found);
    assert!(found.is_empty(), "{found:?}");
}

/// Examples of a body: name → value.
fn examples(body: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let examples = body["content"]["application/json"]["examples"].as_object();
    examples.into_iter().flatten().map(|(name, example)| (name, &example["value"]))
}

#[test]
fn every_example_fits_its_schema() {
    let file = file();
    let mut count = 0;
    let paths = file["paths"].as_object().expect("paths");
    for (path, item) in paths {
        let operation = &item["post"];
        for (name, value) in examples(&operation["requestBody"]) {
            assert_fits(&file, request_schema(operation), value, &format!("{path} {name}"));
            count += 1;
        }
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let schema = &response["content"]["application/json"]["schema"];
            for (name, value) in examples(response) {
                assert_fits(&file, schema, value, &format!("{path} {status} {name}"));
                count += 1;
            }
        }
    }
    for (name, response) in file["components"]["responses"].as_object().expect("responses") {
        let content = &response["content"]["application/json"];
        if !content["example"].is_null() {
            assert_fits(&file, &content["schema"], &content["example"], name);
            count += 1;
        }
    }
    assert!(count > 90, "{count}");
    // The judge finds what is wrong.
    let (mut found, schema) = (Vec::new(), &file["components"]["schemas"]["Discovery"]);
    let bad = json!({ "data": { "resources": [{ "resourceLegacyId": [{ "key": "", "value": 7 }] }] } });
    faults(&file, schema, &bad, "", &mut found);
    assert_eq!(found.len(), 3, "{found:?}");
}

/// Examples of the request of an operation.
fn requests(operation: &Value) -> impl Iterator<Item = (&String, &Value)> {
    examples(&operation["requestBody"])
}

#[test]
fn an_example_has_the_permission_of_its_row_and_the_product_that_it_is_about() {
    let file = file();
    let operations = operations(&file);
    for row in rows() {
        let Access::Customer(access) = row.access else { panic!("{} is of customers", row.operation) };
        let permission = json!(access.permission.expect("a permission").as_str());
        for (name, example) in requests(operations[row.layer.expect("a layer")]) {
            let permissions = example["consent"]["permissions"].as_array().expect("permissions");
            assert!(permissions.contains(&permission), "{} {name}: {permission}", row.operation);
            let products = example["consent"]["resources"].as_array().expect("products");
            let kind = ResourceKind::of_api(row.api.name).map(ResourceKind::as_str);
            assert!(products.iter().all(|product| product["type"].as_str() == kind), "{}", row.operation);
            let asked = &example["resourceLegacyId"];
            let shared = products.iter().any(|product| product["resourceLegacyId"] == *asked);
            assert!(asked.is_null() || shared, "{} {name}: {asked} is not shared", row.operation);
        }
    }
}

/// The sandbox bank, and what makes tokens that it knows.
struct Layer {
    bank: Bank,
    tokens: TokenBox,
}

impl Layer {
    fn new() -> Self {
        let tokens = || TokenBox::new(&[7; 32]).expect("a key");
        let channel = Channel::new("https://localhost:1", "test", "").expect("a channel");
        Self { bank: Bank::new(CREDENTIAL.to_owned(), tokens(), channel), tokens: tokens() }
    }

    /// Status and body of the answer to a request.
    async fn answer(&self, path: &str, body: &Value) -> (String, Value) {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("Bearer {CREDENTIAL}").parse().expect("a header"));
        headers.insert("content-type", "application/json".parse().expect("a header"));
        let request = Request {
            method: Method::POST,
            path: path.to_owned(),
            query: String::new(),
            headers,
            body: body.to_string().into(),
            certificate: None,
        };
        let answer = self.bank.answer(request).await;
        (answer.status.as_u16().to_string(), serde_json::from_slice(&answer.body).expect("JSON"))
    }

    /// The request of an example: a token of the bank where the example speaks of one, and an id of an answer of today where it
    /// is `a billId of /credit-cards-accounts/bills`.
    async fn request(&self, file: &Value, example: &Value) -> Value {
        let mut body = example.clone();
        let customer = match body["accessToken"].as_str() {
            Some("the token of a person") => CUSTOMERS.iter().find(|customer| customer.cnpj.is_none()),
            Some("the token of a company") => CUSTOMERS.iter().find(|customer| customer.cnpj.is_some()),
            _ => None,
        };
        if let Some(customer) = customer {
            let token = self.tokens.issue(customer, Login::OneFactor, None).expect("a token");
            body["accessToken"] = token.into();
        }
        for (name, value) in body.as_object_mut().expect("a request is an object") {
            let path = value.as_str().and_then(|text| text.strip_prefix(&format!("a {name} of ")));
            if let Some(path) = path {
                *value = self.given_out(file, path, name).await;
            }
        }
        body
    }

    /// The first id of this name in what the example of an operation is answered for the last year.
    async fn given_out(&self, file: &Value, path: &str, name: &str) -> Value {
        let (_, example) = requests(&file["paths"][path]["post"]).next().expect("an example of it");
        let (mut body, today) = (example.clone(), clock::now().date_brasilia());
        for (name, value) in body.as_object_mut().expect("a request is an object") {
            if name.starts_with("from") {
                *value = today.plus_days(-360).to_string().into();
            } else if name.starts_with("to") {
                *value = today.to_string().into();
            }
        }
        let (_, answer) = self.answer(path, &body).await;
        let mut records = answer["data"].as_array().into_iter().flatten();
        let found = records.find_map(|record| record.get(name));
        found.unwrap_or_else(|| panic!("{path} gives out no {name}: {answer}")).clone()
    }
}

#[tokio::test]
async fn the_sandbox_bank_answers_an_example_of_every_operation_as_the_file_says() {
    let (file, layer) = (file(), Layer::new());
    for (path, operation) in operations(&file) {
        let responses = operation["responses"].as_object().expect("responses");
        let mut succeeded = 0;
        for (name, example) in requests(operation) {
            let wanted =
                responses.iter().find(|(_, response)| examples(response).any(|(one, _)| one == name));
            let wanted = wanted.map_or("200", |(status, _)| status.as_str());
            let (status, body) = layer.answer(path, &layer.request(&file, example).await).await;
            assert_eq!(status, wanted, "{path} {name}: {body}");
            let schema = &named(&file, &responses[wanted])["content"]["application/json"]["schema"];
            assert_fits(&file, schema, &body, &format!("{path} {name}"));
            succeeded += usize::from(status == "200");
        }
        assert!(succeeded > 0, "{path} has no example that is answered");
    }
}
