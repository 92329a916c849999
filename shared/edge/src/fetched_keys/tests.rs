//! How often a key set is asked for (T38).

use std::ops::Range;
use std::sync::OnceLock;
use std::time::Duration;

use ponte_fapi::jwk::{PublicJwk, key_set_json};
use ponte_fapi::jws::Signer;
use ponte_kit::directory::KeySetsInMemory;

use super::*;

const JWKS_URI: &str = "https://keystore.example/org/ss/application.jwks";

struct World {
    key_sets: Arc<KeySetsInMemory>,
}

impl World {
    fn new() -> Self {
        let world = Self { key_sets: Arc::default() };
        world.publish(&[key("sig-1")]);
        world
    }

    fn publish(&self, keys: &[PublicJwk]) {
        self.key_sets.publish(JWKS_URI, key_set_json(keys));
    }
}

/// One key under any name: making one takes a tenth of a second.
fn key(kid: &str) -> PublicJwk {
    static PEM: OnceLock<String> = OnceLock::new();
    let pem =
        PEM.get_or_init(|| rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap().serialize_pem());
    Signer::from_pkcs8_pem(pem, kid).unwrap().public_jwk()
}

fn now() -> Moment {
    Moment::parse("2026-06-01T12:00:00Z").unwrap()
}

fn after(seconds: u64) -> Moment {
    now().plus(Duration::from_secs(seconds))
}

fn keys(world: &World) -> FetchedKeys {
    FetchedKeys::new(world.key_sets.clone())
}

fn fetches(world: &World) -> u32 {
    world.key_sets.fetches()
}

async fn knows(keys: &FetchedKeys, kid: &str, at: Moment) -> bool {
    keys.at(JWKS_URI, Some(kid), at).await.unwrap().signature_key(kid).is_some()
}

#[tokio::test]
async fn t38_a_set_is_fetched_once_in_ten_minutes() {
    let world = World::new();
    let keys = keys(&world);
    for seconds in [0, 1, 599] {
        assert!(knows(&keys, "sig-1", after(seconds)).await);
    }
    assert_eq!(fetches(&world), 1);
    assert!(knows(&keys, "sig-1", after(600)).await);
    assert_eq!(fetches(&world), 2);
}

/// So many tokens with invented key ids in each of these seconds; the moments at which the directory was asked.
async fn flood(world: &World, keys: &FetchedKeys, seconds: Range<u64>, tokens: u32) -> Vec<u64> {
    let mut asked = Vec::new();
    for second in seconds {
        for number in 0..tokens {
            let before = fetches(world);
            let kid = format!("invented-{second}-{number}");
            let known = keys.at(JWKS_URI, Some(&kid), after(second)).await;
            assert!(known.is_err() || known.is_ok_and(|set| set.signature_key(&kid).is_none()));
            asked.extend((before..fetches(world)).map(|_| second));
        }
    }
    asked
}

/// T38: at most one request in thirty seconds.
fn spaced(asked: &[u64]) -> bool {
    asked.windows(2).all(|pair| pair[1] - pair[0] >= 30)
}

#[tokio::test]
async fn t38_a_thousand_unknown_key_ids_a_second_cost_one_fetch_in_thirty_seconds() {
    let world = World::new();
    let keys = keys(&world);
    let asked = flood(&world, &keys, 0..300, 1_000).await;
    assert_eq!(asked.len(), 10);
    assert!(spaced(&asked), "{asked:?}");
    assert!(knows(&keys, "sig-1", after(300)).await, "the client itself goes on");
}

#[tokio::test]
async fn t38_a_silent_directory_is_not_asked_more_often() {
    let world = World::new();
    let keys = keys(&world);
    world.key_sets.stop();
    let never_seen = flood(&world, &keys, 0..120, 1_000).await;
    assert_eq!(never_seen.len(), 4);
    assert!(spaced(&never_seen), "{never_seen:?}");
    world.publish(&[key("sig-1")]);
    assert!(knows(&keys, "sig-1", after(120)).await);
    world.key_sets.stop();
    let stale = flood(&world, &keys, 121..3_841, 20).await;
    assert!(stale.len() <= 124 && spaced(&stale), "{}", stale.len());
}

#[tokio::test]
async fn t38_a_new_key_is_found_by_one_fetch() {
    let world = World::new();
    let keys = keys(&world);
    assert!(knows(&keys, "sig-1", now()).await);
    world.publish(&[key("sig-1"), key("sig-2")]);
    assert!(!knows(&keys, "sig-2", after(29)).await, "too soon to ask again");
    assert!(knows(&keys, "sig-2", after(30)).await);
    assert_eq!(fetches(&world), 2);
    assert!(knows(&keys, "sig-1", after(31)).await && knows(&keys, "sig-2", after(31)).await);
    assert_eq!(fetches(&world), 2);
}

#[tokio::test]
async fn t38_a_withdrawn_key_is_gone_with_the_next_fetch() {
    let world = World::new();
    let keys = keys(&world);
    assert!(knows(&keys, "sig-1", now()).await);
    world.publish(&[key("sig-2")]);
    assert!(knows(&keys, "sig-1", after(599)).await, "fresh is fresh");
    assert!(!knows(&keys, "sig-1", after(600)).await);
}

#[tokio::test]
async fn t38_a_silent_directory_is_bridged_for_an_hour() {
    let world = World::new();
    let keys = keys(&world);
    assert!(knows(&keys, "sig-1", now()).await);
    world.key_sets.stop();
    for seconds in [600, 1_800, 3_599] {
        assert!(knows(&keys, "sig-1", after(seconds)).await);
    }
    assert!(keys.at(JWKS_URI, Some("sig-1"), after(3_600)).await.is_err(), "nobody knows any more");
    assert!(keys.at(JWKS_URI, Some("sig-1"), after(3_601)).await.is_err());
}

#[tokio::test]
async fn without_any_set_the_directory_is_left_alone_for_thirty_seconds() {
    let world = World::new();
    let keys = keys(&world);
    world.key_sets.stop();
    for seconds in [0, 1, 29] {
        assert!(keys.at(JWKS_URI, None, after(seconds)).await.is_err());
    }
    assert_eq!(fetches(&world), 1);
    world.publish(&[key("sig-1")]);
    assert!(knows(&keys, "sig-1", after(30)).await);
}

#[tokio::test]
async fn a_document_that_is_no_key_set_does_not_replace_one() {
    let world = World::new();
    let keys = keys(&world);
    assert!(knows(&keys, "sig-1", now()).await);
    world.key_sets.publish(JWKS_URI, "<html>");
    assert!(knows(&keys, "sig-1", after(600)).await);
}

#[tokio::test]
async fn the_sets_remembered_are_bounded() {
    let world = World::new();
    let keys = keys(&world);
    for number in 0..u64::try_from(SETS_MAX).unwrap() + 5 {
        let at = now().plus(Duration::from_millis(number));
        let uri = format!("https://keystore.example/{number}");
        world.key_sets.publish(&uri, key_set_json(&[key("sig-1")]));
        keys.at(&uri, None, at).await.unwrap();
    }
    assert_eq!(keys.cache.lock().unwrap().len(), SETS_MAX);
    assert!(keys.get("https://keystore.example/0").is_none());
    assert!(keys.get("https://keystore.example/504").is_some());
}
