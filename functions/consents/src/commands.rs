//! Operator commands about consents, and their answers: the JSON of an invocation as types, for the function and the CLI.
//!
//! | command | answer |
//! |---|---|
//! | [`Command::ExpireNow`] | [`Expired`] |
//! | [`Command::ResendNotices`] | [`Resent`] |
//!
//! Both change something: beside the command the event says in `by` who orders it and why. A command works for eighteen
//! seconds at most. The rest it answers as `next`: send it again with that, as `after`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Consents that one command may name.
pub const MOST_CONSENTS: usize = 500;

/// Days of a period at most.
pub const MOST_DAYS: u8 = 31;

/// A command, as the event of a direct invocation: `{"operator": "consents.expire-now", "consents": ["urn:banco:1"]}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "operator", deny_unknown_fields)]
pub enum Command {
    /// Writes down at once what time has made of consents, as the sweep of every minute does: the end after the hour or at the
    /// date, approvals that did not come, the notice before the end. What is not due stays as it is.
    #[serde(rename = "consents.expire-now")]
    ExpireNow {
        /// The consents, [`MOST_CONSENTS`] at most; all that are due if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        consents: Option<Vec<String>>,
        /// `next` of the answer before.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Sends the notice of the last change of status once more, of the consents named or of all whose status last changed in a
    /// period. It tells the consent as it is stored, and is marked as repeated.
    #[serde(rename = "consents.resend-notices")]
    ResendNotices {
        /// The consents, [`MOST_CONSENTS`] at most; those of the period if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        consents: Option<Vec<String>>,
        /// The beginning of the period, a date-time of RFC 3339, included.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// Its end, included; [`MOST_DAYS`] later at most. Now if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<String>,
        /// `next` of the answer before.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
}

/// The outcome of a command that expires consents.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expired {
    /// Consents that were changed.
    pub changed: u64,
    /// Of those named: nothing is due.
    pub unchanged: u64,
    /// Consents that could not be changed, with why.
    pub left: BTreeMap<String, String>,
    /// More of them: send the command again with this as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The outcome of a command that sends notices once more.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resent {
    /// Notices in the outbox once more.
    pub resent: u64,
    /// Consents that only wait for their customer: of these nobody was told.
    pub untold: u64,
    /// Consents whose notice was not sent, with why.
    pub left: BTreeMap<String, String>,
    /// More of them: send the command again with this as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
