//! The envelope of answers to the channel: `data` and `meta`, as JSON text.

use ponte_edge::Refusal;
use ponte_values::Moment;
use serde::Serialize;

/// `data` of an answer to the channel, JSON text.
pub(super) fn data<T: Serialize>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(|_| Refusal::internal())
}

/// The body around `data`, which is JSON already.
pub(super) fn body(data: &str, now: Moment) -> String {
    format!(r#"{{"data":{data},"meta":{{"requestDateTime":"{now}"}}}}"#)
}
