//! Tables in memory that add up what DynamoDB would charge: read and write units by the size of what is touched.
//!
//! Conditions are not evaluated: one caller at a time writes to them, so every condition would hold.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Bytes of a write unit and of a read unit (strongly consistent).
const WRITE: u64 = 1024;
const READ: u64 = 4096;
/// Bytes of a page of a query at most.
const PAGE: u64 = 1024 * 1024;

/// Units charged so far.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Units {
    /// Write request units.
    pub(crate) write: f64,
    /// Read request units.
    pub(crate) read: f64,
}

/// Items by table, partition and sort key.
#[derive(Default)]
pub(crate) struct MeteredTables {
    items: BTreeMap<(String, String, String), Map<String, Value>>,
    /// Charged so far.
    pub(crate) units: Units,
}

impl MeteredTables {
    /// Does what a request asks for.
    pub(crate) fn answer(&mut self, operation: &str, body: &Value) -> Value {
        match operation {
            "GetItem" => self.get(body),
            "PutItem" => {
                self.put(body, 1.0);
                json!({})
            }
            "UpdateItem" => {
                self.update(body, 1.0);
                json!({})
            }
            "DeleteItem" => {
                self.delete(body["TableName"].as_str(), &body["Key"], 1.0);
                json!({})
            }
            "BatchWriteItem" => self.batch(body),
            "TransactWriteItems" => self.transact(body),
            "Query" => self.query(body),
            other => json!({ "__type": "UnknownOperationException", "message": other }),
        }
    }

    /// Items of a table whose partition key contains `part`.
    pub(crate) fn count(&self, table: &str, part: &str) -> usize {
        self.items.keys().filter(|(one, pk, _)| one == table && pk.contains(part)).count()
    }

    fn get(&mut self, body: &Value) -> Value {
        let item = place(body["TableName"].as_str(), &body["Key"]).and_then(|place| self.items.get(&place));
        self.units.read += units(item.map_or(0, size), READ) * consistency(body);
        item.map_or(json!({}), |item| json!({ "Item": item }))
    }

    fn put(&mut self, put: &Value, times: f64) {
        let Value::Object(item) = &put["Item"] else { return };
        let Some(place) = place(put["TableName"].as_str(), &put["Item"]) else { return };
        let before = self.items.insert(place, item.clone());
        // A replaced item is charged by the larger of the two.
        self.units.write += units(before.as_ref().map_or(0, size).max(size(item)), WRITE) * times;
    }

    fn delete(&mut self, table: Option<&str>, key: &Value, times: f64) {
        let before = place(table, key).and_then(|place| self.items.remove(&place));
        self.units.write += units(before.as_ref().map_or(0, size), WRITE) * times;
    }

    /// `SET a = :a, b = if_not_exists(b, :b) REMOVE c ADD d :d`, as far as the functions use it.
    fn update(&mut self, update: &Value, times: f64) {
        let Some(place) = place(update["TableName"].as_str(), &update["Key"]) else { return };
        let empty = || update["Key"].as_object().cloned().unwrap_or_default();
        let mut item = self.items.remove(&place).unwrap_or_else(empty);
        let before = size(&item);
        for change in changes(update["UpdateExpression"].as_str().unwrap_or_default()) {
            change.make(&mut item, update);
        }
        self.units.write += units(before.max(size(&item)), WRITE) * times;
        self.items.insert(place, item);
    }

    fn batch(&mut self, body: &Value) -> Value {
        for (table, requests) in body["RequestItems"].as_object().into_iter().flatten() {
            for request in requests.as_array().into_iter().flatten() {
                if request["DeleteRequest"].is_object() {
                    self.delete(Some(table), &request["DeleteRequest"]["Key"], 1.0);
                } else {
                    self.put(&json!({ "TableName": table, "Item": request["PutRequest"]["Item"] }), 1.0);
                }
            }
        }
        json!({ "UnprocessedItems": {} })
    }

    /// Everything in a transaction costs twice.
    fn transact(&mut self, body: &Value) -> Value {
        for item in body["TransactItems"].as_array().into_iter().flatten() {
            if item["Put"].is_object() {
                self.put(&item["Put"], 2.0);
            } else if item["Update"].is_object() {
                self.update(&item["Update"], 2.0);
            } else if item["Delete"].is_object() {
                self.delete(item["Delete"]["TableName"].as_str(), &item["Delete"]["Key"], 2.0);
            } else {
                self.units.write += 2.0;
            }
        }
        json!({})
    }

    fn query(&mut self, body: &Value) -> Value {
        let value = |name: &str| text(&body["ExpressionAttributeValues"][name]);
        let table = body["TableName"].as_str().unwrap_or_default().to_owned();
        let Some(pk) = value(":pk") else { return json!({ "Items": [], "Count": 0, "ScannedCount": 0 }) };
        let range = Range::of(body["KeyConditionExpression"].as_str().unwrap_or_default(), &value);
        let begun = text(&body["ExclusiveStartKey"]["sk"]);
        let limit =
            body["Limit"].as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        let (mut found, mut bytes, mut more) = (Vec::new(), 0, None);
        let from = (table.clone(), pk.clone(), String::new());
        let all = self.items.range(from..).take_while(|((one, key, _), _)| *one == table && *key == pk);
        for ((_, _, sk), item) in all {
            if !range.holds(sk) || begun.as_ref().is_some_and(|begun| sk <= begun) {
                continue;
            }
            bytes += size(item);
            found.push(item.clone());
            if found.len() >= limit || bytes >= PAGE {
                more = Some(json!({ "pk": { "S": pk }, "sk": { "S": sk } }));
                break;
            }
        }
        self.units.read += units(bytes, READ) * consistency(body);
        let count = found.len();
        let mut page = json!({ "Items": found, "Count": count, "ScannedCount": count });
        if let Some(key) = more {
            page["LastEvaluatedKey"] = key;
        }
        page
    }
}

/// Range of sort keys of a query.
enum Range {
    All,
    After(String),
    Between(String, String),
    BeginningWith(String),
}

impl Range {
    fn of(expression: &str, value: &impl Fn(&str) -> Option<String>) -> Self {
        let names: Vec<&str> =
            expression.split([' ', ',', ')']).filter(|word| word.starts_with(':')).collect();
        let nth = |place: usize| names.get(place).and_then(|name| value(name)).unwrap_or_default();
        match expression {
            between if between.contains(" BETWEEN ") => Self::Between(nth(1), nth(2)),
            after if after.contains(" > ") => Self::After(nth(1)),
            prefix if prefix.contains("begins_with") => Self::BeginningWith(nth(1)),
            _ => Self::All,
        }
    }

    fn holds(&self, sk: &str) -> bool {
        match self {
            Self::All => true,
            Self::After(after) => sk > after.as_str(),
            Self::Between(from, to) => sk >= from.as_str() && sk <= to.as_str(),
            Self::BeginningWith(prefix) => sk.starts_with(prefix.as_str()),
        }
    }
}

/// One change of an update expression.
#[derive(Default)]
struct Change {
    clause: String,
    words: Vec<String>,
}

/// `SET a = :a, b = if_not_exists(b, :b) ADD c :c` as three changes.
fn changes(expression: &str) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut clause = String::new();
    let mut open = false;
    for word in expression.split_whitespace() {
        if ["SET", "ADD", "REMOVE"].contains(&word) {
            word.clone_into(&mut clause);
            open = false;
            continue;
        }
        if !open {
            changes.push(Change { clause: clause.clone(), words: Vec::new() });
        }
        let inside = word.contains('(') && !word.contains(')');
        open = inside || !word.ends_with(',');
        if let Some(last) = changes.last_mut() {
            last.words.push(word.trim_end_matches([',', ')']).to_owned());
        }
    }
    changes
}

impl Change {
    fn make(&self, item: &mut Map<String, Value>, update: &Value) {
        let (Some(name), Some(value)) = (self.words.first(), self.words.last()) else { return };
        let (name, value) = (named(update, name), value_of(update, value));
        let keep =
            self.words.iter().any(|word| word.starts_with("if_not_exists")) && item.contains_key(&name);
        match self.clause.as_str() {
            "REMOVE" => drop(item.remove(&name)),
            "ADD" => add(item, name, &value),
            _ if keep => {}
            _ => drop(item.insert(name, value)),
        }
    }
}

fn named(update: &Value, name: &str) -> String {
    update["ExpressionAttributeNames"][name].as_str().unwrap_or(name).to_owned()
}

fn value_of(update: &Value, name: &str) -> Value {
    update["ExpressionAttributeValues"][name].clone()
}

fn add(item: &mut Map<String, Value>, name: String, value: &Value) {
    let number = |value: Option<&Value>| -> i64 {
        value.and_then(|value| value["N"].as_str()?.parse().ok()).unwrap_or_default()
    };
    let sum = number(item.get(&name)) + number(Some(value));
    item.insert(name, json!({ "N": sum.to_string() }));
}

fn place(table: Option<&str>, key: &Value) -> Option<(String, String, String)> {
    Some((table?.to_owned(), text(&key["pk"])?, text(&key["sk"])?))
}

fn text(value: &Value) -> Option<String> {
    value["S"].as_str().map(str::to_owned)
}

/// One for a strongly consistent read, a half for any other.
fn consistency(body: &Value) -> f64 {
    if body["ConsistentRead"] == true { 1.0 } else { 0.5 }
}

/// Started units of so many bytes; nothing costs one.
fn units(bytes: u64, unit: u64) -> f64 {
    f64::from(u32::try_from(bytes.div_ceil(unit).max(1)).unwrap_or(u32::MAX))
}

/// Bytes of an item as DynamoDB counts them: names and values.
fn size(item: &Map<String, Value>) -> u64 {
    item.iter().map(|(name, value)| name.len() as u64 + size_of(value)).sum()
}

fn size_of(value: &Value) -> u64 {
    let Some((kind, inner)) = value.as_object().and_then(|one| one.iter().next()) else { return 1 };
    let text = inner.as_str().map_or(0, |text| text.len() as u64);
    match kind.as_str() {
        "S" => text,
        "N" => text.div_ceil(2) + 1,
        // Base64 on the wire, bytes in the table.
        "B" => text / 4 * 3,
        "M" => {
            3 + inner
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, one)| name.len() as u64 + 1 + size_of(one))
                .sum::<u64>()
        }
        "L" => 3 + inner.as_array().into_iter().flatten().map(|one| 1 + size_of(one)).sum::<u64>(),
        _ => 1,
    }
}
