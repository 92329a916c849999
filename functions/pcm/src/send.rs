//! The worker: sends every row of one ticket and writes down the platform's verdicts.
//!
//! claim the range → read the rows → look at each → batches per path → post → archive, count and note in one
//! transaction → take the rows away → give the claim back. Dying between two steps loses nothing; only between the post
//! and the transaction are rows sent twice, and even then they are counted once (T20, T51).

use std::collections::{BTreeSet, VecDeque};
use std::error::Error;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use ponte_edge::{Message, Verdict, Worker};
use ponte_metrics::ledger::SettledRow;
use ponte_metrics::ledger::shard_leases::ArchivePartKey;
use ponte_metrics::outbox::Ticket;
use ponte_metrics::ports::{PlatformAnswer, PlatformUnavailable, Settlement};
use ponte_metrics::verdict::ReportVerdict;
use ponte_ports::PortError;
use ponte_ports::outbox::SHARDS;
use ponte_values::Moment;

use crate::backoff;
use crate::batch::{self, Batch};
use crate::claims;
use crate::ports::Ports;
use crate::precheck::{Precheck, precheck};

/// After this much time no further request is begun: with the ten seconds a request may take, and the writing after it,
/// an invocation stays within its 28.
const BUDGET: Duration = Duration::from_secs(14);

/// Sends the rows that tickets name.
pub struct Sender {
    ports: Arc<Ports>,
    /// The platform asked to be left alone so long; one process knows it, the others find out.
    closed: Mutex<Option<Range<Moment>>>,
}

/// The outcome of a ticket.
enum Sent {
    /// All have their verdict, or wait for their time.
    All,
    /// Another worker has them.
    Elsewhere,
    /// The platform cannot take them now.
    Later(String),
}

/// The outcome of posting a batch.
enum Posted {
    /// Every row has its verdict.
    Verdicts(Vec<ReportVerdict>),
    /// The request was too large.
    TooLarge,
    /// The platform has nothing at this path.
    UnknownPath,
    /// Not now.
    Later(String),
}

/// A ticket that this worker has claimed.
struct Work<'a> {
    ticket: &'a Ticket,
    owner: String,
    began: Moment,
    /// Parts whose rows are gone from the outbox.
    taken_away: BTreeSet<ArchivePartKey>,
}

#[async_trait]
impl Worker for Sender {
    async fn work(&self, message: &Message) -> Verdict {
        let Some(ticket) = readable(&message.body) else {
            return Verdict::Drop("not a ticket: shard, from and to of a range of reports".into());
        };
        match self.send(&ticket, message.just_received).await {
            // The sweep makes another ticket of whatever is still there when the lease ends.
            Ok(Sent::All | Sent::Elsewhere) => Verdict::Done,
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
    /// A worker over `ports`.
    #[must_use]
    pub const fn new(ports: Arc<Ports>) -> Self {
        Self { ports, closed: Mutex::new(None) }
    }

    async fn send(&self, ticket: &Ticket, outside: Option<Moment>) -> Result<Sent, PortError> {
        let began = self.ports.clock.now();
        if let Some(until) = self.closed(began) {
            return Ok(Sent::Later(format!("left alone until {until}")));
        }
        let owner = self.ports.ids.uuid();
        if !claims::claim(&self.ports, ticket, &owner, outside).await? {
            return Ok(Sent::Elsewhere);
        }
        let mut work = Work { ticket, owner, began, taken_away: BTreeSet::new() };
        let sent = self.rows(&mut work).await;
        let back = claims::give_back(&self.ports, ticket.shard, &work.owner, &work.taken_away).await;
        let sent = sent?;
        back?;
        Ok(sent)
    }

    async fn rows(&self, work: &mut Work<'_>) -> Result<Sent, PortError> {
        let rows = self.ports.backlog.rows(work.ticket).await?;
        let mut fitting = Vec::with_capacity(rows.len());
        for row in rows {
            match precheck(&row, self.ports.endpoints, work.began) {
                Precheck::Send => fitting.push(row),
                Precheck::Wait => {}
                Precheck::Park(reason) => {
                    claims::park(&self.ports, work.ticket.shard, &row, &reason).await?;
                    tracing::warn!(
                        shard = work.ticket.shard,
                        row = row.sort_key,
                        reason,
                        "report parked unsent"
                    );
                }
            }
        }
        let mut waiting = VecDeque::from(batch::of(fitting));
        let mut later = None;
        while let Some(batch) = waiting.pop_front() {
            match self.post(work, &batch, later.is_none()).await? {
                Posted::Verdicts(said) => {
                    if !self.settle(work, batch, said).await? {
                        return Ok(Sent::Elsewhere);
                    }
                }
                Posted::TooLarge if batch.rows.len() > 1 => {
                    batch.halves().into_iter().rev().for_each(|half| waiting.push_front(half));
                }
                Posted::TooLarge => self.park(work, &batch, "too large on its own").await?,
                Posted::UnknownPath => {
                    self.park(work, &batch, "the platform has nothing at this path (404)").await?;
                    tracing::error!(
                        alarm = "pcm-path",
                        path = batch.path,
                        reports = batch.rows.len(),
                        "reports parked: the metrics platform does not know their path"
                    );
                }
                // Others of the path would fare no better; other paths are tried once, so that none waits for this one.
                Posted::Later(reason) => {
                    waiting.retain(|other| other.path != batch.path);
                    later = Some(reason);
                }
            }
        }
        Ok(later.map_or(Sent::All, Sent::Later))
    }

    /// Parks a batch. Dying in between parks the rest at the next attempt.
    async fn park(&self, work: &Work<'_>, batch: &Batch, reason: &str) -> Result<(), PortError> {
        for row in &batch.rows {
            claims::park(&self.ports, work.ticket.shard, row, reason).await?;
        }
        Ok(())
    }

    /// Posts a batch; if it is worth the time, again after a pause when the platform cannot take it.
    async fn post(&self, work: &Work<'_>, batch: &Batch, patient: bool) -> Result<Posted, PortError> {
        let items = batch.rows.iter().map(|row| row.body.as_str()).collect::<Vec<_>>();
        let mut failures = 0;
        loop {
            let spent = self.ports.clock.now().since(work.began);
            if spent > BUDGET {
                return Ok(Posted::Later("no time left for another request".to_owned()));
            }
            let later = match self.ports.platform.post(&batch.path, &items).await? {
                PlatformAnswer::Items(said) if said.len() == items.len() => {
                    return Ok(Posted::Verdicts(said));
                }
                PlatformAnswer::Items(_) => {
                    PlatformUnavailable { reason: "verdicts do not match the items".to_owned(), after: None }
                }
                PlatformAnswer::TooLarge => return Ok(Posted::TooLarge),
                PlatformAnswer::UnknownPath => return Ok(Posted::UnknownPath),
                PlatformAnswer::Later(later) => later,
            };
            if !patient {
                return Ok(Posted::Later(later.reason));
            }
            let pause = backoff::pause(failures, backoff::chance(self.ports.ids.as_ref()), later.after);
            let now = self.ports.clock.now();
            if now.since(work.began) + pause > BUDGET {
                self.close(now..now.plus(pause));
                return Ok(Posted::Later(later.reason));
            }
            self.ports.pauses.pause(pause).await;
            failures += 1;
        }
    }

    /// Writes the verdicts down, then takes the rows away; false if the rows are somebody else's by now.
    async fn settle(
        &self,
        work: &mut Work<'_>,
        batch: Batch,
        said: Vec<ReportVerdict>,
    ) -> Result<bool, PortError> {
        let shard = work.ticket.shard;
        let items = batch
            .rows
            .into_iter()
            .zip(said)
            .map(|(row, said)| SettledRow::new(row, said))
            .collect::<Vec<_>>();
        let settlement = Settlement { shard, owner: work.owner.clone(), at: self.ports.clock.now(), items };
        let Some(parts) = self.ports.settlements.settle(&settlement).await? else {
            tracing::warn!(
                shard,
                reports = settlement.items.len(),
                "sent, but the claim was over: sent again by another"
            );
            return Ok(false);
        };
        let tidied = claims::take_away(&self.ports, shard, &settlement.items).await?;
        work.taken_away.extend(parts);
        let accepted = settlement.items.iter().filter(|item| item.discarded.is_none()).count();
        tracing::info!(
            shard,
            path = batch.path,
            accepted,
            discarded = settlement.items.len() - accepted,
            mended = tidied.mended,
            parked = tidied.parked,
            "reports sent"
        );
        Ok(true)
    }

    fn close(&self, span: Range<Moment>) {
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner) = Some(span);
    }

    /// Until when the platform wants to be left alone, if it does at `now`. What a clock noted that was ahead holds
    /// nobody up (LB-04).
    fn closed(&self, now: Moment) -> Option<Moment> {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        closed.filter(|span| span.contains(&now)).map(|span| span.end)
    }
}

#[cfg(test)]
mod tests;
