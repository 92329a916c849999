//! The trail of a change: the rows written in its transaction beside the changed noun.

use crate::audit::AuditEntry;
use crate::outbox::{Notice, OutboxRow};

/// Audit rows, reports and notices of one change. The store writes them the same way for every noun.
#[derive(Clone, Debug)]
pub struct Trail {
    /// Unique id of the commit (UUID): the store recognises its own repeated write by it, which counts as success.
    pub id: String,
    /// Audit rows.
    pub audit: Vec<AuditEntry>,
    /// Reports for the metrics platform.
    pub outbox: Vec<OutboxRow>,
    /// Notices for others.
    pub notices: Vec<Notice>,
}

impl Trail {
    /// An empty trail of the commit `id`, a fresh UUID.
    #[must_use]
    pub const fn new(id: String) -> Self {
        Self { id, audit: Vec::new(), outbox: Vec::new(), notices: Vec::new() }
    }

    /// Adds audit rows.
    #[must_use]
    pub fn audited(mut self, entries: impl IntoIterator<Item = AuditEntry>) -> Self {
        self.audit.extend(entries);
        self
    }

    /// Adds reports.
    #[must_use]
    pub fn reporting(mut self, rows: impl IntoIterator<Item = OutboxRow>) -> Self {
        self.outbox.extend(rows);
        self
    }
}
