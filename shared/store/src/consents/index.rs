//! The indexes of consents, by customer, by creation (`by_creation`) and by the next moment at which time changes them. They hold keys alone: a change
//! of a consent costs no write there unless its due time moves, and a list is read from the table itself, strongly
//! consistent.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_authorization::customer_listing::{ConsentOwner, Listing, Order};
use ponte_data_consent::consent::Consent;
use ponte_data_consent::ports::{ConsentIndex, ConsentPage};
use ponte_ports::{IndexFault, PortError};
use ponte_values::{ConsentId, Moment};

use super::record;
use super::table::{ConsentTable, WHAT};
use crate::item::{Item, item, key, s, text};
use crate::keys::META;
use crate::{pages, pause};
use ponte_cloud::failure;

/// Most keys of one `BatchGetItem`.
pub(super) const BATCH: u8 = 100;

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

/// Sort keys before and after those of every consent; a place begins with a digit of its year.
const FIRST: &str = "0";
const LAST: &str = ":";

/// The sort keys between which a listing lies, both included. A place is `<time>#<id>`, and `$` is the sign after `#`.
pub(super) fn bounds(listing: &Listing<'_>) -> (String, String) {
    let from = listing.from.map_or_else(|| FIRST.to_owned(), Moment::with_millis);
    let until = listing.until.map_or_else(|| LAST.to_owned(), |end| format!("{}$", end.with_millis()));
    (from, until)
}

/// Where a cursor goes on.
pub(super) struct Place {
    /// Sort key of the entry that the cursor names.
    pub(super) text: String,
    pub(super) created: Moment,
    id: ConsentId,
}

/// The place that a cursor names, which must lie in the listing.
pub(super) fn place_of(cursor: &str, (from, until): (&str, &str)) -> Result<Place, IndexFault> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| IndexFault::Cursor)?;
    let text = String::from_utf8(bytes).map_err(|_| IndexFault::Cursor)?;
    let (created, id) = text.split_once('#').ok_or(IndexFault::Cursor)?;
    let id = ConsentId::parse(id).map_err(|_| IndexFault::Cursor)?;
    let moment = Moment::parse(created).ok().filter(|moment| moment.with_millis() == created);
    let created = moment.filter(|_| (from..=until).contains(&text.as_str())).ok_or(IndexFault::Cursor)?;
    Ok(Place { text, created, id })
}

/// The cursor of the entry with this sort key.
pub(super) fn cursor_of(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}

impl ConsentTable {
    /// The consents of some index entries in their order; one that is gone or cannot be read is left out.
    pub(super) async fn listed(&self, entries: &[Item]) -> Result<Vec<Consent>, PortError> {
        let partitions: Vec<&str> = entries.iter().filter_map(|entry| text(entry, "pk")).collect();
        let mut wanted: Vec<Item> = partitions.iter().map(|pk| key((*pk).to_owned(), META)).collect();
        let mut found = HashMap::new();
        for next in 2..=pause::TRIES + 1 {
            if wanted.is_empty() {
                // One that cannot be read is named in the log.
                let consent = |pk: &&str| record::read(found.get(*pk)?).ok();
                return Ok(partitions.iter().filter_map(consent).collect());
            }
            let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
            let keys = keys.map_err(|error| PortError::new(WHAT, error))?;
            let request = self.dynamo.client.batch_get_item().request_items(&self.table, keys);
            let answer = request.send().await.map_err(|error| failure::aws(WHAT, &error))?;
            let items = answer.responses.and_then(|mut tables| tables.remove(&self.table));
            for stored in items.unwrap_or_default() {
                if let Some(pk) = text(&stored, "pk") {
                    found.insert(pk.to_owned(), stored);
                }
            }
            let left = answer.unprocessed_keys.and_then(|mut tables| tables.remove(&self.table));
            wanted = left.map(|left| left.keys).unwrap_or_default();
            if !wanted.is_empty() {
                pause::before(next).await;
            }
        }
        Err(PortError::new(WHAT, "reads left unprocessed at every try"))
    }

    /// Where a query of a customer's consents starts after the entry that a cursor names, which must lie in the listing.
    fn start(
        &self,
        index: &CustomerIndex,
        customer: &str,
        ends: (&str, &str),
        cursor: &str,
    ) -> Result<Item, IndexFault> {
        let Place { text, id, .. } = place_of(cursor, ends)?;
        let key = key(self.dynamo.keys.consent(&id), META);
        Ok(item(key, [(index.pk, s(customer)), (index.sk, s(&text))]))
    }
}

#[async_trait]
impl ConsentIndex for ConsentTable {
    async fn of_owner(
        &self,
        customer: &ConsentOwner,
        listing: Listing<'_>,
    ) -> Result<ConsentPage, IndexFault> {
        let (index, pseudonym) = match customer {
            ConsentOwner::Person(pseudonym) => (BY_PERSON, pseudonym),
            ConsentOwner::Company(pseudonym) => (BY_COMPANY, pseudonym),
            ConsentOwner::Client(client) => return self.created(Some(client), &listing).await,
            ConsentOwner::Everybody => return self.created(None, &listing).await,
        };
        let customer = self.dynamo.keys.customer(pseudonym);
        let (from, until) = bounds(&listing);
        if from > until {
            return Ok(ConsentPage::default());
        }
        let start = |cursor| self.start(&index, &customer, (&from, &until), cursor);
        let start = listing.after.map(start).transpose()?;
        let limit = usize::from(listing.limit.clamp(1, BATCH));
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
        let mut entries = pages::read(WHAT, query, limit + 1).await?;
        let more = entries.len() > limit;
        entries.truncate(limit);
        let last = entries.last().and_then(|entry| text(entry, index.sk)).filter(|_| more);
        let next = last.map(cursor_of);
        Ok(ConsentPage { consents: self.listed(&entries).await?, next })
    }

    fn after(&self, consent: &Consent) -> String {
        cursor_of(&record::place(consent))
    }

    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<ConsentId>, PortError> {
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.table)
            .index_name("due")
            .key_condition_expression("duepk = :shard AND due <= :now")
            .expression_attribute_values(":shard", s(self.dynamo.keys.due(shard)))
            .expression_attribute_values(":now", s(now.with_millis()));
        let entries = pages::read(WHAT, query, usize::from(limit)).await?;
        let id = |entry: &Item| self.dynamo.keys.consent_of(text(entry, "pk")?);
        Ok(entries.iter().filter_map(id).collect())
    }
}

#[cfg(test)]
mod tests;
