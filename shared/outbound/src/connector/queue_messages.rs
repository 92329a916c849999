//! Messages of the way by queues: what goes to the core, and what comes back.

use std::time::Duration;

use ponte_payment::ports::ConnectorReply;
use ponte_values::Moment;
use serde::{Deserialize, Serialize};

/// How long a reply is kept. Nobody waits longer than a few seconds; what comes later is found by asking.
const KEPT: Duration = Duration::from_mins(10);
/// Longest name of a request; it is a UUID.
const LONGEST_REQUEST: usize = 36;

/// A request on the queue of the core.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestMessage {
    pub(super) request_id: String,
    pub(super) correlation_id: String,
    pub(super) operation: String,
    pub(super) reply_to: String,
    pub(super) answer_before: String,
    pub(super) jwt: String,
}

/// A reply on our queue.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReplyMessage {
    request_id: String,
    status: u16,
    jwt: String,
}

/// A message on the queue of replies that is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a reply of the payment connector")]
pub struct UnreadableReply;

/// The reply in the body of a message that came at `now`.
///
/// # Errors
/// A body of another form.
pub fn read_reply(body: &str, now: Moment) -> Result<ConnectorReply, UnreadableReply> {
    let ReplyMessage { request_id, status, jwt } = serde_json::from_str(body).map_err(|_| UnreadableReply)?;
    let known = (1..=LONGEST_REQUEST).contains(&request_id.len())
        && request_id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if !known || !(100..=999).contains(&status) {
        return Err(UnreadableReply);
    }
    Ok(ConnectorReply { request: request_id.to_ascii_lowercase(), status, jwt, expires_at: now.plus(KEPT) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_has_the_name_of_its_request_and_a_status() {
        let now = Moment::from_seconds(1_772_452_800);
        let body =
            r#"{"requestId":"0B6A3D67-6f0e-4d26-9b0c-1f1d4a0c3b13","status":201,"jwt":"a.b.c","more":1}"#;
        let reply = read_reply(body, now).unwrap();
        assert_eq!((reply.request.as_str(), reply.status), ("0b6a3d67-6f0e-4d26-9b0c-1f1d4a0c3b13", 201));
        assert_eq!(reply.expires_at, now.plus(KEPT));
        for wrong in [
            "",
            "{}",
            r#"{"requestId":"","status":201,"jwt":""}"#,
            r#"{"requestId":"a#b","status":201,"jwt":""}"#,
            r#"{"requestId":"ab","status":99,"jwt":""}"#,
            r#"{"requestId":"ab","status":"201","jwt":""}"#,
        ] {
            assert_eq!(read_reply(wrong, now), Err(UnreadableReply), "{wrong}");
        }
    }
}
