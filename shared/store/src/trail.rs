//! The trail of a change, written the same way for every noun: audit rows, reports, notices.

use ponte_cloud::env;
use ponte_ports::{PortError, Trail};

use crate::dynamo::Dynamo;
use crate::item::{Condition, item, s};
use crate::seal::{Sealed, Seals};
use crate::transaction::Transaction;
use crate::{audit, outbox};

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

impl Transaction {
    /// Writes a trail; audit rows about the subject of `seals` carry them.
    pub(crate) fn trail(
        &mut self,
        dynamo: &Dynamo,
        tables: &TrailTables,
        trail: &Trail,
        seals: Option<&Seals>,
    ) -> Result<(), PortError> {
        let owner = trail.id.as_str();
        let reports = trail.outbox.iter().map(|row| outbox::item_of(dynamo, row));
        let notices = trail.notices.iter().map(|notice| outbox::notice_of(dynamo, notice));
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
