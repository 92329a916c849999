//! Repair of a report that the platform discarded: mended where the rule is known, else parked (M22, T53).
//!
//! | the platform says | what we do |
//! |---|---|
//! | `Additional property not allowed: x` | send again without it |
//! | `Invalid field value: 'platform'` on redirect-target | send again without it (M40) |
//! | `Requester id mismatch with: ..OrgId` on a step of the customer's way | send again with an empty one (M40) |
//! | a text that is too long | send again, cut (M11, M40) |
//! | `processTimespan` not above zero | send again with 1 (M22) |
//! | `Missing property: 'additionalInfo'` of a CLIENT | send again with `{}` (M11) |
//! | `Field type mismatch: 'additionalInfo.x' must be a string` | send again as a text (M39) |
//! | timestamp in the future | send again when its time has come (M22) |
//! | anything else, or a third time | park for an operator |
//!
//! There is no call that changes a report: mending is posting again, as another attempt.

use ponte_metrics::outbox::PendingRow;
use serde_json::{Map, Value, json};

/// How often a report is mended at most.
const MOST: u8 = 2;
/// Longest texts (M11, M40).
const LONGEST: [(&str, usize); 4] = [
    ("endpointUriPrefix", 200),
    ("uriAuthorizationEndpoint", 200),
    ("uri_callback", 200),
    ("correlationId", 100),
];

/// The decision about a discarded row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Decision {
    /// Send this one instead.
    Mend(PendingRow),
    /// Leave it to an operator.
    Park(String),
}

/// Decides by the platform's message.
pub(crate) fn decide(row: &PendingRow, message: &str) -> Decision {
    let park = |why: &str| Decision::Park(format!("{why}{message}"));
    if row.repairs >= MOST {
        return park("discarded again after two repairs: ");
    }
    let Ok(Value::Object(mut item)) = serde_json::from_str(&row.body) else {
        return park("discarded: ");
    };
    let problems = message.split(';').map(str::trim).filter(|problem| !problem.is_empty());
    let mut mended = 0_usize;
    for problem in problems {
        if !mend(&mut item, &row.path, problem) {
            return park("discarded: ");
        }
        mended += 1;
    }
    if mended == 0 {
        return park("discarded without a reason");
    }
    let body = Value::Object(item).to_string();
    Decision::Mend(PendingRow { body, repairs: row.repairs + 1, ..row.again() })
}

/// Mends one problem in place; false if there is no rule for it.
fn mend(item: &mut Map<String, Value>, path: &str, problem: &str) -> bool {
    let (kind, detail) = problem.split_once(':').unwrap_or((problem, ""));
    let on_the_way = path.contains("/hybrid-flow/");
    match kind.trim() {
        "Additional property not allowed" => {
            // An empty list of names mends nothing.
            let names = detail.split(',').map(name).filter(|name| !name.is_empty()).collect::<Vec<_>>();
            !names.is_empty() && names.iter().all(|name| drop_field(item, name))
        }
        "Requester id mismatch with" => {
            let field = name(detail);
            on_the_way && field.ends_with("OrgId") && replace(item, field, json!(""))
        }
        "Missing property" => {
            let missing = name(detail) == "additionalInfo" && item.get("role") == Some(&json!("CLIENT"));
            missing && item.insert("additionalInfo".to_owned(), json!({})).is_none()
        }
        "Field type mismatch" => {
            name(detail).strip_prefix("additionalInfo.").is_some_and(|field| as_text(item, field))
        }
        "Invalid field value" | "Invalid value" => invalid(item, path, detail),
        _ => false,
    }
}

fn invalid(item: &mut Map<String, Value>, path: &str, detail: &str) -> bool {
    match name(detail) {
        // Unchanged: it goes out again when its time has come.
        "timestamp" => detail.contains("future"),
        "processTimespan" => {
            let low = item.get("processTimespan").and_then(Value::as_i64).is_some_and(|span| span < 1);
            low && replace(item, "processTimespan", json!(1))
        }
        "platform" if path.ends_with("/redirect-target") && path.contains("/server/") => {
            drop_field(item, "platform")
        }
        field => {
            LONGEST.iter().find(|(known, _)| *known == field).is_some_and(|(_, most)| cut(item, field, *most))
        }
    }
}

/// The field a detail begins with: `'x'`, `'x' must be ..`, `x must be ..` or `additionalInfo.x`.
fn name(detail: &str) -> &str {
    let detail = detail.trim();
    match detail.strip_prefix('\'') {
        Some(quoted) => quoted.split('\'').next().unwrap_or_default(),
        None => detail.split([' ', ':']).next().unwrap_or_default(),
    }
}

fn replace(item: &mut Map<String, Value>, field: &str, value: Value) -> bool {
    item.get_mut(field).is_some_and(|stored| {
        let other = *stored != value;
        *stored = value;
        other
    })
}

fn drop_field(item: &mut Map<String, Value>, field: &str) -> bool {
    match field.strip_prefix("additionalInfo.") {
        Some(inner) => item
            .get_mut("additionalInfo")
            .and_then(Value::as_object_mut)
            .is_some_and(|info| info.remove(inner).is_some()),
        None => item.remove(field).is_some(),
    }
}

fn cut(item: &mut Map<String, Value>, field: &str, most: usize) -> bool {
    let Some(Value::String(text)) = item.get_mut(field) else { return false };
    let Some((end, _)) = text.char_indices().nth(most) else { return false };
    text.truncate(end);
    true
}

/// Values of `additionalInfo` are texts, truths among them in upper case (M39).
fn as_text(item: &mut Map<String, Value>, field: &str) -> bool {
    let value = item.get_mut("additionalInfo").and_then(|info| info.get_mut(field));
    let Some(value) = value else { return false };
    let text = match value {
        Value::Bool(truth) => truth.to_string().to_uppercase(),
        Value::Number(number) => number.to_string(),
        _ => return false,
    };
    *value = Value::String(text);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIVATE: &str = "/report-api/v1/private/report";
    const ARRIVED: &str = "/report-api/v2/hybrid-flow/server/redirect-target";

    fn row(path: &str, body: &Value) -> PendingRow {
        PendingRow {
            sort_key: "2026-03-01T12:00:00.000Z#id".to_owned(),
            path: path.to_owned(),
            body: body.to_string(),
            ..PendingRow::default()
        }
    }

    fn mended(path: &str, body: &Value, message: &str) -> Option<Value> {
        match decide(&row(path, body), message) {
            Decision::Mend(row) => {
                assert_eq!((row.repairs, row.sort_key.as_str()), (1, "2026-03-01T12:00:00.000Z#id~1"));
                Some(serde_json::from_str(&row.body).unwrap())
            }
            Decision::Park(reason) => {
                assert!(reason.contains(message) || message.is_empty(), "{reason}");
                None
            }
        }
    }

    #[test]
    fn t53_each_known_rule_mends_by_posting_again() {
        let long = "é".repeat(300);
        for (path, body, message, expected) in [
            (PRIVATE, json!({"a": 1, "extra": 2}), "Additional property not allowed: extra", json!({"a": 1})),
            (
                PRIVATE,
                json!({"a": 1, "b": 2, "c": 3}),
                "Additional property not allowed: 'a', 'c'",
                json!({"b": 2}),
            ),
            (
                PRIVATE,
                json!({"additionalInfo": {"x": "1", "y": "2"}}),
                "Additional property not allowed: additionalInfo.x",
                json!({"additionalInfo": {"y": "2"}}),
            ),
            (ARRIVED, json!({"platform": "APP"}), "Additional property not allowed: platform;", json!({})),
            (ARRIVED, json!({"platform": "APP"}), "Invalid field value: 'platform'", json!({})),
            (
                ARRIVED,
                json!({"serverOrgId": "x"}),
                "Requester id mismatch with: serverOrgId",
                json!({"serverOrgId": ""}),
            ),
            (
                PRIVATE,
                json!({"endpointUriPrefix": long}),
                "Invalid field value: 'endpointUriPrefix'",
                json!({"endpointUriPrefix": "é".repeat(200)}),
            ),
            (
                PRIVATE,
                json!({"processTimespan": 0}),
                "Invalid field value: processTimespan must be greater than zero",
                json!({"processTimespan": 1}),
            ),
            (
                PRIVATE,
                json!({"role": "CLIENT"}),
                "Missing property: 'additionalInfo'",
                json!({"role": "CLIENT", "additionalInfo": {}}),
            ),
            (
                PRIVATE,
                json!({"additionalInfo": {"webhookEnable": true}}),
                "Field type mismatch: 'additionalInfo.webhookEnable' must be a string",
                json!({"additionalInfo": {"webhookEnable": "TRUE"}}),
            ),
            (
                PRIVATE,
                json!({"timestamp": "t"}),
                "Invalid field value: 'timestamp' is in the future",
                json!({"timestamp": "t"}),
            ),
            (
                PRIVATE,
                json!({"extra": 2, "processTimespan": -1}),
                "Additional property not allowed: extra; Invalid field value: 'processTimespan'",
                json!({"processTimespan": 1}),
            ),
        ] {
            assert_eq!(mended(path, &body, message), Some(expected), "{message}");
        }
    }

    #[test]
    fn t53_what_has_no_rule_is_parked_with_the_platforms_words() {
        for (path, body, message) in [
            (PRIVATE, json!({}), "Missing property: 'httpMethod'"),
            (PRIVATE, json!({"role": "SERVER"}), "Missing property: 'additionalInfo'"),
            (PRIVATE, json!({"clientOrgId": "x"}), "Requester id mismatch with: clientOrgId"),
            (PRIVATE, json!({"clientOrgId": "x"}), "OrganisationId doesn't exist on Directory: x"),
            (PRIVATE, json!({"endpoint": "/x"}), "Unlisted endpoint: /x"),
            (PRIVATE, json!({"timestamp": "t"}), "Report is too old: Timestamp is older than 7 days"),
            (PRIVATE, json!({"endpointUriPrefix": "short"}), "Invalid field value: 'endpointUriPrefix'"),
            (PRIVATE, json!({"a": 1}), "Additional property not allowed: b"),
            (PRIVATE, json!({"a": 1}), "Additional property not allowed: "),
            (
                PRIVATE,
                json!({"extra": 1}),
                "Additional property not allowed: extra; Missing property: 'role'",
            ),
            (PRIVATE, json!({"processTimespan": 5}), "Invalid field value: 'processTimespan'"),
            (PRIVATE, json!({}), ""),
        ] {
            assert_eq!(mended(path, &body, message), None, "{message}");
        }
    }

    #[test]
    fn t53_a_third_discard_is_parked() {
        let message = "Additional property not allowed: extra";
        let row = PendingRow { repairs: MOST, ..row(PRIVATE, &json!({"extra": 1})) };
        assert!(matches!(decide(&row, message), Decision::Park(reason) if reason.contains("two repairs")));
    }
}
