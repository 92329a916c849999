//! Ids of the institution as it writes them, and the public ones of products (C56).

use std::collections::HashMap;

use ponte_data_consent::legacy_id::LegacyId;
use ponte_records::NotAKey;
use serde_json::value::RawValue;

/// The public id of the product that the institution names by this key; `known` has them by the text of the key.
pub(crate) fn product<'a>(own: &str, known: &HashMap<&str, &'a str>) -> Result<Option<&'a str>, NotAKey> {
    // Most institutions write a key as we keep it, and then it need not be read.
    if let Some(id) = known.get(own) {
        return Ok(Some(id));
    }
    Ok(known.get(key(own)?.as_str()).copied())
}

/// The institution's own id of a record, a text or a key of pairs, as a text that is the same however it is spelled.
pub(crate) fn text(own: &str) -> Result<String, NotAKey> {
    if own.starts_with('[') {
        return key(own).map(|key| key.as_str().to_owned());
    }
    serde_json::from_str(own).map_err(|_| NotAKey)
}

fn key(own: &str) -> Result<LegacyId, NotAKey> {
    let own: &RawValue = serde_json::from_str(own).map_err(|_| NotAKey)?;
    LegacyId::parse(own).map_err(|_| NotAKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c56_a_product_is_known_however_its_key_is_spelled() {
        let known = HashMap::from([(r#"[{"key":"a","value":"1"},{"key":"b","value":"é"}]"#, "public-1")]);
        for same in [
            r#"[{"key":"a","value":"1"},{"key":"b","value":"é"}]"#,
            r#"[ {"value":"\u00e9","key":"b"}, {"key":"a","value":"1"} ]"#,
        ] {
            assert_eq!(product(same, &known), Ok(Some("public-1")), "{same}");
        }
        assert_eq!(product(r#"[{"key":"a","value":"1"}]"#, &known), Ok(None));
        for none in [r#""1""#, "[1]", "{}", "null", "1"] {
            assert_eq!(product(none, &known), Err(NotAKey), "{none}");
        }
    }

    #[test]
    fn c56_an_id_of_a_record_is_one_text_however_it_is_spelled() {
        assert_eq!(text(r#""\u0061b""#), text(r#""ab""#));
        let key = r#"[{"key":"k","value":"v"}]"#;
        assert_eq!(text(r#"[ {"value":"v","key":"k"} ]"#), Ok(key.to_owned()));
        for none in ["1", "null", "true", r#"["a"]"#, "{}"] {
            assert_eq!(text(none), Err(NotAKey), "{none}");
        }
    }
}
