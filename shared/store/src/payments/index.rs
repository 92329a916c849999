//! The indexes of payments, keys alone: what is due, by the core's key, by creation, and by settlement day. They may be a moment old; whoever
//! acts on an entry reads the payment itself.

use ponte_payment::ports::CreatedPage;
use ponte_ports::{IndexFault, LegacyId, PortError};
use ponte_values::{Moment, PaymentId};

use super::table::{PaymentTable, WHAT};
use crate::batch::READS;
use crate::item::{Item, s, text};
use crate::pages;
use crate::place::{FIRST, LAST, cursor_of, place_of};

/// An index by a day.
pub(super) struct DayIndex {
    name: &'static str,
    /// The payments of a partition between two places.
    condition: &'static str,
}

pub(super) const BY_CREATION: DayIndex =
    DayIndex { name: "by-creation", condition: "createdpk = :partition AND place > :after" };
pub(super) const BY_DAY: DayIndex =
    DayIndex { name: "by-day", condition: "daypk = :partition AND place > :after" };

impl PaymentTable {
    pub(super) async fn overdue(
        &self,
        shard: u8,
        now: Moment,
        limit: u16,
    ) -> Result<Vec<PaymentId>, PortError> {
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.tables.payments)
            .index_name("due")
            .key_condition_expression("duepk = :shard AND due <= :now")
            .expression_attribute_values(":shard", s(self.dynamo.keys.payments_due(shard)))
            .expression_attribute_values(":now", s(now.with_millis()));
        let entries = pages::read(WHAT, query, usize::from(limit)).await?;
        Ok(entries.iter().filter_map(|entry| self.payment_of(entry)).collect())
    }

    pub(super) async fn with_core_id(&self, core_id: &LegacyId) -> Result<Option<PaymentId>, PortError> {
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.tables.payments)
            .index_name("by-core")
            .key_condition_expression("corepk = :key")
            .expression_attribute_values(":key", s(self.dynamo.keys.core_payment(core_id)));
        let entries = pages::read(WHAT, query, 2).await?;
        match entries.as_slice() {
            [] => Ok(None),
            [entry] => Ok(self.payment_of(entry)),
            // What the core says of one would be taken for the other.
            _ => Err(PortError::new(WHAT, "two payments have one key of the core")),
        }
    }

    /// A page of a partition, oldest first.
    pub(super) async fn page(
        &self,
        index: &DayIndex,
        partition: String,
        after: Option<&str>,
        limit: u16,
    ) -> Result<CreatedPage, IndexFault> {
        let after = after.map(|cursor| place_of(cursor, (FIRST, LAST), PaymentId::parse)).transpose()?;
        let after = after.map_or_else(|| FIRST.to_owned(), |place| place.text);
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.tables.payments)
            .index_name(index.name)
            .key_condition_expression(index.condition)
            .expression_attribute_values(":partition", s(partition))
            .expression_attribute_values(":after", s(after));
        let limit = usize::from(limit.clamp(1, READS.into()));
        // One more than asked for: it says whether there is a next page.
        let mut entries = pages::read(WHAT, query, limit + 1).await?;
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries.last().and_then(|entry| text(entry, "place")).filter(|_| more).map(cursor_of);
        Ok(CreatedPage {
            payments: entries.iter().filter_map(|entry| self.payment_of(entry)).collect(),
            next,
        })
    }

    fn payment_of(&self, entry: &Item) -> Option<PaymentId> {
        self.dynamo.keys.payment_of(text(entry, "pk")?)
    }
}
