//! How often the institution is asked for an interaction (T62).

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::world::{API, INTERACTION, Reply, World, asked, login};

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
