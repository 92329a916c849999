//! Answers judged by the official OpenAPI files, with a validator that is not ours. The files are not part of the project:
//! where they are absent nothing is judged, and the test says so.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// An official file as one JSON schema.
pub(crate) struct Official(Value);

impl Official {
    /// The file `name`, such as `accounts-2.5.1`.
    pub(crate) fn open(name: &str) -> Option<Self> {
        let folder = std::env::var_os("PONTE_SPECS").map_or_else(beside_the_project, PathBuf::from);
        let Ok(text) = std::fs::read_to_string(folder.join(format!("{name}.yml"))) else {
            // Straight to the stream: the test harness would swallow a print of a test that passes.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: answers of {name} not judged, its OpenAPI file is absent (set PONTE_SPECS to the folder of files)"
            );
            return None;
        };
        let file: Value =
            serde_yaml_ng::from_str(text.trim_start_matches('\u{feff}')).expect("an OpenAPI file is YAML");
        // The files of payments compose objects of parts that do not know each other's properties.
        let closes = !name.starts_with("payments");
        Some(Self(as_json_schema(file, closes)))
    }

    /// Judges `data` in the answers to `GET path`.
    pub(crate) fn data(&self, path: &str) -> Validator {
        self.part(("get", path, 200), "application/json", "/properties/data")
    }

    /// Judges the whole body of the answers to `GET path`.
    pub(crate) fn body(&self, path: &str) -> Validator {
        self.part(("get", path, 200), "application/json", "")
    }

    /// Judges a part of the answers of a method and path with a status and a media type.
    pub(crate) fn part(&self, answer: (&str, &str, u16), media: &str, part: &str) -> Validator {
        let (method, path, status) = answer;
        let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
        let mut at = format!("/paths/{}/{method}/responses/{status}", escaped(path));
        self.follow(&mut at);
        at = format!("{at}/content/{}/schema", escaped(media));
        self.follow(&mut at);
        at.push_str(part);
        assert!(self.0.pointer(&at).is_some(), "nothing at {at}");
        let mut schema = self.0.clone();
        let at = at.replace('{', "%7B").replace('}', "%7D").replace(' ', "%20");
        schema["allOf"] = json!([{ "$ref": format!("#{at}") }]);
        jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .build(&schema)
            .unwrap_or_else(|problem| panic!("{path}: {problem}"))
    }

    fn follow(&self, at: &mut String) {
        while let Some(reference) =
            self.0.pointer(at).unwrap_or_else(|| panic!("nothing at {at}"))["$ref"].as_str()
        {
            *at = reference.trim_start_matches('#').to_owned();
        }
    }
}

/// The folder of the files beside the project, which is some folders above this package.
fn beside_the_project() -> PathBuf {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    above.map(|folder| folder.join("../shared/specs")).find(|folder| folder.is_dir()).unwrap_or_default()
}

/// Faults of a text by a validator, each with the place where it is.
pub(crate) fn faults(validator: &Validator, data: &Value) -> Vec<String> {
    validator.iter_errors(data).map(|fault| format!("{}: {fault}", fault.instance_path)).collect()
}

/// What OpenAPI 3.0 writes in its own way, as the schema language has it. Receivers know no properties but those of the file, so
/// others are faults here.
fn as_json_schema(value: Value, closes: bool) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Map<String, Value> =
                members.into_iter().map(|(name, value)| (name, as_json_schema(value, closes))).collect();
            if closes
                && members.get("properties").is_some_and(Value::is_object)
                && members.get("type").is_none_or(|kind| kind == "object")
            {
                members.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            if members.get("nullable") == Some(&Value::Bool(true)) {
                if let Some(kind) = members.get("type").cloned() {
                    members.insert("type".into(), json!([kind, "null"]));
                }
                if let Some(Value::Array(words)) = members.get_mut("enum") {
                    words.push(Value::Null);
                }
            }
            Value::Object(members)
        }
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| as_json_schema(item, closes)).collect())
        }
        other => other,
    }
}

#[test]
fn the_judge_finds_what_the_file_forbids() {
    let Some(official) = Official::open("accounts-2.5.1") else { return };
    let judge = official.data("/accounts/{accountId}");
    let good = json!({
        "compeCode": "999", "branchCode": "0001", "number": "00012345", "checkDigit": "6",
        "type": "CONTA_DEPOSITO_A_VISTA", "subtype": "INDIVIDUAL", "currency": "BRL",
    });
    assert_eq!(faults(&judge, &good), Vec::<String>::new());
    let whole = json!({
        "data": good,
        "links": { "self": "https://banco.example/accounts/1" },
        "meta": { "totalRecords": 1, "totalPages": 1, "requestDateTime": "2026-03-02T12:00:00Z" },
    });
    let body = official.body("/accounts/{accountId}");
    assert_eq!(faults(&body, &whole), Vec::<String>::new());
    assert!(!faults(&body, &good).is_empty(), "nothing but data");
    for (name, value) in [
        ("compeCode", json!("99")),
        ("type", json!("CONTA")),
        ("number", json!(12345)),
        ("currency", Value::Null),
        ("unknown", json!("x")),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        assert_eq!(faults(&judge, &bad).len(), 1, "{name}");
    }
}
