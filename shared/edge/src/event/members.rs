//! The members of all events that we read, found in one pass.

use serde::Deserialize;

use super::member::Member;

/// Members by which the triggers are told apart, and those of an HTTP call.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct EventMembers<'a> {
    /// HTTP API.
    #[serde(borrow)]
    pub(super) request_context: Member<'a>,
    /// HTTP API.
    #[serde(borrow)]
    pub(super) raw_path: Member<'a>,
    /// HTTP API.
    #[serde(borrow)]
    pub(super) raw_query_string: Member<'a>,
    /// HTTP API.
    #[serde(borrow)]
    pub(super) headers: Member<'a>,
    /// HTTP API.
    #[serde(borrow)]
    pub(super) cookies: Member<'a>,
    /// HTTP API.
    #[serde(borrow)]
    pub(super) body: Member<'a>,
    /// HTTP API.
    #[serde(borrow)]
    pub(super) is_base64_encoded: Member<'a>,
    /// SQS.
    #[serde(borrow, rename = "Records")]
    pub(super) records: Member<'a>,
    /// EventBridge Scheduler.
    #[serde(borrow, rename = "detail-type")]
    pub(super) detail_type: Member<'a>,
    /// EventBridge Scheduler.
    #[serde(borrow)]
    pub(super) resources: Member<'a>,
    /// EventBridge Scheduler.
    #[serde(borrow)]
    pub(super) time: Member<'a>,
    /// Operator command.
    #[serde(borrow)]
    pub(super) operator: Member<'a>,
}
