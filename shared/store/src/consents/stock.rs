//! The count of the whole table: a parallel scan in the night, paced so that it does not slow calls down.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use ponte_data_consent::consent::ConsentStatus;
use ponte_metrics::ports::ConsentStock;
use ponte_metrics::report::stock_count::StockCount;
use ponte_ports::PortError;
use ponte_values::Moment;

use super::table::{ConsentTable, WHAT};
use crate::body::unreadable;
use crate::item::{Item, s, text};
use ponte_cloud::failure;

/// Parts of the table that are read side by side.
const SEGMENTS: i32 = 4;

/// Wait between two pages of a segment. A page of 1 MB costs 128 read units and a partition gives 3,000 a second, so a
/// segment takes 43% of one at most. Three million consents of 2 KB are 6,000 pages, 1,500 of each segment: 200 s if a
/// page takes 30 ms. The function's 900 s are enough for 27 GB.
const PACE: Duration = Duration::from_millis(100);

/// A renewal, a consent nobody agreed to and one that was over are left where they are, and of the others only these
/// attributes travel: who received, the pseudonyms, and what names a row that cannot be counted.
const WANTED: &str = "pk, #status, organisation, gsi1pk, gsi2pk";
const IN_FORCE: &str = "begins_with(pk, :own) AND authorised_at <= :at \
                        AND (attribute_not_exists(ends_at) OR ends_at > :at)";

/// The statuses of a consent that somebody agreed to.
const KNOWN: [&str; 2] = [ConsentStatus::Authorised.as_str(), ConsentStatus::Rejected.as_str()];

impl ConsentTable {
    /// Counts one segment. Half-price reads: what they miss happened after the moment that is asked about.
    async fn segment(
        &self,
        number: i32,
        at: Moment,
        stock_count: &Mutex<StockCount>,
    ) -> Result<(), PortError> {
        let scan = self
            .dynamo
            .client
            .scan()
            .table_name(&self.table)
            .segment(number)
            .total_segments(SEGMENTS)
            .projection_expression(WANTED)
            .filter_expression(IN_FORCE)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":own", s(self.dynamo.keys.consents()))
            .expression_attribute_values(":at", s(at.with_millis()));
        let mut pages = scan.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failure::aws(WHAT, &error))?;
            count(page.items(), stock_count);
            if page.last_evaluated_key.is_some() {
                tokio::time::sleep(PACE).await;
            }
        }
        Ok(())
    }
}

/// Counts those that this release knows the meaning of; the others are named in the log and stop nothing (D8).
fn count(items: &[Item], stock_count: &Mutex<StockCount>) {
    let mut stock_count = stock_count.lock().unwrap_or_else(PoisonError::into_inner);
    for item in items {
        match (text(item, "status").filter(|status| KNOWN.contains(status)), owners(item)) {
            (Some(_), Some((receiver, person))) => stock_count.add(receiver, person, text(item, "gsi2pk")),
            (None, _) => drop(unreadable(WHAT, item, "no status of this release")),
            (_, None) => drop(unreadable(WHAT, item, "no receiver or customer")),
        }
    }
}

/// Who received the data of a consent, and the pseudonym of whose they are.
fn owners(item: &Item) -> Option<(&str, &str)> {
    text(item, "organisation").zip(text(item, "gsi1pk"))
}

#[async_trait]
impl ConsentStock for ConsentTable {
    async fn in_force(&self, at: Moment) -> Result<StockCount, PortError> {
        let stock_count = Mutex::new(StockCount::default());
        tokio::try_join!(
            self.segment(0, at, &stock_count),
            self.segment(1, at, &stock_count),
            self.segment(2, at, &stock_count),
            self.segment(3, at, &stock_count),
        )?;
        Ok(stock_count.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests;
