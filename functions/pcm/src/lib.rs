//! Reports to the metrics platform: swept from the outbox, sent in batches, archived and counted; what was discarded is
//! mended or parked; what an operator sees and does.
//!
//! | file | trigger | what it does |
//! |---|---|---|
//! | [`sweep`] | schedule, every minute | per shard: pending rows → tickets of [`TICKET_ROWS`] → queue → lease; deadline alarms |
//! | [`send`] | one message of the queue | claim → rows → batches per path → platform → archive and ledger → rows gone |
//! | `precheck` | | reports that are never sent: unlisted, expired, unreadable |
//! | `repair` | | what becomes of a discarded report |
//! | `claims` | | claims, and finishing what a dead worker left |
//! | [`check`] | | reads a sample back: paired, inconsistent, unpaired |
//! | [`view`] | | a day as an operator sees it |
//! | `management` | HTTP, management host | the days for the back office; steps of the customer's way that arrive by API |
//! | [`journey`] | | what such a step must say |
//! | [`orders`] | operator, and the schedule of the check | status, check, parked, resend, correct, rebuild |
//!
//! A row leaves the outbox only when it stands in the archive or among the parked rows, so dying anywhere loses nothing
//! (T19, T20, T51). To add a report: whoever causes it writes a row with the platform's path; nothing changes here
//! unless the path has limits of its own (`batch.rs`).
//!
//! [`TICKET_ROWS`]: ponte_metrics::outbox::TICKET_ROWS

mod backoff;
mod batch;
pub mod check;
mod claims;
pub mod journey;
mod management;
pub mod orders;
mod ports;
mod precheck;
mod repair;
pub mod send;
pub mod sweep;
pub mod view;

#[cfg(test)]
mod testing;

pub use management::router;
pub use orders::ReportOperator;
pub use ports::Ports;
pub use send::Sender;
pub use sweep::Sweeper;
