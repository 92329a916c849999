//! What happened to a subject, as its audit rows tell it.

use async_trait::async_trait;

use crate::IndexFault;
use crate::audit::AuditRecord;

/// A stretch of a subject's history.
#[derive(Clone, Debug, Default)]
pub struct HistoryPage {
    /// Newest first.
    pub entries: Vec<AuditRecord>,
    /// Where the next stretch begins; none at the end. Opaque, URL-safe, without personal data.
    pub next: Option<String>,
}

/// The audit rows by their subject. They are a moment old: a change just committed may not be among them yet.
#[async_trait]
pub trait History: Send + Sync {
    /// At most `limit` (1 to 100) changes of a subject, from a cursor on. A cursor that is none is an
    /// [`IndexFault::Cursor`].
    async fn of(&self, subject: &str, after: Option<&str>, limit: u8) -> Result<HistoryPage, IndexFault>;
}
