//! The chain over the audit rows: every minute each shard is sealed as far as no row can come in front of any more; every
//! night the day before is proven, with a thirtieth of the days before it, and operator commands prove any day and hold the
//! log against the seals (T48, T67).
//!
//! A function of its own: it reads every audit row and writes none, and nothing else writes its seals. The rules of the
//! chain are in [`ponte_ports::audit_chain`].

pub mod commands;
mod nights;
mod operator;
mod report;
mod sweep;

pub use nights::NightlyProof;
pub use operator::ChainOperator;
pub use sweep::Sealer;

#[cfg(test)]
mod tests;
