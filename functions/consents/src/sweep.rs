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
use ponte_ports::audit::OperatorOrder;
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

/// What a sweep did.
#[derive(Default)]
pub(crate) struct Swept {
    /// Consents that were changed.
    pub(crate) changed: u64,
    /// Consents that could not be changed, with why.
    pub(crate) left: Vec<(ConsentId, Left)>,
    /// Whether its time was over, or a shard has more than a sweep takes.
    pub(crate) unfinished: bool,
}

/// What became of a consent.
pub(crate) enum Written {
    /// What time made of it is written.
    Changed,
    /// Time changed nothing, or it was written before.
    NothingDue,
    /// It could not be changed.
    Left(Left),
}

/// Why a consent was not changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum Left {
    /// There is none.
    #[error("there is no such consent")]
    Unknown,
    /// A later release wrote it.
    #[error("not readable by this release")]
    Unreadable,
    /// Somebody else changed it in between.
    #[error("changed by somebody else meanwhile: look again")]
    Met,
    /// The store failed; the log says how.
    #[error("the store failed")]
    Failed,
}

#[async_trait]
impl Tick for Sweeper {
    /// Sweeps the shards side by side, every one even if another fails; the first failure is the answer, and the
    /// scheduler tries again.
    async fn tick(&self) -> Result<(), PortError> {
        let now = self.clock.now();
        self.sweep(now, now.plus(BUDGET), None).await.map(drop)
    }
}

impl Sweeper {
    /// Changes what is due at the moment `due`, and begins nothing from `until` on; `order` is that of an operator, if one
    /// ordered it.
    pub(crate) async fn sweep(
        &self,
        due: Moment,
        until: Moment,
        order: Option<&OperatorOrder>,
    ) -> Result<Swept, PortError> {
        let shards = future::join_all((0..SHARDS).map(|shard| self.shard(shard, (due, until), order))).await;
        let (mut all, mut first) = (Swept::default(), Ok(()));
        for (shard, outcome) in (0..SHARDS).zip(shards) {
            match outcome {
                Ok(swept) => {
                    if swept.changed > 0 {
                        tracing::info!(shard, changed = swept.changed, "consents swept");
                    }
                    all.changed += swept.changed;
                    all.left.extend(swept.left);
                    all.unfinished |= swept.unfinished;
                }
                Err(error) => first = first.and(Err(error)),
            }
        }
        first.map(|()| all)
    }

    /// Changes what is due in a shard. A consent that cannot be changed is logged and does not hold up the others; it is due
    /// again in the next sweep. Those that this release cannot read stay overdue until one comes that can, so the sweep looks
    /// past them (D8).
    async fn shard(
        &self,
        shard: u8,
        (due, until): (Moment, Moment),
        order: Option<&OperatorOrder>,
    ) -> Result<Swept, PortError> {
        let mut swept = Swept::default();
        let mut unreadable = 0_u16;
        let mut seen = BTreeSet::new();
        loop {
            let passed = unreadable;
            let most = MOST_CONSENTS.saturating_add(passed);
            let listed = self.index.due(shard, due, most).await?;
            swept.unfinished = listed.len() >= usize::from(most);
            for id in listed {
                if self.clock.now() >= until {
                    swept.unfinished = true;
                    break;
                }
                if !seen.insert(id.to_string()) {
                    continue;
                }
                match self.write(&id, order).await {
                    Written::Changed => swept.changed += 1,
                    Written::NothingDue => {}
                    Written::Left(why) => {
                        unreadable = unreadable.saturating_add(u16::from(why == Left::Unreadable));
                        swept.left.push((id, why));
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
        Ok(swept)
    }

    /// Writes down what time made of a consent, by the order of an operator or by itself.
    pub(crate) async fn write(&self, id: &ConsentId, order: Option<&OperatorOrder>) -> Written {
        match self.consent(id, order).await {
            Ok(written) => written,
            // Somebody else changed it meanwhile: the next sweep sees what is left to do.
            Err(CommitFault::Conflict) => Written::Left(Left::Met),
            // The store named it in the log.
            Err(CommitFault::Port(error)) if error.is_unreadable() => Written::Left(Left::Unreadable),
            Err(CommitFault::Port(error)) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::error!(consent = id.as_str(), %error, cause, "consent not swept");
                Written::Left(Left::Failed)
            }
        }
    }

    /// Decides on the consent as it is stored now. The commit holds only if nobody changed it in between, so two sweeps write
    /// one change once.
    async fn consent(&self, id: &ConsentId, order: Option<&OperatorOrder>) -> Result<Written, CommitFault> {
        let Some(stored) = self.consents.find(id).await? else {
            return Ok(Written::Left(Left::Unknown));
        };
        let Some(mut change) = stored.expire(self.clock.now()) else { return Ok(Written::NothingDue) };
        if let Some(order) = order {
            change.audit = order.signed(change.audit);
        }
        self.consents.commit(change.commit(self.ids.uuid(), None)).await?;
        Ok(Written::Changed)
    }
}
