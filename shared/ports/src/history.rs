//! History of a subject, and of all subjects in a period, read from audit rows.

use async_trait::async_trait;
use ponte_values::Moment;

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

/// A change of the status of a subject.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusChange {
    /// Where its row lies: a cursor that goes on after it.
    pub place: String,
    /// Id of the subject.
    pub subject: String,
    /// Name of the change, in the past tense: `consent.created`.
    pub action: String,
    /// Status after.
    pub after: String,
}

/// A page of the changes in a period.
#[derive(Clone, Debug, Default)]
pub struct StatusChangePage {
    /// Those of its rows that changed a status; a page may have none.
    pub changes: Vec<StatusChange>,
    /// Cursor of the next page, `None` at the end.
    pub next: Option<String>,
}

/// The audit rows by their time.
#[async_trait]
pub trait StatusChanges: Send + Sync {
    /// A page of at most `limit` rows from `from` to `until`, both included, from a cursor on; strongly consistent, each row
    /// once, in an order of its own. A cursor not issued here, or not of this period, is an [`IndexFault::Cursor`].
    async fn between(
        &self,
        from: Moment,
        until: Moment,
        after: Option<&str>,
        limit: u8,
    ) -> Result<StatusChangePage, IndexFault>;
}
