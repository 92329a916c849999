//! Handoff over the store: codes, pages that race, and who ends an interaction when everybody tries at once.

use std::sync::Arc;

use ponte_authorization::interaction::{
    ArrivalId, Assurance, ChannelSession, CodeReader, Interaction, InteractionFault, Login, SESSION_LIMIT,
    ShortCode, Takeover, Waiting,
};
use ponte_authorization::ports::{
    Handoffs as _, InteractionChanges as _, InteractionCommit, Interactions as _,
};
use ponte_ports::{CommitFault, Trail};
use tokio::sync::Barrier;

use super::InteractionTable;
use crate::item::text;
use crate::testing::Database;
use crate::trail::TrailTables;
use ponte_kit::examples::{interaction, now};

const RACES: usize = 100;

fn code(number: usize) -> ShortCode {
    ShortCode::of_bits([0, 0, 0, 0, u8::try_from(number).unwrap()])
}

fn table(database: &Database) -> InteractionTable {
    InteractionTable::new(&database.dynamo, "interactions")
}

fn committing(database: &Database) -> InteractionTable {
    let tables = TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() };
    InteractionTable::committing(&database.dynamo, "interactions", tables)
}

fn arrival(text: &str) -> ArrivalId {
    ArrivalId::parse(text).unwrap()
}

/// An interaction in the store of which a page shows a code.
async fn shown(table: &InteractionTable, id: &str, number: usize) -> Interaction {
    let begun = interaction(id);
    assert!(table.start(&begun, None).await.unwrap().is_none());
    let shown = begun.hand_off(now()).unwrap().unwrap();
    table.open(&shown, (&arrival(id), &code(number)), &format!("open-{id}")).await.unwrap();
    shown
}

/// The same after a phone read the code.
async fn taken(table: &InteractionTable, id: &str, number: usize) -> Interaction {
    let reader = CodeReader { secret_hash: "phone".to_owned(), signed: false };
    match shown(table, id, number).await.take_over("page", reader, now()) {
        Takeover::First(taken) => taken,
        _ => panic!("the code was read before"),
    }
}

#[tokio::test]
async fn a_code_leads_to_its_interaction_and_its_text_is_nowhere() {
    let database = Database::start().await;
    let table = table(&database);
    let bits = ShortCode::of_bits([0x5a, 0x13, 0xc7, 0x99, 0x2b]);
    let begun = interaction("n-1");
    table.start(&begun, None).await.unwrap();
    let shown = begun.hand_off(now()).unwrap().unwrap();
    table.open(&shown, (&arrival("arrival-1"), &bits), "open-1").await.unwrap();
    table.open(&shown, (&arrival("arrival-1"), &bits), "open-1").await.unwrap();
    assert_eq!(table.arrival_of(&bits, now()).await.unwrap(), Some(arrival("arrival-1")));
    assert_eq!(
        table.arrival_of(&bits, now().plus(SESSION_LIMIT)).await.unwrap(),
        None,
        "of a session that is over"
    );
    assert_eq!(table.arrival_of(&code(1), now()).await.unwrap(), None);
    assert_eq!(table.find("n-1").await.unwrap().unwrap().version, 2);
    let items = database.items("interactions").await;
    assert_eq!(items.len(), 2);
    for item in &items {
        assert!(item.get("expires_at").is_some(), "the table cleans up");
        assert!(!format!("{item:?}").contains(bits.as_str()));
        assert!(text(item, "pk").unwrap().starts_with("I#banco#"));
    }
}

#[tokio::test]
async fn a_code_stands_for_one_page() {
    let database = Database::start().await;
    let table = table(&database);
    let first = shown(&table, "n-1", 1).await;
    let other = interaction("n-2");
    table.start(&other, None).await.unwrap();
    let other = other.hand_off(now()).unwrap().unwrap();
    let taken = table.open(&other, (&arrival("n-2"), &code(1)), "open-2").await;
    assert!(matches!(taken, Err(CommitFault::Conflict)));
    assert_eq!(table.find("n-2").await.unwrap().unwrap().version, 1, "nothing half-stored");
    let second = interaction("n-1").hand_off(now()).unwrap().unwrap();
    let late = table.open(&second, (&arrival("n-1"), &code(2)), "open-3").await;
    assert!(matches!(late, Err(CommitFault::Conflict)));
    assert_eq!(table.arrival_of(&code(2), now()).await.unwrap(), None);
    assert_eq!(table.find("n-1").await.unwrap().unwrap().version, first.version);
}

/// A change of an interaction and nothing else.
fn commit(step: &str, number: usize, interaction: Interaction) -> InteractionCommit {
    InteractionCommit { interaction, trail: Trail::new(format!("{step}-{number}")) }
}

/// What the page, a second tab of it and the phone make of the same stored interaction.
type Racers = Vec<Result<Interaction, InteractionFault>>;

/// Which of them won.
async fn race(store: &Arc<InteractionTable>, number: usize, racers: Racers) -> usize {
    let barrier = Arc::new(Barrier::new(racers.len()));
    let tasks = racers.into_iter().enumerate().map(|(racer, changed)| {
        let (store, barrier) = (Arc::clone(store), Arc::clone(&barrier));
        let commit = commit(&format!("racer-{racer}"), number, changed.unwrap());
        tokio::spawn(async move {
            barrier.wait().await;
            store.commit(commit).await
        })
    });
    let mut winners = Vec::new();
    for (racer, outcome) in tasks.collect::<Vec<_>>().into_iter().enumerate() {
        match outcome.await.unwrap() {
            Ok(()) => winners.push(racer),
            Err(CommitFault::Conflict) => {}
            Err(CommitFault::Port(error)) => panic!("{error:?}"),
        }
    }
    assert_eq!(winners.len(), 1, "race {number}");
    winners[0]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t17_a_hundred_races_of_abort_and_the_phone_have_one_winner_each() {
    let database = Database::start().await;
    let (table, store) = (table(&database), Arc::new(committing(&database)));
    let mut wins = [0_usize; 3];
    for number in 0..RACES {
        let id = format!("n-{number}");
        let read = taken(&table, &id, number).await;
        store.commit(commit("read", number, read.clone())).await.unwrap();
        let login = Login { subject: "s".to_owned(), at: now(), assurance: Assurance::Loa2 };
        let session = ChannelSession { secret_hash: "s".to_owned(), arrival: None };
        let ready = read.log_in(login, session).unwrap();
        store.commit(commit("ready", number, ready.clone())).await.unwrap();
        let page = ready.clone().with_page("page").unwrap();
        let racers = vec![
            page.abort("page-ticket".to_owned(), now()),
            ready.clone().grant("unused".to_owned(), now()),
            ready.deny("unused".to_owned(), now()),
        ];
        wins[race(&store, number, racers).await] += 1;
        let after = table.find(&id).await.unwrap().unwrap();
        match after.at(now()) {
            Waiting::Browser(decision) => assert_eq!(decision.ticket_hash, "page-ticket"),
            Waiting::Page(_) => assert!(!after.was_aborted()),
            other => panic!("{other:?}"),
        }
    }
    assert!(wins.iter().filter(|won| **won > 0).count() > 1, "nobody raced: {wins:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t17_a_hundred_races_of_two_tabs_give_one_ticket_each() {
    let database = Database::start().await;
    let (table, store) = (table(&database), Arc::new(committing(&database)));
    let mut wins = [0_usize; 2];
    for number in 0..RACES {
        let id = format!("n-{number}");
        let read = taken(&table, &id, number).await;
        store.commit(commit("read", number, read.clone())).await.unwrap();
        let decided = read.deny("unused".to_owned(), now()).unwrap();
        store.commit(commit("decided", number, decided.clone())).await.unwrap();
        let page = decided.with_page("page").unwrap();
        let racers = vec![page.clone().finish("0".to_owned(), now()), page.finish("1".to_owned(), now())];
        let winner = race(&store, number, racers).await;
        wins[winner] += 1;
        let after = table.find(&id).await.unwrap().unwrap();
        let Waiting::Browser(decision) = after.at(now()) else { panic!("no ticket") };
        assert_eq!(decision.ticket_hash, winner.to_string());
    }
    assert!(wins.iter().all(|won| *won > 0), "nobody raced: {wins:?}");
}
