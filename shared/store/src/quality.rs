//! Counts of findings: an item for each day and endpoint, each kind of finding an attribute that is added to, so that calls
//! at the same moment need no turns.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ponte_cloud::failure;
use ponte_ports::quality::{Counted, DayCount, Found, bounded};
use ponte_ports::{PortError, Quality};
use ponte_values::{Date, Moment};

use crate::dynamo::Dynamo;
use crate::item::{Item, key, n, number, s, text};
use crate::pages;

const WHAT: &str = "quality table";

/// How long the counts of a day are kept: a year can be compared with the one before.
const KEPT: Duration = Duration::from_hours(400 * 24);

/// Answers with findings.
const CALLS: &str = "calls";

/// Beginning of the attributes of findings: `f#<rule>#<path>`.
const FINDING: &str = "f#";

/// Days that are read at the same time.
const AT_ONCE: usize = 8;

/// The findings of an institution.
pub struct QualityTable {
    dynamo: Dynamo,
    table: String,
}

impl QualityTable {
    /// The findings in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned() }
    }

    async fn of_day(&self, day: Date) -> Result<Vec<DayCount>, PortError> {
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(self.dynamo.keys.quality(day)));
        // The sort key is the endpoint: the items come in its order.
        let items = pages::read(WHAT, query.consistent_read(true), usize::MAX).await?;
        Ok(items.iter().map(|item| counts(day, item)).collect())
    }
}

/// The counts in an item. What a later release writes besides is passed over.
fn counts(day: Date, item: &Item) -> DayCount {
    let finding = |name: &String| {
        let (rule, path) = name.strip_prefix(FINDING)?.split_once('#')?;
        Some(Found { path: path.to_owned(), rule: rule.to_owned(), count: number(item, name)? })
    };
    let mut found: Vec<Found> = item.keys().filter_map(finding).collect();
    found.sort();
    let operation = text(item, "sk").unwrap_or_default().to_owned();
    DayCount { day, operation, calls: number(item, CALLS).unwrap_or_default(), found }
}

/// The moment after which the counts of a day may go.
fn forgotten(day: Date) -> Result<Moment, PortError> {
    let midnight = Moment::parse(&format!("{day}T00:00:00-03:00"));
    midnight.map(|midnight| midnight.plus(KEPT)).map_err(|error| PortError::new(WHAT, error))
}

#[async_trait]
impl Quality for QualityTable {
    async fn count(&self, day: Date, operation: &str, findings: &[Counted]) -> Result<(), PortError> {
        let counts = bounded(findings);
        if counts.is_empty() {
            return Ok(());
        }
        let mut change = format!("SET expires_at = :until ADD {CALLS} :one");
        let mut names = HashMap::new();
        let mut values =
            HashMap::from([(":until".to_owned(), n(forgotten(day)?.seconds())), (":one".to_owned(), n(1))]);
        for (number, ((path, rule), count)) in counts.into_iter().enumerate() {
            let _ = write!(change, ", #f{number} :f{number}");
            names.insert(format!("#f{number}"), format!("{FINDING}{rule}#{path}"));
            values.insert(format!(":f{number}"), n(count));
        }
        let request = self.dynamo.client.update_item().table_name(&self.table);
        let request = request
            .set_key(Some(key(self.dynamo.keys.quality(day), operation)))
            .update_expression(change)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values));
        request.send().await.map(drop).map_err(|error| failure::aws(WHAT, &error))
    }

    async fn of_days(&self, from: Date, to: Date) -> Result<Vec<DayCount>, PortError> {
        let days = (0..=to.days_since(from)).map(|days| self.of_day(from.plus_days(days)));
        let found: Vec<Vec<DayCount>> = stream::iter(days).buffered(AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::testing::{Database, TableClock};
    use futures_util::future::join_all;
    use ponte_kit::contract::quality;
    use ponte_kit::examples::now;
    use ponte_ports::quality::KINDS;

    #[tokio::test]
    async fn the_table_counts_as_the_fake_does() {
        for at in 0..2 {
            let database = Database::start().await;
            let table = QualityTable::new(&database.dynamo, "quality");
            match at {
                0 => quality::findings_add_up_by_day_endpoint_field_and_rule(&table).await,
                _ => quality::what_is_counted_is_bounded(&table).await,
            }
        }
    }

    #[tokio::test]
    async fn t62_sixty_four_counts_at_once_are_sixty_four() {
        let database = Database::start().await;
        let table = QualityTable::new(&database.dynamo, "quality");
        let day = now().date_brasilia();
        let found = [
            Counted { path: "data[].amount".to_owned(), rule: "pattern", count: 3 },
            Counted { path: "data[].type".to_owned(), rule: "enum", count: 1 },
        ];
        for counted in join_all((0..64).map(|_| table.count(day, "list", &found))).await {
            counted.unwrap();
        }
        let [counts] = &table.of_days(day, day).await.unwrap()[..] else { panic!("one endpoint") };
        let numbers: Vec<_> = counts.found.iter().map(|found| found.count).collect();
        assert_eq!((counts.calls, numbers), (64, vec![192, 64]));
        assert_eq!(database.count("quality").await, 1);
    }

    #[tokio::test]
    async fn t62_the_counts_of_a_day_are_one_item_of_an_endpoint_and_stay_small() {
        let database = Database::start().await;
        let table = QualityTable::new(&database.dynamo, "quality");
        let day = now().date_brasilia();
        for call in 0..30 {
            let path = |number: usize| format!("data.Maria {call} {number}");
            let made_up = |number| Counted { path: path(number), rule: "unknown", count: 1 };
            table.count(day, "list", &(0..KINDS * 2).map(made_up).collect::<Vec<_>>()).await.unwrap();
        }
        let [item] = &database.items("quality").await[..] else { panic!("one item") };
        assert_eq!(item.len(), 5, "key, end, calls, and one attribute for all that no table names");
    }

    #[tokio::test]
    async fn the_counts_of_a_day_are_cleaned_away_after_400_days() {
        let clock = TableClock::at(now());
        let database = Database::start_with(Arc::clone(&clock)).await;
        database.clean_by("quality", "expires_at").await;
        let table = QualityTable::new(&database.dynamo, "quality");
        let day = now().date_brasilia();
        let found = [Counted { path: "data".to_owned(), rule: "type", count: 1 }];
        table.count(day, "list", &found).await.unwrap();
        for (days, kept) in [(399, 1), (401, 0)] {
            clock.set(now().plus(Duration::from_hours(24 * days)));
            database.clean().await;
            assert_eq!(table.of_days(day, day).await.unwrap().len(), kept, "{days}");
        }
    }
}
