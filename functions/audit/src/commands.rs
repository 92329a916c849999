//! The operator command about the audit, and its answer: the JSON of an invocation as types, for the function and the CLI.
//!
//! A command works for eighteen seconds at most. The rest it answers as `continue`: send it again with that.

use ponte_ports::audit_chain::ProofPlace;
use serde::{Deserialize, Serialize};

pub use ponte_ports::audit_chain::{AuditFault, AuditFinding, LoggedSeal, Proof};

/// A command, as the event of a direct invocation: `{"operator": "audit.prove", "day": "2026-03-01"}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "operator", deny_unknown_fields)]
pub enum Command {
    /// Proves the audit rows of a day, and names each one that was changed, removed or inserted.
    #[serde(rename = "audit.prove")]
    Prove {
        /// The day (UTC), `YYYY-MM-DD`.
        day: String,
        /// `continue` of the answer before.
        #[serde(rename = "continue", skip_serializing_if = "Option::is_none")]
        from: Option<ProofPlace>,
    },
    /// Holds what the log said of seals against the tables: whoever wrote a chain anew could not write the log anew.
    #[serde(rename = "audit.compare")]
    Compare {
        /// Seals by the lines `audit rows sealed` and `end of the audit seals`, [`MOST_SEALS`] at most.
        seals: Vec<LoggedSeal>,
    },
}

/// Seals that one command compares.
pub const MOST_SEALS: usize = 200;

/// The outcome of a proof, or of a part of one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProvenDay {
    /// The day.
    pub day: String,
    /// What was looked at and found.
    #[serde(flatten)]
    pub proof: Proof,
}

/// The outcome of a comparison.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Compared {
    /// Seals that were looked for.
    pub compared: usize,
    /// Those that the tables do not have as the log says.
    pub findings: Vec<AuditFinding>,
}
