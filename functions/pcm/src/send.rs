//! The worker: sends every row of one ticket and notes what the platform said of it.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::Arc;

use async_trait::async_trait;
use ponte_domain::outbox::{PendingRow, SHARDS, Ticket};
use ponte_domain::ports::{Backlog, Platform, PlatformAnswer, PortError, Verdict as Said};
use ponte_edge::{Verdict, Worker};

use crate::batch::{self, Batch};

/// Sends what tickets name.
pub struct Sender {
    /// The outbox.
    pub backlog: Arc<dyn Backlog>,
    /// The metrics platform.
    pub platform: Arc<dyn Platform>,
}

/// What became of a ticket's rows.
enum Sent {
    /// All are gone from the outbox.
    All,
    /// The platform cannot take them now.
    Later(String),
}

/// What became of a batch.
enum Posted {
    /// Every row has its verdict.
    Settled,
    /// The request was too large.
    TooLarge,
    /// Not now.
    Later(String),
}

#[async_trait]
impl Worker for Sender {
    async fn work(&self, body: &str) -> Verdict {
        let Some(ticket) = readable(body) else {
            tracing::warn!(bytes = body.len(), "ticket not readable, dropped");
            return Verdict::Drop;
        };
        match self.send(&ticket).await {
            Ok(Sent::All) => Verdict::Done,
            Ok(Sent::Later(reason)) => {
                tracing::warn!(shard = ticket.shard, reason, "platform takes no reports now");
                Verdict::Retry
            }
            Err(error) => {
                let cause = error.source().map(ToString::to_string);
                tracing::error!(shard = ticket.shard, %error, cause, "ticket not worked off");
                Verdict::Retry
            }
        }
    }
}

/// A ticket that names a range of a shard; nothing else can ever be worked off.
fn readable(body: &str) -> Option<Ticket> {
    let ticket = serde_json::from_str::<Ticket>(body).ok()?;
    (ticket.shard < SHARDS && !ticket.from.is_empty() && ticket.from <= ticket.to).then_some(ticket)
}

impl Sender {
    async fn send(&self, ticket: &Ticket) -> Result<Sent, PortError> {
        let rows = self.backlog.rows(ticket).await?;
        let (rows, broken): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_whole);
        self.park(ticket.shard, &broken, "row without path or body").await?;
        let mut waiting = VecDeque::from(batch::of(rows));
        while let Some(batch) = waiting.pop_front() {
            match self.post(ticket.shard, &batch).await? {
                Posted::Settled => {}
                Posted::TooLarge if batch.rows.len() > 1 => {
                    batch.halves().into_iter().rev().for_each(|half| waiting.push_front(half));
                }
                Posted::TooLarge => self.park(ticket.shard, &batch.rows, "too large on its own").await?,
                // The others would fare no better; their rows stay where they are.
                Posted::Later(reason) => return Ok(Sent::Later(reason)),
            }
        }
        Ok(Sent::All)
    }

    /// Posts, then notes. Dying in between sends the batch again; the platform tells repetitions by their key (T51).
    async fn post(&self, shard: u8, batch: &Batch) -> Result<Posted, PortError> {
        let items = batch.rows.iter().map(|row| row.body.as_str()).collect::<Vec<_>>();
        let said = match self.platform.post(&batch.path, &items).await? {
            PlatformAnswer::Items(said) if said.len() == items.len() => said,
            PlatformAnswer::Items(_) => {
                return Ok(Posted::Later("verdicts do not match the items".to_owned()));
            }
            PlatformAnswer::TooLarge => return Ok(Posted::TooLarge),
            PlatformAnswer::Later(reason) => return Ok(Posted::Later(reason)),
        };
        let verdicts = || batch.rows.iter().zip(&said);
        let taken = verdicts().filter(|(_, said)| **said == Said::Accepted);
        let taken = taken.map(|(row, _)| row.sort_key.clone()).collect::<Vec<_>>();
        self.backlog.done(shard, &taken).await?;
        let mut discarded = 0_usize;
        for (row, said) in verdicts() {
            if let Said::Discarded(reason) = said {
                self.backlog.park(shard, row, reason).await?;
                discarded += 1;
            }
        }
        tracing::info!(shard, path = batch.path, accepted = taken.len(), discarded, "reports sent");
        Ok(Posted::Settled)
    }

    async fn park(&self, shard: u8, rows: &[PendingRow], reason: &str) -> Result<(), PortError> {
        for row in rows {
            self.backlog.park(shard, row, reason).await?;
        }
        Ok(())
    }
}

/// Whether a row can be sent at all.
fn is_whole(row: &PendingRow) -> bool {
    row.path.starts_with('/') && !row.body.is_empty()
}

#[cfg(test)]
mod tests;
