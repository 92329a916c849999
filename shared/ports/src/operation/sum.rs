//! The answer of work that was done in several parts, and how much of an answer is kept.

use serde_json::{Map, Value};

/// Most bytes of an answer that a record keeps: with the members of its command it stays below the 400 KB of an item.
const KEPT_BYTES: usize = 100_000;

/// Adds up the answers of two parts: numbers are added, lists put together, objects member by member; of everything else the
/// later one counts. What is too long to be kept loses its lists and objects, by name.
#[must_use]
pub fn sum(before: Option<&Value>, part: Value) -> Value {
    let sum = match before {
        Some(before) => added(before.clone(), part),
        None => part,
    };
    if sum.to_string().len() > KEPT_BYTES { cut(sum) } else { sum }
}

fn added(before: Value, part: Value) -> Value {
    match (before, part) {
        (Value::Object(mut before), Value::Object(part)) => {
            for (name, value) in part {
                let value = match before.remove(&name) {
                    Some(earlier) => added(earlier, value),
                    None => value,
                };
                before.insert(name, value);
            }
            Value::Object(before)
        }
        (Value::Array(mut before), Value::Array(part)) => {
            before.extend(part);
            Value::Array(before)
        }
        (Value::Number(before), Value::Number(part)) => match (before.as_i64(), part.as_i64()) {
            (Some(before), Some(part)) => before.saturating_add(part).into(),
            _ => Value::Number(part),
        },
        (_, part) => part,
    }
}

/// What is left of an answer that is too long: what is neither a list nor an object, and the names of the rest under `cut`.
fn cut(answer: Value) -> Value {
    let Value::Object(members) = answer else { return cut_names(vec!["answer".to_owned()]) };
    let long = |value: &Value| match value {
        Value::Array(_) | Value::Object(_) => true,
        Value::String(text) => text.len() > 1_000,
        _ => false,
    };
    let (gone, mut kept): (Map<_, _>, Map<_, _>) = members.into_iter().partition(|(_, value)| long(value));
    kept.insert("cut".to_owned(), gone.into_iter().map(|(name, _)| Value::String(name)).collect());
    Value::Object(kept)
}

fn cut_names(names: Vec<String>) -> Value {
    Value::Object(Map::from_iter([("cut".to_owned(), names.into_iter().map(Value::String).collect())]))
}
