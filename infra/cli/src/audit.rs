//! `ponte audit`: the proof of the audit rows and of their seals, by operator commands of the running stack.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Subcommand;
use ponte_audit::commands::{
    AuditFault, AuditFinding, Command, Compared, LoggedSeal, MOST_SEALS, Proof, ProvenDay,
};
use serde_json::Value;

use crate::commands::Commands;
use crate::export;
use crate::operator::{self, By};
use crate::target::Target;

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
    /// Hold seals as the log named them against the tables; whoever wrote the tables anew could not write the log anew
    Compare {
        /// Exported log lines of the function audit
        #[arg(required_unless_present = "seals")]
        file: Option<PathBuf>,
        /// A seal by its shard, day, number and digest; may be repeated
        #[arg(long = "seal", value_name = "SHARD:DAY:NUMBER:DIGEST")]
        seals: Vec<String>,
    },
}

impl Commands for Audit {
    const FUNCTION: &'static str = FUNCTION;
    type Command = Command;

    fn command(self) -> Result<Command, String> {
        Ok(match self {
            Self::Prove { day } => Command::Prove { day, from: None },
            Self::Compare { file, seals } => Command::Compare { seals: seals_of(file, &seals)? },
        })
    }

    /// A fault is an error.
    async fn run(self, target: &Target, _: &By) -> Result<String, String> {
        match self {
            Self::Prove { day } => Self::prove(target, day).await,
            Self::Compare { file, seals } => Self::compare(target, &seals_of(file, &seals)?).await,
        }
    }
}

/// The seals that were named, and those of an export.
fn seals_of(file: Option<PathBuf>, named: &[String]) -> Result<Vec<LoggedSeal>, String> {
    let mut seals = named.iter().map(|seal| logged(seal)).collect::<Result<Vec<_>, _>>()?;
    if let Some(file) = file {
        let export =
            std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        seals.extend(logged_seals(&export));
    }
    if seals.is_empty() {
        return Err("no line of the export names a seal".to_owned());
    }
    Ok(seals)
}

impl Audit {
    async fn compare(target: &Target, seals: &[LoggedSeal]) -> Result<String, String> {
        let mut whole = Compared::default();
        for seals in seals.chunks(MOST_SEALS) {
            let command = Command::Compare { seals: seals.to_vec() };
            let answer: Compared = operator::run(target, FUNCTION, &command, &By::default()).await?;
            whole.compared += answer.compared;
            whole.findings.extend(answer.findings);
        }
        let faults = whole.findings.len();
        let text = lines(format!("{} seals of the log, {faults} faults", whole.compared), &whole.findings);
        if whole.findings.is_empty() { Ok(text) } else { Err(text) }
    }

    async fn prove(target: &Target, day: String) -> Result<String, String> {
        let mut whole = ProvenDay { day: day.clone(), proof: Proof::default() };
        let mut from = None;
        loop {
            let command = Command::Prove { day: day.clone(), from: from.take() };
            let answer: ProvenDay = operator::run(target, FUNCTION, &command, &By::default()).await?;
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
    let text = format!(
        "{}: {} rows under {} seals, {} not sealed yet, {faults} faults",
        day.day, proof.sealed, proof.seals, proof.waiting
    );
    lines(text, &proof.findings)
}

fn lines(mut text: String, findings: &[AuditFinding]) -> String {
    for finding in findings {
        // Writing into a text does not fail.
        let _ = write!(text, "\n  {}", line(finding));
    }
    text
}

/// The seals that an export of log lines names.
fn logged_seals(export: &str) -> Vec<LoggedSeal> {
    let seal = |fields: &Value| {
        let text = |name: &str| fields[name].as_str().map(str::to_owned);
        Some(LoggedSeal {
            shard: fields["shard"].as_u64()?.try_into().ok()?,
            day: text("day")?,
            number: fields["number"].as_u64()?,
            digest: text("digest")?,
        })
    };
    export::fields(export).iter().filter_map(seal).collect()
}

/// A seal as the command line names it.
fn logged(text: &str) -> Result<LoggedSeal, String> {
    let seal = || {
        let [shard, day, number, digest] = text.split(':').collect::<Vec<_>>().try_into().ok()?;
        let (shard, number) = (shard.parse().ok()?, number.parse().ok()?);
        Some(LoggedSeal { shard, day: day.to_owned(), number, digest: digest.to_owned() })
    };
    seal().ok_or_else(|| format!("`{text}` is not of the form SHARD:DAY:NUMBER:DIGEST"))
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
        AuditFault::BeginningChanged => {
            format!("{shard}: the chain does not begin on the day that its end names")
        }
        AuditFault::HeadRemoved => {
            format!("{shard}: the end of the chain is gone or unreadable, or none ever began")
        }
        AuditFault::LogDiffers => format!("{shard}: seal {seal} is not the one that the log names"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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

    #[test]
    fn t67_seals_are_read_out_of_exported_lines_and_from_the_command_line() {
        let line = |shard: u64, message: &str| {
            let fields = json!({ "message": message, "shard": shard, "day": "2026-03-01", "number": 7, "digest": "ab" });
            json!({ "timestamp": "t", "level": "INFO", "fields": fields }).to_string()
        };
        let proven = json!({ "fields": { "message": "audit rows proven", "day": "2026-03-01", "seals": 3 } });
        let forged = json!({ "fields": { "agent": line(3, "audit rows sealed") } });
        let event = json!({ "message": line(2, "end of the audit seals") });
        let export = format!("{}\n{proven}\nSTART\n{forged}\n{event}\n", line(1, "audit rows sealed"));
        let seals = logged_seals(&export);
        assert_eq!(seals.iter().map(|seal| seal.shard).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(logged("2:2026-03-01:7:ab").as_ref(), Ok(&seals[1]));
        for text in ["2:2026-03-01:7", "x:2026-03-01:7:ab", "2:2026-03-01:7:ab:", ""] {
            assert!(logged(text).is_err(), "{text}");
        }
    }

    #[test]
    fn t67_a_seal_that_is_not_the_logged_one_is_told() {
        let finding =
            AuditFinding { fault: AuditFault::LogDiffers, shard: Some(1), seal: Some(7), row: None };
        assert_eq!(
            lines("x".to_owned(), &[finding]),
            "x\n  shard 1: seal 7 is not the one that the log names"
        );
    }
}
