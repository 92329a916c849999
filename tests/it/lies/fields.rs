//! Places of the fields of a table in an answer, and values that they may not have.

use std::collections::BTreeMap;

use ponte_records::field::{Field, Kind, List, Object};
use ponte_records::{LEGACY_ID, Rule, Schema};
use serde_json::{Value, json};

/// A field in an answer.
pub(super) struct Place {
    /// Its path, as findings have it.
    pub(super) path: String,
    /// Where the object or list is that it is in, as a JSON pointer.
    within: String,
    /// Its name there, or none for the first item of a list.
    name: Option<&'static str>,
    required: bool,
    nullable: bool,
    kind: Option<Kind>,
}

/// A value that a field may not have, or that it is not there.
#[derive(Debug)]
pub(super) struct Lie {
    value: Option<Value>,
    pub(super) rule: Rule,
}

impl Place {
    /// The key of a product in a list of them, which no file knows.
    pub(super) fn of_a_key() -> Self {
        let (path, within) = (format!("data[].{LEGACY_ID}"), "/0".to_owned());
        Self { path, within, name: Some(LEGACY_ID), required: true, nullable: false, kind: None }
    }

    pub(super) const fn is_a_key(&self) -> bool {
        self.kind.is_none()
    }

    /// `data` with a lie in this place.
    pub(super) fn spoilt(&self, data: &Value, lie: &Lie) -> Value {
        let mut data = data.clone();
        let within = data.pointer_mut(&self.within).expect("the place was found in it");
        match (self.name, &lie.value) {
            (Some(name), Some(value)) => within[name] = value.clone(),
            (Some(name), None) => {
                within.as_object_mut().and_then(|object| object.remove(name)).expect("it was there");
            }
            (None, value) => within[0] = value.clone().unwrap_or_default(),
        }
        data
    }
}

/// The first place of each field that `data` has room for: fields of objects that are there, whether they are themselves or not.
pub(super) fn places(schema: &Schema, data: &Value) -> Vec<Place> {
    let mut found = BTreeMap::new();
    walk(schema, Some(data), "data", "", &mut found);
    found.into_values().flatten().collect()
}

/// Every path of a table.
pub(super) fn paths(schema: &Schema) -> Vec<String> {
    let mut found = BTreeMap::new();
    walk(schema, None, "data", "", &mut found);
    found.into_keys().collect()
}

/// Notes the fields below a value; the place of each, if there is a value.
fn walk(
    kind: &Kind,
    data: Option<&Value>,
    path: &str,
    pointer: &str,
    found: &mut BTreeMap<String, Option<Place>>,
) {
    match kind {
        Kind::Object(Object { fields, .. }) => {
            for field in *fields {
                property(field, data, path, pointer, found);
            }
        }
        Kind::List(List { item, .. }) => {
            let path = format!("{path}[]");
            if !matches!(item, Kind::Object(_)) {
                let (within, name) = (pointer.to_owned(), None);
                let place = Place {
                    path: path.clone(),
                    within,
                    name,
                    required: false,
                    nullable: false,
                    kind: Some(*item),
                };
                found.entry(path.clone()).or_insert(data.is_some().then_some(place));
            }
            let items = data.and_then(Value::as_array);
            for (number, value) in items.into_iter().flatten().enumerate() {
                walk(item, Some(value), &path, &format!("{pointer}/{number}"), found);
            }
            if data.is_none() {
                walk(item, None, &path, pointer, found);
            }
        }
        _ => {}
    }
}

fn property(
    field: &'static Field,
    data: Option<&Value>,
    path: &str,
    pointer: &str,
    found: &mut BTreeMap<String, Option<Place>>,
) {
    let (path, within) = (format!("{path}.{}", field.name), pointer.to_owned());
    let value = data.map(|object| &object[field.name]);
    let Field { name, required, nullable, kind } = field;
    let place = Place {
        path: path.clone(),
        within,
        name: Some(name),
        required: *required,
        nullable: *nullable,
        kind: Some(*kind),
    };
    found.entry(path.clone()).or_insert(data.is_some().then_some(place));
    if value.is_none_or(|value| value.is_object() || value.as_array().is_some_and(|items| !items.is_empty()))
    {
        walk(kind, value, &path, &format!("{pointer}/{}", field.name), found);
    }
}

/// Values that the field in a place may not have.
pub(super) fn lies(place: &Place) -> Vec<Lie> {
    let mut lies = place.kind.as_ref().map(of_a_kind).unwrap_or_default();
    if place.required {
        lies.push(Lie { value: None, rule: Rule::Missing });
    }
    if !place.nullable {
        lies.push(lie(Value::Null, Rule::Null));
    }
    lies
}

/// The same of the institution's key of a product.
pub(super) fn of_a_key() -> Vec<Lie> {
    vec![lie(json!("1"), Rule::Type), lie(json!(["1"]), Rule::Type), Lie { value: None, rule: Rule::Missing }]
}

/// The same of an id of the institution that Ponte replaces.
pub(super) fn of_an_id() -> Vec<Lie> {
    vec![lie(json!(7), Rule::Type), lie(Value::Null, Rule::Type), Lie { value: None, rule: Rule::Missing }]
}

/// The lies about an id that leaves bound to its product.
pub(super) fn of_a_bound_id(place: &Place) -> Vec<Lie> {
    let mut lies = of_an_id();
    lies.retain(|lie| place.required || lie.rule != Rule::Missing);
    lies.extend(["a".repeat(64), "-a".to_owned(), String::new()].map(|text| lie(json!(text), Rule::Type)));
    lies
}

const fn lie(value: Value, rule: Rule) -> Lie {
    Lie { value: Some(value), rule }
}

fn of_a_kind(kind: &Kind) -> Vec<Lie> {
    let long = |most: u32| json!("ã".repeat(most as usize + 1));
    let mut lies = vec![lie(of_another_type(kind), Rule::Type)];
    match kind {
        Kind::Text(text) => {
            lies.extend((text.most < 10_000).then(|| lie(long(text.most), Rule::Length)));
            lies.extend((text.least > 0).then(|| lie(json!(""), Rule::Length)));
            // As long as it may be, and of nothing that any form has.
            let formless = " ".repeat(text.least.max(1).midpoint(text.most.clamp(1, 40)) as usize);
            lies.extend(text.pattern.map(|_| lie(json!(formless), Rule::Pattern)));
        }
        Kind::OneOf(_) => lies.push(lie(json!("OUTRA_PALAVRA"), Rule::Enum)),
        Kind::Date => lies.push(lie(json!("2025-02-29"), Rule::Date)),
        Kind::Moment(_) => {
            lies.push(lie(json!("2025-02-29T10:00:00Z"), Rule::Date));
            lies.push(lie(json!("2025-02-29T10:00:00.000Z"), Rule::Date));
        }
        Kind::Number(number) => {
            lies.extend((number.most < i64::MAX).then(|| lie(json!(number.most + 1), Rule::Range)));
            lies.extend((number.least > i64::MIN).then(|| lie(json!(number.least - 1), Rule::Range)));
            lies.extend(number.whole.then(|| lie(json!(1.5), Rule::Range)));
        }
        Kind::List(List { least, .. }) => {
            lies.extend((*least > 0).then(|| lie(json!([]), Rule::Items)));
        }
        Kind::Boolean | Kind::Object(_) => {}
    }
    lies
}

fn of_another_type(kind: &Kind) -> Value {
    match kind {
        Kind::Text(_) | Kind::OneOf(_) | Kind::Date | Kind::Moment(_) => json!(20_260_301),
        Kind::Number(_) => json!("1"),
        Kind::Boolean => json!("true"),
        Kind::Object(_) => json!([]),
        Kind::List(_) => json!({}),
    }
}
