//! Rows in, rows out, leases.

use super::*;
use crate::testing::Database;
use ponte_kit::examples::{consent_id, now, row};
use ponte_ports::outbox::{NoticeKind, SHARDS};
use ponte_ports::{Trail, Trails as _};
use std::time::Duration;

use crate::trail::{TrailTable, TrailTables};

/// A row of shard 0 that sorts as its number.
fn numbered(number: u64) -> OutboxRow {
    let at = now().plus(Duration::from_millis(number));
    let ids = (0..).map(|salt| row(&format!("{number}-{salt}"), at));
    ids.into_iter().find(|row| row.shard() == 0).unwrap()
}

async fn filled(count: u64) -> (Database, OutboxTable) {
    let database = Database::start().await;
    let table = OutboxTable::new(&database.dynamo, "outbox");
    for number in 0..count {
        table.add(&numbered(number)).await.unwrap();
    }
    (database, table)
}

fn ticket(keys: &[String]) -> Ticket {
    Ticket { shard: 0, from: keys.first().unwrap().clone(), to: keys.last().unwrap().clone() }
}

#[tokio::test]
async fn rows_are_listed_read_and_forgotten_in_order() {
    let (_database, table) = filled(60).await;
    let keys = table.keys(0, None, 1_000).await.unwrap();
    assert_eq!(keys.len(), 60);
    assert!(keys.is_sorted());
    assert_eq!(table.keys(0, None, 7).await.unwrap(), keys[..7]);
    assert_eq!(table.keys(0, Some(&keys[6]), 7).await.unwrap(), keys[7..14]);
    for shard in 1..SHARDS {
        assert!(table.keys(shard, None, 10).await.unwrap().is_empty());
    }
    let rows = table.rows(&ticket(&keys[10..20])).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.sort_key.clone()).collect::<Vec<_>>(), keys[10..20]);
    assert_eq!(rows[0].path, "/report-api/v1/private/report");
    assert_eq!(rows[0].body, numbered(10).body);
    // More than one BatchWriteItem, and deleting twice is harmless.
    for _ in 0..2 {
        table.done(0, &keys[..55]).await.unwrap();
    }
    assert_eq!(table.keys(0, None, 1_000).await.unwrap(), keys[55..]);
    table.done(0, &[]).await.unwrap();
}

#[tokio::test]
async fn pages_above_a_megabyte_are_read_to_the_end() {
    let (_database, table) = filled(0).await;
    for number in 0..15 {
        let mut large = numbered(number);
        large.body = "x".repeat(200_000);
        table.add(&large).await.unwrap();
    }
    let keys = table.keys(0, None, 1_000).await.unwrap();
    assert_eq!(keys.len(), 15);
    assert_eq!(table.rows(&ticket(&keys)).await.unwrap().len(), 15);
    assert_eq!(table.keys(0, None, 9).await.unwrap().len(), 9);
}

#[tokio::test]
async fn m38_a_held_row_waits_and_is_let_go_once() {
    let (_database, table) = filled(0).await;
    let (row, consent) = (numbered(1), consent_id());
    table.hold(&row, &consent).await.unwrap();
    assert!(table.keys(0, None, 10).await.unwrap().is_empty(), "it is not pending yet");
    let held = table.held(0, 10).await.unwrap();
    assert_eq!((held.len(), &held[0].consent, &held[0].sort_key), (1, &consent, &row.sort_key()));
    assert_eq!((held[0].body.as_str(), held[0].waits_since()), (row.body.as_str(), Some(row.at)));
    assert!(table.release(&held[0], r#"{"known":1}"#).await.unwrap());
    assert!(!table.release(&held[0], r#"{"known":2}"#).await.unwrap());
    assert!(table.held(0, 10).await.unwrap().is_empty());
    let rows = table.rows(&ticket(&table.keys(0, None, 10).await.unwrap())).await.unwrap();
    assert_eq!((rows.len(), rows[0].body.as_str(), rows[0].path.as_str()), (1, r#"{"known":1}"#, row.path));
}

#[tokio::test]
async fn m38_a_held_row_that_names_no_consent_holds_up_no_other() {
    let (_database, table) = filled(0).await;
    table.hold(&numbered(2), &consent_id()).await.unwrap();
    let held = key(table.dynamo.keys.held(0), numbered(1).sort_key());
    let broken = item(held, [("path", s("/p")), ("body", s("{}"))]);
    table.dynamo.put(WHAT, "outbox", broken).await.unwrap();
    let held = table.held(0, 10).await.unwrap();
    assert_eq!(held.iter().map(|row| &row.sort_key).collect::<Vec<_>>(), [&numbered(2).sort_key()]);
}

#[tokio::test]
async fn what_waits_is_counted_by_the_day_in_brasilia() {
    let (_database, table) = filled(0).await;
    let at = |text: &str| ponte_values::Moment::parse(text).unwrap();
    for (number, time) in [
        "2026-03-01T02:59:59.999Z",
        "2026-03-01T03:00:00.000Z",
        "2026-03-02T02:59:59.999Z",
        "2026-03-02T03:00:00.000Z",
    ]
    .into_iter()
    .enumerate()
    {
        for copy in 0..3 {
            table.add(&row(&format!("{number}-{copy}"), at(time))).await.unwrap();
        }
    }
    table.hold(&row("held", at("2026-03-01T12:00:00.000Z")), &consent_id()).await.unwrap();
    let day = Date::parse("2026-03-01").unwrap();
    assert_eq!(table.waiting(day).await.unwrap(), WaitingReports { pending: 6, held: 1, repeats: 0 });
    let repeat = PendingRow {
        sort_key: row("0-0", at("2026-03-01T12:00:00.000Z")).sort_key(),
        path: "/p".to_owned(),
        body: "{}".to_owned(),
        ..PendingRow::default()
    };
    let dynamo = &table.dynamo;
    dynamo
        .put(WHAT, "outbox", item_of_pending(dynamo, &repeat.resent(at("2026-03-03T00:00:00.000Z"))))
        .await
        .unwrap();
    assert_eq!(table.waiting(day).await.unwrap(), WaitingReports { pending: 6, held: 1, repeats: 1 });
}

#[tokio::test]
async fn a_lease_is_taken_from_what_was_read_and_by_one() {
    let (_database, table) = filled(0).await;
    let lease = |upto: &str, seconds| Lease {
        upto: upto.to_owned(),
        until: now().plus(Duration::from_secs(seconds)),
    };
    assert_eq!(table.lease(1).await.unwrap(), None);
    assert!(table.take_lease(1, None, &lease("a", 60)).await.unwrap());
    assert!(!table.take_lease(1, None, &lease("b", 60)).await.unwrap());
    assert!(!table.take_lease(1, Some(&lease("a", 61)), &lease("b", 60)).await.unwrap());
    assert_eq!(table.lease(1).await.unwrap(), Some(lease("a", 60)));
    assert!(table.take_lease(1, Some(&lease("a", 60)), &lease("b", 120)).await.unwrap());
    assert!(!table.take_lease(1, Some(&lease("a", 60)), &lease("c", 120)).await.unwrap());
    assert_eq!(table.lease(1).await.unwrap(), Some(lease("b", 120)));
    assert_eq!(table.lease(2).await.unwrap(), None);
    // Leases lie apart from the rows.
    assert!(table.keys(1, None, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn t06_a_lease_whose_reply_was_lost_is_still_ours() {
    let (database, table) = filled(0).await;
    let losing = database.losing(|exchange| exchange == 0).await;
    let through = OutboxTable::new(&losing, "outbox");
    let lease = Lease { upto: "a".to_owned(), until: now() };
    assert!(through.take_lease(0, None, &lease).await.unwrap());
    assert_eq!(table.lease(0).await.unwrap(), Some(lease));
}

#[tokio::test]
async fn t64_a_held_row_is_there() {
    let (_database, table) = filled(0).await;
    let row = numbered(1);
    table.hold(&row, &consent_id()).await.unwrap();
    assert!(table.has(&row.sort_key()).await.unwrap());
    assert!(!table.has(&numbered(2).sort_key()).await.unwrap());
}

#[tokio::test]
async fn t47_what_an_operator_has_sent_again_is_marked_beside_the_first_one() {
    let database = Database::start().await;
    let tables = TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() };
    let trails = TrailTable::new(&database.dynamo, tables);
    let row = numbered(1);
    let notice =
        |id: &str| Notice { id: id.to_owned(), at: row.at, kind: NoticeKind::Status, body: "{}".to_owned() };
    let first = Trail::new("first".to_owned()).reporting([row.clone()]).telling([notice("first")]);
    trails.write(&first).await.unwrap();
    let ordered_at = row.at.plus(Duration::from_hours(1));
    let again = Trail::new("again".to_owned()).reporting([row.clone()]).telling([notice("again")]);
    trails.write(&again.repeated(ordered_at)).await.unwrap();
    let items = database.items("outbox").await;
    let mut marks: Vec<_> = items
        .iter()
        .map(|item| (text(item, "sk").unwrap().to_owned(), item.contains_key("repeated")))
        .collect();
    marks.sort();
    let (at, key) = (row.at.with_millis(), row.sort_key());
    let mut expected = vec![
        (key.clone(), false),
        (format!("{key}~{}", ordered_at.seconds()), true),
        (format!("{at}#first"), false),
        (format!("{at}#again"), true),
    ];
    expected.sort();
    assert_eq!(marks, expected);
    let shard = row.shard();
    let ticket = Ticket { shard, from: key.clone(), to: format!("{key}~~") };
    let outbox = OutboxTable::new(&database.dynamo, "outbox");
    let pending = outbox.rows(&ticket).await.unwrap();
    assert_eq!(
        pending.iter().map(|row| row.repeat).collect::<Vec<_>>(),
        [false, true],
        "in the shard of the first"
    );
}
