//! What a receiver has still to report.

use serde_json::Value;

/// What is still to be sent.
#[derive(Default)]
pub(crate) struct Pending {
    pub(crate) reports: Vec<Value>,
    pub(crate) steps: Vec<(&'static str, Value)>,
    pub(crate) token: Option<String>,
}

#[cfg(test)]
impl Pending {
    pub(crate) fn first_report(&self) -> Value {
        self.reports.first().cloned().unwrap_or_default()
    }
}
