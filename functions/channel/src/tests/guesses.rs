//! Short codes that somebody tries, and robots that look at links (T62).

use std::time::Duration;

use ponte_authorization::interaction::{OF_ALL, OF_ONE_SOURCE};

use super::commands::bank_key::{JWKS_URI, published};
use super::commands::named;
use super::handoff::shown;
use super::world::*;
use crate::ChannelKeys;
use serde_json::json;

/// A code that no page shows.
fn wrong(number: u32) -> String {
    format!("/auth/handoff/{:08}", 22_222_222 + number)
}

fn source(number: u32) -> String {
    let [_, _, high, low] = number.to_be_bytes();
    format!("198.51.{high}.{low}")
}

/// Counts and their sum.
fn counted(world: &World) -> (usize, u32) {
    let counts = world.store.attempts.lock().unwrap();
    (counts.len(), counts.values().sum())
}

#[tokio::test]
async fn t62_guesses_of_one_source_are_limited_and_hold_up_nobody_else() {
    let (world, _, _, code) = shown().await;
    let guesser = "203.0.113.7";
    for number in 0..OF_ONE_SOURCE {
        let reply = world.look_from(guesser, &wrong(number)).await;
        assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"), "{number}");
    }
    let before = counted(&world);
    for path in [wrong(99), format!("/auth/handoff/{code}")] {
        let reply = world.look_from(guesser, &path).await;
        assert_eq!((reply.status, reply.code()), (429, "LIMITE_EXCEDIDO"), "{path}");
        assert_eq!(reply.headers["retry-after"], "60");
    }
    assert_eq!(counted(&world), before, "a refused guess writes nothing");
    let scanned = world.look_from(guesser, &format!("/auth/handoff/{PAGE_ID}")).await;
    assert_eq!(named(&scanned), ("authenticate", ""), "what was scanned is no guess");
    let customer = world.look_from("203.0.113.8", &format!("/auth/handoff/{code}")).await;
    assert_eq!(named(&customer), ("authenticate", ""));
    world.wait(Duration::from_mins(1));
    let again = world.look_from(guesser, &format!("/auth/handoff/{code}")).await;
    assert_eq!(named(&again), ("authenticate", ""), "the next window is open");
}

#[tokio::test]
async fn t62_guesses_of_many_sources_are_limited_and_write_no_further() {
    let (world, _, _, code) = shown().await;
    let mut refused = 0;
    for number in 0..OF_ALL + 500 {
        let reply = world.look_from(&source(number / 20), &wrong(number)).await;
        refused += u32::from(reply.status == 429);
    }
    assert_eq!(refused, 500);
    assert_eq!(counted(&world), (1 + 150, 2 * OF_ALL));
    assert_eq!(world.look_from("203.0.113.8", &format!("/auth/handoff/{code}")).await.status, 429);
    let scanned = world.look_from("203.0.113.8", &format!("/auth/handoff/{PAGE_ID}")).await;
    assert_eq!(named(&scanned), ("authenticate", ""), "who scans is not held up");
    world.wait(Duration::from_mins(1));
    let customer = world.look_from("203.0.113.8", &format!("/auth/handoff/{code}")).await;
    assert_eq!(named(&customer), ("authenticate", ""));
}

#[tokio::test]
async fn t62_customers_who_type_right_are_never_counted() {
    let (world, _, _, code) = shown().await;
    for number in 0..2 * OF_ONE_SOURCE {
        // Read by one phone, and again a few times because the answer may be lost.
        let status = if number < 4 { 200 } else { 404 };
        assert_eq!(world.look_from("203.0.113.7", &format!("/auth/handoff/{code}")).await.status, status);
    }
    assert_eq!(counted(&world), (0, 0));
}

#[tokio::test]
async fn t62_a_robot_that_looks_at_a_link_takes_nothing_over_and_learns_nothing() {
    let (world, _, browser, code) = shown().await;
    let changes = || world.store.commits.load(std::sync::atomic::Ordering::SeqCst);
    let before = changes();
    let robots = [
        ("GET", json!({})),
        ("GET", json!({"accept": "*/*"})),
        ("GET", json!({"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})),
        ("GET", json!({"accept": "application/*"})),
        ("HEAD", json!({"accept": "*/*"})),
        ("HEAD", json!({"accept": "application/json"})),
    ];
    for (method, headers) in robots {
        let mut answers = Vec::new();
        for code in [code.as_str(), PAGE_ID, "ZZZZ-ZZZZ"] {
            let reply = world.send(method, &format!("/auth/handoff/{code}"), headers.clone(), None).await;
            answers.push((reply.status, reply.body.clone()));
        }
        assert!(answers.iter().all(|answer| answer.0 == 200 && *answer == answers[0]), "{method} {headers}");
    }
    for path in [format!("/auth/handoff/v1/{INTERACTION}"), format!("/auth/app/commands/{INTERACTION}")] {
        assert_eq!(world.send("HEAD", &path, json!({"cookie": COOKIE}), None).await.status, 200, "{path}");
    }
    assert_eq!((changes(), counted(&world)), (before, (0, 0)));
    assert_eq!(browser.status(&world).await, "READY");
    let script = world.send("HEAD", "/auth/handoff/v1/oob-handoff.js", json!({}), None).await;
    assert_eq!((script.status, script.body.is_null()), (200, true));
    assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
}

/// The visitors of a website call for it, asking for JSON as an app does: their browsers say that a page did.
#[tokio::test]
async fn t62_a_script_of_a_website_tries_no_codes_and_takes_nothing_over() {
    let (world, _, browser, code) = shown().await;
    let before = world.commits();
    for (name, value) in [
        ("sec-fetch-mode", "no-cors"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-mode", "same-origin"),
        ("sec-fetch-site", "cross-site"),
    ] {
        for code in [code.as_str(), PAGE_ID, "ZZZZ-ZZZZ"] {
            let headers =
                json!({"accept": "application/json", name: value, "origin": "https://evil.example"});
            let reply = world.send("GET", &format!("/auth/handoff/{code}"), headers, None).await;
            assert!(
                reply.status == 200 && reply.body.as_str().unwrap().starts_with("<!doctype html>"),
                "{value}"
            );
        }
    }
    assert_eq!((world.commits(), counted(&world)), (before, (0, 0)));
    assert_eq!(browser.status(&world).await, "READY");
    let by_app =
        json!({"accept": "application/json", "sec-fetch-mode": "navigate", "sec-fetch-site": "none"});
    let read = world.send("GET", &format!("/auth/handoff/{code}"), by_app, None).await;
    assert_eq!(named(&read), ("authenticate", ""));

    let keys = ChannelKeys::new(published(), JWKS_URI.to_owned());
    let own = World::with_commands(Some(ORIGIN), keys);
    own.begin(&asked()).await;
    let headers = json!({"accept": "application/json", "sec-fetch-mode": "cors", "origin": ORIGIN});
    let read = own.send("GET", &format!("/auth/handoff/{PAGE_ID}"), headers, None).await;
    assert_eq!(named(&read), ("authenticate", ""), "the institution's own page");
}
