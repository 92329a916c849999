//! The ledger of a day: what was reported of it, what became of it, and how it stands against the deadlines (M60).
//!
//! | file | what it holds |
//! |---|---|
//! | [`line`], [`counts`] | the reports of a day, an API and a role, counted |
//! | [`settled`] | a row with the verdict of the platform |
//! | [`shard_leases`] | who works on which rows of a shard, so that nothing is sent or counted twice |
//! | [`day`] | days in Brasília, deadlines, the rate and when to wake somebody |
//! | [`check`] | what the platform says of a sample afterwards: paired, inconsistent, unpaired |
//!
//! The day of a report is the Brasília day of its key in the outbox, everywhere. Every report is in one of four places:
//! pending or held in the outbox, accepted in the archive, parked with a reason. `produced` is their sum.

pub mod check;
mod counts;
pub mod day;
mod line;
mod settled;
pub mod shard_leases;

pub use counts::Counts;
pub use line::{Line, LineKey, Role};
pub use settled::{ARCHIVE_KEPT, SettledRow};
