//! How often the institution is asked for an interaction (T62).

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use super::commands::{named, world};
use super::world::{ANA, API, INTERACTION, Reply, World, asked, device, login};

const MINUTE: Duration = Duration::from_mins(1);
/// Somebody who knows the id of an arrival, and shows nothing.
const STRANGER: &str = "203.0.113.7";

fn logins(world: &World) -> u64 {
    world.bank.logins.load(Ordering::Relaxed)
}

#[track_caller]
fn refused(reply: &Reply) {
    assert_eq!((reply.status, reply.code()), (429, "LIMITE_EXCEDIDO"));
    assert_eq!(reply.headers["retry-after"], "60");
}

/// A login without any proof, from this address.
async fn try_from(world: &World, source: &str, token: &str) -> Reply {
    world.post_from(source, &format!("{API}/{INTERACTION}/login"), &login(token)).await
}

#[tokio::test]
async fn t62_the_institution_is_asked_about_so_many_tokens_of_an_arrival_in_a_minute() {
    let world = World::new();
    world.begin(&asked()).await;
    // Every login counts, also one that succeeds.
    for number in 0..10 {
        let (token, status) = if number % 2 == 0 { ("ana", 200) } else { ("nobody's", 401) };
        assert_eq!(world.channel("/login", login(token)).await.status, status, "{number}");
    }
    refused(&world.channel("/login", login("ana")).await);
    refused(&world.channel("/login", login("nobody's")).await);
    assert_eq!(logins(&world), 10, "nobody is asked any more");
    assert_eq!(world.show().await.status, 200, "who is logged in goes on");
    world.wait(MINUTE);
    assert_eq!(world.channel("/login", login("ana")).await.status, 200, "the next minute");
}

/// Whoever knows the id locks out nobody who shows more than that, from his own address neither; and from other addresses
/// nobody at all until so many took part.
#[tokio::test]
async fn t62_who_merely_knows_an_id_uses_up_nobody_else_s_logins() {
    let world = World::new();
    world.begin(&asked()).await;
    for number in 0..50 {
        let reply = try_from(&world, STRANGER, "nobody's").await;
        assert_eq!(reply.status, if number < 10 { 401 } else { 429 }, "{number}");
    }
    assert_eq!(logins(&world), 10);
    assert_eq!(try_from(&world, "203.0.113.8", "ana").await.status, 200, "somebody else without a proof");
    for number in 0..60 {
        try_from(&world, &format!("198.51.100.{number}"), "nobody's").await;
    }
    assert_eq!(logins(&world), 60, "of all of them");
    refused(&try_from(&world, "192.0.2.1", "ana").await);
    // Her browser has no secret of a login, and the cookie of its arrival.
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    assert_eq!(logins(&world), 61);
}

#[tokio::test]
async fn t62_the_institution_is_asked_about_so_many_unknown_tokens_of_a_source_in_a_minute() {
    let world = World::new();
    let of_interactions = |who: &str| !who.starts_with("logins of");
    for number in 0..30 {
        // An interaction is not at its limit yet.
        if number % 10 == 0 {
            world.store.interactions.lock().unwrap().clear();
            world.store.guesses.lock().unwrap().retain(|(who, _), _| of_interactions(who));
            world.begin(&asked()).await;
        }
        assert_eq!(try_from(&world, STRANGER, "nobody's").await.status, 401, "{number}");
    }
    world.store.guesses.lock().unwrap().retain(|(who, _), _| of_interactions(who));
    refused(&try_from(&world, STRANGER, "ana").await);
    assert_eq!(logins(&world), 30);
    assert_eq!(world.channel("/login", login("ana")).await.status, 200, "who shows a cookie is not held up");
    world.wait(MINUTE);
    assert_eq!(try_from(&world, STRANGER, "ana").await.status, 200, "the next minute");
}

/// Every step that lists products counts, whatever comes of it: two kinds of looks, and a yes to something that was not offered.
#[tokio::test]
async fn t62_the_institution_is_asked_for_so_many_lists_of_products_in_a_minute() {
    let looped = |ids: &[&str]| json!({"selectedResources": ids, "device": device()});
    let chosen = |ids: &[&str]| json!({"resources": ids, "device": device()});
    for step in ["show", "command", "commands/consent", "/consent"] {
        let world = world();
        world.begin(&asked()).await;
        assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
        let call = async |ids: &[&str]| match step {
            "show" => world.show().await,
            "command" => world.command().await,
            "commands/consent" => world.result("consent", &looped(ids)).await,
            _ => world.channel(step, chosen(ids)).await,
        };
        for number in 0..30 {
            assert_ne!(call(&["public-9"]).await.status, 429, "{step} {number}");
        }
        refused(&call(&["public-1"]).await);
        assert_eq!(world.bank.discoveries.load(Ordering::Relaxed), 31, "{step}: the login's, and thirty");
        world.wait(MINUTE);
        assert_eq!(call(&["public-1"]).await.status, 200, "{step}: the next minute");
    }
}

/// The same JWT again and again: each login is a commit with its audit row, and a list of products.
#[tokio::test]
async fn t62_a_login_of_the_command_loop_is_repeated_so_often_in_a_minute() {
    let world = world();
    world.begin(&asked()).await;
    let body: Value = json!({"jwt": world.jwt(ANA, None), "device": device()});
    let path = format!("/auth/app/commands/{INTERACTION}/authentication");
    for _ in 0..5 {
        assert_eq!(named(&world.result("authentication", &body).await), ("consent", ""));
        assert_eq!(named(&world.signed("PUT", &path, Some(&body)).await), ("consent", ""));
    }
    let before = (world.commits(), world.store.audit.lock().unwrap().len());
    refused(&world.result("authentication", &body).await);
    refused(&world.signed("PUT", &path, Some(&body)).await);
    assert_eq!((world.commits(), world.store.audit.lock().unwrap().len()), before);
    assert_eq!(world.bank.discoveries.load(Ordering::Relaxed), 10);
    // Who has no JWT that holds uses nothing up.
    world.wait(MINUTE);
    for _ in 0..50 {
        let forged = world.result("authentication", &json!({"jwt": "e30.e30.e30"})).await;
        assert_eq!(forged.status, 401);
    }
    assert_eq!(named(&world.result("authentication", &body).await), ("consent", ""));
}
