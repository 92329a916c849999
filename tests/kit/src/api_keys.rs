//! API keys in memory, with the conditions of the real table.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use ponte_authorization::api_key::{ApiKey, ApiKeyId, KeyChange};
use ponte_authorization::ports::ApiKeys;
use ponte_ports::{CommitFault, PortError};

/// The API keys of an institution.
#[derive(Default)]
pub struct ApiKeysInMemory {
    /// Keys by id.
    pub keys: Mutex<BTreeMap<ApiKeyId, ApiKey>>,
    /// Changes with the id of their write, oldest first.
    pub changes: Mutex<Vec<(KeyChange, String)>>,
    /// How often a key was read.
    pub finds: AtomicU64,
    /// Whether no key can be read.
    pub fails: AtomicBool,
    /// Whether somebody else is faster with every change.
    pub faster: AtomicBool,
}

impl ApiKeysInMemory {
    /// Puts a key there, whatever was there before.
    pub fn put(&self, key: ApiKey) {
        self.keys.lock().unwrap().insert(key.id.clone(), key);
    }

    fn works(&self) -> Result<(), PortError> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(PortError::new("api keys table", "down"));
        }
        Ok(())
    }
}

#[async_trait]
impl ApiKeys for ApiKeysInMemory {
    async fn find(&self, id: &ApiKeyId) -> Result<Option<ApiKey>, PortError> {
        self.finds.fetch_add(1, Ordering::Relaxed);
        self.works()?;
        Ok(self.keys.lock().unwrap().get(id).cloned())
    }

    async fn list(&self) -> Result<Vec<ApiKey>, PortError> {
        self.works()?;
        Ok(self.keys.lock().unwrap().values().cloned().collect())
    }

    async fn commit(&self, change: KeyChange, id: String) -> Result<(), CommitFault> {
        if self.faster.load(Ordering::Relaxed) {
            return Err(CommitFault::Conflict);
        }
        let mut keys = self.keys.lock().unwrap();
        let mut changes = self.changes.lock().unwrap();
        let last = changes.iter().rev().find(|(stored, _)| stored.key.id == change.key.id);
        if last.is_some_and(|(_, owner)| *owner == id) {
            return Ok(());
        }
        if keys.get(&change.key.id).map_or(0, |key| key.version) + 1 != change.key.version {
            return Err(CommitFault::Conflict);
        }
        keys.insert(change.key.id.clone(), change.key.clone());
        changes.push((change, id));
        Ok(())
    }
}
