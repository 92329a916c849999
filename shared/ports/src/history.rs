//! History of a subject, read from its audit rows.

use async_trait::async_trait;

use crate::IndexFault;
use crate::audit::AuditRecord;

/// One page of a subject's history.
#[derive(Clone, Debug, Default)]
pub struct HistoryPage {
    /// The changes, newest first.
    pub entries: Vec<AuditRecord>,
    /// Cursor of the next page, `None` at the end: opaque, URL-safe, without personal data.
    pub next: Option<String>,
}

/// The audit rows by subject. The index is eventually consistent: the latest changes may be missing.
#[async_trait]
pub trait History: Send + Sync {
    /// At most `limit` (1 to 100) changes of a subject, from a cursor on. A cursor not issued here is an
    /// [`IndexFault::Cursor`].
    async fn of(&self, subject: &str, after: Option<&str>, limit: u8) -> Result<HistoryPage, IndexFault>;
}
