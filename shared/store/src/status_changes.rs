//! The changes of status in a period, read from the audit rows of its days, a partition after the other.

use async_trait::async_trait;
use ponte_ports::audit_chain::AuditPart;
use ponte_ports::outbox::SHARDS;
use ponte_ports::{IndexFault, StatusChange, StatusChangePage, StatusChanges};
use ponte_values::{Date, Moment};
use serde::Deserialize;

use crate::body::read;
use crate::history::AuditTable;
use crate::item::{Item, s, text};
use crate::pages;

const WHAT: &str = "audit table";

/// The number of the partition where releases without shards wrote, behind the shards of the day.
const UNSHARDED: u8 = SHARDS;

/// Where a page begins: a partition, and the row before.
struct Place {
    day: Date,
    /// Below [`SHARDS`], or [`UNSHARDED`].
    shard: u8,
    /// Sort key of the row before; `None` at the beginning of the partition.
    after: Option<String>,
}

impl Place {
    /// The place of a cursor, `<shard>/<sort key>` or `<shard>/<day>`.
    fn read(cursor: &str) -> Option<Self> {
        let (shard, rest) = cursor.split_once('/')?;
        let shard = shard.parse().ok().filter(|shard| *shard <= UNSHARDED)?;
        if let Ok(day) = Date::parse(rest) {
            return Some(Self { day, shard, after: None });
        }
        let (time, _) = rest.split_once('#')?;
        let at = Moment::parse(time).ok().filter(|moment| moment.with_millis() == time)?;
        Some(Self { day: at.date_utc(), shard, after: Some(rest.to_owned()) })
    }

    /// The beginning of the partition behind this one, if there is one until `last`.
    fn next(&self, last: Date) -> Option<String> {
        let (day, shard) = match self.shard {
            UNSHARDED => (self.day.plus_days(1), 0),
            shard => (self.day, shard + 1),
        };
        (day <= last).then(|| format!("{shard}/{day}"))
    }
}

/// An audit row as far as its change of status goes.
#[derive(Deserialize)]
struct ChangedRow {
    subject: String,
    action: String,
    before: Option<String>,
    after: String,
}

/// The change in a row; none if its status stayed, or if the row cannot be read, which is named in the log.
fn change(row: &Item, shard: u8) -> Option<StatusChange> {
    let ChangedRow { subject, action, before, after } = read(WHAT, row).ok()?;
    let place = format!("{shard}/{}", text(row, "sk")?);
    (before.as_ref() != Some(&after)).then_some(StatusChange { place, subject, action, after })
}

#[async_trait]
impl StatusChanges for AuditTable {
    async fn between(
        &self,
        from: Moment,
        until: Moment,
        after: Option<&str>,
        limit: u8,
    ) -> Result<StatusChangePage, IndexFault> {
        let (first, last) = (from.date_utc(), until.date_utc());
        let place = match after {
            Some(cursor) => Place::read(cursor).ok_or(IndexFault::Cursor)?,
            None => Place { day: first, shard: 0, after: None },
        };
        if place.day < first || place.day > last {
            return Err(IndexFault::Cursor);
        }
        // A sort key is `<time>#<rest>`, and `$` is the sign after `#`; the sign 0 makes a key the next one behind.
        let begin = place.after.as_ref().map_or_else(|| from.with_millis(), |sk| format!("{sk}\u{0}"));
        let end = format!("{}$", until.with_millis());
        if begin > end {
            return Err(IndexFault::Cursor);
        }
        let part = AuditPart { day: place.day, shard: Some(place.shard).filter(|shard| *shard < UNSHARDED) };
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :until")
            .expression_attribute_values(":pk", s(self.dynamo.keys.audit_part(part)))
            .expression_attribute_values(":from", s(begin))
            .expression_attribute_values(":until", s(end));
        let limit = usize::from(limit.max(1));
        let rows = pages::read(WHAT, query, limit).await?;
        let on_from = rows.last().filter(|_| rows.len() >= limit).and_then(|row| text(row, "sk"));
        let next = on_from.map(|sk| format!("{}/{sk}", place.shard)).or_else(|| place.next(last));
        let changes = rows.iter().filter_map(|row| change(row, place.shard)).collect();
        Ok(StatusChangePage { changes, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{item, key};
    use crate::testing::Database;

    #[tokio::test]
    async fn t48_rows_of_a_release_without_shards_are_among_the_changes_of_a_period() {
        let database = Database::start().await;
        let at = Moment::parse("2026-03-01T12:00:00.250Z").unwrap();
        let put = async |pk: String, number: u64, before: &str| {
            let body = serde_json::json!({
                "schema": 1, "at": at.with_millis(), "subject": format!("urn:banco:{number}"),
                "action": "consent.authorised", "before": before, "after": "AUTHORISED",
            });
            let sk = format!("{}#commit#{number}", at.with_millis());
            let row = item(key(pk, sk), [("body", s(body.to_string()))]);
            database.dynamo.put(WHAT, "audit", row).await.unwrap();
        };
        put("I#banco#AUD#2026-03-01#3".to_owned(), 1, "AWAITING_AUTHORISATION").await;
        put("I#banco#AUD#2026-03-01".to_owned(), 2, "AWAITING_AUTHORISATION").await;
        put("I#banco#AUD#2026-03-01".to_owned(), 3, "AUTHORISED").await;
        put("I#banco#AUD#2026-03-02".to_owned(), 4, "AWAITING_AUTHORISATION").await;
        let table = AuditTable::new(&database.dynamo, "audit");
        let (mut subjects, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = table.between(at, at, after.as_deref(), 1).await.unwrap();
            subjects.extend(page.changes.into_iter().map(|change| change.subject));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(subjects, ["urn:banco:1", "urn:banco:2"]);
    }
}
