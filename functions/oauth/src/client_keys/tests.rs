//! How often the directory is asked (T38).

use std::time::Duration;

use ponte_values::Moment;

use crate::testing::{JWKS_URI, World, after, client_signer, now, stranger};

use super::*;

fn keys(world: &World) -> ClientKeys {
    ClientKeys::new(world.memory.clone())
}

fn fetches(world: &World) -> u32 {
    *world.memory.fetches.lock().unwrap()
}

async fn knows(keys: &ClientKeys, kid: &str, at: Moment) -> bool {
    keys.at(JWKS_URI, Some(kid), at).await.unwrap().signature_key(kid).is_some()
}

#[tokio::test]
async fn a_set_is_fetched_once_in_ten_minutes() {
    let world = World::new();
    let keys = keys(&world);
    for seconds in [0, 1, 599] {
        assert!(knows(&keys, "sig-1", after(seconds)).await);
    }
    assert_eq!(fetches(&world), 1);
    assert!(knows(&keys, "sig-1", after(600)).await);
    assert_eq!(fetches(&world), 2);
}

#[tokio::test]
async fn a_thousand_unknown_key_ids_cost_one_fetch_in_thirty_seconds_t38() {
    let world = World::new();
    let keys = keys(&world);
    assert!(knows(&keys, "sig-1", now()).await);
    for number in 0..1_000 {
        assert!(!knows(&keys, &format!("invented-{number}"), after(30)).await);
    }
    assert_eq!(fetches(&world), 2);
}

#[tokio::test]
async fn a_new_key_is_found_by_one_fetch_t38() {
    let world = World::new();
    let keys = keys(&world);
    assert!(knows(&keys, "sig-1", now()).await);
    world.publish(&[client_signer().public_jwk(), stranger("sig-2").public_jwk()]);
    assert!(!knows(&keys, "sig-2", after(29)).await, "too soon to ask again");
    assert!(knows(&keys, "sig-2", after(30)).await);
}

#[tokio::test]
async fn a_silent_directory_is_bridged_for_an_hour_t38() {
    let world = World::new();
    let keys = keys(&world);
    assert!(knows(&keys, "sig-1", now()).await);
    *world.memory.jwks.lock().unwrap() = None;
    for seconds in [600, 1_800, 3_599] {
        assert!(knows(&keys, "sig-1", after(seconds)).await);
    }
    assert!(keys.at(JWKS_URI, Some("sig-1"), after(3_600)).await.is_err(), "nobody knows any more");
    assert!(keys.at(JWKS_URI, Some("sig-1"), after(3_601)).await.is_err());
}

#[tokio::test]
async fn without_any_set_the_directory_is_left_alone_for_five_seconds() {
    let world = World::new();
    let keys = keys(&world);
    *world.memory.jwks.lock().unwrap() = None;
    for seconds in [0, 1, 4] {
        assert!(keys.at(JWKS_URI, None, after(seconds)).await.is_err());
    }
    assert_eq!(fetches(&world), 1);
    world.publish(&[client_signer().public_jwk()]);
    assert!(knows(&keys, "sig-1", after(5)).await);
}

#[tokio::test]
async fn a_document_that_is_no_key_set_does_not_replace_one() {
    let world = World::new();
    let keys = keys(&world);
    assert!(knows(&keys, "sig-1", now()).await);
    *world.memory.jwks.lock().unwrap() = Some("<html>".to_owned());
    assert!(knows(&keys, "sig-1", after(600)).await);
}

#[tokio::test]
async fn the_clients_remembered_are_bounded() {
    let world = World::new();
    let keys = keys(&world);
    for number in 0..u64::try_from(CLIENTS_MAX).unwrap() + 5 {
        let at = now().plus(Duration::from_millis(number));
        keys.at(&format!("https://keystore.example/{number}"), None, at).await.unwrap();
    }
    assert_eq!(keys.seen.lock().unwrap().len(), CLIENTS_MAX);
    assert!(keys.get("https://keystore.example/0").is_none());
    assert!(keys.get("https://keystore.example/504").is_some());
}
