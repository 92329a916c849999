//! The trail of a change, written the same way for every noun: audit rows, reports, notices.

use std::slice;

use async_trait::async_trait;
use ponte_cloud::env;
use ponte_ports::{CommitFault, PortError, Trail, Trails};

use crate::dynamo::Dynamo;
use crate::item::{Condition, item, s};
use crate::seal::{Sealed, Seals};
use crate::transaction::Transaction;
use crate::{audit, outbox};

const WHAT: &str = "trail of an order";

/// Names of the tables that every change writes.
#[derive(Clone, Debug)]
pub struct TrailTables {
    /// Outbox: reports and notices.
    pub outbox: String,
    /// Audit rows.
    pub audit: String,
}

ponte_cloud::settings! {
    impl TrailTables {
        outbox: env::OUTBOX_TABLE,
        audit: env::AUDIT_TABLE,
    }
}

/// Trails of orders that change nothing else, of an institution.
pub struct TrailTable {
    dynamo: Dynamo,
    tables: TrailTables,
}

impl TrailTable {
    /// Trails into `tables`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, tables: TrailTables) -> Self {
        Self { dynamo: dynamo.clone(), tables }
    }
}

#[async_trait]
impl Trails for TrailTable {
    async fn write(&self, trail: &Trail) -> Result<(), PortError> {
        let mut transaction = Transaction::new(WHAT, &trail.id);
        transaction.trail(&self.dynamo, &self.tables, trail, None)?;
        transaction.commit(&self.dynamo).await.map_err(|fault| match fault {
            CommitFault::Conflict => PortError::new(WHAT, "ordered twice in the same second"),
            CommitFault::Port(error) => error,
        })
    }
}

impl Transaction {
    /// Writes a trail; audit rows about the subject of `seals` carry them.
    pub(crate) fn trail(
        &mut self,
        dynamo: &Dynamo,
        tables: &TrailTables,
        trail: &Trail,
        seals: Option<&Seals>,
    ) -> Result<(), PortError> {
        self.trail_of(dynamo, tables, trail, seals.map_or(&[], slice::from_ref))
    }

    /// Writes the trail of several subjects.
    pub(crate) fn trail_of(
        &mut self,
        dynamo: &Dynamo,
        tables: &TrailTables,
        trail: &Trail,
        seals: &[Seals],
    ) -> Result<(), PortError> {
        let owner = trail.id.as_str();
        let reports = trail.outbox.iter().map(|row| match trail.repeated {
            Some(ordered_at) => outbox::item_of_repeated(dynamo, row, ordered_at),
            None => outbox::item_of(dynamo, row),
        });
        let notices = trail.notices.iter().map(|notice| {
            let item = outbox::notice_of(dynamo, notice);
            if trail.repeated.is_some() { outbox::marked_as_repeated(item) } else { item }
        });
        for row in reports.chain(notices) {
            self.put(&tables.outbox, item(row, [("owner", s(owner))]), Condition::absent())?;
        }
        for (number, entry) in trail.audit.iter().enumerate() {
            let sealed = Sealed::of(entry, seals);
            let row = audit::item_as(dynamo, entry, &sealed, (owner, number))?;
            self.put(&tables.audit, row, Condition::absent())?;
        }
        Ok(())
    }
}
