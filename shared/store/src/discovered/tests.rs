//! The table of discovered products: its contract, lost replies, races, and what cannot be read.

use std::sync::Arc;

use ponte_data_consent::consent::{Resource, ResourceStatus};
use ponte_kit::contract::discovered::{self, LOAN, commit, loan, loans};
use ponte_kit::examples::consent_id;
use serde_json::json;

use super::*;
use crate::item::number;
use crate::testing::Database;

fn table(dynamo: &Dynamo) -> ResourceTable {
    let trail = TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() };
    ResourceTable::new(dynamo, "resources", trail)
}

#[tokio::test]
async fn c60_the_table_of_resources_keeps_its_contract() {
    for at in 0..3 {
        let database = Database::start().await;
        let table = table(&database.dynamo);
        match at {
            0 => discovered::of_two_changes_of_one_version_one_is_written(&table, &database).await,
            1 => discovered::products_are_found_by_id_and_listed_by_kind(&table).await,
            _ => discovered::a_product_is_of_its_consent(&table).await,
        }
    }
}

#[tokio::test]
async fn t06_a_lost_reply_of_a_commit_is_known_as_our_own() {
    let database = Database::start().await;
    let losing = database.losing(|number| number == 0).await;
    table(&losing).commit(commit(1, loans(3))).await.unwrap();
    assert_eq!(database.count("resources").await, 4);
}

#[tokio::test]
async fn the_largest_step_fits_into_one_transaction() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    table.commit(commit(1, loans(80))).await.unwrap();
    let found = table.list(&consent_id(), Some(LOAN), usize::MAX).await.unwrap();
    assert_eq!(found.known.len(), 80);
}

#[tokio::test]
async fn every_item_of_a_consent_may_be_cleaned_away_at_its_time() {
    let database = Database::start().await;
    table(&database.dynamo).commit(commit(1, loans(2))).await.unwrap();
    for item in database.items("resources").await {
        assert!(number::<i64>(&item, "expires_at").is_some(), "{item:?}");
    }
}

#[tokio::test]
async fn d8_a_product_that_cannot_be_read_hides_no_other_and_is_named() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    table.commit(commit(1, loans(2))).await.unwrap();
    let pk = database.dynamo.keys.resources(&consent_id());
    for (id, status) in [("l-001", "FROZEN_NEXT"), ("l-009", "AVAILABLE")] {
        let body = json!({"resource": {"id": id, "kind": "LOAN", "legacyId": [], "status": status}});
        let odd = item(key(pk.clone(), place(LOAN, id)), [("body", s(body.to_string()))]);
        database.client.put_item().table_name("resources").set_item(Some(odd)).send().await.unwrap();
    }
    let found = table.list(&consent_id(), Some(LOAN), usize::MAX).await.unwrap();
    let known: Vec<&str> = found.known.iter().map(|product| product.resource.id.as_str()).collect();
    assert_eq!(known, ["l-000"]);
    let unread: Vec<_> = found.unread.iter().map(|(id, kind)| (id.as_str(), *kind)).collect();
    assert_eq!(unread, [("l-001", LOAN), ("l-009", LOAN)]);
    assert!(table.find(&consent_id(), LOAN, "l-001").await.unwrap_err().is_unreadable());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c60_of_many_changes_at_once_none_is_lost() {
    let database = Database::start().await;
    let table = Arc::new(table(&database.dynamo));
    table.commit(commit(1, vec![])).await.unwrap();
    let changes = (0..8).map(|number| {
        let table = table.clone();
        tokio::spawn(async move {
            loop {
                let version = table.state(&consent_id()).await.unwrap().unwrap().version + 1;
                let product = loan(&format!("r-{number}"), ResourceStatus::Available);
                let mut change = commit(version, vec![product]);
                change.trail.id = format!("racer-{number}-{version}");
                match table.commit(change).await {
                    Ok(()) => return,
                    Err(CommitFault::Conflict) => {}
                    Err(CommitFault::Port(error)) => assert!(error.is_overloaded(), "{error}"),
                }
            }
        })
    });
    for change in changes.collect::<Vec<_>>() {
        change.await.unwrap();
    }
    assert_eq!(table.state(&consent_id()).await.unwrap().unwrap().version, 9);
    let found = table.list(&consent_id(), None, usize::MAX).await.unwrap().known;
    let ids: Vec<String> = found.into_iter().map(|product| product.resource.id).collect();
    assert_eq!(ids, (0..8).map(|number| format!("r-{number}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn d8_what_a_later_release_put_into_a_product_is_written_back() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    table.commit(commit(1, loans(1))).await.unwrap();
    let (pk, sk) = (database.dynamo.keys.resources(&consent_id()), place(LOAN, "l-000"));
    let mut stored = database.item("resources", &pk, &sk).await.unwrap();
    let body = text(&stored, "body").unwrap().replacen('{', r#"{"next":{"word":1},"#, 1);
    stored.insert("body".to_owned(), s(body));
    database.client.put_item().table_name("resources").set_item(Some(stored)).send().await.unwrap();
    let found = table.find(&consent_id(), LOAN, "l-000").await.unwrap().unwrap();
    let Resource { id, kind, legacy_id, .. } = found.resource.clone();
    let resource = Resource::new(id, kind, ResourceStatus::Unavailable, legacy_id);
    let mut change = commit(2, vec![DiscoveredResource { resource, ..found }]);
    change.trail.id = "second".to_owned();
    table.commit(change).await.unwrap();
    let stored = database.item("resources", &pk, &sk).await.unwrap();
    let body: serde_json::Value = serde_json::from_str(text(&stored, "body").unwrap()).unwrap();
    assert_eq!((&body["next"]["word"], &body["resource"]["status"]), (&json!(1), &json!("UNAVAILABLE")));
}
