//! A client that is shut out while its customer is at the institution: nobody says yes to it any more (T60, T61).

use std::time::Duration;

use ponte_authorization::block_list::{Block, Blocked};
use ponte_data_consent::consent::EffectiveStatus;
use ponte_values::ClientId;
use serde_json::json;

use super::commands::{named, world};
use super::handoff::{Browser, read_code, taken};
use super::world::{ANA, PAGE_ID, Reply, World, asked, device, login};

fn client() -> Blocked {
    Blocked::Client(ClientId::parse("client-1").unwrap())
}

impl World {
    /// An operator blocks the client, and every environment has heard of it.
    fn shut_out(&self) {
        self.blocks.put(Block { blocked: client(), until: None });
        self.wait(Duration::from_mins(1));
    }

    fn opened_again(&self) {
        self.blocks.take(&client());
        self.wait(Duration::from_mins(1));
    }
}

fn is_gone(reply: &Reply) {
    assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"), "{}", reply.body);
    let detail = reply.body["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("não é mais atendido"), "{detail}");
}

#[tokio::test]
async fn t60_t61_nobody_sees_logs_in_or_says_yes_for_a_client_that_is_shut_out() {
    let world = World::new();
    let id = world.begin(&asked()).await;
    world.shut_out();
    is_gone(&world.show().await);
    is_gone(&world.channel("/login", login("ana")).await);
    world.opened_again();
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    world.shut_out();
    is_gone(&world.show().await);
    let commits = world.commits();
    is_gone(&world.channel("/consent", json!({"device": device()})).await);
    assert_eq!(world.commits(), commits, "nothing happened");
    assert!(matches!(world.stored(&id).at(world.now()), EffectiveStatus::Awaiting));
    world.opened_again();
    assert_eq!(world.channel("/consent", json!({"device": device()})).await.status, 200);
}

#[tokio::test]
async fn t60_t61_the_command_loop_and_a_phone_hear_the_same() {
    let world = world();
    let id = world.begin(&asked()).await;
    world.shut_out();
    is_gone(&world.command().await);
    is_gone(&world.authenticated(ANA, None).await);
    is_gone(&read_code(&world, PAGE_ID).await);
    let page = Browser::default().load(&world).await;
    assert_eq!(page.status, 404, "no code is shown");
    world.opened_again();
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    world.shut_out();
    is_gone(&world.command().await);
    is_gone(&world.result("consent", &json!({"selectedResources": ["public-1"], "device": device()})).await);
    assert!(matches!(world.stored(&id).at(world.now()), EffectiveStatus::Awaiting));
}

#[tokio::test]
async fn t60_c06_a_no_is_taken_all_the_same() {
    let world = world();
    let id = world.begin(&asked()).await;
    world.shut_out();
    let refused = world.result("authentication", &json!({"refused": true, "device": device()})).await;
    assert_eq!(named(&refused), ("completed", ""));
    assert!(matches!(world.stored(&id).at(world.now()), EffectiveStatus::Rejected(_)));

    let (world, id, browser, _) = taken().await;
    world.shut_out();
    assert_eq!(browser.post(&world, "abort").await.status, 200);
    assert!(matches!(world.stored(&id).at(world.now()), EffectiveStatus::Rejected(_)));
}

#[tokio::test]
async fn t61_a_yes_that_was_given_before_is_told_again() {
    let world = World::new();
    world.begin(&asked()).await;
    world.channel("/login", login("ana")).await;
    let first = world.channel("/consent", json!({"device": device()})).await;
    world.shut_out();
    let again = world.channel("/consent", json!({"device": device()})).await;
    assert_eq!((first.status, again.status), (200, 200), "{}", again.body);
    assert_eq!(first.data(), again.data());
}

#[tokio::test]
async fn t60_no_call_reads_the_list_and_nobody_decides_when_it_cannot_be_read() {
    let world = World::new();
    let id = world.begin(&asked()).await;
    for _ in 0..5 {
        assert_eq!(world.show().await.status, 200);
    }
    assert_eq!(world.blocks.reads(), 1, "when the environment began");
    world.blocks.fail(true);
    world.wait(Duration::from_secs(59));
    assert_eq!(world.show().await.status, 200, "the last one counts");
    world.wait(Duration::from_secs(1));
    for reply in [world.show().await, world.channel("/login", login("ana")).await] {
        assert_eq!(reply.status, 529, "{}", reply.body);
    }
    world.blocks.fail(false);
    world.wait(Duration::from_secs(5));
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    assert!(matches!(world.stored(&id).at(world.now()), EffectiveStatus::Awaiting));
}
