//! Authorise against revoke against expire: each decided on the same version, one wins.

use std::sync::Arc;

use ponte_data_consent::consent::{AWAITING_LIMIT, Authorisation, ConsentChange, RejectedBy};
use ponte_data_consent::ports::Consents as _;
use ponte_ports::CommitFault;
use ponte_ports::audit::Actor;
use ponte_values::ConsentId;
use tokio::sync::Barrier;

use crate::consents::ConsentTable;
use crate::testing::{Database, consent_table};
use ponte_kit::examples::{created_as, now};

const RACES: usize = 200;

/// What three parties make of the same stored consent, each at its own moment around the hour (C03).
async fn decisions(table: &ConsentTable, id: &ConsentId) -> [ConsentChange; 3] {
    let stored = table.find(id).await.unwrap().unwrap();
    let deadline = now().plus(AWAITING_LIMIT);
    let just_before = deadline.minus(std::time::Duration::from_millis(1));
    let yes = Authorisation { at: just_before, subject: "subject".to_owned(), resources: Vec::new().into() };
    let client = Actor::Client("client-1".to_owned());
    [
        stored.clone().authorise(yes, Actor::Channel("interaction".to_owned())).unwrap(),
        stored.clone().revoke(RejectedBy::User, client, just_before).unwrap(),
        stored.expire(deadline).unwrap(),
    ]
}

/// Which of the three won.
async fn race(table: &Arc<ConsentTable>, number: usize) -> usize {
    let id = ConsentId::parse(&format!("urn:banco:{number}")).unwrap();
    table.commit(created_as(id.clone(), now()).commit(format!("c-{number}"), None)).await.unwrap();
    let barrier = Arc::new(Barrier::new(3));
    let racers = decisions(table, &id).await.into_iter().enumerate().map(|(racer, change)| {
        let (table, barrier) = (Arc::clone(table), Arc::clone(&barrier));
        let commit = change.commit(format!("r-{number}-{racer}"), None);
        tokio::spawn(async move {
            barrier.wait().await;
            table.commit(commit).await
        })
    });
    let mut winners = Vec::new();
    for (racer, outcome) in racers.collect::<Vec<_>>().into_iter().enumerate() {
        match outcome.await.unwrap() {
            Ok(()) => winners.push(racer),
            Err(CommitFault::Conflict) => {}
            Err(CommitFault::Port(error)) => panic!("{error:?}"),
        }
    }
    assert_eq!(winners.len(), 1, "race {number}");
    let after = table.find(&id).await.unwrap().unwrap();
    assert_eq!(after.version, 2);
    winners[0]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t17_c02_two_hundred_races_of_authorise_revoke_and_expire_have_one_winner_each() {
    let database = Database::start().await;
    let table = Arc::new(consent_table(&database.dynamo));
    let mut wins = [0_usize; 3];
    for number in 0..RACES {
        wins[race(&table, number).await] += 1;
    }
    // One audit row for the creation and one for the winner; one notice for the winner.
    assert_eq!(database.count("audit").await, 2 * RACES);
    assert_eq!(database.count("outbox").await, RACES);
    assert!(wins.iter().filter(|won| **won > 0).count() > 1, "nobody raced: {wins:?}");
}
