//! How often the institution is asked who a customer is (T62).

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::world::{Reply, World, asked, login};

const MINUTE: Duration = Duration::from_mins(1);

fn logins(world: &World) -> u64 {
    world.bank.logins.load(Ordering::Relaxed)
}

#[track_caller]
fn refused(reply: &Reply) {
    assert_eq!((reply.status, reply.code()), (429, "LIMITE_EXCEDIDO"));
    assert_eq!(reply.headers["retry-after"], "60");
}

#[tokio::test]
async fn t62_the_institution_is_asked_about_so_many_tokens_of_an_interaction_in_a_minute() {
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

#[tokio::test]
async fn t62_the_institution_is_asked_about_so_many_unknown_tokens_of_a_source_in_a_minute() {
    let world = World::new();
    for number in 0..30 {
        // An interaction is not at its limit yet.
        if number % 10 == 0 {
            world.store.interactions.lock().unwrap().clear();
            world.store.guesses.lock().unwrap().retain(|(who, _), _| !who.starts_with("logins of"));
            world.begin(&asked()).await;
        }
        assert_eq!(world.channel("/login", login("nobody's")).await.status, 401, "{number}");
    }
    world.store.guesses.lock().unwrap().retain(|(who, _), _| !who.starts_with("logins of"));
    refused(&world.channel("/login", login("ana")).await);
    assert_eq!(logins(&world), 30);
    world.wait(MINUTE);
    assert_eq!(world.channel("/login", login("ana")).await.status, 200, "the next minute");
}
