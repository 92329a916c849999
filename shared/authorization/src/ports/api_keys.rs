//! The API keys of the institution's own callers.

use async_trait::async_trait;

use crate::api_key::{ApiKey, ApiKeyId, KeyChange};
use ponte_ports::{CommitFault, PortError};

/// The keys of this institution.
#[async_trait]
pub trait ApiKeys: Send + Sync {
    /// Reads one, strongly consistent: a revocation is seen by the next call.
    async fn find(&self, id: &ApiKeyId) -> Result<Option<ApiKey>, PortError>;
    /// Reads all, by id.
    async fn list(&self) -> Result<Vec<ApiKey>, PortError>;
    /// Stores a key after a change with its audit row. Version 1 must not exist yet; any other must be stored with
    /// `version - 1`. `id` is a fresh UUID: a repeated write of our own is recognised by it and counts as success.
    async fn commit(&self, change: KeyChange, id: String) -> Result<(), CommitFault>;
}
