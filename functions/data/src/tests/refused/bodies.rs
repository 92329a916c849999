//! The error body of the files (C50).

use ponte_catalog::Row;
use serde_json::{Value, json};

use super::super::world::Reply;

/// Most characters of each member of an error.
const MEMBERS: [(&str, usize); 3] = [("code", 255), ("title", 255), ("detail", 2048)];

/// The refusal is this one, the file of the row prints its status, and its body is that of the files.
#[track_caller]
pub(super) fn assert_refused(reply: &Reply, row: &Row, (status, code): (u16, &str), why: &str) {
    let told = format!("{} {why}: {}", row.operation, reply.body);
    assert_eq!((reply.status, reply.code()), (i64::from(status), code), "{told}");
    assert!(row.codes.contains(&status), "the file does not print {status}: {told}");
    let names: Vec<&String> = reply.body.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["errors", "meta"], "{told}");
    assert_eq!(reply.body["meta"], json!({"requestDateTime": "2026-03-01T12:00:00Z"}), "{told}");
    let errors = reply.body["errors"].as_array().expect("a list");
    assert!((1..=13).contains(&errors.len()), "{told}");
    for error in errors {
        assert_eq!(error.as_object().map(serde_json::Map::len), Some(MEMBERS.len()), "{told}");
        for (name, most) in MEMBERS {
            let length = error[name].as_str().map(|text| text.chars().count());
            assert!(length.is_some_and(|length| (1..=most).contains(&length)), "{name} of {told}");
        }
    }
    assert_eq!(reply.body["data"], Value::Null, "{told}");
}
