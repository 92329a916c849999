//! The sweep: changes that time made to consents are written down, each with its audit row and notices in one transaction.
//!
//! A consent says itself when time changes it next: the hour without a decision (C03), the notice before the end, the end
//! (C04), the deadline of an approval (C60). Nothing waits for the sweep: every reader counts the time itself, so a late
//! one delays the notices and nothing else. Grants are not moved. They follow their consent at every use, so a grant of
//! an ended consent opens nothing, swept or not.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future;
use ponte_data_consent::ports::{ConsentIndex, Consents};
use ponte_edge::Tick;
use ponte_ports::outbox::SHARDS;
use ponte_ports::{Clock, CommitFault, Ids, PortError};
use ponte_values::{ConsentId, Moment};

/// No consent is begun after this time of a sweep, so that it ends before the function's timeout (28 s); the next one
/// goes on.
const BUDGET: Duration = Duration::from_secs(20);
/// Consents of one shard and sweep at most.
const MOST_CONSENTS: u16 = 1000;

/// Writes down the changes that time made to consents.
pub struct Sweeper {
    /// The consents.
    pub consents: Arc<dyn Consents>,
    /// Which of them are due.
    pub index: Arc<dyn ConsentIndex>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids of the commits.
    pub ids: Arc<dyn Ids>,
}

#[async_trait]
impl Tick for Sweeper {
    /// Sweeps the shards side by side, every one even if another fails; the first failure is the answer, and the
    /// scheduler tries again.
    async fn tick(&self) -> Result<(), PortError> {
        let until = self.clock.now().plus(BUDGET);
        let swept = future::join_all((0..SHARDS).map(|shard| self.shard(shard, until))).await;
        let mut first = Ok(());
        for (shard, outcome) in (0..SHARDS).zip(swept) {
            match outcome {
                Ok(0) => {}
                Ok(changed) => tracing::info!(shard, changed, "consents swept"),
                Err(error) => first = first.and(Err(error)),
            }
        }
        first
    }
}

impl Sweeper {
    /// Changes what is due in a shard and says how many that were. A consent that cannot be changed is logged and does
    /// not hold up the others; it is due again in the next sweep. Those that this release cannot read stay overdue until
    /// one comes that can, so the sweep looks past them (D8).
    async fn shard(&self, shard: u8, until: Moment) -> Result<u32, PortError> {
        let (mut changed, mut unreadable) = (0, 0_u16);
        let mut seen = BTreeSet::new();
        loop {
            let passed = unreadable;
            let most = MOST_CONSENTS.saturating_add(passed);
            for id in self.index.due(shard, self.clock.now(), most).await? {
                if self.clock.now() >= until {
                    break;
                }
                if !seen.insert(id.to_string()) {
                    continue;
                }
                match self.consent(&id).await {
                    Ok(true) => changed += 1,
                    // Done already, or somebody else changed it meanwhile: the next sweep sees what is left to do.
                    Ok(false) | Err(CommitFault::Conflict) => {}
                    // The store named it in the log.
                    Err(CommitFault::Port(error)) if error.is_unreadable() => {
                        unreadable = unreadable.saturating_add(1);
                    }
                    Err(CommitFault::Port(error)) => {
                        let cause = std::error::Error::source(&error).map(ToString::to_string);
                        tracing::error!(consent = id.as_str(), %error, cause, "consent not swept");
                    }
                }
            }
            if unreadable == passed {
                break;
            }
        }
        if unreadable > 0 {
            tracing::error!(
                shard,
                consents = unreadable,
                "due and not readable by this release, left as they are"
            );
        }
        Ok(changed)
    }

    /// Decides on the consent as it is stored now; false if there is nothing to do. The commit holds only if nobody
    /// changed it in between, so two sweeps write one change once.
    async fn consent(&self, id: &ConsentId) -> Result<bool, CommitFault> {
        let stored = self.consents.find(id).await?;
        let Some(change) = stored.and_then(|consent| consent.expire(self.clock.now())) else {
            return Ok(false);
        };
        self.consents.commit(change.commit(self.ids.uuid(), None)).await?;
        Ok(true)
    }
}
