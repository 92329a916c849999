//! The block list as it is followed by whoever verifies access tokens: no call reads it, and what it holds opens nothing
//! within 60 s (T60).
//!
//! It is read again at the first call 45 s after the last look, like the keys. A look that fails is repeated after 5 s,
//! and the list last seen counts on; when that is 60 s old, nobody can know any more who is shut out, and calls are
//! refused for the moment.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ponte_authorization::block_list::BlockList;
use ponte_authorization::ports::Blocks;
use ponte_authorization::target::Target;
use ponte_fapi::scope::{DynamicScope, Scope};
use ponte_ports::rotation::INTERVAL;
use ponte_ports::{PortError, chain};
use ponte_refusals::Refusal;
use ponte_values::{ClientId, Moment};

/// Shortest time between two looks when the last one failed.
const RETRY: Duration = Duration::from_secs(5);
/// Age up to which a list counts whose successor cannot be read: what T60 promises.
const STALE: Duration = Duration::from_mins(1);

/// The list could not be read for too long: nobody knows who is shut out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlockListUnread;

/// Nobody is let through unseen: 529, and in a moment it may be read again.
impl From<BlockListUnread> for Refusal {
    fn from(_: BlockListUnread) -> Self {
        Self::overloaded().after(Some(RETRY))
    }
}

/// The block list as it changes. Clones share it.
#[derive(Clone)]
pub struct TokenBlocks(Arc<Followed>);

struct Followed {
    /// `None` for a list that never changes.
    source: Option<Arc<dyn Blocks>>,
    held: Mutex<Held>,
}

struct Held {
    list: Arc<BlockList>,
    /// When the list was read; `None` if it never was.
    read_at: Option<Moment>,
    /// When the next look is due.
    due: Moment,
    /// When the last look began.
    looked_at: Moment,
}

impl TokenBlocks {
    /// Follows `source`, which is read once now. If that fails, the first call reads it again.
    pub async fn start(source: Arc<dyn Blocks>, now: Moment) -> Self {
        let held = Held { list: Arc::default(), read_at: None, due: now, looked_at: now };
        let blocks = Self(Arc::new(Followed { source: Some(source), held: Mutex::new(held) }));
        blocks.0.look_if_due(now).await;
        blocks
    }

    /// Whether a client is shut out at `now`.
    ///
    /// # Errors
    /// When the list is older than 60 s and cannot be read.
    pub async fn hold_client(&self, client: &ClientId, now: Moment) -> Result<bool, BlockListUnread> {
        Ok(self.0.at(now).await?.holds_client(client, now))
    }

    /// Whether the tokens of a client are shut out at `now`, or those of a grant that a scope names.
    ///
    /// # Errors
    /// When the list is older than 60 s and cannot be read.
    pub async fn hold(&self, client: &ClientId, scope: &Scope, now: Moment) -> Result<bool, BlockListUnread> {
        let list = self.0.at(now).await?;
        let shut_out = |scope: &DynamicScope| list.holds_grant(&target(scope), now);
        Ok(list.holds_client(client, now) || scope.dynamic().iter().any(shut_out))
    }
}

impl Followed {
    async fn at(&self, now: Moment) -> Result<Arc<BlockList>, BlockListUnread> {
        self.look_if_due(now).await;
        let held = self.lock();
        let young = |read_at: Moment| read_at <= now && now < read_at.plus(STALE);
        if self.source.is_none() || held.read_at.is_some_and(young) {
            Ok(Arc::clone(&held.list))
        } else {
            Err(BlockListUnread)
        }
    }

    async fn look_if_due(&self, now: Moment) {
        let Some(source) = self.source.as_ref().filter(|_| self.claim(now)) else { return };
        // Boxed: one call in many looks, and the others need not carry its state.
        let read = Box::pin(source.all(now)).await;
        self.settle(read.map(|blocks| blocks.into_iter().collect()), now);
    }

    /// Whether a look is due, for one of all calls at the same time. A clock that was put back makes one due.
    fn claim(&self, now: Moment) -> bool {
        let mut held = self.lock();
        let due = now >= held.due || now < held.looked_at;
        if due {
            (held.looked_at, held.due) = (now, now.plus(RETRY));
        }
        due
    }

    fn settle(&self, read: Result<BlockList, PortError>, now: Moment) {
        let mut held = self.lock();
        match read {
            Ok(list) => {
                (held.list, held.read_at, held.due) = (Arc::new(list), Some(now), now.plus(INTERVAL));
            }
            Err(error) => {
                let cause = chain(&error);
                tracing::warn!(cause, "block list not read, the last one counts until it is 60 s old");
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A list that never changes.
impl From<BlockList> for TokenBlocks {
    fn from(list: BlockList) -> Self {
        let always = Moment::from_seconds(0);
        let held = Held { list: Arc::new(list), read_at: None, due: always, looked_at: always };
        Self(Arc::new(Followed { source: None, held: Mutex::new(held) }))
    }
}

fn target(scope: &DynamicScope) -> Target {
    Target { kind: scope.kind(), id: scope.target().clone() }
}

#[cfg(test)]
mod tests;
