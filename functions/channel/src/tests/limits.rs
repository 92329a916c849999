//! How often the institution is asked for an interaction (T62).

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use super::commands::{named, without_proof, world};
use super::handoff::taken;
use super::world::{ANA, API, INTERACTION, Reply, STORED, World, asked, device, login};

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
            world.store.attempts.lock().unwrap().retain(|(who, _), _| of_interactions(who));
            world.begin(&asked()).await;
        }
        assert_eq!(try_from(&world, STRANGER, "nobody's").await.status, 401, "{number}");
    }
    world.store.attempts.lock().unwrap().retain(|(who, _), _| of_interactions(who));
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

/// The id and the cookie of one more browser in which somebody opened the link.
fn arrival(world: &World, number: u32) -> (String, String) {
    let interaction = world.interaction();
    let secret = interaction.arrivals().fresh(&format!("browser {number}"));
    let cookie = format!("__Host-arrival-{STORED}={}", secret.as_str());
    (interaction.arrivals().id(&secret, false).as_str().to_owned(), cookie)
}

/// A login through an arrival with these headers.
async fn try_through(world: &World, arrival: &str, mut headers: Value) -> Reply {
    headers["content-type"] = json!("application/json");
    let body = login("nobody's").to_string();
    world.send("POST", &format!("{API}/{arrival}/login"), headers, Some(body)).await
}

/// Opens the link as often as the count of cookies takes, and tries tokens in each browser.
async fn use_up_the_cookies(world: &World) {
    for number in 0..10 {
        let (id, cookie) = arrival(world, number);
        for _ in 0..10 {
            assert_eq!(try_through(world, &id, json!({"cookie": cookie})).await.status, 401, "{number}");
        }
    }
    let (id, cookie) = arrival(world, 10);
    refused(&try_through(world, &id, json!({"cookie": cookie})).await);
}

/// Whoever knows the link has as many arrivals as he opens it: he uses up what a cookie alone gives, and nothing of who has more.
#[tokio::test]
async fn t62_who_opens_the_link_again_and_again_uses_up_the_logins_of_cookies_alone() {
    let world = world();
    world.begin(&asked()).await;
    use_up_the_cookies(&world).await;
    assert_eq!(logins(&world), 100);
    let step = format!("{API}/{INTERACTION}/login");
    assert_eq!(world.signed("POST", &step, Some(&login("ana"))).await.status, 200, "a signature");
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""), "a JWT that holds");
    assert_eq!(world.channel("/login", login("ana")).await.status, 200, "the secret of the session");
    *world.session.lock().unwrap() = None;
    refused(&world.channel("/login", login("ana")).await);
    assert_eq!(logins(&world), 102);
}

#[tokio::test]
async fn t62_a_phone_logs_in_whoever_opens_the_link() {
    let (world, ..) = taken().await;
    use_up_the_cookies(&world).await;
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
}

/// Somebody reads the code of his own page: the secret of that phone proves nothing for all the other browsers he opens the link in.
#[tokio::test]
async fn t62_the_secret_of_one_phone_is_no_proof_for_other_arrivals() {
    let (world, ..) = taken().await;
    let phone = world.session.lock().unwrap().clone().unwrap();
    for number in 0..100 {
        let (id, _) = arrival(&world, number / 10);
        assert_eq!(
            try_through(&world, &id, json!({"x-session-secret": phone})).await.status,
            401,
            "{number}"
        );
    }
    let (id, _) = arrival(&world, 10);
    refused(&try_through(&world, &id, json!({"x-session-secret": phone})).await);
}

/// A page that asks every two seconds where it stands.
#[tokio::test]
async fn t62_looking_at_the_products_uses_up_no_yes() {
    for by_loop in [false, true] {
        let world = world();
        world.begin(&asked()).await;
        assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
        for _ in 0..30 {
            assert_eq!(world.show().await.status, 200);
        }
        refused(&world.show().await);
        refused(&world.command().await);
        let yes = if by_loop {
            world.result("consent", &json!({"selectedResources": ["public-1"], "device": device()})).await
        } else {
            world.channel("/consent", json!({"resources": ["public-1"], "device": device()})).await
        };
        assert_eq!(yes.status, 200, "{by_loop}");
    }
}

/// Where no proof is required the id alone shows and decides: each address has its own count, and the customer's secret another.
#[tokio::test]
async fn t62_without_proof_who_knows_the_id_uses_up_his_own_looks_and_yeses() {
    let world = without_proof();
    world.begin(&asked()).await;
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    let secret = world.session.lock().unwrap().take();
    let path = format!("{API}/{INTERACTION}");
    let decision = format!("{path}/consent");
    let chosen = |id: &str| json!({"resources": [id], "device": device()});
    for _ in 0..30 {
        assert_eq!(world.look_from(STRANGER, &path).await.status, 200);
        assert_ne!(world.post_from(STRANGER, &decision, &chosen("public-9")).await.status, 429);
    }
    refused(&world.look_from(STRANGER, &path).await);
    refused(&world.look_from(STRANGER, &format!("/auth/app/commands/{INTERACTION}")).await);
    refused(&world.post_from(STRANGER, &decision, &chosen("public-1")).await);
    assert_eq!(world.show().await.status, 200, "her channel, at its own address");
    // Many addresses together have a limit of their own.
    for number in 0..59 {
        let source = format!("198.51.100.{number}");
        assert_eq!(world.look_from(&source, &path).await.status, 200, "{number}");
        assert_ne!(world.post_from(&source, &decision, &chosen("public-9")).await.status, 429, "{number}");
    }
    refused(&world.look_from("192.0.2.1", &path).await);
    assert_ne!(world.post_from("192.0.2.1", &decision, &chosen("public-9")).await.status, 429);
    refused(&world.post_from("192.0.2.2", &decision, &chosen("public-1")).await);
    refused(&world.show().await);
    *world.session.lock().unwrap() = secret;
    assert_eq!(world.show().await.status, 200, "who shows the secret");
    assert_eq!(world.channel("/consent", chosen("public-1")).await.status, 200);
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
