//! What is read of the block list, whatever is in it: T60.

use std::time::Duration;

use ponte_authorization::block_list::{BLOCK_MEMORY, BlockList};
use ponte_authorization::target::Target;
use ponte_kit::examples::{client_id, consent_id, institution, now};
use ponte_values::ClientId;

use super::*;
use crate::testing::Database;

fn client(number: usize) -> Blocked {
    Blocked::Client(ClientId::parse(&format!("{}-{number:05}", "x".repeat(110))).unwrap())
}

fn after(seconds: u64) -> Moment {
    now().plus(Duration::from_secs(seconds))
}

fn ending(blocked: Blocked, seconds: u64) -> Block {
    Block { blocked, until: Some(after(seconds)) }
}

async fn put(database: &Database, items: impl IntoIterator<Item = Item>) {
    crate::batch::put(&database.dynamo, WHAT, "block-list", items.into_iter()).await.unwrap();
}

fn table(database: &Database) -> BlockListTable {
    BlockListTable::new(&database.dynamo, "block-list")
}

#[test]
fn t60_the_table_forgets_what_ends_and_nothing_else() {
    let dynamo = Dynamo::new(crate::testing::aws_at("http://127.0.0.1:1").dynamodb(), &institution());
    let blocked = Blocked::Client(client_id());
    for of in [decided, brought_about] {
        let stored = of(&dynamo, &ending(blocked.clone(), 17 * 60)).unwrap();
        assert_eq!(stored["expires_at"], n(now().seconds() + 17 * 60));
        let standing = of(&dynamo, &Block { blocked: blocked.clone(), until: None }).unwrap();
        assert!(!standing.contains_key("expires_at"));
        assert_eq!(
            standing["sk"],
            s(format!("CLIENT#{}", client_id())),
            "an operator takes it away by its name"
        );
    }
}

#[tokio::test]
async fn t60_a_list_of_several_pages_is_read_whole() {
    let database = Database::start().await;
    let items = (0..4_000).map(|number| brought_about(&database.dynamo, &ending(client(number), 9)).unwrap());
    put(&database, items).await;
    assert_eq!(table(&database).all(now()).await.unwrap().len(), 4_000);
}

#[tokio::test]
async fn t60_what_is_over_costs_no_look_and_counts_for_nothing() {
    let database = Database::start().await;
    let over = (0..500).map(|number| brought_about(&database.dynamo, &ending(client(number), 1)).unwrap());
    put(&database, over).await;
    let live = ending(client(900), 60);
    put(&database, [brought_about(&database.dynamo, &live).unwrap()]).await;
    let (items, more) = table(&database).first(after(2), 1).await.unwrap();
    assert_eq!((items.len(), more), (1, false), "the table has not forgotten the 500 yet");
    assert_eq!(table(&database).all(after(2)).await.unwrap(), [live]);
    assert_eq!(table(&database).all(after(60)).await.unwrap(), [], "at its end it is over");
}

#[tokio::test]
async fn t60_a_list_that_is_too_long_shuts_nobody_else_and_keeps_what_operators_decided() {
    let database = Database::start().await;
    let dynamo = &database.dynamo;
    let flood = (0..300).map(|number| {
        let seconds = 60 + u64::try_from(number).unwrap();
        brought_about(dynamo, &ending(client(number), seconds)).unwrap()
    });
    put(&database, flood).await;
    let standing = Block { blocked: Blocked::Client(client_id()), until: None };
    let removed = ending(client(700), 9);
    put(&database, [decided(dynamo, &standing).unwrap(), decided(dynamo, &removed).unwrap()]).await;
    let (items, more) = table(&database).first(now(), 10).await.unwrap();
    let read: Vec<Block> = readable(WHAT, &items);
    assert!(more && read.len() == 10);
    assert!(read.contains(&standing) && read.contains(&removed), "{read:?}");
    let last = (292..300).map(client);
    assert!(last.into_iter().all(|client| read.iter().any(|block| block.blocked == client)), "{read:?}");
}

#[tokio::test]
async fn t60_entries_of_a_release_before_still_shut_out() {
    let database = Database::start().await;
    let dynamo = &database.dynamo;
    let grant = Blocked::Grant(Target::consent(consent_id()));
    // All lay under their names, those that end as well.
    let ended = ending(client(1), 1);
    let live = [
        Block { blocked: client(2), until: None },
        ending(client(3), 60),
        Block { blocked: grant, until: Some(now().plus(BLOCK_MEMORY)) },
    ];
    for block in live.iter().chain([&ended]) {
        put(&database, [decided(dynamo, block).unwrap()]).await;
    }
    let read = table(&database).all(after(2)).await.unwrap();
    assert!(read.len() == 3 && live.iter().all(|block| read.contains(block)), "{read:?}");
    let list: BlockList = read.into_iter().collect();
    assert!(list.holds_grant(&Target::consent(consent_id()), after(2)));
}

#[test]
fn t60_operators_hear_of_a_list_that_grows_long_before_it_is_too_long() {
    assert!(crowding(0, false).is_none() && crowding(4_999, false).is_none());
    assert!(crowding(5_000, false).unwrap().contains("longer than anybody expected"));
    assert!(crowding(MOST, true).unwrap().contains("too long"));
}
