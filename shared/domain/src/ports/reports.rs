//! The outbox and the metrics platform behind it.

use async_trait::async_trait;

use super::PortError;
use crate::outbox::{Lease, OutboxRow, PendingRow, Ticket};

/// The writing end of the outbox, for calls that change nothing else.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Stores a row.
    async fn add(&self, row: &OutboxRow) -> Result<(), PortError>;
}

/// The reading end of the outbox.
#[async_trait]
pub trait Backlog: Send + Sync {
    /// The sweeper's note on a shard.
    async fn lease(&self, shard: u8) -> Result<Option<Lease>, PortError>;
    /// Replaces the note if it is still `before`; false if another sweeper was faster.
    async fn take_lease(&self, shard: u8, before: Option<&Lease>, after: &Lease) -> Result<bool, PortError>;
    /// Sort keys of at most `limit` rows after `after`, oldest first.
    async fn keys(&self, shard: u8, after: Option<&str>, limit: usize) -> Result<Vec<String>, PortError>;
    /// The rows of a ticket that are still pending, oldest first.
    async fn rows(&self, ticket: &Ticket) -> Result<Vec<PendingRow>, PortError>;
    /// Forgets rows the other side has.
    async fn done(&self, shard: u8, sort_keys: &[String]) -> Result<(), PortError>;
    /// Moves a row the other side refused for good to where an operator finds it, with the reason.
    async fn park(&self, shard: u8, row: &PendingRow, reason: &str) -> Result<(), PortError>;
}

/// The queue of tickets.
#[async_trait]
pub trait Tickets: Send + Sync {
    /// Sends tickets; all or an error.
    async fn send(&self, tickets: &[Ticket]) -> Result<(), PortError>;
}

/// What the platform said of one item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Taken.
    Accepted,
    /// Refused for good, with the platform's message.
    Discarded(String),
}

/// What the platform said of a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlatformAnswer {
    /// One verdict per item, in order (200, 207, or 400 with items).
    Items(Vec<Verdict>),
    /// The batch is too large; send smaller ones (413).
    TooLarge,
    /// Not now (429, 5xx, no answer): the rows stay.
    Later(String),
}

/// The metrics platform.
#[async_trait]
pub trait Platform: Send + Sync {
    /// Posts items (each one JSON text) to `path`.
    async fn post(&self, path: &str, items: &[&str]) -> Result<PlatformAnswer, PortError>;
}
