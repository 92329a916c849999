//! The institution's own key of a product: a set of pairs whose order means nothing.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A JSON array of `{key, value}` in one canonical text, so that equal keys are equal texts (C56).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LegacyId(Box<RawValue>);

#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    key: String,
    value: String,
}

impl LegacyId {
    /// Reads a key as the institution wrote it; the order of its pairs and their spelling in JSON do not matter.
    pub fn parse(raw: &RawValue) -> Result<Self, serde_json::Error> {
        let mut pairs: Vec<Pair> = serde_json::from_str(raw.get())?;
        pairs.sort();
        serde_json::value::to_raw_value(&pairs).map(Self)
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for LegacyId {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for LegacyId {}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(json: &str) -> Result<LegacyId, serde_json::Error> {
        LegacyId::parse(&RawValue::from_string(json.to_owned())?)
    }

    #[test]
    fn c56_one_text_for_each_key() {
        let written = key(r#"[{"key":"a","value":"1"},{"key":"b","value":"é"}]"#).unwrap();
        assert_eq!(written.as_str(), r#"[{"key":"a","value":"1"},{"key":"b","value":"é"}]"#);
        assert_eq!(key(r#" [ {"value":"\u00e9","key":"b"}, {"key":"a","value":"1"} ]"#).unwrap(), written);
        assert_ne!(key(r#"[{"key":"a","value":"1"}]"#).unwrap(), written);
        assert!(key(r#"[{"key":"a"}]"#).is_err() && key("{}").is_err() && key("1").is_err());
    }
}
