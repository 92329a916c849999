//! The outbox: rows go in on every call, the sweeper and the worker take them out.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{DeleteRequest, WriteRequest};
use ponte_domain::outbox::{Lease, Notice, OutboxRow, PendingRow, Ticket};
use ponte_domain::ports::{Backlog, Ids, Outbox, PortError};
use ponte_values::Moment;

use super::item::{Condition, Item, item, key, s, text};
use super::transaction::{Outcome, Transaction};
use super::{Dynamo, Put, pages, pause};
use crate::environment::SystemIds;
use crate::failure;

const WHAT: &str = "outbox table";

/// Most writes of one `BatchWriteItem`.
const BATCH: usize = 25;
/// Longest reason kept with a parked row.
const REASON: usize = 500;

/// The outbox of an institution.
pub struct OutboxTable {
    dynamo: Dynamo,
    table: String,
}

impl OutboxTable {
    /// The outbox in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned() }
    }

    fn query(&self, shard: u8) -> QueryFluentBuilder {
        self.dynamo
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .expression_attribute_values(":pk", s(self.dynamo.keys.outbox(shard)))
    }

    async fn delete(&self, mut requests: Vec<WriteRequest>) -> Result<(), PortError> {
        for next in 2..=pause::TRIES + 1 {
            let tables = HashMap::from([(self.table.clone(), requests)]);
            let sent = self.dynamo.client.batch_write_item().set_request_items(Some(tables));
            let answer = sent.send().await.map_err(|error| failure::aws(WHAT, &error))?;
            requests =
                answer.unprocessed_items.and_then(|mut left| left.remove(&self.table)).unwrap_or_default();
            if requests.is_empty() {
                return Ok(());
            }
            pause::before(next).await;
        }
        Err(PortError::new(WHAT, "deletes left unprocessed at every try"))
    }
}

/// A row as stored.
pub(super) fn item_of(dynamo: &Dynamo, row: &OutboxRow) -> Item {
    item(
        key(dynamo.keys.outbox(row.shard()), row.sort_key()),
        [("path", s(row.path)), ("body", s(&row.body))],
    )
}

/// A notice as stored.
pub(super) fn notice_of(dynamo: &Dynamo, notice: &Notice) -> Item {
    item(
        key(dynamo.keys.notices(notice.shard()), notice.sort_key()),
        [("kind", s(notice.kind.as_str())), ("body", s(&notice.body))],
    )
}

#[async_trait]
impl Outbox for OutboxTable {
    async fn add(&self, row: &OutboxRow) -> Result<(), PortError> {
        // The id is fresh: repeating the put writes the same row.
        self.dynamo.put(WHAT, &self.table, item_of(&self.dynamo, row)).await
    }
}

#[async_trait]
impl Backlog for OutboxTable {
    async fn lease(&self, shard: u8) -> Result<Option<Lease>, PortError> {
        let pk = self.dynamo.keys.leases();
        let found = self.dynamo.get(WHAT, &self.table, pk, &shard.to_string()).await?;
        let Some(item) = found else { return Ok(None) };
        let lease = text(&item, "upto").zip(text(&item, "until")).and_then(|(upto, until)| {
            Some(Lease { upto: upto.to_owned(), until: Moment::parse(until).ok()? })
        });
        lease.map(Some).ok_or_else(|| PortError::new(WHAT, "an unreadable lease"))
    }

    async fn take_lease(&self, shard: u8, before: Option<&Lease>, after: &Lease) -> Result<bool, PortError> {
        let owner = SystemIds.uuid();
        let attributes =
            [("upto", s(&after.upto)), ("until", s(after.until.with_millis())), ("owner", s(&owner))];
        let item = item(key(self.dynamo.keys.leases(), shard.to_string()), attributes);
        let condition = before.map_or_else(Condition::absent, |before| {
            Condition::new(
                "upto = :upto AND #until = :until",
                [(":upto", s(&before.upto)), (":until", s(before.until.with_millis()))],
            )
        });
        match self.dynamo.put_if(WHAT, &self.table, item, condition).await? {
            Put::Done => Ok(true),
            Put::Refused(stored) => Ok(text(&stored, "owner") == Some(owner.as_str())),
        }
    }

    async fn keys(&self, shard: u8, after: Option<&str>, limit: usize) -> Result<Vec<String>, PortError> {
        let query = self.query(shard).projection_expression("sk");
        let query = match after {
            Some(after) => query
                .key_condition_expression("pk = :pk AND sk > :after")
                .expression_attribute_values(":after", s(after)),
            None => query.key_condition_expression("pk = :pk"),
        };
        let items = pages::read(WHAT, query, limit).await?;
        Ok(items.iter().filter_map(|item| text(item, "sk").map(str::to_owned)).collect())
    }

    async fn rows(&self, ticket: &Ticket) -> Result<Vec<PendingRow>, PortError> {
        let query = self
            .query(ticket.shard)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":from", s(&ticket.from))
            .expression_attribute_values(":to", s(&ticket.to));
        let items = pages::read(WHAT, query, usize::MAX).await?;
        // A row without path or body comes out empty, for the worker to park.
        let field = |item: &Item, name| text(item, name).unwrap_or_default().to_owned();
        Ok(items
            .iter()
            .map(|item| PendingRow {
                sort_key: field(item, "sk"),
                path: field(item, "path"),
                body: field(item, "body"),
            })
            .collect())
    }

    async fn done(&self, shard: u8, sort_keys: &[String]) -> Result<(), PortError> {
        for chunk in sort_keys.chunks(BATCH) {
            let requests = chunk.iter().map(|sk| {
                let key = key(self.dynamo.keys.outbox(shard), sk);
                let delete = DeleteRequest::builder().set_key(Some(key)).build();
                delete.map(|delete| WriteRequest::builder().delete_request(delete).build())
            });
            let requests = requests.collect::<Result<Vec<_>, _>>();
            self.delete(requests.map_err(|error| PortError::new(WHAT, error))?).await?;
        }
        Ok(())
    }

    async fn park(&self, shard: u8, row: &PendingRow, reason: &str) -> Result<(), PortError> {
        let keys = &self.dynamo.keys;
        let reason = reason.chars().take(REASON).collect::<String>();
        let parked = item(
            key(keys.parked(), &row.sort_key),
            [("path", s(&row.path)), ("body", s(&row.body)), ("reason", s(reason))],
        );
        let mut transaction = Transaction::new(WHAT, &SystemIds.uuid());
        transaction.put_always(&self.table, parked)?;
        transaction.delete(&self.table, key(keys.outbox(shard), &row.sort_key))?;
        match transaction.run(&self.dynamo).await? {
            Outcome::Applied => Ok(()),
            Outcome::Refused(_) | Outcome::Contended => Err(PortError::new(WHAT, "the row is being written")),
        }
    }
}

#[cfg(test)]
mod tests;
