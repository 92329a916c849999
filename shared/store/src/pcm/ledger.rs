//! The ledger for operators: lines, the archive of a day, parked rows, checks.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use ponte_metrics::ledger::check::Check;
use ponte_metrics::ledger::day;
use ponte_metrics::ledger::{ARCHIVE_KEPT, Counts, Line, LineKey, Role};
use ponte_metrics::outbox::{PendingRow, first_attempt, shard_of_key};
use ponte_metrics::ports::{ArchivePart, Ledger, ParkedRow, Slice};
use ponte_ports::outbox::{OutboxRow, SHARDS};
use ponte_ports::{Ids, PortError, Trail};
use ponte_values::{ConsentId, Date, Moment};

use super::archive;
use super::table::{LINE_KEPT, PcmTable, WHAT, expires};
use crate::body::{body, read, unreadable};
use crate::item::{Condition, Item, item, key, number, s, text};
use crate::keys::META;
use crate::transaction::Transaction;
use crate::{batch, outbox, pages};
use ponte_cloud::environment::SystemIds;
use ponte_cloud::failure;

/// Sort key of a day's check.
const CHECK: &str = "CHECK";
/// The shard that corrections are counted under: no worker counts there.
const CORRECTIONS: u8 = SHARDS;
/// How long a marker prevents a second row.
const MARKER_KEPT: Duration = Duration::from_hours(48);
/// Lines that one transaction corrects.
const CORRECTED: usize = 50;

fn line_of(day: Date, item: &Item) -> Option<Line> {
    let mut parts = text(item, "sk")?.strip_prefix("LINE#")?.split('#');
    let (api, role) = (parts.next()?, Role::parse(parts.next()?)?);
    // A correction may be below zero; the sum of all shards is not.
    let count = |name| number::<i64>(item, name).unwrap_or_default().cast_unsigned();
    let moment = |name| text(item, name).and_then(|at| Moment::parse(at).ok());
    Some(Line {
        key: LineKey { day, api: api.to_owned(), role },
        counts: Counts::of(Counts::FIELDS.map(count)),
        first: moment("first_at"),
        last: moment("last_at"),
    })
}

fn parked_of(item: &Item) -> Result<ParkedRow, PortError> {
    let at = text(item, "parked_at").and_then(|at| Moment::parse(at).ok());
    Ok(ParkedRow {
        row: read(WHAT, item)?,
        reason: text(item, "reason").unwrap_or_default().to_owned(),
        at: at.ok_or_else(|| unreadable(WHAT, item, "no time of parking"))?,
    })
}

/// Adds with wrap-around, so that a negative correction takes away.
fn merged(lines: impl Iterator<Item = Line>) -> Vec<Line> {
    let mut sum: BTreeMap<LineKey, Line> = BTreeMap::new();
    for line in lines {
        let Some(seen) = sum.get_mut(&line.key) else {
            sum.insert(line.key.clone(), line);
            continue;
        };
        let (one, other) = (seen.counts.fields(), line.counts.fields());
        seen.counts = Counts::of(std::array::from_fn(|field| one[field].wrapping_add(other[field])));
        seen.first = seen.first.into_iter().chain(line.first).min();
        seen.last = seen.last.max(line.last);
    }
    sum.into_values().collect()
}

/// Whether one of these keys, in whatever attempt, may be in a part of the archive.
fn covers(part: &Item, keys: &BTreeSet<String>) -> bool {
    let mut ends = text(part, "sk").unwrap_or_default().split('!');
    let (first, last) = (ends.next().unwrap_or_default(), ends.next().unwrap_or("~"));
    keys.range(first_attempt(first).to_owned()..).next().is_some_and(|key| key.as_str() <= last)
}

impl PcmTable {
    fn query(&self, pk: String) -> QueryFluentBuilder {
        self.dynamo
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .expression_attribute_values(":pk", s(pk))
    }
}

#[async_trait]
impl Ledger for PcmTable {
    async fn lines(&self, day: Date) -> Result<Vec<Line>, PortError> {
        let query = self
            .query(self.dynamo.keys.day(day))
            .key_condition_expression("pk = :pk AND begins_with(sk, :line)")
            .expression_attribute_values(":line", s("LINE#"));
        let items = pages::read(WHAT, query, usize::MAX).await?;
        let line = |item| {
            let line = line_of(day, item);
            if line.is_none() {
                // A line of a role that only a later release counts; the others are told without it.
                drop(unreadable(WHAT, item, "no line of this release"));
            }
            line
        };
        Ok(merged(items.iter().filter_map(line)))
    }

    async fn correct(
        &self,
        lines: &[(LineKey, Counts, Counts)],
        now: Moment,
        trail: &Trail,
    ) -> Result<(), PortError> {
        if lines.is_empty() {
            return self.order(trail).await;
        }
        for (number, chunk) in lines.chunks(CORRECTED).enumerate() {
            let mut transaction = match number {
                0 => self.ordered(trail)?,
                _ => Transaction::new(WHAT, &SystemIds.uuid()),
            };
            for (line, from, to) in chunk {
                let (from, to) = (from.fields(), to.fields());
                let changes = std::array::from_fn(|field| to[field].wrapping_sub(from[field]).cast_signed());
                self.add_to_line(&mut transaction, (line, CORRECTIONS), changes, now)?;
            }
            self.moved(transaction).await?;
        }
        Ok(())
    }

    async fn archive(&self, day: Date, after: Option<&str>) -> Result<Slice<ArchivePart>, PortError> {
        let text_of_day = day.to_string();
        let query = self.query(self.dynamo.keys.archive(&text_of_day));
        let query = match after {
            Some(after) => query
                .key_condition_expression("pk = :pk AND sk > :after")
                .expression_attribute_values(":after", s(after)),
            None => query.key_condition_expression("pk = :pk"),
        };
        let page = query.send().await.map_err(|error| failure::aws(WHAT, &error))?;
        let items = page.items.unwrap_or_default();
        let more = page.last_evaluated_key.is_some();
        let next = items.last().filter(|_| more).and_then(|item| text(item, "sk")).map(str::to_owned);
        // One that cannot be read is named in the log.
        let found = items.iter().filter_map(|item| archive::unpack(&text_of_day, item).ok()).collect();
        Ok(Slice { found, next })
    }

    async fn archived(&self, day: Date, keys: &BTreeSet<String>) -> Result<BTreeSet<String>, PortError> {
        let day = day.to_string();
        let query = self.query(self.dynamo.keys.archive(&day)).key_condition_expression("pk = :pk");
        let mut found = BTreeSet::new();
        let mut pages = query.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failure::aws(WHAT, &error))?;
            // Unpacking is what costs: only the parts in whose span one of the keys lies.
            for item in page.items().iter().filter(|item| covers(item, keys)) {
                let rows = archive::unpack(&day, item)?.items.into_iter().map(|item| item.row.sort_key);
                found.extend(rows.filter_map(|key| keys.get(first_attempt(&key)).cloned()));
            }
        }
        Ok(found)
    }

    async fn restore(
        &self,
        row: &PendingRow,
        waits_for: Option<&ConsentId>,
        now: Moment,
    ) -> Result<bool, PortError> {
        let owner = SystemIds.uuid();
        let mut transaction = Transaction::new(WHAT, &owner);
        let marker = self.dynamo.keys.once(&format!("restored {}", row.sort_key));
        let attributes = [("owner", s(&owner)), ("expires_at", expires(now, ARCHIVE_KEPT))];
        transaction.put(&self.table, item(key(marker, META), attributes), Condition::absent())?;
        let mut stored = match waits_for {
            None => outbox::item_of_pending(&self.dynamo, row),
            Some(consent) => {
                let lost = (row.sort_key.as_str(), row.path.as_str(), row.body.as_str());
                let mut held = outbox::item_of_held(&self.dynamo, lost, consent);
                held.insert(outbox::RESTORED_AT.to_owned(), s(now.with_millis()));
                held
            }
        };
        stored.insert("owner".to_owned(), s(&owner));
        transaction.put(&self.outbox, stored, Condition::absent())?;
        self.moved(transaction).await
    }

    async fn parked(
        &self,
        day: Option<Date>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<ParkedRow>, PortError> {
        // Every key is above the empty bound and below the tilde, which no time begins with.
        let from = day.map_or_else(|| " ".to_owned(), |day| day::begins(day).with_millis());
        let to = day.map_or_else(|| "~".to_owned(), |day| day::begins(day.plus_days(1)).with_millis());
        let from = after.map_or(from.as_str(), |after| after.max(&from)).to_owned();
        let query = self
            .query(self.dynamo.keys.parked())
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":from", s(&from))
            .expression_attribute_values(":to", s(to));
        let mut items = pages::read(WHAT, query, limit.saturating_add(2)).await?;
        items.retain(|item| text(item, "sk") != after);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).and_then(|item| text(item, "sk")).map(str::to_owned);
        // One that cannot be read is named in the log.
        let found = items.iter().filter_map(|item| parked_of(item).ok()).collect();
        Ok(Slice { found, next })
    }

    async fn unpark(&self, parked: &ParkedRow, row: &PendingRow, now: Moment) -> Result<bool, PortError> {
        let mut transaction = Transaction::new(WHAT, &SystemIds.uuid());
        let from = key(self.dynamo.keys.parked(), &parked.row.sort_key);
        transaction.delete_if(&self.table, from, Condition::present())?;
        transaction.put_always(&self.outbox, outbox::item_of_pending(&self.dynamo, row))?;
        let line = (&LineKey::of(&parked.row), shard_of_key(&parked.row.sort_key));
        self.add_to_line(&mut transaction, line, [0, 0, 0, 0, 0, -1], now)?;
        self.moved(transaction).await
    }

    async fn resend(&self, rows: &[PendingRow]) -> Result<(), PortError> {
        // The key of an attempt is its own: putting it twice is putting it once.
        let items = rows.iter().map(|row| outbox::item_of_pending(&self.dynamo, row));
        batch::put(&self.dynamo, WHAT, &self.outbox, items).await
    }

    async fn resend_one(&self, row: &PendingRow, trail: &Trail) -> Result<(), PortError> {
        let mut transaction = self.ordered(trail)?;
        transaction.put_always(&self.outbox, outbox::item_of_pending(&self.dynamo, row))?;
        self.moved(transaction).await.map(|_| ())
    }

    async fn order(&self, trail: &Trail) -> Result<(), PortError> {
        self.moved(self.ordered(trail)?).await.map(|_| ())
    }

    async fn add_once(&self, row: &OutboxRow, marker: &str) -> Result<bool, PortError> {
        let owner = SystemIds.uuid();
        let mut transaction = Transaction::new(WHAT, &owner);
        let until = expires(row.at, MARKER_KEPT);
        let once =
            item(key(self.dynamo.keys.once(marker), META), [("owner", s(&owner)), ("expires_at", until)]);
        transaction.put(&self.table, once, Condition::absent())?;
        transaction.put_always(&self.outbox, outbox::item_of(&self.dynamo, row))?;
        self.moved(transaction).await
    }

    async fn check(&self, day: Date) -> Result<Option<Check>, PortError> {
        let found = self.dynamo.get(WHAT, &self.table, self.dynamo.keys.day(day), CHECK).await?;
        found.map(|item| read(WHAT, &item)).transpose()
    }

    async fn keep_check(&self, day: Date, check: &Check) -> Result<(), PortError> {
        let attributes = [("body", body(WHAT, check)?), ("expires_at", expires(check.at, LINE_KEPT))];
        self.dynamo.put(WHAT, &self.table, item(key(self.dynamo.keys.day(day), CHECK), attributes)).await
    }
}
