//! The outbox: rows go in on every call, the sweeper and the worker take them out.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::Select;
use ponte_metrics::ledger::day;
use ponte_metrics::outbox::{HeldRow, Lease, PendingRow, Ticket, shard_of_key};
use ponte_metrics::ports::{Backlog, HeldReports, WaitingReports};
use ponte_ports::outbox::{Notice, OutboxRow, SHARDS};
use ponte_ports::{Ids, Outbox, PortError};
use ponte_values::{ConsentId, Date, Moment};

use crate::body::unreadable;
use crate::dynamo::{Dynamo, PutOutcome};
use crate::item::{Condition, Item, item, key, n, number, s, text};
use crate::pause::contended;
use crate::transaction::{Outcome, Transaction};
use crate::{batch, pages};
use ponte_cloud::environment::SystemIds;
use ponte_cloud::failure;

const WHAT: &str = "outbox table";
/// When a row that waits was put back, if it had been lost.
pub(crate) const RESTORED_AT: &str = "restored_at";

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

    /// Rows of `pk` from one moment to before another, all of them and those that count.
    async fn count(&self, pk: String, from: Moment, to: Moment) -> Result<(u64, u64), PortError> {
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .select(Select::Count)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .filter_expression("attribute_not_exists(repeated)")
            .expression_attribute_values(":pk", s(pk))
            .expression_attribute_values(":from", s(from.with_millis()))
            // Every sort key has more than a time, so that the end itself is not among them.
            .expression_attribute_values(":to", s(to.with_millis()));
        let mut pages = query.into_paginator().send();
        let (mut all, mut counting) = (0, 0);
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failure::aws(WHAT, &error))?;
            all += u64::try_from(page.scanned_count).unwrap_or_default();
            counting += u64::try_from(page.count).unwrap_or_default();
        }
        Ok((all, counting))
    }
}

/// A row as stored.
pub(crate) fn item_of(dynamo: &Dynamo, row: &OutboxRow) -> Item {
    item(
        key(dynamo.keys.outbox(row.shard()), row.sort_key()),
        [("path", s(row.path)), ("body", s(&row.body))],
    )
}

/// A row read back, as stored.
pub(crate) fn item_of_pending(dynamo: &Dynamo, row: &PendingRow) -> Item {
    let mut item = item(
        key(dynamo.keys.outbox(shard_of_key(&row.sort_key)), &row.sort_key),
        [("path", s(&row.path)), ("body", s(&row.body))],
    );
    if row.repairs > 0 {
        item.insert("repairs".to_owned(), n(row.repairs));
    }
    if row.repeat { marked_as_repeated(item) } else { item }
}

/// A row that goes out once more by an order of `ordered_at`.
pub(crate) fn item_of_repeated(dynamo: &Dynamo, row: &OutboxRow, ordered_at: Moment) -> Item {
    let first = PendingRow {
        sort_key: row.sort_key(),
        path: row.path.to_owned(),
        body: row.body.clone(),
        ..PendingRow::default()
    };
    item_of_pending(dynamo, &first.resent(ordered_at))
}

/// The mark of reports and notices that go out once more.
pub(crate) fn marked_as_repeated(stored: Item) -> Item {
    item(stored, [("repeated", n(1))])
}

/// A row that waits for a fact about a consent: its sort key, path and body.
pub(crate) fn item_of_held(
    dynamo: &Dynamo,
    (sort_key, path, body): (&str, &str, &str),
    consent: &ConsentId,
) -> Item {
    let attributes = [("path", s(path)), ("body", s(body)), ("consent", s(consent.as_str()))];
    item(key(dynamo.keys.held(shard_of_key(sort_key)), sort_key), attributes)
}

fn pending_of(item: &Item) -> PendingRow {
    // A row without path or body comes out empty, for the worker to park.
    let field = |name| text(item, name).unwrap_or_default().to_owned();
    PendingRow {
        sort_key: field("sk"),
        path: field("path"),
        body: field("body"),
        repairs: number(item, "repairs").unwrap_or_default(),
        repeat: item.contains_key("repeated"),
    }
}

/// A notice as stored.
pub(crate) fn notice_of(dynamo: &Dynamo, notice: &Notice) -> Item {
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
        lease.map(Some).ok_or_else(|| unreadable(WHAT, &item, "no lease of this release"))
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
            PutOutcome::Done => Ok(true),
            PutOutcome::Refused(stored) => Ok(text(&stored, "owner") == Some(owner.as_str())),
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
        Ok(items.iter().map(pending_of).collect())
    }

    async fn has(&self, sort_key: &str) -> Result<bool, PortError> {
        let shard = shard_of_key(sort_key);
        // A row goes from the held ones to the pending ones and never back: looked for in this order it is not missed.
        let held = self.dynamo.keys.held(shard);
        if self.dynamo.get(WHAT, &self.table, held, sort_key).await?.is_some() {
            return Ok(true);
        }
        let query = self
            .query(shard)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":from", s(sort_key))
            // Above the keys of all its attempts.
            .expression_attribute_values(":to", s(format!("{sort_key}~~")));
        Ok(!pages::read(WHAT, query, 1).await?.is_empty())
    }

    async fn done(&self, shard: u8, sort_keys: &[String]) -> Result<(), PortError> {
        let keys = sort_keys.iter().map(|sk| key(self.dynamo.keys.outbox(shard), sk));
        batch::delete(&self.dynamo, WHAT, &self.table, keys).await
    }

    async fn waiting(&self, day: Date) -> Result<WaitingReports, PortError> {
        let (from, to) = (day::begins(day), day::begins(day.plus_days(1)));
        let mut waiting = WaitingReports::default();
        for shard in 0..SHARDS {
            let (all, first) = self.count(self.dynamo.keys.outbox(shard), from, to).await?;
            waiting.pending += first;
            waiting.repeats += all - first;
            waiting.held += self.count(self.dynamo.keys.held(shard), from, to).await?.0;
        }
        Ok(waiting)
    }
}

#[async_trait]
impl HeldReports for OutboxTable {
    async fn hold(&self, row: &OutboxRow, consent: &ConsentId) -> Result<(), PortError> {
        let item = item_of_held(&self.dynamo, (&row.sort_key(), row.path, &row.body), consent);
        self.dynamo.put(WHAT, &self.table, item).await
    }

    async fn held(&self, shard: u8, limit: usize) -> Result<Vec<HeldRow>, PortError> {
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(self.dynamo.keys.held(shard)));
        let items = pages::read(WHAT, query, limit).await?;
        // An unreadable row must not hold up the others; it stays, and the log names it every time.
        let held = items.iter().filter_map(|item| {
            let PendingRow { sort_key, path, body, .. } = pending_of(item);
            let Some(consent) = text(item, "consent").and_then(|id| ConsentId::parse(id).ok()) else {
                drop(unreadable(WHAT, item, "a held row without a consent"));
                return None;
            };
            let restored_at = text(item, RESTORED_AT).and_then(|at| Moment::parse(at).ok());
            Some(HeldRow { shard, sort_key, path, body, consent, restored_at })
        });
        Ok(held.collect())
    }

    async fn release(&self, row: &HeldRow, body: &str) -> Result<bool, PortError> {
        let keys = &self.dynamo.keys;
        let attributes = [("path", s(&row.path)), ("body", s(body))];
        let mut transaction = Transaction::new(WHAT, &SystemIds.uuid());
        let held = key(keys.held(row.shard), &row.sort_key);
        transaction.delete_if(&self.table, held, Condition::present())?;
        let pending = item(key(keys.outbox(row.shard), &row.sort_key), attributes);
        transaction.put_always(&self.table, pending)?;
        match transaction.run(&self.dynamo).await? {
            Outcome::Applied => Ok(true),
            Outcome::Refused(_) => Ok(false),
            Outcome::Contended => Err(contended(WHAT)),
        }
    }
}

#[cfg(test)]
mod tests;
