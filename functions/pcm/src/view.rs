//! A day of the ledger in numbers, as the management API and the operator commands show it.

use ponte_metrics::ledger::check::{Example, Sampled};
use ponte_metrics::ledger::{Counts, Role};
use serde::{Deserialize, Serialize};

/// A day in one line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DayView {
    /// Day in Brasília.
    pub day: String,
    /// Everything there is to report.
    pub produced: u64,
    /// Items the platform gave a verdict on, every attempt.
    pub sent: u64,
    /// Reports the platform has.
    pub accepted: u64,
    /// Reports that wait in the outbox.
    pub pending: u64,
    /// Reports that wait for a fact (M38).
    pub held: u64,
    /// Reports that wait for an operator.
    pub parked: u64,
    /// Refusals, every attempt.
    pub discarded: u64,
    /// Accepted once more.
    pub repeated: u64,
    /// Accepted after 08:00 of the next day.
    pub late: u64,
    /// Per cent accepted now, one decimal, rounded down.
    pub rate: String,
    /// 95% by 08:00 of the next day.
    pub first_deadline: DeadlineView,
    /// 99% by 08:00 of the seventh day.
    pub last_deadline: DeadlineView,
}

/// A deadline in the view of a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineView {
    /// Until when, UTC.
    pub until: String,
    /// Per cent it needs.
    pub needed: String,
    /// Per cent it has, by what counts for it.
    pub reached: String,
    /// `MET`, `OPEN` or `MISSED`.
    pub standing: String,
}

/// A day with its lines and its last check.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DayDetail {
    /// The day in one line.
    #[serde(flatten)]
    pub day: DayView,
    /// By API and role.
    pub apis: Vec<ApiView>,
    /// Reports of which the platform was asked to say how they stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckView>,
}

/// One API and role of a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiView {
    /// Family of endpoints.
    pub api: String,
    /// `CLIENT`, `SERVER` or `NONE`.
    pub role: Role,
    /// The counts.
    #[serde(flatten)]
    pub counts: Counts,
    /// When the first batch was settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// When the last batch was settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// States of the sample at the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sampled>,
}

/// The last check of a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// When it was made.
    pub at: String,
    /// Whether the whole sample was asked for.
    pub complete: bool,
    /// All APIs and roles together.
    pub sample: Sampled,
    /// Per cent unpaired of those asked for; at most 5 on a day (M60).
    pub unpaired_rate: String,
    /// Per cent unpaired or inconsistent; at most 1 after seven days (M60).
    pub open_rate: String,
    /// Whether an unpaired report is a gap by now: the other side had until 08:00 of the next day.
    pub unpaired_is_a_gap: bool,
    /// Up to 50 that need somebody.
    pub examples: Vec<Example>,
}
