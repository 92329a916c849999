//! `ponte audit`: the proof of the audit rows, by operator command of the running stack.

use std::fmt::Write as _;
use std::path::Path;

use clap::Subcommand;
use ponte_audit::commands::{AuditFault, AuditFinding, Command, Proof, ProvenDay};

use crate::operator::{self, By};

/// The function that keeps the seals.
const FUNCTION: &str = "audit";

/// Subcommands of `ponte audit`.
#[derive(Subcommand)]
pub(crate) enum Audit {
    /// Prove a day; every row that was changed, removed or inserted is named
    Prove {
        /// Day in UTC, e.g. 2026-03-01
        day: String,
    },
}

impl Audit {
    /// Runs the command on the running stack, again as long as an answer leaves a rest; a fault is an error.
    pub(crate) async fn run(self, directory: &Path) -> Result<String, String> {
        let Self::Prove { day } = self;
        let mut whole = ProvenDay { day: day.clone(), proof: Proof::default() };
        let mut from = None;
        loop {
            let command = Command::Prove { day: day.clone(), from: from.take() };
            let answer: ProvenDay = operator::run(directory, FUNCTION, &command, &By::default()).await?;
            whole.proof.seals += answer.proof.seals;
            whole.proof.sealed += answer.proof.sealed;
            whole.proof.waiting += answer.proof.waiting;
            whole.proof.findings.extend(answer.proof.findings);
            from = answer.proof.rest;
            if from.is_none() {
                break;
            }
        }
        let text = text(&whole);
        if whole.proof.findings.is_empty() { Ok(text) } else { Err(text) }
    }
}

/// A day in a line, and a line per finding.
fn text(day: &ProvenDay) -> String {
    let proof = &day.proof;
    let faults = proof.findings.len();
    let mut text = format!(
        "{}: {} rows under {} seals, {} not sealed yet, {faults} faults",
        day.day, proof.sealed, proof.seals, proof.waiting
    );
    for finding in &proof.findings {
        // Writing into a text does not fail.
        let _ = write!(text, "\n  {}", line(finding));
    }
    text
}

fn line(finding: &AuditFinding) -> String {
    let row = finding.row.as_deref().unwrap_or_default();
    let seal = finding.seal.unwrap_or_default();
    let shard =
        finding.shard.map_or_else(|| "outside the shards".to_owned(), |shard| format!("shard {shard}"));
    match finding.fault {
        AuditFault::RowChanged => format!("{shard}: row {row} is not what was sealed"),
        AuditFault::RowRemoved => format!("{shard}: row {row} is gone"),
        AuditFault::RowInserted => format!("{shard}: row {row} came afterwards"),
        AuditFault::SealChanged => format!("{shard}: seal {seal} is not what it was"),
        AuditFault::SealRemoved => format!("{shard}: seal {seal} is gone"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t48_a_fault_is_told_with_the_row_it_is_about() {
        let finding = AuditFinding {
            fault: AuditFault::RowRemoved,
            shard: Some(2),
            seal: Some(7),
            row: Some("2026-03-01T12:00:00.000Z#id#0".to_owned()),
        };
        let mut day = ProvenDay { day: "2026-03-01".to_owned(), proof: Proof::default() };
        assert_eq!(text(&day), "2026-03-01: 0 rows under 0 seals, 0 not sealed yet, 0 faults");
        day.proof.findings.push(finding);
        let told = "2026-03-01: 0 rows under 0 seals, 0 not sealed yet, 1 faults\n  \
                    shard 2: row 2026-03-01T12:00:00.000Z#id#0 is gone";
        assert_eq!(text(&day), told);
    }
}
