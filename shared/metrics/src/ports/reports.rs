//! Ports of the reporting function: the outbox to read from, the platform to send to, the ledger to write.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use ponte_values::{ConsentId, Date, Moment};

use crate::ledger::check::{Check, PlatformReport};
use crate::ledger::shard_leases::{ArchivePartKey, ShardLeases};
use crate::ledger::{Counts, Line, LineKey, SettledRow};
use crate::outbox::{HeldRow, Lease, PendingRow, Ticket};
use crate::verdict::ReportVerdict;
use ponte_ports::outbox::OutboxRow;
use ponte_ports::{PortError, Trail};

/// Reports that wait for a fact before they may go out (M38).
#[async_trait]
pub trait HeldReports: Send + Sync {
    /// Stores a row that waits for a fact about `consent`.
    async fn hold(&self, row: &OutboxRow, consent: &ConsentId) -> Result<(), PortError>;
    /// At most `limit` rows of a shard that wait, oldest first.
    async fn held(&self, shard: u8, limit: usize) -> Result<Vec<HeldRow>, PortError>;
    /// Lets a row go out with `body`, in one transaction; false if it is gone already.
    async fn release(&self, row: &HeldRow, body: &str) -> Result<bool, PortError>;
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
    /// Whether the row with this key, or another attempt of it, is pending or held.
    async fn has(&self, sort_key: &str) -> Result<bool, PortError>;
    /// Forgets rows the other side has.
    async fn done(&self, shard: u8, sort_keys: &[String]) -> Result<(), PortError>;
    /// Rows of a day that are pending, and rows of it that are held.
    async fn waiting(&self, day: Date) -> Result<WaitingReports, PortError>;
}

/// How many rows of a day wait in the outbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct WaitingReports {
    /// Reports to be sent for the first time, or mended.
    pub pending: u64,
    /// Reports that wait for a fact (M38).
    pub held: u64,
    /// Reports the platform has, to be sent once more.
    pub repeats: u64,
}

/// The queue of tickets.
#[async_trait]
pub trait Tickets: Send + Sync {
    /// Sends tickets; all or an error.
    async fn send(&self, tickets: &[Ticket]) -> Result<(), PortError>;
}

/// The answer of the platform to a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlatformAnswer {
    /// One verdict per item, in order (200, 207, or 400 with items).
    Items(Vec<ReportVerdict>),
    /// The batch is too large; send smaller ones (413).
    TooLarge,
    /// There is nothing at this path (404): no report of it will ever be taken.
    UnknownPath,
    /// Not now: the rows stay.
    Later(PlatformUnavailable),
}

/// The platform takes no reports now (429, 5xx, no answer).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlatformUnavailable {
    /// Its message.
    pub reason: String,
    /// Shortest wait before the next request (`Retry-After`).
    pub after: Option<Duration>,
}

/// The metrics platform.
#[async_trait]
pub trait Platform: Send + Sync {
    /// Posts items (each one JSON text) to `path`.
    async fn post(&self, path: &str, items: &[&str]) -> Result<PlatformAnswer, PortError>;
    /// The reports of both sides about an interaction, as far as this institution has a part in it.
    async fn find(&self, interaction: &str) -> Result<Vec<PlatformReport>, PortError>;
}

/// A batch with its verdicts, to be written down at once or not at all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settlement {
    /// Shard the rows come from.
    pub shard: u8,
    /// Owner of the claim the rows are under.
    pub owner: String,
    /// When the platform gave its verdicts.
    pub at: Moment,
    /// Rows and verdicts, by sort key.
    pub items: Vec<SettledRow>,
}

/// A part of the archive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArchivePart {
    /// Where it lies.
    pub key: ArchivePartKey,
    /// When the platform gave its verdicts.
    pub at: Moment,
    /// Rows and verdicts, by sort key.
    pub items: Vec<SettledRow>,
}

/// A row that cannot be sent as it is, with the reason for an operator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParkedRow {
    /// The row as it was.
    pub row: PendingRow,
    /// Reason.
    pub reason: String,
    /// Since when.
    pub at: Moment,
}

/// A slice of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slice<T> {
    /// Items of the slice.
    pub found: Vec<T>,
    /// Cursor of the next slice; `None` at the end.
    pub next: Option<String>,
}

/// The writes of a worker: claims, verdicts and parked rows.
#[async_trait]
pub trait Settlements: Send + Sync {
    /// The leases of a shard, strongly consistent.
    async fn leases(&self, shard: u8) -> Result<ShardLeases, PortError>;
    /// Stores the leases if the version before is the one stored; false if another worker was faster.
    async fn replace_leases(&self, shard: u8, after: &ShardLeases) -> Result<bool, PortError>;
    /// Archives a batch, counts it, and notes its parts on the claim of its owner, in one transaction. `None` if the
    /// claim is gone: nothing was written, and the rows belong to another worker.
    async fn settle(&self, settlement: &Settlement) -> Result<Option<Vec<ArchivePartKey>>, PortError>;
    /// A part of the archive; `None` when it has expired.
    async fn part(&self, key: &ArchivePartKey) -> Result<Option<ArchivePart>, PortError>;
    /// Moves a row from this shard of the outbox to the parked ones and counts it; false if it is not there any more. The
    /// shard is the one it was read from, which is another than its key says if their number changed since.
    async fn park(&self, shard: u8, row: &PendingRow, reason: &str, now: Moment) -> Result<bool, PortError>;
    /// Puts `mended`, another attempt, in the place of `row`, which lies in this shard; false if it is not there any more.
    async fn mend(&self, shard: u8, row: &PendingRow, mended: &PendingRow) -> Result<bool, PortError>;
}

/// The ledger, as operators read and correct it.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// The lines of a day.
    async fn lines(&self, day: Date) -> Result<Vec<Line>, PortError>;
    /// Changes lines from the first counts to the second ones, by their difference: what is counted meanwhile stays. The
    /// trail goes with the first of them, or alone if there are none.
    async fn correct(
        &self,
        lines: &[(LineKey, Counts, Counts)],
        now: Moment,
        trail: &Trail,
    ) -> Result<(), PortError>;
    /// The archive of a day, oldest part first, at most about a megabyte of it.
    async fn archive(&self, day: Date, after: Option<&str>) -> Result<Slice<ArchivePart>, PortError>;
    /// Those of these rows of a day that the archive has, in whatever attempt; all are keys of first attempts.
    async fn archived(&self, day: Date, keys: &BTreeSet<String>) -> Result<BTreeSet<String>, PortError>;
    /// Stores a row that was lost before it was stored, among those that wait if there is a consent whose facts it waits for
    /// (M38), from `now` on; false if it is in the outbox, or was stored by this before.
    async fn restore(
        &self,
        row: &PendingRow,
        waits_for: Option<&ConsentId>,
        now: Moment,
    ) -> Result<bool, PortError>;
    /// At most `limit` parked rows, of one day or of all, oldest first.
    async fn parked(
        &self,
        day: Option<Date>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<ParkedRow>, PortError>;
    /// Moves a parked row back into the outbox as `row`, another attempt; false if it is not parked any more.
    async fn unpark(&self, parked: &ParkedRow, row: &PendingRow, now: Moment) -> Result<bool, PortError>;
    /// Puts rows the platform has into the outbox once more, as another attempt each.
    async fn resend(&self, rows: &[PendingRow]) -> Result<(), PortError>;
    /// The same for one row, with its trail in one transaction.
    async fn resend_one(&self, row: &PendingRow, trail: &Trail) -> Result<(), PortError>;
    /// Writes down what an operator ordered, before it is done in many writes.
    async fn order(&self, trail: &Trail) -> Result<(), PortError>;
    /// Stores a row unless one with this `marker` was stored before; false if it was.
    async fn add_once(&self, row: &OutboxRow, marker: &str) -> Result<bool, PortError>;
    /// The last check of a day.
    async fn check(&self, day: Date) -> Result<Option<Check>, PortError>;
    /// Keeps the check of a day.
    async fn keep_check(&self, day: Date, check: &Check) -> Result<(), PortError>;
}
