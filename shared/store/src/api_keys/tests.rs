//! A key and its audit row are whole or not there, and of many changes at once one happens.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ponte_authorization::api_key::{ApiKeyFault, ApiScope, KeyMismatch, NewApiKey};
use tokio::sync::Barrier;

use super::*;
use crate::testing::Database;
use crate::transaction::Outcome;
use ponte_kit::examples::now;

const ID: &str = "0123456789abcdef";
const APP: &str = "app.banco.example";
const HOUR: Duration = Duration::from_hours(1);

fn table(dynamo: &Dynamo) -> ApiKeyTable {
    ApiKeyTable::committing(dynamo, "api-keys", "audit")
}

fn issued(id: &str) -> KeyChange {
    let new = NewApiKey {
        id: ApiKeyId::parse(id).unwrap(),
        caller: APP.to_owned(),
        scopes: BTreeSet::from([ApiScope::ConsentsRead]),
        hash: "hash-0".to_owned(),
        expires_at: Some(now().plus(HOUR)),
    };
    ApiKey::issue(new, now())
}

fn id(number: u32) -> String {
    format!("{number:016x}")
}

#[tokio::test]
async fn a_key_comes_changes_and_stays_readable_when_it_is_revoked() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    let first = issued(ID);
    assert_eq!(table.find(&first.key.id).await.unwrap(), None);
    table.commit(first.clone(), "commit-1".to_owned()).await.unwrap();
    assert_eq!(table.find(&first.key.id).await.unwrap().as_ref(), Some(&first.key));
    let again = table.commit(issued(ID), "commit-2".to_owned()).await;
    assert!(matches!(again, Err(CommitFault::Conflict)), "an id is given out once");

    let second = first.key.clone().rotate("hash-1".to_owned(), HOUR, now()).unwrap();
    table.commit(second.clone(), "commit-3".to_owned()).await.unwrap();
    let late = first.key.revoke(now()).unwrap();
    let late = table.commit(late, "commit-4".to_owned()).await;
    assert!(matches!(late, Err(CommitFault::Conflict)), "decided on a key that is no more");
    let last = second.key.revoke(now()).unwrap();
    table.commit(last.clone(), "commit-5".to_owned()).await.unwrap();
    assert_eq!(table.find(&last.key.id).await.unwrap(), Some(last.key));
    assert_eq!(database.items("audit").await.len(), 3, "one row for each change that happened");
}

#[tokio::test]
async fn what_is_stored_holds_hashes_and_no_secret() {
    let database = Database::start().await;
    let secret = "a".repeat(43);
    let mut new = issued(ID);
    let hash = ponte_fapi::secret::hash(&secret);
    new.key = new.key.rotate(hash.clone(), HOUR, now()).unwrap().key;
    new.key.version = 1;
    table(&database.dynamo).commit(new, "commit-1".to_owned()).await.unwrap();
    let item = database.item("api-keys", "I#banco#KEYS", ID).await.unwrap();
    let stored = item["body"].as_s().unwrap();
    assert!(stored.contains(&hash) && !stored.contains(&secret), "{stored}");
    let rows = database.items("audit").await;
    let row = rows[0]["body"].as_s().unwrap();
    assert!(row.contains(r#""kind":"operator""#) && row.contains(ID) && !row.contains("hash"), "{row}");
}

#[tokio::test]
async fn keys_are_listed_by_id() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    assert_eq!(table.list().await.unwrap(), []);
    for number in [3, 1, 2] {
        table.commit(issued(&id(number)), format!("commit-{number}")).await.unwrap();
    }
    let listed: Vec<String> = table.list().await.unwrap().into_iter().map(|key| key.id.to_string()).collect();
    assert_eq!(listed, [id(1), id(2), id(3)]);
}

#[tokio::test]
async fn a_table_opened_for_reading_changes_nothing() {
    let database = Database::start().await;
    let reading = ApiKeyTable::reading(&database.dynamo, "api-keys");
    assert!(matches!(reading.commit(issued(ID), "commit-1".to_owned()).await, Err(CommitFault::Port(_))));
    assert_eq!(database.items("api-keys").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_thirty_two_rotations_at_once_one_happens() {
    let database = Database::start().await;
    let table = Arc::new(table(&database.dynamo));
    let key = issued(ID);
    table.commit(key.clone(), "commit".to_owned()).await.unwrap();
    let barrier = Arc::new(Barrier::new(32));
    let calls: Vec<_> = (1..=32)
        .map(|number| {
            let (table, barrier) = (Arc::clone(&table), Arc::clone(&barrier));
            let change = key.key.clone().rotate(format!("hash-{number}"), HOUR, now()).unwrap();
            tokio::spawn(async move {
                barrier.wait().await;
                table.commit(change, format!("commit-{number}")).await
            })
        })
        .collect();
    let mut winners = Vec::new();
    for (number, call) in (1..).zip(calls) {
        match call.await.unwrap() {
            Ok(()) => winners.push(number),
            Err(CommitFault::Conflict) => {}
            Err(CommitFault::Port(error)) => panic!("{error:?}"),
        }
    }
    assert_eq!(winners.len(), 1, "{winners:?}");
    let stored = table.find(&key.key.id).await.unwrap().unwrap();
    assert_eq!((stored.version, database.items("audit").await.len()), (2, 2));
    let verdict = |hash: &str| stored.admits(hash, APP, &[ApiScope::ConsentsRead], now());
    for number in 1..=32 {
        let refused = Err(ApiKeyFault::Unauthenticated(KeyMismatch::Secret));
        let expected = if winners == [number] { Ok(()) } else { refused };
        assert_eq!(verdict(&format!("hash-{number}")), expected, "{number}");
    }
    assert_eq!(verdict("hash-0"), Ok(()), "the secret before, during its grace");
}

#[tokio::test]
async fn t06_a_lost_reply_does_not_turn_a_change_into_a_conflict() {
    let database = Database::start().await;
    let first = issued(ID);
    let lossy = database.losing(|exchange| exchange == 0).await;
    table(&lossy).commit(first.clone(), "commit-1".to_owned()).await.unwrap();
    let lossy = database.losing(|exchange| exchange == 0).await;
    let second = first.key.revoke(now()).unwrap();
    table(&lossy).commit(second, "commit-2".to_owned()).await.unwrap();
    assert_eq!(database.items("audit").await.len(), 2);
    for token in ["forgotten-1", "forgotten-2"] {
        let mut transaction = table(&database.dynamo).transaction(&issued(&id(2)), "commit-3").unwrap();
        transaction.forget_token(token);
        assert!(matches!(transaction.run(&database.dynamo).await.unwrap(), Outcome::Applied), "{token}");
    }
    assert_eq!(database.items("audit").await.len(), 3);
}
