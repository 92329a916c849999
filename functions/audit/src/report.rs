//! What a proof found, in the log: a metric filter of the template counts it, so that an alarm tells of it.

use ponte_ports::audit_chain::Proof;

/// Rows that are named one by one; the command has them all.
const NAMED: usize = 20;

/// One line with the field `audit_faults` if there are any, and one per row or seal. A row of a day that is over and has no
/// seal is a fault too: nobody would see what becomes of it, because the sealing has stopped.
pub(crate) fn report(day: &str, proof: &Proof) {
    if proof.waiting > 0 {
        tracing::error!(day, audit_faults = proof.waiting, "audit rows of a day that is over are not sealed");
    }
    if proof.findings.is_empty() && proof.waiting == 0 {
        tracing::info!(day, rows = proof.sealed, seals = proof.seals, "audit rows proven");
        return;
    }
    for finding in proof.findings.iter().take(NAMED) {
        let (fault, row) = (finding.fault, finding.row.as_deref());
        tracing::error!(day, ?fault, shard = finding.shard, seal = finding.seal, row, "audit not as sealed");
    }
    if !proof.findings.is_empty() {
        tracing::error!(day, audit_faults = proof.findings.len(), "audit rows are not what was sealed");
    }
}
