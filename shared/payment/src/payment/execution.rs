//! How far the execution of a payment at the core is (T05, T07, T09).

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

/// One attempt: who makes it, and the how-manieth it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// The worker, a fresh UUID for each claim: late writes of another one are refused.
    pub owner: String,
    /// Number of the claim, from 1.
    pub epoch: u64,
}

/// How far the execution is. Money may have moved from SENT on, and then the core is asked before anything is sent again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Execution {
    /// Nothing was sent, or everything that was sent surely did not arrive and cannot arrive any more.
    #[serde(rename_all = "camelCase")]
    Idle {
        /// Number of claims so far.
        epoch: u64,
        /// Not before.
        next: Moment,
    },
    /// A worker is about to send it. Nothing was sent.
    #[serde(rename_all = "camelCase")]
    Claimed {
        /// The worker.
        attempt: Attempt,
        /// The worker sends nothing from then on. Another takes it later than that by as much as clocks may differ (T12).
        until: Moment,
        /// What was sent before under the same key, and may have arrived.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earlier: Option<Earlier>,
    },
    /// Written before the call: from here on the core may have it.
    #[serde(rename_all = "camelCase")]
    Sent {
        /// The worker.
        attempt: Attempt,
        /// When.
        at: Moment,
        /// The call is over by then, and the core executes nothing that comes later.
        until: Moment,
        /// What was sent before under the same key, and may have arrived.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earlier: Option<Earlier>,
    },
    /// The call ended without an answer. The core is asked by our key.
    #[serde(rename_all = "camelCase")]
    Unknown {
        /// Number of claims so far.
        epoch: u64,
        /// When it was sent.
        sent_at: Moment,
        /// The core executes nothing of it that comes later.
        until: Moment,
        /// How often the core was asked.
        asked: u32,
        /// When it is asked next.
        next: Moment,
        /// The core recognises our key and does not have it: it is sent again under the same key, as long as its time lasts.
        #[serde(default)]
        again: bool,
    },
    /// The core has it: DONE. Its status comes by push or by asking.
    #[serde(rename_all = "camelCase")]
    Done {
        /// Number of claims.
        epoch: u64,
        /// How often the core was asked.
        asked: u32,
        /// When it is asked next.
        next: Moment,
    },
    /// Asking cannot decide: a person does, or the core by its own notification. It is never sent again by itself.
    #[serde(rename_all = "camelCase")]
    Parked {
        /// Number of claims.
        epoch: u64,
        /// When it was sent.
        sent_at: Moment,
        /// Since when.
        since: Moment,
        /// Why.
        reason: ParkReason,
    },
}

/// What was sent before, and may have arrived.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Earlier {
    /// When it was first sent.
    pub sent_at: Moment,
    /// The core executes nothing of it that comes later.
    pub until: Moment,
}

/// Why asking cannot decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ParkReason {
    /// The core does not recognise what it has executed, and does not know this payment after the time in which it should.
    NotFound,
    /// The core cannot be asked by our key.
    CannotAsk,
    /// The core did not answer for too long.
    NoAnswer,
}

impl Execution {
    /// Number of claims so far.
    #[must_use]
    pub const fn epoch(&self) -> u64 {
        match self {
            Self::Idle { epoch, .. }
            | Self::Unknown { epoch, .. }
            | Self::Done { epoch, .. }
            | Self::Parked { epoch, .. } => *epoch,
            Self::Claimed { attempt, .. } | Self::Sent { attempt, .. } => attempt.epoch,
        }
    }

    /// Whether money may have moved.
    #[must_use]
    pub const fn may_have_moved(&self) -> bool {
        !matches!(self, Self::Idle { .. } | Self::Claimed { earlier: None, .. })
    }
}
