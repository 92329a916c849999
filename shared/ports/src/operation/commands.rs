//! Commands about operations, for functions and the command line.

use serde::{Deserialize, Serialize};

use super::Operation;

/// A command about operations: `{"operator": "ops.show", "id": "resend-2026-06-14"}`. Every function with an operator queue
/// answers the first two when it is invoked, and takes the last one from its queue.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "operator", deny_unknown_fields)]
pub enum OpsCommand {
    /// Lists operations, the newest first, without their members and answers: an [`OperationPage`].
    #[serde(rename = "ops.list")]
    List {
        /// Those ordered on this day (UTC), `YYYY-MM-DD`; of the last seven if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        day: Option<String>,
        /// Those in this state.
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<String>,
        /// `next` of the answer before.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Shows one with its answer: an [`Operation`].
    #[serde(rename = "ops.show")]
    Show {
        /// Its id.
        id: String,
    },
    /// Approves one that waits for a second operator.
    #[serde(rename = "ops.approve")]
    Approve {
        /// Its id.
        operation: String,
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// A page of operations.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct OperationPage {
    /// The operations, the newest first, without their members and answers.
    pub operations: Vec<Operation>,
    /// More of them: ask again with this as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
