//! Items and conditions: hand-written attribute maps around one JSON string (`body.rs`).

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Display;

use aws_sdk_dynamodb::types::AttributeValue;

pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn n(number: impl Display + Copy) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(crate) fn key(pk: String, sk: impl Into<String>) -> Item {
    Item::from([("pk".to_owned(), s(pk)), ("sk".to_owned(), s(sk))])
}

/// Adds attributes to a key.
pub(crate) fn item<const N: usize>(mut key: Item, attributes: [(&str, AttributeValue); N]) -> Item {
    key.extend(attributes.into_iter().map(|(name, value)| (name.to_owned(), value)));
    key
}

/// A text attribute.
pub(crate) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

/// A number attribute.
pub(crate) fn number<N: std::str::FromStr>(item: &Item, name: &str) -> Option<N> {
    item.get(name).and_then(|value| value.as_n().ok()).and_then(|text| text.parse().ok())
}

/// The names an expression writes as `#name`, because DynamoDB reserves the bare word.
pub(crate) fn names(expressions: &[&str]) -> Option<HashMap<String, String>> {
    let marked = expressions
        .iter()
        .flat_map(|expression| expression.split([' ', ',', '(', ')']))
        .filter_map(|word| word.strip_prefix('#'));
    let names = marked.map(|name| (format!("#{name}"), name.to_owned())).collect::<HashMap<_, _>>();
    (!names.is_empty()).then_some(names)
}

/// The condition of a write.
pub(crate) struct Condition {
    pub(crate) expression: Cow<'static, str>,
    pub(crate) values: Option<HashMap<String, AttributeValue>>,
}

impl Condition {
    /// Nothing is stored under the key yet.
    pub(crate) const fn absent() -> Self {
        Self { expression: Cow::Borrowed("attribute_not_exists(pk)"), values: None }
    }

    /// Something is stored under the key.
    pub(crate) const fn present() -> Self {
        Self { expression: Cow::Borrowed("attribute_exists(pk)"), values: None }
    }

    pub(crate) fn new<const N: usize>(expression: &'static str, values: [(&str, AttributeValue); N]) -> Self {
        let values = HashMap::from(values.map(|(name, value)| (name.to_owned(), value)));
        Self { expression: Cow::Borrowed(expression), values: Some(values) }
    }

    /// The version before `version` is stored; nothing, if it is the first.
    pub(crate) fn before(version: u64) -> Self {
        match version {
            0 | 1 => Self::absent(),
            _ => Self::new("version = :before", [(":before", n(version - 1))]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_names_are_found_in_every_expression() {
        let found = names(&["SET used = :yes, #owner = :owner", "(#until = :until)"]).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found["#owner"], "owner");
        assert_eq!(found["#until"], "until");
        assert_eq!(names(&["version = :before"]), None);
    }
}
