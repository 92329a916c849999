//! What a proof found, in the log: a metric filter of the template counts it, so that an alarm tells of it.

use ponte_ports::audit_chain::{AuditFinding, ChainHead, Proof};

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
    report_findings(Some(day), &proof.findings);
}

/// A line per row or seal, and one that counts them.
pub(crate) fn report_findings(day: Option<&str>, findings: &[AuditFinding]) {
    for finding in findings.iter().take(NAMED) {
        let (fault, row) = (finding.fault, finding.row.as_deref());
        tracing::error!(day, ?fault, shard = finding.shard, seal = finding.seal, row, "audit not as sealed");
    }
    if !findings.is_empty() {
        tracing::error!(day, audit_faults = findings.len(), "audit rows are not what was sealed");
    }
}

/// The last seal of a shard, once a night: it hangs on all that are in front of it, so that this one line, kept where nobody who
/// writes the tables writes, stands for them. `audit.compare` takes it.
pub(crate) fn tell_head(head: &ChainHead) {
    let ChainHead { shard, number, digest, since, .. } = head;
    let Some(day) = head.sealed_day else { return };
    tracing::info!(shard, %day, number, digest, %since, "end of the audit seals");
}
