//! What was found, as a table or as JSON.

use std::fmt::Write as _;

use serde::Serialize;

/// What became of a check.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It held.
    Held,
    /// It found a fault.
    Broken,
    /// It was not made.
    Skipped,
}

/// One check of one operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// The operation.
    pub operation: &'static str,
    /// What was asked.
    pub check: &'static str,
    /// What became of it.
    pub outcome: Outcome,
    /// What is wrong, or why it was not made; empty where it held.
    pub what: String,
}

/// What was found in a connector.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// In the order in which it was asked.
    pub findings: Vec<Finding>,
    /// Longest time until a question found what a call executed, in milliseconds; none if nothing was found.
    pub settled_after_ms: Option<u64>,
}

impl Report {
    /// Faults found.
    #[must_use]
    pub fn faults(&self) -> usize {
        self.findings.iter().filter(|finding| finding.outcome == Outcome::Broken).count()
    }

    /// Checks made.
    #[must_use]
    pub fn made(&self) -> usize {
        self.findings.iter().filter(|finding| finding.outcome != Outcome::Skipped).count()
    }

    pub(crate) fn note(
        &mut self,
        (operation, check): (&'static str, &'static str),
        result: Result<(), String>,
    ) {
        let (outcome, what) = match result {
            Ok(()) => (Outcome::Held, String::new()),
            Err(what) => (Outcome::Broken, what),
        };
        self.findings.push(Finding { operation, check, outcome, what });
    }

    pub(crate) fn skipped(&mut self, (operation, check): (&'static str, &'static str), why: &str) {
        let (outcome, what) = (Outcome::Skipped, why.to_owned());
        self.findings.push(Finding { operation, check, outcome, what });
    }

    /// The table.
    #[must_use]
    pub fn text(&self) -> String {
        let width = |of: fn(&Finding) -> usize| self.findings.iter().map(of).max().unwrap_or_default().max(9);
        let (first, second) = (width(|one| one.operation.len()), width(|one| one.check.len()));
        let mut text = format!("{:<first$}  {:<second$}", "OPERATION", "CHECK");
        text.truncate(text.trim_end().len());
        for one in &self.findings {
            let cell = match one.outcome {
                Outcome::Held => "ok",
                Outcome::Broken => "FAULT",
                Outcome::Skipped => "-",
            };
            // Writing into a text does not fail.
            let _ =
                write!(text, "\n{:<first$}  {:<second$}  {cell:<5}  {}", one.operation, one.check, one.what);
            text.truncate(text.trim_end().len());
        }
        if let Some(millis) = self.settled_after_ms {
            let _ = write!(text, "\n\nfound {millis} ms after a call at the latest");
        }
        let _ = write!(text, "\n\n{} faults in {} checks", self.faults(), self.made());
        text
    }
}
