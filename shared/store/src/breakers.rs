//! The breakers of the integration layer, a row an operation, all in one partition: there are few, and they are read at
//! once (T63).

use std::time::Duration;

use async_trait::async_trait;
use ponte_cloud::environment::SystemIds;
use ponte_ports::breaker::BreakerRow;
use ponte_ports::{Breakers, Ids, PortError};

use crate::body::{body, read};
use crate::dynamo::{Dynamo, PutOutcome};
use crate::item::{Condition, item, key, n, s, text};
use crate::pages;

const WHAT: &str = "layer table";

/// How long a row is kept after its last change: every pause is over long before.
const KEPT: Duration = Duration::from_hours(24);

/// The breakers of an institution.
pub struct BreakerTable {
    dynamo: Dynamo,
    table: String,
}

impl BreakerTable {
    /// The breakers in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned() }
    }
}

#[async_trait]
impl Breakers for BreakerTable {
    async fn rows(&self) -> Result<Vec<BreakerRow>, PortError> {
        let query = self.dynamo.client.query().table_name(&self.table).consistent_read(true);
        let query = query
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(self.dynamo.keys.breakers()));
        let items = pages::read(WHAT, query, usize::MAX).await?;
        // A row of another release that cannot be read must not hide the others: the operation counts as healthy.
        let rows = items.iter().filter_map(|item| {
            let row = read(WHAT, item);
            if row.is_err() {
                tracing::error!(operation = text(item, "sk"), "a breaker that is not readable");
            }
            row.ok()
        });
        Ok(rows.collect())
    }

    async fn replace(&self, row: &BreakerRow) -> Result<bool, PortError> {
        let owner = SystemIds.uuid();
        let attributes = [
            ("version", n(row.version)),
            ("owner", s(&owner)),
            ("expires_at", n(row.changed_at.plus(KEPT).seconds())),
            ("body", body(WHAT, row)?),
        ];
        let item = item(key(self.dynamo.keys.breakers(), &row.operation), attributes);
        match self.dynamo.put_if(WHAT, &self.table, item, Condition::before(row.version)).await? {
            PutOutcome::Done => Ok(true),
            PutOutcome::Refused(stored) => Ok(text(&stored, "owner") == Some(owner.as_str())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Database;
    use ponte_kit::contract::breakers;
    use ponte_kit::examples::now;

    #[tokio::test]
    async fn t63_the_table_shares_breakers_as_the_fake_does() {
        let database = Database::start().await;
        breakers::of_two_changes_of_one_version_one_is_stored(&BreakerTable::new(&database.dynamo, "layer"))
            .await;
    }

    #[tokio::test]
    async fn t63_a_lost_reply_is_known_as_our_own() {
        let database = Database::start().await;
        let losing = database.losing(|number| number == 0).await;
        let table = BreakerTable::new(&losing, "layer");
        let row = BreakerRow::new("/x", now()).opened("client", now());
        assert!(table.replace(&row).await.unwrap(), "it was written, only the reply was lost");
        assert_eq!(table.rows().await.unwrap(), [row]);
    }

    #[tokio::test]
    async fn t63_an_unreadable_row_hides_no_other() {
        let database = Database::start().await;
        let table = BreakerTable::new(&database.dynamo, "layer");
        let row = BreakerRow::new("/x", now()).opened("client", now());
        assert!(table.replace(&row).await.unwrap());
        let odd = item(key(database.dynamo.keys.breakers(), "/odd"), [("body", s("{}"))]);
        database.client.put_item().table_name("layer").set_item(Some(odd)).send().await.unwrap();
        assert_eq!(table.rows().await.unwrap(), [row]);
        // A row without what a later release adds, and with what this one does not know.
        let bare = r#"{"operation":"/y","version":7,"changedAt":"2026-03-01T12:00:00Z","further":1}"#;
        let bare = item(key(database.dynamo.keys.breakers(), "/y"), [("body", s(bare))]);
        database.client.put_item().table_name("layer").set_item(Some(bare)).send().await.unwrap();
        let rows = table.rows().await.unwrap();
        let found = rows.iter().find(|row| row.operation == "/y").unwrap();
        assert_eq!((found.version, found.open_until, found.pauses, found.slots.len()), (7, None, 0, 0));
        assert!(found.clients.is_empty());
    }
}
