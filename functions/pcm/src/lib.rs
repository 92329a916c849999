//! Reports to the metrics platform: the sweeper turns pending rows into tickets, the worker sends what a ticket names.
//!
//! | file | trigger | what it does |
//! |---|---|---|
//! | [`sweep`] | schedule, every minute | per shard: pending rows → tickets of [`TICKET_ROWS`] → queue → lease |
//! | [`send`] | one message of the queue | rows of the ticket → batches per path → platform → done, parked or left |
//!
//! A row leaves the outbox only after the platform's verdict on it, so dying anywhere repeats and never loses (T19,
//! T20, T51). To add a report: whoever causes it writes a row with the platform's path; nothing changes here unless
//! the path has limits of its own (`batch.rs`).
//!
//! [`TICKET_ROWS`]: ponte_domain::outbox::TICKET_ROWS

mod batch;
pub mod send;
pub mod sweep;

#[cfg(test)]
mod testing;

pub use send::Sender;
pub use sweep::Sweeper;
