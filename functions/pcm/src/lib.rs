//! Reports to the metrics platform: swept from the outbox, sent in batches, archived and counted; discarded ones are
//! mended or parked; days and commands for operators.
//!
//! | file | trigger | task |
//! |---|---|---|
//! | [`sweep`] | schedule, every minute | per shard: pending rows → tickets of [`TICKET_ROWS`] → queue → lease; deadline alarms |
//! | `gauges` | | what the sweep measures: the age of the outbox, the end of the client certificate |
//! | [`send`] | one message of the queue | claim → rows → batches per path → platform → archive and ledger → rows gone |
//! | `precheck` | | reports that are never sent: unlisted, expired, unreadable |
//! | `repair` | | a discarded report is mended or parked |
//! | `claims` | | claims of workers, and finishing those of dead ones |
//! | [`check`] | | reads a sample back: paired, inconsistent, unpaired |
//! | `days`, [`view`] | | a day of the ledger in numbers |
//! | `management` | HTTP, management host | the days for the back office; steps of customers' journeys that arrive by API; its table is in `routes` |
//! | [`journey`] | | the members of such a step |
//! | `operations` | HTTP, management host | what operators ordered by queue, of all functions |
//! | [`quality`] | HTTP, management host | what the gate of the data APIs found in the institution's records |
//! | `operator`, types in [`commands`] | operator, and the schedule of the check | status, check, parked, resend, correct, rebuild |
//!
//! A row leaves the outbox only when it stands in the archive or among the parked rows, so dying anywhere loses nothing
//! (T19, T20, T51). To add a report: its cause writes a row with the platform's path; nothing changes here
//! unless the path has limits of its own (`batch.rs`).
//!
//! [`TICKET_ROWS`]: ponte_metrics::outbox::TICKET_ROWS

mod backoff;
mod batch;
pub mod check;
mod claims;
pub mod commands;
mod days;
mod gauges;
pub mod journey;
mod management;
mod operations;
mod operator;
mod ports;
mod precheck;
pub mod quality;
mod repair;
mod routes;
pub mod send;
pub mod sweep;
pub mod view;

#[cfg(test)]
mod testing;

pub use operator::ReportOperator;
pub use ports::Ports;
pub use routes::router;
pub use send::Sender;
pub use sweep::Sweeper;
