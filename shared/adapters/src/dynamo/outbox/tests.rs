//! Rows in, rows out, leases.

use super::*;
use crate::dynamo::testing::{Database, now, row};
use ponte_domain::outbox::SHARDS;
use std::time::Duration;

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
async fn a_parked_row_is_no_longer_pending_and_carries_the_reason() {
    let (database, table) = filled(2).await;
    let keys = table.keys(0, None, 10).await.unwrap();
    let rows = table.rows(&ticket(&keys)).await.unwrap();
    for _ in 0..2 {
        table.park(0, &rows[0], &"é".repeat(600)).await.unwrap();
    }
    assert_eq!(table.keys(0, None, 10).await.unwrap(), keys[1..]);
    let parked = database.item("outbox", "I#banco#PARKED", &keys[0]).await.unwrap();
    assert_eq!(text(&parked, "body"), Some(rows[0].body.as_str()));
    assert_eq!(text(&parked, "reason").unwrap().chars().count(), REASON);
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
