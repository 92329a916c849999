//! Commits: all or nothing, one winner, and our own repetition recognised.

use std::sync::Arc;

use super::*;
use crate::dynamo::Dynamo;
use crate::item::n;
use crate::testing::{Database, consent_table};
use crate::trail::TrailTables;
use crate::transaction::Outcome;
use ponte_data_consent::consent::{ConsentPolicy, EffectiveStatus, ExtensionRequest, RejectedBy};
use ponte_kit::examples::{authorisation, consent_id, created, interaction, now, row};
use ponte_ports::Trail;
use ponte_ports::audit::Actor;
use ponte_values::{Cpf, Moment};
use std::time::Duration;
use tokio::sync::Barrier;

mod races;

const DAY: Duration = Duration::from_hours(24);

fn creation(id: &str) -> ConsentCommit {
    let outbox = vec![row(&format!("row-{id}"), now())];
    let commit = created().commit(id.to_owned(), None);
    ConsentCommit { trail: commit.trail.reporting(outbox), ..commit }
}

#[tokio::test]
async fn a_commit_writes_consent_audit_and_outbox_together() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let commit = creation("00000000-0000-4000-8000-000000000001");
    table.decide(commit, interaction("n-1")).await.unwrap();
    let found = table.find(&consent_id()).await.unwrap().unwrap();
    assert!(matches!(found.at(now()), EffectiveStatus::Awaiting));
    let stored = database.item("consents", "I#banco#C#urn:banco:1", "META").await.unwrap();
    assert_eq!(stored["status"], s("AWAITING_AUTHORISATION"));
    assert_eq!(stored["version"], n(1));
    let stored = database.item("interactions", "I#banco#N#n-1", "META").await.unwrap();
    assert_eq!(stored["expires_at"], n(interaction("n-1").expires_at().seconds()));
    let audit = "2026-03-01T12:00:00.250Z#00000000-0000-4000-8000-000000000001#0";
    assert!(database.item("audit", "I#banco#AUD#2026-03-01#2", audit).await.is_some());
    assert_eq!(database.items("outbox").await.len(), 1);
}

#[tokio::test]
async fn a_table_opened_without_interactions_writes_none() {
    let database = Database::start().await;
    let tables = TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() };
    let table = ConsentTable::committing(&database.dynamo, "consents", tables);
    assert!(matches!(table.decide(creation("1"), interaction("n-1")).await, Err(CommitFault::Port(_))));
    assert!(table.find(&consent_id()).await.unwrap().is_none(), "neither of the two is written");
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
    let table = consent_table(&database.dynamo);
    table.commit(creation("1")).await.unwrap();
    assert!(matches!(table.commit(creation("2")).await, Err(CommitFault::Conflict)));
    let stored = table.find(&consent_id()).await.unwrap().unwrap();
    let change = |id: &str| {
        let change = stored.clone().authorise(authorisation(), Actor::Ponte).unwrap();
        change.commit(id.to_owned(), Some("d78fc4e5-37ca-4da3-adf2-9b082bf92280".to_owned()))
    };
    table.commit(change("3")).await.unwrap();
    assert!(matches!(table.commit(change("4")).await, Err(CommitFault::Conflict)));
    // Nothing of a refused commit is there.
    assert_eq!(database.items("audit").await.len(), 2);
    let told = database.items("outbox").await;
    let of =
        |partition: &str| told.iter().filter(|item| item["pk"].as_s().unwrap().contains(partition)).count();
    assert_eq!((told.len(), of("#OUT#"), of("#EV#")), (2, 1, 1));
    let stored = database.item("consents", "I#banco#C#urn:banco:1", "META").await.unwrap();
    assert_eq!((&stored["status"], &stored["version"]), (&s("AUTHORISED"), &n(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t17_of_sixty_four_at_once_one_wins() {
    let database = Database::start().await;
    let (table, barrier) = (Arc::new(consent_table(&database.dynamo)), Arc::new(Barrier::new(64)));
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
    consent_table(&losing).commit(creation("1")).await.unwrap();
    assert_eq!(database.items("audit").await.len(), 1);
}

#[tokio::test]
async fn t06_a_repetition_without_its_token_is_recognised_by_its_owner() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    table.commit(creation("1")).await.unwrap();
    // Somebody else changes the consent meanwhile; the audit row still shows that the first commit happened.
    let stored = table.find(&consent_id()).await.unwrap().unwrap();
    let change = stored.authorise(authorisation(), Actor::Ponte).unwrap();
    let trail = Trail::new("2".to_owned());
    let commit = ConsentCommit { consent: change.consent, extension: None, trail };
    table.commit(commit).await.unwrap();
    let mut repeated = table.transaction(&creation("1"), None).unwrap();
    repeated.forget_token("later");
    assert!(matches!(repeated.run(&database.dynamo).await.unwrap(), Outcome::Applied));
    let mut foreign = table.transaction(&creation("5"), None).unwrap();
    foreign.forget_token("later still");
    assert!(matches!(foreign.run(&database.dynamo).await.unwrap(), Outcome::Refused(_)));
}

/// A consent with an end, authorised and renewed `times` times, a day later each time.
async fn renewed(table: &ConsentTable, times: u32) -> Consent {
    let mut change = created();
    change.consent.expires_at = Some(now().plus(DAY * 90));
    table.commit(change.commit("c-0".to_owned(), None)).await.unwrap();
    let stored = || async { table.find(&consent_id()).await.unwrap().unwrap() };
    let change = stored().await.authorise(authorisation(), Actor::Ponte).unwrap();
    table.commit(change.commit("c-1".to_owned(), None)).await.unwrap();
    for day in 1..=times {
        let request = ExtensionRequest {
            logged_user: Cpf::parse("12345678909").unwrap(),
            business: None,
            expires_at: Some(now().plus(DAY * (90 + day))),
            ip_address: "203.0.113.9".to_owned(),
            user_agent: "agent".to_owned(),
        };
        let consent = stored().await.in_force(now().plus(DAY * day)).unwrap();
        let change = consent.extend(request, None, ConsentPolicy::default(), Actor::Ponte).unwrap();
        table.commit(change.commit(format!("e-{day:04}"), None)).await.unwrap();
    }
    stored().await
}

#[tokio::test]
async fn c34_renewals_are_kept_beside_the_consent_and_listed_newest_first() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let consent = renewed(&table, 30).await;
    assert_eq!((consent.renewals, consent.version), (30, 32));
    let ends = |renewals: Vec<Extension>| -> Vec<Moment> {
        renewals.iter().map(|renewal| renewal.expires_at.unwrap()).collect()
    };
    let first = ends(table.list(&consent_id(), 0, 25).await.unwrap());
    let expected: Vec<Moment> = (6..=30).rev().map(|day| now().plus(DAY * (90 + day))).collect();
    assert_eq!(first, expected);
    assert_eq!(consent.expires_at, Some(first[0]), "the newest is the one in force");
    let second = table.list(&consent_id(), 25, 25).await.unwrap();
    assert_eq!((second.len(), second[4].previous_expires_at), (5, Some(now().plus(DAY * 90))));
    assert!(table.list(&consent_id(), u64::MAX, 25).await.unwrap().is_empty());
    assert!(table.list(&ConsentId::parse("urn:banco:2").unwrap(), 0, 25).await.unwrap().is_empty());
}

#[tokio::test]
async fn c34_of_two_renewals_of_one_version_only_one_has_an_entry() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let consent = renewed(&table, 1).await;
    let change = |id: &str| {
        let request = ExtensionRequest {
            logged_user: consent.logged_user.clone(),
            business: None,
            expires_at: None,
            ip_address: "203.0.113.9".to_owned(),
            user_agent: "agent".to_owned(),
        };
        let consent = consent.clone().in_force(now().plus(DAY * 2)).unwrap();
        consent
            .extend(request, None, ConsentPolicy::default(), Actor::Ponte)
            .unwrap()
            .commit(id.to_owned(), None)
    };
    table.commit(change("a")).await.unwrap();
    assert!(matches!(table.commit(change("b")).await, Err(CommitFault::Conflict)));
    assert_eq!(table.list(&consent_id(), 0, 25).await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_audit_carries_the_seals_of_the_stored_bodies() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let mut seals = Vec::new();
    table.commit(creation("1")).await.unwrap();
    for id in ["2", "3"] {
        let stored = table.find(&consent_id()).await.unwrap().unwrap();
        seals.push(stored.seal.clone().unwrap());
        let change = match id {
            "2" => stored.authorise(authorisation(), Actor::Ponte),
            _ => stored.revoke(RejectedBy::User, Actor::Ponte, now().plus(DAY)),
        };
        table.commit(change.unwrap().commit(id.to_owned(), None)).await.unwrap();
    }
    seals.push(table.find(&consent_id()).await.unwrap().unwrap().seal.unwrap());
    assert!(seals.iter().all(|seal| seal.len() == 64));
    let mut rows: Vec<serde_json::Value> =
        database.items("audit").await.iter().map(|item| read("audit", item).unwrap()).collect();
    rows.sort_by_key(|row| row["at"].to_string());
    let of = |row: usize| (rows[row]["beforeSha256"].as_str(), rows[row]["afterSha256"].as_str());
    assert_eq!(of(0), (None, Some(seals[0].as_str())));
    assert_eq!(of(1), (Some(seals[0].as_str()), Some(seals[1].as_str())));
    assert_eq!(of(2), (Some(seals[1].as_str()), Some(seals[2].as_str())));
    assert_eq!((&rows[2]["before"], &rows[2]["after"]), (&"AUTHORISED".into(), &"REJECTED".into()));
}

#[tokio::test]
async fn no_key_and_no_notice_names_a_person() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    renewed(&table, 1).await;
    for name in ["consents", "outbox", "audit"] {
        for stored in database.items(name).await {
            for (attribute, value) in &stored {
                let open = attribute == "body" && name == "consents";
                assert!(open || !format!("{value:?}").contains("12345678909"), "{name} {attribute}");
            }
        }
    }
}

#[tokio::test]
async fn a_store_that_is_not_there_is_a_port_error_that_tells_no_data() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let client = crate::testing::aws_at(&format!("http://{address}")).dynamodb();
    let dynamo = Dynamo::new(client, &ponte_kit::examples::institution());
    let Err(CommitFault::Port(error)) = consent_table(&dynamo).commit(creation("1")).await else {
        panic!("committed to nothing")
    };
    let text = format!("{error:?} {error}");
    assert!(text.contains("consents table") && !text.contains("12345678909"), "{text}");
}
