//! The operator command about the stock, and its answer: the JSON of an invocation as types, for the function and the CLI.

use std::collections::BTreeMap;

use ponte_metrics::ledger::day::OLDEST_DAYS;
use serde::{Deserialize, Serialize};

/// A day may be counted again for as many days after it: the platform takes nothing older (M22).
pub const MOST_DAYS: i64 = OLDEST_DAYS;

/// A command, as the event of a direct invocation: `{"operator": "stock.retake", "day": "2026-03-01"}`. Beside it the event
/// says in `by` who orders it and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "operator", deny_unknown_fields)]
pub enum Command {
    /// Counts the consents that were in force at the end of a day once more, and reports them. It reads the whole table in one
    /// run, which takes minutes.
    #[serde(rename = "stock.retake")]
    Retake {
        /// The day in Brasília, `YYYY-MM-DD`; one of the last [`MOST_DAYS`] that are over.
        day: String,
    },
}

/// The stock of a day as it was reported once more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Retaken {
    /// The day.
    pub day: String,
    /// Consents in force at its end.
    pub consents: u64,
    /// People with one, each once.
    pub persons: u64,
    /// Companies with one, each once.
    pub companies: u64,
    /// Consents by id of the organisation that receives.
    pub organisations: BTreeMap<String, u64>,
}
