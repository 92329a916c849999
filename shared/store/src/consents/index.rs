//! The indexes of consents, by customer, by creation (`by_creation`) and by the next moment at which time changes them. They hold keys alone: a change
//! of a consent costs no write there unless its due time moves, and a list is read from the table itself, strongly
//! consistent.

use async_trait::async_trait;
use ponte_authorization::customer_listing::{ConsentOwner, Listing, Order};
use ponte_data_consent::consent::Consent;
use ponte_data_consent::ports::{ConsentIndex, ConsentPage};
use ponte_ports::{IndexFault, PortError};
use ponte_values::{ConsentId, Moment};

use super::record::{self, StoredConsent};
use super::table::{ConsentTable, TableOf};
use crate::batch::{self, READS};
use crate::item::{Item, item, key, s, text};
use crate::keys::META;
use crate::pages;
use crate::place::{FIRST, LAST, Place, cursor_of, place_of};

/// An index by customer, with the names of its keys.
struct CustomerIndex {
    name: &'static str,
    pk: &'static str,
    sk: &'static str,
    condition: &'static str,
}

const BY_PERSON: CustomerIndex = CustomerIndex {
    name: "by-person",
    pk: "gsi1pk",
    sk: "gsi1sk",
    condition: "gsi1pk = :customer AND gsi1sk BETWEEN :from AND :until",
};
const BY_COMPANY: CustomerIndex = CustomerIndex {
    name: "by-company",
    pk: "gsi2pk",
    sk: "gsi2sk",
    condition: "gsi2pk = :customer AND gsi2sk BETWEEN :from AND :until",
};

/// The sort keys between which a listing lies, both included. A place is `<time>#<id>`, and `$` is the sign after `#`.
pub(super) fn bounds(listing: &Listing<'_>) -> (String, String) {
    let from = listing.from.map_or_else(|| FIRST.to_owned(), Moment::with_millis);
    let until = listing.until.map_or_else(|| LAST.to_owned(), |end| format!("{}$", end.with_millis()));
    (from, until)
}

impl<C: StoredConsent> TableOf<C> {
    /// The consents of some index entries in their order; one that is gone or cannot be read is left out.
    pub(super) async fn listed(&self, entries: &[Item]) -> Result<Vec<C>, PortError> {
        let partitions: Vec<&str> = entries.iter().filter_map(|entry| text(entry, "pk")).collect();
        let wanted = partitions.iter().map(|pk| (*pk).to_owned());
        let found = batch::get(&self.dynamo, C::WHAT, &self.table, wanted).await?;
        // One that cannot be read is named in the log.
        let consent = |pk: &&str| record::read(found.get(*pk)?).ok();
        Ok(partitions.iter().filter_map(consent).collect())
    }

    /// Where a query of a customer's consents starts after the entry that a cursor names, which must lie in the listing.
    fn start(
        &self,
        index: &CustomerIndex,
        customer: &str,
        ends: (&str, &str),
        cursor: &str,
    ) -> Result<Item, IndexFault> {
        let Place { text, id, .. } = place_of(cursor, ends, ConsentId::parse)?;
        let key = key(self.dynamo.keys.of_kind(C::KIND, &id), META);
        Ok(item(key, [(index.pk, s(customer)), (index.sk, s(&text))]))
    }

    /// A page of an owner's consents, and the cursor of the next one.
    pub(super) async fn page(
        &self,
        owner: &ConsentOwner,
        listing: Listing<'_>,
    ) -> Result<(Vec<C>, Option<String>), IndexFault> {
        let (index, pseudonym) = match owner {
            ConsentOwner::Person(pseudonym) => (BY_PERSON, pseudonym),
            ConsentOwner::Company(pseudonym) => (BY_COMPANY, pseudonym),
            ConsentOwner::Client(client) => return self.created(Some(client), &listing).await,
            ConsentOwner::Everybody => return self.created(None, &listing).await,
        };
        let customer = self.dynamo.keys.customer(pseudonym);
        let (from, until) = bounds(&listing);
        if from > until {
            return Ok((Vec::new(), None));
        }
        let start = |cursor| self.start(&index, &customer, (&from, &until), cursor);
        let start = listing.after.map(start).transpose()?;
        let limit = usize::from(listing.limit.clamp(1, READS));
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.table)
            .index_name(index.name)
            .scan_index_forward(listing.order == Order::Oldest)
            .key_condition_expression(index.condition)
            .expression_attribute_values(":customer", s(customer))
            .expression_attribute_values(":from", s(from))
            .expression_attribute_values(":until", s(until))
            .set_exclusive_start_key(start);
        // One more than asked for: it says whether there is a next page.
        let mut entries = pages::read(C::WHAT, query, limit + 1).await?;
        let more = entries.len() > limit;
        entries.truncate(limit);
        let last = entries.last().and_then(|entry| text(entry, index.sk)).filter(|_| more);
        let next = last.map(cursor_of);
        Ok((self.listed(&entries).await?, next))
    }

    /// Ids of those of a shard that time changes by `now`, longest overdue first.
    pub(super) async fn overdue(
        &self,
        shard: u8,
        now: Moment,
        limit: u16,
    ) -> Result<Vec<ConsentId>, PortError> {
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.table)
            .index_name("due")
            .key_condition_expression("duepk = :shard AND due <= :now")
            .expression_attribute_values(":shard", s(self.dynamo.keys.due(shard)))
            .expression_attribute_values(":now", s(now.with_millis()));
        let entries = pages::read(C::WHAT, query, usize::from(limit)).await?;
        let id = |entry: &Item| self.dynamo.keys.consent_of(C::KIND, text(entry, "pk")?);
        Ok(entries.iter().filter_map(id).collect())
    }
}

#[async_trait]
impl ConsentIndex for ConsentTable {
    async fn of_owner(
        &self,
        customer: &ConsentOwner,
        listing: Listing<'_>,
    ) -> Result<ConsentPage, IndexFault> {
        let (consents, next) = self.page(customer, listing).await?;
        Ok(ConsentPage { consents, next })
    }

    fn after(&self, consent: &Consent) -> String {
        cursor_of(&record::place(consent))
    }

    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<ConsentId>, PortError> {
        self.overdue(shard, now, limit).await
    }
}

#[cfg(test)]
mod tests;
