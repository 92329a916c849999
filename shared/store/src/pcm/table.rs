//! The table of reports: its names, and the writes that several of its items share.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use ponte_metrics::ledger::LineKey;
use ponte_ports::{PortError, Trail};
use ponte_values::Moment;

use crate::dynamo::Dynamo;
use crate::item::{key, n, s};
use crate::pause::contended;
use crate::trail::TrailTables;
use crate::transaction::{Outcome, Transaction};

/// Name of the table in errors.
pub(super) const WHAT: &str = "pcm table";
pub(super) const LINE_KEPT: Duration = Duration::from_hours(400 * 24);

/// The reports of one institution to the metrics platform.
#[derive(Clone)]
pub struct PcmTable {
    pub(super) dynamo: Dynamo,
    pub(super) table: String,
    pub(super) outbox: String,
    /// Table of the audit rows, for the function that operators command.
    pub(super) audit: Option<String>,
}

impl PcmTable {
    /// The items in `table`, whose rows come from and go back to the table `outbox`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str, outbox: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned(), outbox: outbox.to_owned(), audit: None }
    }

    /// For the function that operators command: what they order leaves rows in the table `audit`.
    #[must_use]
    pub fn auditing(self, audit: &str) -> Self {
        Self { audit: Some(audit.to_owned()), ..self }
    }

    /// A transaction that writes the trail of an operator's order.
    pub(super) fn ordered(&self, trail: &Trail) -> Result<Transaction, PortError> {
        let audit = self.audit.clone().ok_or_else(|| PortError::new(WHAT, "opened without the audit"))?;
        let tables = TrailTables { outbox: self.outbox.clone(), audit };
        let mut transaction = Transaction::new(WHAT, &trail.id);
        transaction.trail(&self.dynamo, &tables, trail, None)?;
        Ok(transaction)
    }

    /// Adds signed changes to a line, in the order of [`FIELDS`](ponte_metrics::ledger::Counts::FIELDS).
    pub(super) fn add_to_line(
        &self,
        transaction: &mut Transaction,
        (line, shard): (&LineKey, u8),
        changes: [i64; 6],
        now: Moment,
    ) -> Result<(), PortError> {
        let sk = format!("LINE#{}#{}#{shard}", line.api, line.role.as_str());
        let [sent, accepted, repeated, discarded, late, parked] = changes;
        let expression = "SET first_at = if_not_exists(first_at, :now), last_at = :now, expires_at = :expires \
             ADD sent :sent, accepted :accepted, repeated :repeated, discarded :discarded, late :late, parked :parked";
        let values = [
            (":now", s(now.with_millis())),
            (":expires", expires(now, LINE_KEPT)),
            (":sent", n(sent)),
            (":accepted", n(accepted)),
            (":repeated", n(repeated)),
            (":discarded", n(discarded)),
            (":late", n(late)),
            (":parked", n(parked)),
        ];
        transaction.update_always(&self.table, key(self.dynamo.keys.day(line.day), sk), expression, values)
    }

    /// Runs a transaction that takes something from where it was; false if it was not there.
    pub(super) async fn moved(&self, transaction: Transaction) -> Result<bool, PortError> {
        match transaction.run(&self.dynamo).await? {
            Outcome::Applied => Ok(true),
            Outcome::Refused(_) => Ok(false),
            Outcome::Contended => Err(contended(WHAT)),
        }
    }
}

/// Moment from which the table may delete an item, in seconds of the epoch.
pub(super) fn expires(at: Moment, after: Duration) -> AttributeValue {
    n(at.plus(after).seconds())
}
