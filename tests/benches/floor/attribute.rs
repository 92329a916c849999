//! DynamoDB's JSON of attribute values, read into the SDK's own type.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;

/// Names and values of an item, a key or expression values.
pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// A map of attribute values; absent where the request had none.
pub(crate) fn attributes(json: &Value) -> Option<Attributes> {
    json.as_object()?.iter().map(|(name, value)| Some((name.clone(), attribute(value)?))).collect()
}

fn attribute(json: &Value) -> Option<AttributeValue> {
    let (kind, value) = json.as_object()?.iter().next()?;
    let text = || value.as_str().map(str::to_owned);
    let texts =
        || value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect::<Option<_>>();
    match kind.as_str() {
        "S" => text().map(AttributeValue::S),
        "N" => text().map(AttributeValue::N),
        "BOOL" => value.as_bool().map(AttributeValue::Bool),
        "NULL" => Some(AttributeValue::Null(true)),
        "SS" => texts().map(AttributeValue::Ss),
        "L" => value.as_array()?.iter().map(attribute).collect::<Option<_>>().map(AttributeValue::L),
        "M" => attributes(value).map(AttributeValue::M),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_kind_our_tables_hold_is_read() {
        let item = attributes(&json!({
            "pk": {"S": "I#a"}, "n": {"N": "7"}, "flag": {"BOOL": true}, "none": {"NULL": true},
            "set": {"SS": ["x"]}, "list": {"L": [{"S": "y"}]}, "map": {"M": {"z": {"N": "1"}}},
        }))
        .unwrap();
        assert_eq!(item.len(), 7);
        assert_eq!(item["n"], AttributeValue::N("7".to_owned()));
        assert_eq!(item["list"], AttributeValue::L(vec![AttributeValue::S("y".to_owned())]));
        assert!(attributes(&json!({ "b": { "B": "AA==" } })).is_none(), "no table of ours holds bytes");
    }
}
