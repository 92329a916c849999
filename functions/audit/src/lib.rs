//! The chain over the audit rows: every minute each shard is sealed as far as no row can come in front of any more; once a
//! day the day before is proven, and an operator command proves any (T48).
//!
//! A function of its own: it reads every audit row and writes none, and nothing else writes its seals. The rules of the
//! chain are in [`ponte_ports::audit_chain`].

pub mod commands;
mod daily;
mod operator;
mod report;
mod sweep;

pub use daily::DailyProof;
pub use operator::ChainOperator;
pub use sweep::Sealer;

#[cfg(test)]
mod tests;
