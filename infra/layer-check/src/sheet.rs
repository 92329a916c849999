//! What was asked of each operation and what was wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// A way of asking.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Check {
    /// A call as Ponte makes it: status, media type, `meta`, and every record against the tables of the standard.
    Answer,
    /// Where there is nothing: a page past the end, a customer nobody knows.
    Empty,
    /// Page after page to the end.
    Pages,
    /// What nobody knows: a product, a bill, a token.
    Unknown,
    /// What belongs to another customer.
    Foreign,
    /// What the consent does not share of the same customer's.
    Shared,
    /// What is no body of the operation, and no page.
    Body,
    /// A compressed body, where the layer takes one.
    Gzip,
    /// The time that an answer takes.
    Time,
    /// The filters of the endpoint.
    Filters,
    /// Two calls at once.
    Parallel,
    /// A credential that is absent or wrong.
    Access,
}

impl Check {
    /// Every way, in the order of the table.
    pub const ALL: [Self; 12] = [
        Self::Answer,
        Self::Empty,
        Self::Pages,
        Self::Unknown,
        Self::Foreign,
        Self::Shared,
        Self::Body,
        Self::Gzip,
        Self::Time,
        Self::Filters,
        Self::Parallel,
        Self::Access,
    ];

    /// Its name, as the table and the JSON have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Empty => "empty",
            Self::Pages => "pages",
            Self::Unknown => "unknown",
            Self::Foreign => "foreign",
            Self::Shared => "shared",
            Self::Body => "body",
            Self::Gzip => "gzip",
            Self::Time => "time",
            Self::Filters => "filters",
            Self::Parallel => "parallel",
            Self::Access => "access",
        }
    }
}

/// What became of a check.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It held.
    Held,
    /// It found faults.
    Broken,
    /// It was not made: it does not apply, or there was nothing to make it with.
    Skipped,
}

/// A fault: where, what, how often. Never a value of a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Fault {
    /// Way of asking.
    pub check: Check,
    /// Path of the field, without indices, `data[].transactionAmount.amount`; empty where it is about the answer as a whole.
    pub path: String,
    /// What is wrong.
    pub what: String,
    /// How often it was seen.
    pub count: u64,
}

/// What is known of one operation.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    made: BTreeSet<Check>,
    faults: BTreeMap<(Check, String, String), u64>,
    notes: Vec<String>,
}

impl Sheet {
    /// The check was made.
    pub(crate) fn made(&mut self, check: Check) {
        self.made.insert(check);
    }

    /// Something is wrong with the answer as a whole.
    pub(crate) fn wrong(&mut self, check: Check, what: impl Into<String>) {
        self.wrong_at(check, "", what, 1);
    }

    /// Something is wrong at a place.
    pub(crate) fn wrong_at(&mut self, check: Check, path: &str, what: impl Into<String>, count: u64) {
        self.made(check);
        *self.faults.entry((check, path.to_owned(), what.into())).or_default() += count;
    }

    /// Why something was not checked.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub(crate) fn outcome(&self, check: Check) -> Outcome {
        if self.faults.keys().any(|(of, ..)| *of == check) {
            Outcome::Broken
        } else if self.made.contains(&check) {
            Outcome::Held
        } else {
            Outcome::Skipped
        }
    }

    pub(crate) fn faults(&self) -> Vec<Fault> {
        let fault = |((check, path, what), count): (&(Check, String, String), &u64)| Fault {
            check: *check,
            path: path.clone(),
            what: what.clone(),
            count: *count,
        };
        self.faults.iter().map(fault).collect()
    }

    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }
}
