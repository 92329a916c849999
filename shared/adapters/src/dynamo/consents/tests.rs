//! Commits: all or nothing, one winner, and our own repetition recognised.

use std::sync::Arc;

use super::*;
use crate::dynamo::testing::{Database, authorisation, consent_id, created, now, row, visit};
use ponte_domain::audit::Actor;
use ponte_domain::consent::Standing;
use tokio::sync::Barrier;

fn table(dynamo: &Dynamo) -> ConsentTable {
    let others = CommitTables {
        interactions: "interactions".to_owned(),
        outbox: "outbox".to_owned(),
        audit: "audit".to_owned(),
    };
    ConsentTable::committing(dynamo, "consents", others)
}

fn creation(id: &str) -> Commit {
    let change = created();
    Commit {
        id: id.to_owned(),
        consent: Some(change.consent),
        audit: vec![change.audit],
        outbox: vec![row(&format!("row-{id}"), now())],
        ..Commit::default()
    }
}

#[tokio::test]
async fn a_commit_writes_consent_audit_and_outbox_together() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    let mut commit = creation("00000000-0000-4000-8000-000000000001");
    commit.interaction = Some(visit("n-1"));
    table.commit(commit).await.unwrap();
    let found = table.find(&consent_id()).await.unwrap().unwrap();
    assert!(matches!(found.at(now()), Standing::Awaiting));
    let stored = database.item("consents", "I#banco#C#urn:banco:1", "META").await.unwrap();
    assert_eq!(stored["status"], s("AWAITING_AUTHORISATION"));
    assert_eq!(stored["version"], n(1));
    let stored = database.item("interactions", "I#banco#N#n-1", "META").await.unwrap();
    assert_eq!(stored["expires_at"], n(visit("n-1").expires_at().seconds()));
    let audit = "2026-03-01T12:00:00.250Z#00000000-0000-4000-8000-000000000001#0";
    assert!(database.item("audit", "I#banco#AUD#2026-03-01", audit).await.is_some());
    assert_eq!(database.items("outbox").await.len(), 1);
}

#[tokio::test]
async fn an_unknown_consent_is_none_and_a_reader_cannot_commit() {
    let database = Database::start().await;
    let reader = ConsentTable::reading(&database.dynamo, "consents");
    assert!(reader.find(&consent_id()).await.unwrap().is_none());
    assert!(matches!(reader.commit(creation("1")).await, Err(CommitFault::Port(_))));
}

#[tokio::test]
async fn t17_of_two_changes_of_one_version_the_second_is_a_conflict() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    table.commit(creation("1")).await.unwrap();
    assert!(matches!(table.commit(creation("2")).await, Err(CommitFault::Conflict)));
    let stored = table.find(&consent_id()).await.unwrap().unwrap();
    let change = |id: &str| {
        let change = stored.clone().authorise(authorisation(), Actor::Ponte).unwrap();
        Commit {
            id: id.to_owned(),
            consent: Some(change.consent),
            audit: vec![change.audit],
            ..Commit::default()
        }
    };
    table.commit(change("3")).await.unwrap();
    assert!(matches!(table.commit(change("4")).await, Err(CommitFault::Conflict)));
    // Nothing of a refused commit is there.
    assert_eq!(database.items("audit").await.len(), 2);
    assert_eq!(database.items("outbox").await.len(), 1);
    let stored = database.item("consents", "I#banco#C#urn:banco:1", "META").await.unwrap();
    assert_eq!((&stored["status"], &stored["version"]), (&s("AUTHORISED"), &n(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t17_of_sixty_four_at_once_one_wins() {
    let database = Database::start().await;
    let (table, barrier) = (Arc::new(table(&database.dynamo)), Arc::new(Barrier::new(64)));
    let racers = (0..64).map(|number| {
        let (table, barrier) = (Arc::clone(&table), Arc::clone(&barrier));
        tokio::spawn(async move {
            barrier.wait().await;
            table.commit(creation(&format!("racer-{number}"))).await
        })
    });
    let (mut won, mut lost) = (0, 0);
    for racer in racers.collect::<Vec<_>>() {
        match racer.await.unwrap() {
            Ok(()) => won += 1,
            Err(CommitFault::Conflict) => lost += 1,
            Err(CommitFault::Port(error)) => panic!("{error:?}"),
        }
    }
    assert_eq!((won, lost), (1, 63));
    assert_eq!(database.items("outbox").await.len(), 1);
    assert_eq!(database.items("audit").await.len(), 1);
}

#[tokio::test]
async fn t06_a_commit_whose_reply_was_lost_is_a_success() {
    let database = Database::start().await;
    let losing = database.losing(|exchange| exchange == 0).await;
    table(&losing).commit(creation("1")).await.unwrap();
    assert_eq!(database.items("audit").await.len(), 1);
}

#[tokio::test]
async fn t06_a_repetition_without_its_token_is_recognised_by_its_owner() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    table.commit(creation("1")).await.unwrap();
    // Somebody else changes the consent meanwhile; the audit row still shows that the first commit happened.
    let stored = table.find(&consent_id()).await.unwrap().unwrap();
    let change = stored.authorise(authorisation(), Actor::Ponte).unwrap();
    let commit = Commit { id: "2".to_owned(), consent: Some(change.consent), ..Commit::default() };
    table.commit(commit).await.unwrap();
    let mut repeated = table.transaction(&creation("1")).unwrap();
    repeated.forget_token("later");
    assert!(matches!(repeated.run(&database.dynamo).await.unwrap(), Outcome::Applied));
    let mut foreign = table.transaction(&creation("5")).unwrap();
    foreign.forget_token("later still");
    assert!(matches!(foreign.run(&database.dynamo).await.unwrap(), Outcome::Refused(_)));
}

#[tokio::test]
async fn a_store_that_is_not_there_is_a_port_error_that_tells_no_data() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let client = crate::testing::aws_at(&format!("http://{address}")).dynamodb();
    let dynamo = Dynamo::new(client, &crate::dynamo::testing::institution());
    let Err(CommitFault::Port(error)) = table(&dynamo).commit(creation("1")).await else {
        panic!("committed to nothing")
    };
    let text = format!("{error:?} {error}");
    assert!(text.contains("consents table") && !text.contains("12345678909"), "{text}");
}
