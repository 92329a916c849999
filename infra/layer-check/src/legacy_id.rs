//! Keys of products: pairs whose order means nothing, in the one form that Ponte keeps.

use serde_json::{Value, json};

/// The key of a product or record, its pairs in order and with nothing beside key and value; as it is, if it is no list.
pub(crate) fn of(record: &Value) -> Value {
    let Some(pairs) = record["resourceLegacyId"].as_array() else {
        return record["resourceLegacyId"].clone();
    };
    let mut pairs: Vec<Value> =
        pairs.iter().map(|pair| json!({ "key": pair["key"], "value": pair["value"] })).collect();
    pairs.sort_by_cached_key(|pair| (pair["key"].to_string(), pair["value"].to_string()));
    Value::Array(pairs)
}

/// Bytes of a key, written without blanks.
pub(crate) fn length(key: &Value) -> usize {
    key.to_string().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c56_one_key_however_its_pairs_are_written() {
        let one = json!({ "resourceLegacyId": [{ "key": "b", "value": "2" }, { "value": "1", "key": "a" }] });
        let other = json!({ "resourceLegacyId": [{ "key": "a", "value": "1", "more": 3 }, { "key": "b", "value": "2" }] });
        assert_eq!(of(&one), of(&other));
        assert_ne!(of(&one), of(&json!({ "resourceLegacyId": [{ "key": "a", "value": "1" }] })));
        assert_eq!((of(&json!({})), of(&json!({ "resourceLegacyId": "a" }))), (Value::Null, json!("a")));
        let short = of(&json!({ "resourceLegacyId": [{ "value": "1", "key": "a" }] }));
        assert_eq!(length(&short), r#"[{"key":"a","value":"1"}]"#.len());
    }
}
