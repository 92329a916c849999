//! One text for every way to write a JSON value: members sorted by name, no spaces, one way to escape, one way to write a number.
//! Two requests are the same request when their texts are (P42, P43).

use aws_lc_rs::digest::{Context, SHA256};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Deepest value that is read. No body of the standard comes near.
const DEEPEST: usize = 32;

/// SHA-256 of the canonical text in hexadecimal; `None` if the value is too deep or no text of it can be read.
pub(crate) fn hash(value: &RawValue) -> Option<String> {
    let mut digest = Context::new(&SHA256);
    add(value.get(), DEEPEST, &mut digest)?;
    let mut text = String::with_capacity(64);
    for byte in digest.finish().as_ref() {
        let _ = write!(text, "{byte:02x}");
    }
    Some(text)
}

/// Adds a value to the digest.
fn add(json: &str, depth: usize, digest: &mut Context) -> Option<()> {
    let deeper = depth.checked_sub(1)?;
    match json.as_bytes().first()? {
        b'{' => {
            let Members(mut members) = serde_json::from_str(json).ok()?;
            // A name that stands twice keeps its order: nobody shall hide a second value behind the first.
            members.sort_by(|(Name(one), _), (Name(other), _)| one.cmp(other));
            digest.update(b"{");
            for (Name(name), value) in members {
                match name {
                    Cow::Borrowed(name) => {
                        digest.update(b"\"");
                        digest.update(name.as_bytes());
                        digest.update(b"\"");
                    }
                    Cow::Owned(name) => add_text(&name, digest)?,
                }
                digest.update(b":");
                add(value.get(), deeper, digest)?;
                digest.update(b",");
            }
            digest.update(b"}");
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            digest.update(b"[");
            for item in items {
                add(item.get(), deeper, digest)?;
                digest.update(b",");
            }
            digest.update(b"]");
        }
        // Without an escape a text is written in the one way already.
        b'"' if !json.contains('\\') => digest.update(json.as_bytes()),
        b'"' => add_text(&serde_json::from_str::<String>(json).ok()?, digest)?,
        b'-' | b'0'..=b'9' => digest.update(number(json).as_bytes()),
        _ => digest.update(json.as_bytes()),
    }
    Some(())
}

fn add_text(text: &str, digest: &mut Context) -> Option<()> {
    digest.update(serde_json::to_string(text).ok()?.as_bytes());
    Some(())
}

/// A number by its value: its digits without zeros at either end, and a power of ten. One with an exponent beyond measure stays as
/// it was written.
fn number(text: &str) -> String {
    by_value(text).unwrap_or_else(|| text.to_owned())
}

fn by_value(text: &str) -> Option<String> {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let kept = digits.trim_end_matches('0');
    if kept.is_empty() {
        return Some("0".to_owned());
    }
    let exponent: i64 = exponent.parse().ok()?;
    let fraction = i64::try_from(fraction.len()).ok()?;
    let zeros = i64::try_from(digits.len() - kept.len()).ok()?;
    let exponent = exponent.checked_sub(fraction)?.checked_add(zeros)?;
    Some(format!("{sign}{kept}e{exponent}"))
}

/// The members of an object in the order in which they were written.
struct Members<'a>(Vec<(Name<'a>, &'a RawValue)>);

/// The name of a member, borrowed where it was written without an escape.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash_of(text: &str) -> Option<String> {
        hash(&RawValue::from_string(text.to_owned()).unwrap())
    }

    #[test]
    fn p42_the_same_value_written_another_way_is_the_same_request() {
        for (one, other) in [
            (r#"{"a":1,"b":[true,null]}"#, " {\"b\" : [ true,\n null ],\t\"a\":1 } "),
            (r#"{"a":{"c":"1","b":"2"}}"#, r#"{"a":{"b":"2","c":"1"}}"#),
            (r#"{"é":"/"}"#, r#"{"\u00e9":"\/"}"#),
            ("{\"\u{7f}\u{2028}\":\"\u{7f}\u{2028}\"}", r#"{"\u007f\u2028":"\u007f\u2028"}"#),
            (r#""\u0041\n""#, r#""A\u000a""#),
            (r#""\ud83d\ude00""#, "\"\u{1f600}\""),
            ("[1,10,0,-0,0.50,1200]", "[1.0,1e1,0.0,0e9,5E-1,12e+2]"),
            ("[12345678901234567890123.0]", "[12345678901234567890123]"),
        ] {
            let hash = hash_of(one).unwrap();
            assert_eq!(hash.len(), 64);
            assert_eq!(Some(hash), hash_of(other), "{one} {other}");
        }
    }

    #[test]
    fn p43_another_value_is_another_request() {
        let all = [
            "{}",
            "[]",
            "null",
            r#"{"a":1}"#,
            r#"{"a":"1"}"#,
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":2,"a":1}"#,
            r#"{"a":-1}"#,
            r#"{"a":[1]}"#,
            r#"{"a":[1,2]}"#,
            r#"{"a":[2,1]}"#,
            r#"{"a":[[1],2]}"#,
            r#"{"a":[[1,2]]}"#,
            r#"{"A":1}"#,
            r#"{"a ":1}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"a":{},"b":1}"#,
            "[12345678901234567890123]",
            "[12345678901234567890124]",
            "[1e99999999999999999999]",
            "[1e99999999999999999998]",
            r#"["1","2"]"#,
            r#"["1,2"]"#,
            r#"["1\",\"2"]"#,
            "true",
            "false",
        ];
        let hashes: std::collections::BTreeSet<_> = all.iter().map(|text| hash_of(text).unwrap()).collect();
        assert_eq!(hashes.len(), all.len());
    }

    #[test]
    fn t35_what_is_too_deep_or_no_text_is_no_request() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(hash_of(&nested(DEEPEST - 1)).is_some());
        assert_eq!(hash_of(&nested(DEEPEST)), None);
        assert_eq!(hash_of(&nested(100_000)), None);
        assert_eq!(hash_of(r#"{"a":"\ud800"}"#), None, "half a character");
        assert_eq!(hash_of(r#"{"\ud800":1}"#), None);
    }
}
