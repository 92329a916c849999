//! Reports of calls at noon.

use ponte_metrics::outbox::PendingRow;
use ponte_metrics::report::PRIVATE_REPORT;
use ponte_ports::outbox::shard_of;
use ponte_values::Moment;
use serde_json::json;

/// When the tests begin: noon in Brasília.
const NOON: &str = "2026-03-01T15:00:00.000Z";

pub(crate) fn noon() -> Moment {
    Moment::parse(NOON).unwrap()
}

/// A report of a call to a listed endpoint at noon, whose key sorts by `name`.
pub(crate) fn row(name: &str) -> PendingRow {
    row_at(name, noon())
}

pub(crate) fn row_at(name: &str, at: Moment) -> PendingRow {
    let body = json!({
        "fapiInteractionId": name,
        "endpoint": "/open-banking/accounts/v2/accounts",
        "httpMethod": "GET",
        "statusCode": 200,
        "timestamp": at.with_millis(),
        "role": "SERVER",
    });
    PendingRow {
        sort_key: format!("{}#{name}", at.with_millis()),
        path: PRIVATE_REPORT.to_owned(),
        body: body.to_string(),
        ..PendingRow::default()
    }
}

/// The same in the shard that its id belongs to.
pub(crate) fn placed(name: &str) -> (u8, PendingRow) {
    (shard_of(name), row(name))
}

/// The ids of posted items.
pub(crate) fn names(items: &[String]) -> Vec<String> {
    let name = |item: &String| {
        serde_json::from_str::<serde_json::Value>(item).unwrap()["fapiInteractionId"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    items.iter().map(name).collect()
}
