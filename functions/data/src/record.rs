//! Records of the institution, whose values stay as they came, but for its own keys: those never leave (C56).

use std::borrow::Cow;
use std::fmt;

use ponte_ports::PortError;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Name of the property that carries the institution's own key.
pub(crate) const LEGACY_ID: &str = "resourceLegacyId";

/// Deepest level of records with a key in them.
const DEEPEST: usize = 64;

/// A record as its properties, each value unread.
pub(crate) struct Record<'a>(pub(crate) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Record<'a> {
    /// The value of a property.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(property, _)| property == name).map(|(_, value)| *value)
    }

    /// Writes the record with the public id in place of the institution's own, and without `product`, the property that only we
    /// write of the product it belongs to.
    pub(crate) fn write_as(
        &self,
        (name, id): (&str, &str),
        product: Option<&str>,
        out: &mut String,
    ) -> Result<(), PortError> {
        out.push('{');
        property(name, &serde_json::to_string(id).map_err(unreadable)?, out)?;
        for (own, value) in &self.0 {
            // A property of a name that only we write is not passed on.
            if own != LEGACY_ID && own != name && Some(own.as_ref()) != product {
                out.push(',');
                property(own, &left_out(value, product)?, out)?;
            }
        }
        out.push('}');
        Ok(())
    }
}

/// Records without the institution's own keys, and without `product`, the property that only we write. Most have none, and pass
/// unread.
pub(crate) fn left_out<'a>(data: &'a RawValue, product: Option<&str>) -> Result<Cow<'a, str>, PortError> {
    let names: Vec<&str> = [LEGACY_ID].into_iter().chain(product).collect();
    // A name may be spelled with escapes.
    let may_have = |name: &&str| data.get().contains(&format!("\"{name}\""));
    if !data.get().contains("\\u") && !names.iter().any(may_have) {
        return Ok(Cow::Borrowed(data.get()));
    }
    let mut out = String::with_capacity(data.get().len());
    copy(data, &names, DEEPEST, &mut out)?;
    Ok(Cow::Owned(out))
}

/// Copies a value without the properties of these names, `depth` levels deep; what is no object or array stays as it came.
fn copy(value: &RawValue, without: &[&str], depth: usize, out: &mut String) -> Result<(), PortError> {
    let text = value.get();
    let depth =
        depth.checked_sub(1).ok_or_else(|| PortError::new("institution", "records that are too deep"))?;
    match text.as_bytes().first() {
        Some(b'{') => {
            let Record(properties) = serde_json::from_str(text).map_err(unreadable)?;
            out.push('{');
            let mut first = true;
            for (name, value) in properties.iter().filter(|(name, _)| !without.contains(&name.as_ref())) {
                if !std::mem::take(&mut first) {
                    out.push(',');
                }
                property(name, "", out)?;
                copy(value, without, depth, out)?;
            }
            out.push('}');
        }
        Some(b'[') => {
            let values: Vec<&RawValue> = serde_json::from_str(text).map_err(unreadable)?;
            out.push('[');
            for (number, value) in values.into_iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                copy(value, without, depth, out)?;
            }
            out.push(']');
        }
        _ => out.push_str(text),
    }
    Ok(())
}

fn property(name: &str, value: &str, out: &mut String) -> Result<(), PortError> {
    out.push_str(&serde_json::to_string(name).map_err(unreadable)?);
    out.push(':');
    out.push_str(value);
    Ok(())
}

pub(crate) fn unreadable(error: serde_json::Error) -> PortError {
    PortError::new("institution", error)
}

impl<'de> Deserialize<'de> for Record<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Properties;

        impl<'de> Visitor<'de> for Properties {
            type Value = Record<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut properties = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    properties.push((name, map.next_value()?));
                }
                Ok(Record(properties))
            }
        }

        deserializer.deserialize_map(Properties)
    }
}

/// A property's name, borrowed where it can be.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn c56_keys_that_nobody_asked_for_do_not_leave() {
        let out = |data: &str| left_out(&raw(data), Some("accountId")).unwrap().into_owned();
        let text = r#"{"amount":1.50,"text":"resourceLegacyId"}"#;
        assert_eq!(out(text), text, "the name alone is a text like any other");
        assert_eq!(
            out(
                r#"{"accountId":"own","amount": 1.50,"parts":[{"resourceLegacyId":[],"x": 1},[ 2 ]],"e":[],"o":{}}"#
            ),
            r#"{"amount":1.50,"parts":[{"x":1},[2]],"e":[],"o":{}}"#
        );
        assert_eq!(out(r#"[{"resourceLegacyId":[{"key":"a","value":"b"}]},{"b":2}]"#), r#"[{},{"b":2}]"#);
        assert_eq!(
            out(r#"{"account\u0049d":"own","text":"\u00e9"}"#),
            r#"{"text":"\u00e9"}"#,
            "however spelled"
        );
        assert!(matches!(left_out(&raw(r#"{"a":1}"#), None), Ok(Cow::Borrowed(r#"{"a":1}"#))));
        for (levels, fits) in [(DEEPEST - 2, true), (DEEPEST, false), (1_000_000, false)] {
            let deep = format!("{}{{\"accountId\":1}}{}", "[".repeat(levels), "]".repeat(levels));
            assert_eq!(left_out(&raw(&deep), Some("accountId")).is_ok(), fits, "{levels}");
        }
    }
}
