//! Every row against the official file it is printed in. The files are not part of the project; where they are absent
//! the comparison is skipped and says so.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::PathBuf;

use serde_yaml_ng::Value;

use ponte_values::{Page, Permission, ResourceKind, TargetKind};

use super::*;

mod bodies;
mod fields;
mod layer;
mod limits;

/// The file of an API, or none where the folder of files is absent.
fn file(api: &Api) -> Option<Value> {
    let folder = std::env::var_os("PONTE_SPECS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs"),
        PathBuf::from,
    );
    let path = folder.join(format!("{}-{}.yml", api.name, api.version));
    let Ok(text) = std::fs::read_to_string(&path) else {
        // Straight to the stream: the test harness would swallow a print of a test that passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: {} {} not compared, its OpenAPI file is absent (set PONTE_SPECS to the folder of files)",
            api.name,
            api.version
        );
        return None;
    };
    Some(serde_yaml_ng::from_str(text.trim_start_matches('\u{feff}')).unwrap())
}

/// Follows `$ref` to what it names.
fn resolve<'a>(file: &'a Value, mut value: &'a Value) -> &'a Value {
    while let Some(reference) = value["$ref"].as_str() {
        value = reference.split('/').skip(1).fold(file, |value, name| &value[name]);
        assert!(!value.is_null(), "dangling {reference}");
    }
    value
}

fn words(value: &Value) -> Vec<&str> {
    value.as_sequence().into_iter().flatten().map(|word| word.as_str().unwrap()).collect()
}

fn each_row(check: impl Fn(&Value, &Row, &Value)) {
    for rows in ALL {
        let Some(file) = file(rows[0].api) else { continue };
        for row in *rows {
            let operation = &file["paths"][row.path()][row.method.as_str().to_lowercase().as_str()];
            assert!(!operation.is_null(), "{} {}", row.method.as_str(), row.path());
            check(&file, row, operation);
        }
    }
}

fn parameters<'a>(file: &'a Value, operation: &'a Value, place: &str) -> BTreeMap<&'a str, &'a Value> {
    operation["parameters"]
        .as_sequence()
        .unwrap()
        .iter()
        .map(|parameter| resolve(file, parameter))
        .filter(|parameter| parameter["in"].as_str() == Some(place))
        .map(|parameter| (parameter["name"].as_str().unwrap(), parameter))
        .collect()
}

/// The type of the bodies of a row, but for those of refusals that nobody signs.
fn media_type(row: &Row) -> &'static str {
    if row.api.signed { "application/jwt" } else { "application/json" }
}

fn success_schema<'a>(file: &'a Value, row: &Row, operation: &'a Value) -> &'a Value {
    let response = resolve(file, &operation["responses"][row.success.to_string().as_str()]);
    resolve(file, &response["content"][media_type(row)]["schema"])
}

#[test]
fn versions_base_paths_and_operations_are_those_of_the_files() {
    each_row(|file, row, operation| {
        assert_eq!(file["info"]["version"].as_str(), Some(row.api.version));
        for server in file["servers"].as_sequence().unwrap() {
            assert!(server["url"].as_str().unwrap().ends_with(row.api.base), "{}", row.api.name);
        }
        assert_eq!(operation["operationId"].as_str(), Some(row.operation));
    });
}

#[test]
fn no_operation_of_a_file_is_forgotten() {
    for rows in ALL {
        let Some(file) = file(rows[0].api) else { continue };
        let served: BTreeSet<&str> = rows.iter().map(|row| row.operation).collect();
        assert!(rows.iter().all(|row| row.api == rows[0].api) && served.len() == rows.len());
        for (path, methods) in file["paths"].as_mapping().unwrap() {
            for (_, operation) in methods.as_mapping().unwrap() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(served.contains(id), "{id} at {path:?}");
            }
        }
    }
}

#[test]
fn parameters_are_those_of_the_files() {
    each_row(|file, row, operation| {
        let mut wanted: BTreeSet<&str> = row.filters.iter().map(|filter| filter.name).collect();
        if row.smallest_page.is_some() {
            wanted.extend(["page", "page-size"]);
        }
        if row.pagination_key {
            wanted.insert("pagination-key");
        }
        let query = parameters(file, operation, "query");
        assert_eq!(wanted, query.keys().copied().collect::<BTreeSet<&str>>(), "{}", row.operation);
        assert_eq!(
            row.path_parameters().collect::<BTreeSet<&str>>(),
            parameters(file, operation, "path").keys().copied().collect(),
            "{}",
            row.operation
        );
        let headers = parameters(file, operation, "header");
        assert_eq!(
            headers["x-fapi-interaction-id"]["required"].as_bool(),
            Some(true),
            "S31 {}",
            row.operation
        );
        for name in ["x-fapi-customer-ip-address", "x-customer-user-agent"] {
            let required = headers[name]["required"].as_bool() == Some(true);
            assert_eq!(row.customer_headers, required, "C32 {} {name}", row.operation);
        }
        assert_eq!(
            row.body,
            operation["requestBody"]["required"].as_bool() == Some(true),
            "{}",
            row.operation
        );
    });
}

#[test]
fn s60_p37_what_is_signed_is_what_the_files_say() {
    each_row(|file, row, operation| {
        let types = |body: &Value| -> Vec<String> {
            let names = resolve(file, body)["content"].as_mapping().into_iter().flatten();
            names.map(|(name, _)| name.as_str().unwrap().split(';').next().unwrap().to_owned()).collect()
        };
        if row.body {
            assert_eq!(types(&operation["requestBody"]), [media_type(row)], "{}", row.operation);
        }
        for (status, answer) in operation["responses"].as_mapping().unwrap() {
            let (status, types) = (status.as_str().unwrap(), types(answer));
            let signed = status.starts_with('2') || status == "422";
            let wanted = if signed { media_type(row) } else { "application/json" };
            assert!(types.iter().all(|name| name == wanted), "{} {status}: {types:?}", row.operation);
        }
    });
}

#[test]
fn p40_the_rows_that_need_an_idempotency_key_are_those_of_the_files() {
    each_row(|file, row, operation| {
        let headers = parameters(file, operation, "header");
        let key = headers.get("x-idempotency-key");
        assert_eq!(row.idempotent, key.is_some(), "{}", row.operation);
        let Some(key) = key else { return };
        assert_eq!(key["required"].as_bool(), Some(true), "{}", row.operation);
        let longest = u64::try_from(ponte_values::IdempotencyKey::MAX_LENGTH).unwrap();
        assert_eq!(resolve(file, &key["schema"])["maxLength"].as_u64(), Some(longest), "{}", row.operation);
    });
}

#[test]
fn c52_pages_have_the_bounds_of_the_files() {
    each_row(|file, row, operation| {
        let query = parameters(file, operation, "query");
        let size = query.get("page-size").map(|parameter| resolve(file, &parameter["schema"]));
        let smallest = size.map(|size| size["minimum"].as_u64().expect("the file says the minimum"));
        assert_eq!(row.smallest_page.map(u64::from), smallest, "{}", row.operation);
        let Some(size) = size else { return };
        let own = (Page::DEFAULT_SIZE, Page::MAX_SIZE);
        let of = |name: &str| size[name].as_u64();
        assert_eq!(
            (of("default"), of("maximum")),
            (Some(own.0.into()), Some(own.1.into())),
            "{}",
            row.operation
        );
    });
}

#[test]
fn c51_links_have_the_length_that_every_file_gives_them() {
    each_row(|file, row, operation| {
        if row.shape == Shape::Nothing {
            return;
        }
        let links = resolve(file, &success_schema(file, row, operation)["properties"]["links"]);
        for (name, link) in links["properties"].as_mapping().unwrap() {
            let longest = resolve(file, link)["maxLength"].as_u64();
            assert_eq!(longest, u64::try_from(row.api.longest_link).ok(), "{} {name:?}", row.operation);
        }
    });
}

#[test]
fn c51_the_files_name_a_last_page_where_they_have_totals() {
    each_row(|file, row, operation| {
        if row.smallest_page.is_some() {
            let links = resolve(file, &success_schema(file, row, operation)["properties"]["links"]);
            // Who the customer is takes one record, so that there is no page but the first.
            let named = row.meta == Meta::Totals || row.api.name == "customers";
            assert_eq!(links["properties"].get("last").is_some(), named, "{}", row.operation);
        }
    });
}

#[test]
fn c57_filters_take_what_the_files_say() {
    each_row(|file, row, operation| {
        let query = parameters(file, operation, "query");
        let pairs: BTreeSet<(&str, &str)> = row
            .filters
            .iter()
            .filter_map(|filter| match filter.kind {
                FilterKind::From(to) => Some((filter.name, to)),
                FilterKind::To(from) => Some((from, filter.name)),
                FilterKind::OneOf(_) | FilterKind::Whole { .. } => None,
            })
            .collect();
        let dates = pairs.first().map_or(&Value::Null, |(from, _)| &query[from]["description"]);
        assert_eq!(row.reach, told_reach(operation, dates), "{}", row.operation);
        for filter in row.filters {
            let schema = resolve(file, &query[filter.name]["schema"]);
            match filter.kind {
                FilterKind::OneOf(known) => assert_eq!(words(&schema["enum"]), known, "{}", filter.name),
                FilterKind::Whole { most } => {
                    assert_eq!(schema["format"].as_str(), Some("int32"), "{}", filter.name);
                    assert_eq!(schema["maximum"].as_u64(), Some(most.into()), "{}", filter.name);
                }
                FilterKind::From(to) => {
                    assert_eq!(schema["format"].as_str(), Some("date"));
                    assert!(pairs.contains(&(filter.name, to)) && query.contains_key(to));
                }
                FilterKind::To(from) => {
                    assert_eq!(schema["format"].as_str(), Some("date"));
                    assert!(pairs.contains(&(from, filter.name)) && query.contains_key(from));
                }
            }
        }
        assert!(pairs.len() <= 1, "{}: a range is one pair", row.operation);
    });
}

/// The reach that the words of a file give the dates of an operation.
fn told_reach(operation: &Value, dates: &Value) -> Reach {
    let Some(dates) = dates.as_str() else { return Reach::None };
    let whole = operation["description"].as_str().unwrap();
    let (today, week) = (dates.contains("dia atual"), dates.contains("D-6"));
    match (today, week, whole.contains("12 meses no futuro")) {
        (false, ..) if dates.contains("Restrição") => Reach::All,
        (false, ..) => Reach::Open,
        (true, true, true) => Reach::Current,
        (true, true, false) => Reach::PastWeek,
        (true, false, true) => Reach::Year,
        (true, false, false) => Reach::PastYear,
    }
}

#[test]
fn status_codes_are_those_the_files_print() {
    each_row(|_, row, operation| {
        let printed: Vec<u16> = operation["responses"]
            .as_mapping()
            .unwrap()
            .keys()
            .filter_map(|code| code.as_str()?.parse().ok())
            .collect();
        assert_eq!(row.codes, printed, "{}", row.operation);
        let success = printed.iter().find(|code| (200..300).contains(*code));
        assert_eq!(Some(&row.success), success, "{}", row.operation);
    });
}

#[test]
fn c22_scopes_and_permissions_are_those_of_the_files() {
    each_row(|file, row, operation| {
        let flows = ["OAuth2Security", "OAuth2ClientCredentials", "OAuth2AuthorizationCode"];
        let of_flow = |flow: &&str| !operation["security"][0][*flow].is_null();
        let flow = flows.into_iter().find(of_flow).unwrap();
        let mut scopes: BTreeSet<&str> = words(&operation["security"][0][flow]).into_iter().collect();
        let permission = told_permission(file, row);
        match row.access {
            Access::Client(scope) => {
                assert_eq!((scopes, permission), (BTreeSet::from([scope]), None), "{}", row.operation);
            }
            Access::Customer(access) => {
                let wanted = BTreeSet::from([access.scope, "consent:consentId"]);
                // Every token of a customer has it; the files of investments and exchanges name it with the others.
                if access.scope != "openid" {
                    scopes.remove("openid");
                }
                let paid = access.scope == "payments";
                let kind = if paid { TargetKind::PaymentConsent } else { TargetKind::Consent };
                assert_eq!((scopes, access.target), (wanted, kind), "{}", row.operation);
                let asked = access.permission.map(|permission| permission.as_str().to_owned());
                assert_eq!(permission, asked, "{}", row.operation);
                if access.permission.is_none() {
                    assert_eq!(flow, "OAuth2AuthorizationCode", "{}", row.operation);
                }
            }
        }
    });
}

/// APIs whose files name no permission at all: they have one, and it is called like them (C20, C22).
const WITHOUT_TABLE: [&str; 6] = [
    "bank-fixed-incomes",
    "credit-fixed-incomes",
    "exchanges",
    "funds",
    "treasure-titles",
    "variable-incomes",
];

/// The permission that a file asks for at the path of a row.
fn told_permission(file: &Value, row: &Row) -> Option<String> {
    let table = permission_table(file);
    if WITHOUT_TABLE.contains(&row.api.name) {
        assert!(table.is_empty(), "{} has a table", row.api.name);
        return Some(format!("{}_READ", row.api.name.to_uppercase().replace('-', "_")));
    }
    table.get(row.path()).map(|permission| (*permission).to_owned())
}

/// Path to permission, from the description: `### /path` followed by `- GET: **PERMISSION**`, which some paths write as
/// `- GET **PERMISSION**` or `- permissions: **PERMISSION**`.
fn permission_table(file: &Value) -> BTreeMap<&str, &str> {
    let mut path = "";
    let mut table = BTreeMap::new();
    for line in file["info"]["description"].as_str().unwrap().lines().map(str::trim) {
        let stated = ["- GET: **", "- GET **", "- permissions: **"].iter();
        let mut stated = stated.filter_map(|words| line.strip_prefix(words)?.strip_suffix("**"));
        if let Some(heading) = line.strip_prefix("### ") {
            path = heading.trim_matches('`');
        } else if let Some(permission) = stated.next() {
            table.insert(path, permission);
        }
    }
    table
}

#[test]
fn c51_answers_have_the_shape_and_meta_of_the_files() {
    each_row(|file, row, operation| {
        let schema = success_schema(file, row, operation);
        if row.shape == Shape::Nothing {
            assert!(schema.is_null(), "{}", row.operation);
            return;
        }
        let data = resolve(file, &schema["properties"]["data"]);
        let list = match row.shape {
            Shape::Object | Shape::Nothing => false,
            Shape::Records | Shape::BoundRecords(_) | Shape::Registrations(_) => true,
            Shape::IdentifiedRecords(name) => {
                let item = resolve(file, &data["items"]);
                assert!(words(&item["required"]).contains(&name), "{}", row.operation);
                true
            }
            Shape::Products => {
                let kind = ResourceKind::of_api(row.api.name).unwrap();
                let required = words(&resolve(file, &data["items"])["required"]);
                assert!(required.contains(&kind.id()), "{}", row.operation);
                true
            }
            Shape::Resources => {
                assert_eq!(words(&data["items"]["required"]), ["resourceId", "type", "status"]);
                true
            }
        };
        assert_eq!(data["type"].as_str(), Some(if list { "array" } else { "object" }), "{}", row.operation);
        let meta = resolve(file, &schema["properties"]["meta"]);
        let totals = words(&meta["required"]).contains(&"totalRecords");
        assert_eq!(row.meta == Meta::Totals, totals, "{}", row.operation);
    });
}

/// Names of the properties in a schema that must be UUIDs, at any depth.
fn uuids<'a>(file: &'a Value, schema: &'a Value) -> BTreeSet<&'a str> {
    let schema = resolve(file, schema);
    let mut found = BTreeSet::new();
    for (name, property) in schema["properties"].as_mapping().into_iter().flatten() {
        let property = resolve(file, property);
        if property["format"].as_str() == Some("uuid") {
            found.extend(name.as_str());
        }
        found.extend(uuids(file, property));
    }
    for part in ["items", "additionalProperties"] {
        if schema[part].is_mapping() {
            found.extend(uuids(file, &schema[part]));
        }
    }
    for part in ["allOf", "oneOf", "anyOf"].iter().filter_map(|part| schema[*part].as_sequence()).flatten() {
        found.extend(uuids(file, part));
    }
    found
}

#[test]
fn c56_every_uuid_in_the_answers_of_the_files_is_one_of_ours() {
    each_row(|file, row, operation| {
        let ours = match row.shape {
            Shape::IdentifiedRecords(name) => BTreeSet::from([name]),
            _ => BTreeSet::new(),
        };
        assert_eq!(uuids(file, success_schema(file, row, operation)), ours, "{}", row.operation);
    });
}

#[test]
fn c20_permissions_are_those_of_the_consents_file() {
    let Some(file) = file(&consents::API) else { return };
    let data = &file["components"]["schemas"]["CreateConsent"]["properties"]["data"];
    let known: Vec<&str> = Permission::ALL.iter().map(|permission| permission.as_str()).collect();
    assert_eq!(words(&data["properties"]["permissions"]["items"]["enum"]), known);
}

#[test]
fn c60_product_types_are_those_of_the_resources_file() {
    let Some(file) = file(&resources::API) else { return };
    let item = &file["components"]["schemas"]["ResponseResourceList"]["properties"]["data"]["items"];
    let types: BTreeSet<&str> = words(&item["properties"]["type"]["enum"]).into_iter().collect();
    let kinds: BTreeSet<&str> = ResourceKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(kinds, types);
}
