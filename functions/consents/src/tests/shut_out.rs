//! A participant that is shut out, at the regulatory consents: how soon, at which price, like whom (T60).

use std::time::Duration;

use ponte_authorization::block_list::{BLOCK_MEMORY, Block, Blocked};
use ponte_authorization::target::Target;
use ponte_values::{ClientId, ConsentId, Moment};
use serde_json::{Value, json};

use super::world::{World, asked};

fn blocked(client: &str) -> Block {
    Block { blocked: Blocked::Client(ClientId::parse(client).unwrap()), until: None }
}

/// Every call that a client makes in its own name, and their statuses.
async fn statuses(world: &World, client: &str, id: &str) -> [i64; 3] {
    let path = format!("/consents/{id}");
    [
        world.client(client, "POST", "/consents", Some(asked())).await.status,
        world.client(client, "GET", &path, None).await.status,
        world.client(client, "GET", &format!("{path}/extensions"), None).await.status,
    ]
}

#[tokio::test]
async fn t60_a_blocked_client_creates_and_reads_nothing_within_60_seconds_and_its_consents_stay() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let before = world.stored(&id).version;
    world.blocks.put(blocked("client-1"));
    let mut shut = None;
    for second in 0..60 {
        let reply = world.client("client-1", "GET", &format!("/consents/{id}"), None).await;
        if reply.status == 401 && shut.is_none() {
            shut = Some(second);
        }
        world.wait(Duration::from_secs(1));
    }
    assert_eq!(shut, Some(45));
    assert_eq!(statuses(&world, "client-1", &id).await, [401; 3]);
    let commits = world.commits();
    let delete = world.client("client-1", "DELETE", &format!("/consents/{id}"), None).await;
    assert_eq!((delete.status, world.commits()), (401, commits));
    assert_eq!(world.stored(&id).version, before, "as it was");
    assert_eq!(world.client("client-2", "POST", "/consents", Some(asked())).await.status, 201);

    world.blocks.take(&blocked("client-1").blocked);
    world.wait(Duration::from_secs(45));
    assert_eq!(statuses(&world, "client-1", &id).await, [201, 200, 200]);
}

#[tokio::test]
async fn t60_a_blocked_client_is_answered_like_a_token_of_nobody() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    world.blocks.put(blocked("client-1"));
    world.wait(Duration::from_secs(45));
    let path = format!("/consents/{id}");
    let shut_out = world.client("client-1", "GET", &path, None).await;
    let headers = json!({
        "authorization": "Bearer invented", "x-fapi-interaction-id": "d78fc4e5-37ca-4da3-adf2-9b082bf92280",
        "content-type": "application/json",
    });
    let nobody = world.send("GET", &format!("/open-banking/consents/v3{path}"), headers, None).await;
    let seen = |reply: &ponte_kit::gateway::Reply| (reply.status, reply.headers.clone(), reply.body.clone());
    assert_eq!(seen(&shut_out), seen(&nobody));
}

/// A grant that is taken back shuts its own tokens and no others: RFC 6749 section 4.1.2.
#[tokio::test]
async fn t60_s12_the_customers_token_of_a_replayed_code_opens_nothing_within_60_seconds() {
    let world = World::new();
    let ids = [world.authorised(&asked(), Vec::new()).await, world.authorised(&asked(), Vec::new()).await];
    let target = Target::consent(ConsentId::parse(&ids[0]).unwrap());
    let until = Some(world.now().plus(BLOCK_MEMORY));
    world.blocks.put(Block { blocked: Blocked::Grant(target), until });
    let body = json!({ "data": {} });
    let mut shut = None;
    for second in 0..60 {
        let reply =
            world.for_customer("client-1", &ids[0], &format!("/consents/{}/extends", ids[0]), &body).await;
        if reply.status == 401 {
            shut = shut.or(Some(second));
        }
        world.wait(Duration::from_secs(1));
    }
    assert_eq!(shut, Some(45));
    let other =
        world.for_customer("client-1", &ids[1], &format!("/consents/{}/extends", ids[1]), &body).await;
    assert_ne!(other.status, 401, "another consent");
    assert_eq!(statuses(&world, "client-1", &ids[0]).await, [201, 200, 200], "the client in its own name");
}

#[tokio::test]
async fn t60_calls_read_the_block_list_no_more_than_once_in_45_seconds() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let path = format!("/consents/{id}");
    for _ in 0..10 {
        for _ in 0..100 {
            assert_eq!(world.client("client-1", "GET", &path, None).await.status, 200);
        }
        world.wait(Duration::from_secs(9));
    }
    // At the start and after 45 seconds, with a thousand calls in a minute and a half.
    assert_eq!(world.blocks.reads(), 2);
}

#[tokio::test]
async fn t60_a_list_that_cannot_be_read_for_a_minute_refuses_everybody_for_the_moment() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let path = format!("/consents/{id}");
    world.blocks.fail(true);
    world.wait(Duration::from_secs(59));
    assert_eq!(world.client("client-1", "GET", &path, None).await.status, 200);
    world.wait(Duration::from_secs(1));
    let reply = world.client("client-1", "GET", &path, None).await;
    assert_eq!((reply.status, reply.code()), (529, "SOBRECARGA"));
    assert_eq!(reply.headers["retry-after"], "5");
    assert_ne!(reply.body, Value::Null);
    world.blocks.fail(false);
    world.wait(Duration::from_secs(5));
    assert_eq!(world.client("client-1", "GET", &path, None).await.status, 200);
    assert!(world.now() > Moment::parse("2026-03-01T12:01:00Z").unwrap());
}
