//! Operator commands about payments, and their answers: the JSON of an invocation as types, for the function and the CLI.
//!
//! | command | answer |
//! |---|---|
//! | [`Command::Reconcile`] | [`Reconciled`] |
//! | [`Command::Resolve`] | [`Resolved`] |
//! | [`Command::Redrive`] | [`Redriven`] |
//! | [`Command::RunDay`] | [`DayRun`] |
//!
//! All change something: the event says in `by` who orders it and why. [`Command::Resolve`] and [`Command::Redrive`] may move money and
//! always need a second operator, so that only the operator queue takes them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::reconcile::Reconciliation;

/// A command, as the event of a direct invocation: `{"operator": "payments.reconcile", "day": "2026-06-15"}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "operator", deny_unknown_fields)]
pub enum Command {
    /// Compares the books of a day with the core's, or asks the core about one payment, and takes over what the core says.
    #[serde(rename = "payments.reconcile")]
    Reconcile {
        /// The day in Brasília, `YYYY-MM-DD`; not one to come.
        #[serde(skip_serializing_if = "Option::is_none")]
        day: Option<String>,
        /// In its place one payment.
        #[serde(skip_serializing_if = "Option::is_none")]
        payment: Option<String>,
    },
    /// Says what became of a payment of which asking cannot tell it.
    #[serde(rename = "payments.resolve")]
    Resolve {
        /// The payment.
        payment: String,
        /// What became of it.
        outcome: Outcome,
        /// The core's own key of what it executed: pairs of key and value.
        #[serde(rename = "coreKey", skip_serializing_if = "Option::is_none")]
        core_key: Option<serde_json::Value>,
    },
    /// Gives the worker the dead letters of its queue once more.
    #[serde(rename = "payments.redrive")]
    Redrive {
        /// `next` of the answer before.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Gives the worker all payments of today that are due. A day that is over is never run again.
    #[serde(rename = "payments.run-day")]
    RunDay {
        /// Today in Brasília, `YYYY-MM-DD`, so that an order that comes a day late does nothing.
        day: String,
        /// `next` of the answer before.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
}

/// What became of a payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// The core executed it: it is settled.
    Executed,
    /// The core did not execute it, and will not: it is rejected.
    NotExecuted,
    /// The core did not execute it: it is sent again under the same key.
    SendAgain,
}

/// A payment after a command.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resolved {
    /// Its id.
    pub payment: String,
    /// Its status.
    pub status: String,
    /// Whether it still waits for somebody to say what became of it.
    pub parked: bool,
    /// Whether the command changed it.
    pub changed: bool,
}

/// The outcome of a reconciliation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Reconciled {
    /// Of a day.
    Day(Reconciliation),
    /// Of one payment.
    Payment(Resolved),
}

/// The outcome of a command that sends dead letters again.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Redriven {
    /// Messages that went to the worker.
    pub sent: u64,
    /// Letters that name no payment, by their ids: they stay where they are.
    pub left: BTreeMap<String, String>,
    /// More of them: send the command again with this as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The outcome of a command that runs a day again.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DayRun {
    /// Payments of the day that were given to the worker.
    pub sent: u64,
    /// Payments of which nothing is due.
    pub untouched: u64,
    /// More of them: send the command again with this as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
