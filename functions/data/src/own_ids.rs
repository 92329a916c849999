//! Ids of records: the institution's own are replaced (C56).

use ponte_data_consent::legacy_id::LegacyId;
use ponte_ports::PortError;
use serde_json::value::RawValue;

use crate::record::{Record, unreadable};

/// A list of records with the public id that `public` gives to the institution's own under `name`: a text, or a key of pairs. A
/// record without one is a fault of the layer. What names their product under `product` is left out.
pub(crate) fn replaced(
    data: &RawValue,
    name: &str,
    product: Option<&str>,
    public: impl Fn(&str) -> String,
) -> Result<String, PortError> {
    let records: Vec<Record<'_>> = serde_json::from_str(data.get()).map_err(unreadable)?;
    let mut out = String::with_capacity(data.get().len() + 2);
    out.push('[');
    for record in records {
        if out.len() > 1 {
            out.push(',');
        }
        let own = record.get(name).ok_or_else(|| PortError::new("institution", "a record without its id"))?;
        record.write_as((name, &public(&text(own)?)), product, &mut out)?;
    }
    out.push(']');
    Ok(out)
}

/// The institution's own id as a text, which is the same however it is spelled.
fn text(own: &RawValue) -> Result<String, PortError> {
    if own.get().starts_with('[') {
        return LegacyId::parse(own).map(|key| key.as_str().to_owned()).map_err(unreadable);
    }
    serde_json::from_str(own.get()).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    fn hidden(own: &str) -> String {
        own.chars().rev().collect()
    }

    #[test]
    fn c56_the_id_of_each_record_is_replaced_and_the_rest_stays_as_it_came() {
        let data = r#"[{"id":"ab","n":1.50,"id":"twice","accountId":"own"},{"n": {"id":"inner","accountId":"own"},"id":[{"key":"k","value":"v"}]}]"#;
        let shown = r#"[{"id":"ba","n":1.50},{"id":"]}\"v\":\"eulav\",\"k\":\"yek\"{[","n":{"id":"inner"}}]"#;
        assert_eq!(replaced(&raw(data), "id", Some("accountId"), hidden).unwrap(), shown);
        assert_eq!(replaced(&raw("[]"), "id", Some("accountId"), hidden).unwrap(), "[]");
        let spelled = replaced(&raw(r#"[{"id":"\u0061b"}]"#), "id", Some("accountId"), hidden).unwrap();
        assert_eq!(spelled, r#"[{"id":"ba"}]"#, "one id however it is spelled");
    }

    #[test]
    fn c56_records_without_an_id_are_a_fault_of_the_layer() {
        for data in ["{}", "[{}]", r#"[{"id":1}]"#, r#"[{"id":null}]"#, r#"[{"id":["a"]}]"#, "[1]"] {
            assert!(replaced(&raw(data), "id", Some("accountId"), hidden).is_err(), "{data}");
        }
    }
}
