//! The chain over the audit rows: each shard of a day is sealed bit by bit, so that a row that was changed, removed or
//! inserted afterwards is found by its name (T48).
//!
//! A seal lists the rows of its stretch with the SHA-256 of everything stored of each, and has a digest over that list and
//! the digest of the seal before it, over the days. Commits know nothing of it and wait for nobody: a sweep seals what is
//! older than [`MARGIN`], so that a row which arrives late, because its call took its time or a clock goes slow, is still in
//! front of the next seal. Who may write audit rows may not write seals, and the reverse; the digest of every seal also
//! stands in the log, and every night the last one of each shard: whoever can write both tables can make a chain that
//! holds, but not one that agrees with the log.
//!
//! [`MARGIN`]: sealing::MARGIN

mod comparison;
mod head;
mod night;
mod place;
mod proof;
mod seal;
pub mod sealing;
mod table;

pub use comparison::{LoggedSeal, compare};
pub use head::ChainHead;
pub use night::Standing;
pub use place::ProofPlace;
pub use proof::{AuditFault, AuditFinding, Proof, prove, readable_head};
pub use seal::{AuditPart, AuditSeal, RowDigest};
pub use table::{Appended, AuditChain};

#[cfg(test)]
mod tests;
