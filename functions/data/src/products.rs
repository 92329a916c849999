//! Public ids in the place of the institution's own, spliced into records that stay as they came.

use ponte_data_consent::consent::Resource;
use ponte_data_consent::legacy_id::LegacyId;
use ponte_ports::PortError;
use serde_json::value::RawValue;

use crate::record::{LEGACY_ID, Record, unreadable};

/// `data` of a list of products with the public id of each under `name`, and how many records were left out because
/// they are not under the consent.
pub(crate) fn spliced(data: &RawValue, name: &str, known: &[&Resource]) -> Result<(String, u64), PortError> {
    let records: Vec<Record<'_>> = serde_json::from_str(data.get()).map_err(unreadable)?;
    let mut out = String::with_capacity(data.get().len() + 2);
    let mut dropped = 0;
    out.push('[');
    for record in records {
        let id = match record.get(LEGACY_ID) {
            Some(own) => {
                let own = LegacyId::parse(own).map_err(unreadable)?;
                known.iter().find(|resource| resource.legacy_id == own).map(|resource| resource.id.as_str())
            }
            None => None,
        };
        let Some(id) = id else {
            dropped += 1;
            continue;
        };
        if out.len() > 1 {
            out.push(',');
        }
        record.write_as((name, id), Some(name), &mut out)?;
    }
    out.push(']');
    Ok((out, dropped))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ponte_data_consent::consent::ResourceStatus;
    use ponte_values::ResourceKind;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    fn resource(id: &str, legacy_id: &str) -> Resource {
        let legacy_id = LegacyId::parse(&raw(legacy_id)).unwrap();
        Resource::new(id.to_owned(), ResourceKind::Account, ResourceStatus::Available, legacy_id)
    }

    fn splice(data: &str) -> Result<(String, u64), PortError> {
        let shared = [
            resource("public-1", r#"[{"key":"branch","value":"1"},{"key":"account","value":"1"}]"#),
            resource("public-2", r#"[{"key":"branch","value":"1"},{"key":"account","value":"2"}]"#),
        ];
        spliced(&raw(data), "accountId", &shared.iter().collect::<Vec<_>>())
    }

    #[test]
    fn c56_the_public_id_takes_the_place_and_the_rest_stays_as_it_came() {
        let data = concat!(
            r#"[{"brandName":"Banco \u00e9","resourceLegacyId":[{"key":"account","value":"2"},"#,
            r#"{"key":"branch","value":"1"}],"amount": 1.50, "x":{"resourceLegacyId":[],"accountId":"own"},"accountId":"own"}]"#
        );
        let expected = r#"[{"accountId":"public-2","brandName":"Banco \u00e9","amount":1.50,"x":{}}]"#;
        assert_eq!(splice(data).unwrap(), (expected.to_owned(), 0));
    }

    #[test]
    fn records_that_are_not_under_the_consent_are_left_out() {
        let data = concat!(
            r#"[{"resourceLegacyId":[{"key":"account","value":"1"},{"key":"branch","value":"2"}]},"#,
            r#"{"number":"1"},"#,
            r#"{"resourceLegacyId":[{"key":"account","value":"1"}]},"#,
            r#"{"resourceLegacyId":[{"key":"account","value":"1"},{"key":"branch","value":"1"}],"n":1}]"#
        );
        assert_eq!(splice(data).unwrap(), (r#"[{"accountId":"public-1","n":1}]"#.to_owned(), 3));
        assert_eq!(splice("[]").unwrap(), ("[]".to_owned(), 0));
    }

    #[test]
    fn what_is_no_list_of_records_is_a_fault_of_the_layer() {
        for data in ["{}", "[1]", "null", r#"[{"resourceLegacyId":"1"}]"#, r#"[{"resourceLegacyId":[1]}]"#] {
            assert!(splice(data).is_err(), "{data}");
        }
    }
}
