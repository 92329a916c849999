//! The trail of a change: the rows written in its transaction beside the changed noun.

use async_trait::async_trait;
use ponte_values::Moment;

use crate::PortError;
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
    /// When an operator ordered its reports and notices once more; they are marked as repeated. `None` the first time.
    pub repeated: Option<Moment>,
}

/// Trails of orders that change nothing else.
#[async_trait]
pub trait Trails: Send + Sync {
    /// Writes all of a trail or nothing, in one `TransactWriteItems`. Again under the same id it is written once.
    async fn write(&self, trail: &Trail) -> Result<(), PortError>;
}

impl Trail {
    /// An empty trail of the commit `id`, a fresh UUID.
    #[must_use]
    pub const fn new(id: String) -> Self {
        Self { id, audit: Vec::new(), outbox: Vec::new(), notices: Vec::new(), repeated: None }
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

    /// Adds notices.
    #[must_use]
    pub fn telling(mut self, notices: impl IntoIterator<Item = Notice>) -> Self {
        self.notices.extend(notices);
        self
    }

    /// Marks its reports and notices as repeated by an order of `ordered_at`.
    #[must_use]
    pub const fn repeated(mut self, ordered_at: Moment) -> Self {
        self.repeated = Some(ordered_at);
        self
    }
}
