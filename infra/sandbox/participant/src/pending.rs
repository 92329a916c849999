//! What a receiver has still to report.

use serde_json::Value;

/// What is still to be sent.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) reports: Vec<Value>,
    pub(super) steps: Vec<(&'static str, Value)>,
    pub(super) token: Option<String>,
}

#[cfg(test)]
impl Pending {
    pub(super) fn first_report(&self) -> Value {
        self.reports.first().cloned().unwrap_or_default()
    }
}
