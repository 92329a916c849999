//! What was found, as a table with its faults below, or as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::sheet::{Check, Fault, Outcome, Sheet};

/// What was found in a layer.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Each operation, in the order in which it was asked.
    pub operations: Vec<OperationReport>,
    /// Faults of all.
    pub faults: usize,
}

/// What was found in one operation.
#[derive(Debug, Serialize)]
pub struct OperationReport {
    /// Its path.
    pub operation: &'static str,
    /// What became of each check.
    pub checks: BTreeMap<Check, Outcome>,
    /// The faults, by check and path.
    pub faults: Vec<Fault>,
    /// What was not checked, and why.
    pub notes: Vec<String>,
}

impl Report {
    pub(crate) fn of(sheets: Vec<(&'static str, Sheet)>) -> Self {
        let operations: Vec<OperationReport> = sheets
            .into_iter()
            .map(|(operation, sheet)| OperationReport {
                operation,
                checks: Check::ALL.into_iter().map(|check| (check, sheet.outcome(check))).collect(),
                faults: sheet.faults(),
                notes: sheet.notes().to_vec(),
            })
            .collect();
        let faults = operations.iter().map(|operation| operation.faults.len()).sum();
        Self { operations, faults }
    }

    /// Operations that were asked at all.
    #[must_use]
    pub fn asked(&self) -> usize {
        let asked = |one: &&OperationReport| one.checks.values().any(|outcome| *outcome != Outcome::Skipped);
        self.operations.iter().filter(asked).count()
    }

    /// The table, the faults and what was not checked.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let width = self.operations.iter().map(|one| one.operation.len()).max().unwrap_or_default().max(9);
        // Writing into a text does not fail.
        let _ = write!(text, "{:<width$}", "OPERATION");
        for check in Check::ALL {
            let _ = write!(text, "  {:<8}", check.as_str());
        }
        text.truncate(text.trim_end().len());
        for one in &self.operations {
            let _ = write!(text, "\n{:<width$}", one.operation);
            for check in Check::ALL {
                let cell = match one.checks.get(&check) {
                    Some(Outcome::Held) => "ok",
                    Some(Outcome::Broken) => "FAULT",
                    _ => "-",
                };
                let _ = write!(text, "  {cell:<8}");
            }
            text.truncate(text.trim_end().len());
        }
        self.faults_below(&mut text);
        self.notes_below(&mut text);
        let _ = write!(text, "\n\n{} faults in {} operations", self.faults, self.asked());
        text
    }

    fn faults_below(&self, text: &mut String) {
        for one in self.operations.iter().filter(|one| !one.faults.is_empty()) {
            let _ = write!(text, "\n\n{}", one.operation);
            for Fault { check, path, what, count } in &one.faults {
                let at = if path.is_empty() { String::new() } else { format!("{path}: ") };
                let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
                let _ = write!(text, "\n  {:<8}  {at}{what}{times}", check.as_str());
            }
        }
    }

    fn notes_below(&self, text: &mut String) {
        let noted =
            self.operations.iter().flat_map(|one| one.notes.iter().map(move |note| (one.operation, note)));
        for (number, (operation, note)) in noted.enumerate() {
            let head = if number == 0 { "\n\nnot checked" } else { "" };
            let _ = write!(text, "{head}\n  {operation}  {note}");
        }
    }
}
