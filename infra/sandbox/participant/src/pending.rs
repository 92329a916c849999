//! Reports that a receiver has still to send.

use serde_json::Value;

/// Reports and steps that are still to be sent.
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
