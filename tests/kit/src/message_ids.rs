//! Used `jti` in memory.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use ponte_ports::{MessageClaim, PortError, UsedMessages};
use ponte_values::{ClientId, Moment};

/// The `jti` that the environments of a test have seen.
#[derive(Default)]
pub struct UsedMessagesInMemory {
    /// Owner and end by client and `jti`.
    pub used: Mutex<HashMap<(ClientId, String), (String, Moment)>>,
    /// Whether it answers nothing.
    pub fails: AtomicBool,
    /// How often a `jti` was to be taken.
    pub claims: AtomicU32,
}

#[async_trait]
impl UsedMessages for UsedMessagesInMemory {
    async fn claim(&self, claim: MessageClaim<'_>) -> Result<bool, PortError> {
        self.claims.fetch_add(1, Ordering::Relaxed);
        // Whoever else is waiting goes on, as beside a real store.
        tokio::task::yield_now().await;
        if self.fails.load(Ordering::Relaxed) {
            return Err(PortError::new("payments table", "down"));
        }
        let mut used = self.used.lock().unwrap();
        let place = (claim.client.clone(), claim.jti.to_owned());
        let other = |(owner, until): &(String, Moment)| owner != claim.owner && claim.now < *until;
        let taken = used.get(&place).is_some_and(other);
        if !taken {
            used.insert(place, (claim.owner.to_owned(), claim.until));
        }
        Ok(!taken)
    }
}
