//! Operations of operators, an item each; those of a day are found by the index `by-day`, whole.

use std::time::Duration;

use async_trait::async_trait;
use ponte_cloud::environment::SystemIds;
use ponte_ports::operation::{OfDay, Operation, OperationId, Operations};
use ponte_ports::{Ids, PortError};
use ponte_values::Date;

use crate::body::{body_over, read_with_form};
use crate::dynamo::{Dynamo, PutOutcome};
use crate::item::{Condition, Item, item, key, n, s, text};
use crate::keys::META;
use crate::pages;

const WHAT: &str = "operations table";
const INDEX: &str = "by-day";

/// How long a record is kept after its order, as long as the ledger of the reports is.
const KEPT: Duration = Duration::from_hours(400 * 24);

/// The operations of an institution.
pub struct OperationTable {
    dynamo: Dynamo,
    table: String,
}

impl OperationTable {
    /// The operations in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned() }
    }

    /// Puts it on a condition; the item that is there if that does not hold, unless it is our own.
    async fn put(&self, operation: &Operation, condition: Condition) -> Result<Option<Item>, PortError> {
        let owner = SystemIds.uuid();
        let attributes = [
            ("version", n(operation.version)),
            ("owner", s(&owner)),
            ("daypk", s(self.dynamo.keys.operations(operation.created.date_utc()))),
            ("daysk", s(operation.place())),
            ("expires_at", n(operation.created.plus(KEPT).seconds())),
            ("body", body_over(WHAT, operation, &operation.stored)?),
        ];
        let item = item(key(self.dynamo.keys.operation(&operation.id), META), attributes);
        Ok(match self.dynamo.put_if(WHAT, &self.table, item, condition).await? {
            PutOutcome::Refused(there) if text(&there, "owner") != Some(owner.as_str()) => Some(there),
            PutOutcome::Refused(_) | PutOutcome::Done => None,
        })
    }
}

fn operation_of(item: &Item) -> Result<Operation, PortError> {
    read_with_form(WHAT, item, |operation: &mut Operation, form| operation.stored = form)
}

#[async_trait]
impl Operations for OperationTable {
    async fn begin(&self, operation: &Operation) -> Result<Option<Operation>, PortError> {
        let there = self.put(operation, Condition::absent()).await?;
        there.as_ref().map(operation_of).transpose()
    }

    async fn find(&self, id: &OperationId) -> Result<Option<Operation>, PortError> {
        let found = self.dynamo.get(WHAT, &self.table, self.dynamo.keys.operation(id), META).await?;
        found.as_ref().map(operation_of).transpose()
    }

    async fn replace(&self, operation: &Operation) -> Result<bool, PortError> {
        let version = Condition::before(operation.version);
        Ok(self.put(operation, version).await?.is_none())
    }

    async fn of_day(&self, day: Date, after: Option<&str>, limit: usize) -> Result<OfDay, PortError> {
        let query = self.dynamo.client.query().table_name(&self.table).index_name(INDEX);
        let query = query
            .scan_index_forward(false)
            .expression_attribute_values(":pk", s(self.dynamo.keys.operations(day)));
        let query = match after {
            // Places are compared, so that whatever is given as one reads nothing else.
            Some(place) => query
                .key_condition_expression("daypk = :pk AND daysk < :place")
                .expression_attribute_values(":place", s(place)),
            None => query.key_condition_expression("daypk = :pk"),
        };
        let items = pages::read(WHAT, query, limit).await?;
        // What cannot be read counts: behind it there are more.
        let last = items.last().filter(|_| items.len() == limit);
        let next = last.and_then(|item| text(item, "daysk")).map(str::to_owned);
        Ok(OfDay { found: items.iter().filter_map(|item| operation_of(item).ok()).collect(), next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Database;
    use ponte_kit::contract::operations;
    use ponte_ports::operation::{Listing, list};

    fn table(dynamo: &Dynamo) -> OperationTable {
        OperationTable::new(dynamo, "operations")
    }

    #[tokio::test]
    async fn t23_the_table_of_operations_keeps_its_contract() {
        let database = Database::start().await;
        operations::an_id_is_taken_once(&table(&database.dynamo)).await;
        let database = Database::start().await;
        operations::of_two_changes_of_one_version_one_is_stored(&table(&database.dynamo)).await;
        let database = Database::start().await;
        operations::a_day_is_listed_newest_first(&table(&database.dynamo)).await;
    }

    #[tokio::test]
    async fn t23_a_lost_reply_is_known_as_our_own() {
        let database = Database::start().await;
        let one = operations::example("one", 0);
        let losing = table(&database.losing(|number| number == 0).await);
        assert_eq!(losing.begin(&one).await.unwrap(), None, "only the reply was lost");
        let database = Database::start().await;
        table(&database.dynamo).begin(&one).await.unwrap();
        let losing = table(&database.losing(|number| number == 0).await);
        assert!(losing.replace(&one.let_go(one.created)).await.unwrap());
    }

    #[tokio::test]
    async fn t23_a_record_leaves_after_400_days_and_one_that_cannot_be_read_hides_no_other() {
        let database = Database::start().await;
        let table = table(&database.dynamo);
        let [one, two] = [operations::example("one", 0), operations::example("two", 1)];
        table.begin(&one).await.unwrap();
        table.begin(&two).await.unwrap();
        let pk = database.dynamo.keys.operation(&one.id);
        let mut odd = database.item("operations", &pk, META).await.unwrap();
        let expires = crate::item::number::<i64>(&odd, "expires_at");
        assert_eq!(expires, Some(one.created.plus(Duration::from_hours(9_600)).seconds()));
        odd.insert("body".to_owned(), s(r#"{"state":"PAUSED"}"#));
        database.client.put_item().table_name("operations").set_item(Some(odd)).send().await.unwrap();
        let listed = table.of_day(one.created.date_utc(), None, 10).await.unwrap();
        assert_eq!(listed.found, [two]);
        assert!(table.find(&one.id).await.unwrap_err().is_unreadable());
    }

    #[tokio::test]
    async fn t23_one_record_that_cannot_be_read_hides_nothing_of_the_rest_of_its_day() {
        let database = Database::start().await;
        let table = table(&database.dynamo);
        for minute in 0..26 {
            table.begin(&operations::example(&format!("n{minute}"), minute)).await.unwrap();
        }
        let newest = operations::example("n25", 25);
        let pk = database.dynamo.keys.operation(&newest.id);
        let mut odd = database.item("operations", &pk, META).await.unwrap();
        odd.insert("body".to_owned(), s(r#"{"state":"PAUSED"}"#));
        database.client.put_item().table_name("operations").set_item(Some(odd)).send().await.unwrap();
        let listing = Listing { day: Some(newest.created.date_utc()), ..Listing::default() };
        let page = list(&table, &listing, newest.created).await.unwrap();
        let ids = page.operations.iter().map(|one| one.id.to_string()).collect::<Vec<_>>();
        assert_eq!(ids, (0..25).rev().map(|minute| format!("n{minute}")).collect::<Vec<_>>());
    }
}
