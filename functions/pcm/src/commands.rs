//! Operator commands about reports, and their answers: the JSON of an invocation as types, for the function and the
//! CLI.
//!
//! | command | answer |
//! |---|---|
//! | [`Command::Status`] with a day | [`DayDetail`] |
//! | [`Command::Status`] without a day | [`Days`] |
//! | [`Command::Check`] | [`Checks`] |
//! | [`Command::Parked`] | [`ParkedReports`] |
//! | [`Command::ResendDiscarded`] | [`Unparked`] |
//! | [`Command::ResendDay`] | [`DayResent`] |
//! | [`Command::Correct`] | [`Corrected`] |
//! | [`Command::Restore`] | [`Restored`] |
//! | [`Command::Rebuild`] | [`Rebuilt`] |
//! | [`Command::Quality`] | [`Findings`] |
//!
//! A command works for eighteen seconds at most. The rest it answers as `next` or `continue`: send it again with that,
//! as `after` or `continue`.

use std::collections::BTreeMap;

use ponte_metrics::ledger::check::Check;
use ponte_metrics::ledger::{Counts, Role};
use ponte_metrics::outbox::LostReport;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use crate::quality::{DayFindings, Finding};
pub use crate::view::{ApiView, CheckView, DayDetail, DayView, DeadlineView};

/// A command, as the event of a direct invocation: `{"operator": "pcm.status", "day": "2026-03-01"}`. Days are those in
/// Brasília, `YYYY-MM-DD`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "operator", deny_unknown_fields)]
pub enum Command {
    /// Shows the last days in a line each, or one day in detail.
    #[serde(rename = "pcm.status")]
    Status {
        /// The day; the last ones if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        day: Option<String>,
        /// How many days, if no day is named; 8 if absent, at most 31.
        #[serde(skip_serializing_if = "Option::is_none")]
        days: Option<u8>,
    },
    /// Asks the platform how a sample of the accepted reports stands.
    #[serde(rename = "pcm.check")]
    Check {
        /// The day; yesterday and one older day if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        day: Option<String>,
        /// Reports per API and role; 500 if absent, at most 5000.
        #[serde(skip_serializing_if = "Option::is_none")]
        sample: Option<usize>,
    },
    /// Lists parked reports with their reasons, 50 at a time.
    #[serde(rename = "pcm.parked")]
    Parked {
        /// The day; all if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        day: Option<String>,
        /// `next` of the answer before.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Sends parked reports again, mended where the rule is known.
    #[serde(rename = "pcm.resend-discarded")]
    ResendDiscarded {
        /// The day; all if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        day: Option<String>,
        /// `next` of the answer before.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Sends every accepted report of a day once more, counted as repeated.
    #[serde(rename = "pcm.resend-day")]
    ResendDay {
        /// The day.
        day: String,
        /// `next` of the answer before.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Sends one accepted report once more with other facts.
    #[serde(rename = "pcm.correct")]
    Correct {
        /// The day.
        day: String,
        /// Interaction id of the call.
        interaction: String,
        /// `CLIENT` or `SERVER`.
        role: String,
        /// The facts to change, by their names in the report.
        set: Map<String, Value>,
    },
    /// Puts reports that stand in the log alone into the outbox, each once, at most 500 at a time.
    #[serde(rename = "pcm.restore")]
    Restore {
        /// The fields `lost_report` of the log lines.
        reports: Vec<LostReport>,
    },
    /// Counts the lines of a day again from the archive and the parked rows.
    #[serde(rename = "pcm.rebuild")]
    Rebuild {
        /// The day.
        day: String,
        /// `continue` of the answer before.
        #[serde(rename = "continue", skip_serializing_if = "Option::is_none")]
        carried: Option<Carried>,
    },
    /// Lists what was found in the institution's records, by day and endpoint, 100 at a time.
    #[serde(rename = "pcm.quality")]
    Quality {
        /// The first day; six before the last if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// The last day; today if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// Short name of an API; all if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        api: Option<String>,
        /// `next` of the answer before.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
}

/// The last days, the newest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Days {
    /// The days.
    pub days: Vec<DayView>,
}

/// The checks that were made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Checks {
    /// The check of each day.
    pub checks: BTreeMap<String, Check>,
}

/// Parked reports.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ParkedReports {
    /// The reports.
    pub parked: Vec<ParkedReport>,
    /// More of them: send the command again with this as `after`.
    pub next: Option<String>,
}

/// A report that waits for an operator.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ParkedReport {
    /// Its key in the outbox.
    pub row: String,
    /// Its day in Brasília.
    pub day: Option<String>,
    /// Family of endpoints.
    pub api: String,
    /// `CLIENT`, `SERVER` or `NONE`.
    pub role: Role,
    /// The platform's path.
    pub path: String,
    /// Why it is parked.
    pub reason: String,
    /// Since when.
    pub since: String,
    /// The report; a text if it is no JSON.
    pub report: Value,
}

/// The outcome of sending parked reports again.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unparked {
    /// Back in the outbox.
    pub resent: u64,
    /// Of these, mended first.
    pub mended: u64,
    /// Left where they are: the platform would refuse them.
    pub left: u64,
    /// Why, with how many.
    pub reasons: BTreeMap<String, u64>,
    /// More of them: send the command again with this as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The outcome of sending a day again.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DayResent {
    /// In the outbox once more.
    pub resent: u64,
    /// Too old by now: the platform would refuse them.
    pub left: u64,
    /// More of them: send the command again with this as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The report that goes out in the place of a wrong one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Corrected {
    /// Its key in the outbox.
    pub row: String,
    /// The report as it will be posted.
    pub report: Value,
}

/// The outcome of restoring reports from the log.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Restored {
    /// In the outbox now.
    pub restored: u64,
    /// Left alone: they were stored all the same, or restored before.
    pub known: u64,
    /// Left alone: the platform would refuse them.
    pub left: u64,
    /// Why, with how many.
    pub reasons: BTreeMap<String, u64>,
}

/// What was found in the institution's records.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Findings {
    /// By day and endpoint, the newest day first.
    pub findings: Vec<DayFindings>,
    /// More of them: send the command again with this as `after`.
    pub next: Option<String>,
}

/// Counts by `api role`.
pub(crate) type CountsByLine = BTreeMap<String, Counts>;

/// The state of a rebuild that ran out of time, for its continuation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// The last part of the archive that was counted.
    pub(crate) after: Option<String>,
    /// The lines before the first part was counted.
    pub(crate) before: CountsByLine,
    /// The counts so far.
    pub(crate) counted: CountsByLine,
}

/// The outcome of a rebuild.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rebuilt {
    /// The day.
    pub day: String,
    /// Whether the ledger was compared; false when there is more to count, or reports of the day went out meanwhile.
    pub done: bool,
    /// Lines that were wrong, with what they were and are.
    pub corrected: Vec<Difference>,
    /// More to count: send the command again with this.
    #[serde(rename = "continue", skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
    /// Advice for the operator, if there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A line of the ledger that was wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Difference {
    /// Family of endpoints.
    pub api: String,
    /// `CLIENT`, `SERVER` or `NONE`.
    pub role: Role,
    /// The counts before.
    pub was: Counts,
    /// The counts now.
    pub is: Counts,
}
