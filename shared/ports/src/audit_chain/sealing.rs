//! Sealing: the rows of a shard that no other can come in front of any more.

use std::time::Duration;

use ponte_values::Moment;

use super::head::ChainHead;
use super::seal::AuditSeal;
use super::table::{Appended, AuditChain};
use crate::{CLOCK_DIFFERENCE, Clock, PortError};

/// How old a row is before it is sealed. Its time is that of its call, which ends within 28 s or not at all, by a clock that may
/// lie [`CLOCK_DIFFERENCE`] behind that of the sweep.
pub const MARGIN: Duration = CLOCK_DIFFERENCE.saturating_add(Duration::from_mins(1));
/// Rows of one seal at most: their list takes about a tenth of a megabyte of its item.
pub const SEAL_ROWS: usize = 2_000;
/// Above every sort key, which begins with a time.
pub(super) const END: &str = "~";

/// What one run sealed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sealed {
    /// Seals.
    pub seals: u64,
    /// Rows under them.
    pub rows: u64,
}

/// Seals a shard as far as [`MARGIN`] allows, or until `until`; the next run goes on where this one ended. A run beside this one
/// ends it: only one of them moves the end of the chain.
pub async fn seal(
    chain: &dyn AuditChain,
    shard: u8,
    clock: &dyn Clock,
    until: Moment,
) -> Result<Sealed, PortError> {
    let mut done = Sealed::default();
    let now = clock.now();
    let settled = now.minus(MARGIN);
    let mut head = match chain.head(shard).await? {
        Some(head) => head,
        None => begun(ChainHead::beginning(shard, settled)),
    };
    if head.is_ahead_of(now) {
        return Err(stopped(&head, "the end of the chain lies in the future"));
    }
    while clock.now() < until && head.day <= settled.date_utc() {
        let closed = head.day < settled.date_utc();
        let upto = if closed { END.to_owned() } else { settled.with_millis() };
        let rows = chain.rows(head.part(), &head.upto, &upto, SEAL_ROWS).await?;
        let (full, count) = (rows.len() >= SEAL_ROWS, rows.len());
        let (seal, after) = match (rows.is_empty(), closed) {
            (true, true) => (None, head.next_day()),
            (true, false) => break,
            (false, _) => {
                let (seal, after) = head.sealing(rows);
                (Some(seal), after)
            }
        };
        match chain.append(&after, seal.as_ref()).await? {
            Appended::Done => {}
            Appended::Contended => break,
            Appended::Refused if overtaken(chain, &head).await? => break,
            Appended::Refused => return Err(stopped(&head, "something lies where the next seal goes")),
        }
        head = after;
        if let Some(seal) = seal {
            done.seals += 1;
            done.rows += u64::try_from(count).unwrap_or_default();
            told(&seal);
        }
        if !full && !closed {
            break;
        }
    }
    Ok(done)
}

/// Whether another run has moved the end of the chain on from `head`.
async fn overtaken(chain: &dyn AuditChain, head: &ChainHead) -> Result<bool, PortError> {
    Ok(chain.head(head.shard).await?.is_some_and(|now| now.version > head.version))
}

/// A chain begins once, with the first sweep of a stack. Whenever it says so again, its end was removed, so it raises the alarm
/// of the audit.
fn begun(head: ChainHead) -> ChainHead {
    tracing::error!(audit_faults = 1, shard = head.shard, since = %head.since, "a chain of audit seals begins");
    head
}

/// No run can seal this shard until somebody looks at it.
fn stopped(head: &ChainHead, why: &'static str) -> PortError {
    let number = head.number + 1;
    tracing::error!(audit_faults = 1, shard = head.shard, number, why, "audit rows cannot be sealed");
    PortError::new("audit chain", why)
}

/// The digest outside the tables: who can write them cannot write the log of earlier days.
fn told(seal: &AuditSeal) {
    tracing::info!(
        shard = seal.shard,
        day = %seal.day,
        number = seal.number,
        rows = seal.rows.len(),
        digest = seal.digest,
        "audit rows sealed"
    );
}
