//! The index of consents by the day of their creation, in shards by client: those of a client, or of everybody, in a period.

use ponte_authorization::customer_listing::{Listing, Order};
use ponte_ports::outbox::{SHARDS, shard_of};
use ponte_ports::{IndexFault, PortError};
use ponte_values::{ClientId, ConsentId, Date};

use super::index::bounds;
use super::record::StoredConsent;
use super::table::TableOf;
use crate::batch::READS;
use crate::item::{Item, s, text};
use crate::pages;
use crate::place::{Place, cursor_of, place_of};

/// Sort key of the index.
const PLACE: &str = "gsi3sk";

impl<C: StoredConsent> TableOf<C> {
    /// A page of the consents created in a period, day by day; of a client the one shard that it is in.
    pub(super) async fn created(
        &self,
        client: Option<&ClientId>,
        listing: &Listing<'_>,
    ) -> Result<(Vec<C>, Option<String>), IndexFault> {
        let (Some(begin), Some(end)) = (listing.from, listing.until) else {
            return Err(PortError::new(C::WHAT, "a listing by creation without both its ends").into());
        };
        let (mut from, mut until) = bounds(listing);
        if from > until {
            return Ok((Vec::new(), None));
        }
        let (mut first, mut last) = (begin.date_utc(), end.date_utc());
        let after =
            listing.after.map(|cursor| place_of(cursor, (&from, &until), ConsentId::parse)).transpose()?;
        if let Some(Place { text, created, .. }) = &after {
            match listing.order {
                Order::Newest => (until, last) = (text.clone(), created.date_utc()),
                Order::Oldest => (from, first) = (text.clone(), created.date_utc()),
            }
        }
        let shards = client.map_or(0..SHARDS, |client| {
            let shard = shard_of(client.as_str());
            shard..shard + 1
        });
        let limit = usize::from(listing.limit.clamp(1, READS));
        let mut entries: Vec<Item> = Vec::new();
        let mut day = Some(if listing.order == Order::Newest { last } else { first });
        while let Some(today) = day.filter(|_| entries.len() <= limit) {
            // One more than asked for says whether there is a next page, and one is where the cursor stands.
            let wanted = limit + 2 - entries.len();
            let mut found = Vec::new();
            for shard in shards.clone() {
                found.extend(self.created_on((today, shard), (&from, &until), listing.order, wanted).await?);
            }
            found.retain(|entry| after.as_ref().is_none_or(|after| text(entry, PLACE) != Some(&after.text)));
            found.sort_by(|one, other| text(one, PLACE).cmp(&text(other, PLACE)));
            if listing.order == Order::Newest {
                found.reverse();
            }
            entries.extend(found);
            day = next_day(today, (first, last), listing.order);
        }
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries.last().and_then(|entry| text(entry, PLACE)).filter(|_| more).map(cursor_of);
        let mut consents = self.listed(&entries).await?;
        consents.retain(|consent| client.is_none_or(|client| consent.facts().client == client));
        Ok((consents, next))
    }

    async fn created_on(
        &self,
        (day, shard): (Date, u8),
        (from, until): (&str, &str),
        order: Order,
        limit: usize,
    ) -> Result<Vec<Item>, PortError> {
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.table)
            .index_name("by-creation")
            .scan_index_forward(order == Order::Oldest)
            .key_condition_expression("gsi3pk = :day AND gsi3sk BETWEEN :from AND :until")
            .expression_attribute_values(":day", s(self.dynamo.keys.created(day, shard)))
            .expression_attribute_values(":from", s(from))
            .expression_attribute_values(":until", s(until));
        pages::read(C::WHAT, query, limit).await
    }
}

/// The day to look at next.
fn next_day(today: Date, (first, last): (Date, Date), order: Order) -> Option<Date> {
    match order {
        Order::Newest => Some(today.plus_days(-1)).filter(|day| *day >= first && *day < today),
        Order::Oldest => Some(today.plus_days(1)).filter(|day| *day <= last && *day > today),
    }
}
