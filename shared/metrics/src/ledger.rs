//! The ledger of a day: its reports, their verdicts, and the share that met the deadlines (M60).
//!
//! | module | contents |
//! |---|---|
//! | [`line`], [`counts`] | the reports of a day, an API and a role, counted |
//! | [`settled`] | a row with the verdict of the platform |
//! | [`shard_leases`] | the claims of workers on the rows of a shard, so that nothing is sent or counted twice |
//! | [`day`] | days in Brasília, deadlines, the share of a day and its alarms |
//! | [`check`] | the states of a sample at the platform afterwards: paired, inconsistent, unpaired |
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
