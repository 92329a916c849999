//! How often a key set is asked for (T38).

use std::ops::Range;
use std::sync::OnceLock;
use std::time::Duration;

use ponte_fapi::jwk::{PublicJwk, key_set_json};
use ponte_fapi::jws::Signer;
use ponte_kit::directory::KeySetsInMemory;

use super::*;
use crate::captured_log::Log;

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
    assert_eq!(never_seen, [0, 0, 1, 3, 7, 15, 45, 75, 105], "six in thirty seconds, then one in thirty");
    world.publish(&[key("sig-1")]);
    assert!(knows(&keys, "sig-1", after(135)).await);
    world.key_sets.stop();
    let stale = flood(&world, &keys, 136..3_856, 20).await;
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
async fn lb02_one_lost_answer_of_the_directory_is_not_noticed() {
    let world = World::new();
    let keys = keys(&world);
    world.key_sets.fail(1);
    assert!(knows(&keys, "sig-1", now()).await);
    assert_eq!(fetches(&world), 2);
}

#[tokio::test]
async fn lb02_without_any_set_the_first_calls_after_1_2_4_and_8_seconds_ask_again() {
    let world = World::new();
    let keys = keys(&world);
    world.key_sets.stop();
    for (second, asked, retry_after) in [
        (0, 2, 1),
        (1, 3, 2),
        (2, 3, 1),
        (3, 4, 4),
        (6, 4, 1),
        (7, 5, 8),
        (15, 6, 30),
        (44, 6, 1),
        (45, 7, 30),
    ] {
        let fault = keys.at(JWKS_URI, None, after(second)).await.unwrap_err();
        assert_eq!((fetches(&world), fault.retry_after()), (asked, retry_after), "after {second} s");
    }
    world.publish(&[key("sig-1")]);
    assert!(knows(&keys, "sig-1", after(75)).await);
    assert_eq!(fetches(&world), 8);
}

#[tokio::test]
async fn lb02_the_thirty_seconds_are_for_keys_that_are_unknown_in_a_set_that_was_read() {
    let world = World::new();
    let keys = keys(&world);
    assert!(knows(&keys, "sig-1", now()).await);
    world.key_sets.stop();
    for second in 1..60 {
        assert!(!knows(&keys, "sig-2", after(second)).await, "the set that was read serves");
    }
    assert_eq!(fetches(&world), 2, "a failure is not tried again at once where a set serves");
}

#[tokio::test]
async fn lb02_many_cold_starts_at_once_survive_a_directory_that_throttles() {
    // A hundred environments begin in one second, each with a call a second; the directory answers ten in a second.
    const ENVIRONMENTS: usize = 100;
    const A_SECOND: u32 = 10;
    let world = World::new();
    let document = key_set_json(&[key("sig-1")]);
    let fleet = (0..ENVIRONMENTS).map(|_| keys(&world)).collect::<Vec<_>>();
    let (mut served, mut most) = ([false; ENVIRONMENTS], 0);
    for second in 0..300 {
        let before = fetches(&world);
        for (number, keys) in fleet.iter().enumerate() {
            if fetches(&world) - before < A_SECOND {
                world.key_sets.publish(JWKS_URI, document.as_str());
            } else {
                world.key_sets.stop();
            }
            served[number] = keys.at(JWKS_URI, Some("sig-1"), after(second)).await.is_ok();
        }
        most = most.max(fetches(&world) - before);
        if served.iter().all(|served| *served) {
            break;
        }
    }
    assert!(served.iter().all(|served| *served), "every environment has the keys in the end");
    assert!(most <= 200, "no second costs the directory more than the first: {most}");
    assert!(fetches(&world) <= 1_000, "{}", fetches(&world));
}

#[tokio::test]
async fn lb04_a_set_noted_by_a_clock_that_was_ahead_is_old() {
    for ahead in [3_600, 86_400] {
        let world = World::new();
        let keys = keys(&world);
        assert!(knows(&keys, "sig-1", after(ahead)).await);
        world.publish(&[key("sig-2")]);
        assert!(knows(&keys, "sig-2", after(1)).await, "an unknown key is looked for at once");
        world.publish(&[key("sig-3")]);
        assert!(!knows(&keys, "sig-3", after(30)).await && knows(&keys, "sig-3", after(31)).await);
        world.key_sets.stop();
        assert!(keys.at(JWKS_URI, Some("sig-3"), after(3_631)).await.is_err(), "an hour by the right clock");
    }
}

#[tokio::test]
async fn lb04_sets_noted_by_a_clock_that_was_ahead_are_forgotten_first() {
    let world = World::new();
    let keys = keys(&world);
    for (number, at) in (0..SETS_MAX).map(|number| (number, after(86_400))).chain([(SETS_MAX, now())]) {
        let uri = format!("https://keystore.example/{number}");
        world.key_sets.publish(&uri, key_set_json(&[key("sig-1")]));
        keys.at(&uri, None, at).await.unwrap();
    }
    let next = "https://keystore.example/next";
    world.key_sets.publish(next, key_set_json(&[key("sig-1")]));
    keys.at(next, None, after(1)).await.unwrap();
    assert!(keys.get(&format!("https://keystore.example/{SETS_MAX}")).is_some());
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

#[tokio::test]
async fn t67_a_set_that_stays_unreadable_is_named_in_the_log_before_it_stops_serving() {
    let world = World::new();
    let keys = keys(&world);
    let told = async |at: u64| {
        let log = Log::capture();
        let served = keys.at(JWKS_URI, None, after(at)).await.is_ok();
        (served, log.text().contains(&format!("unread_key_set=\"{JWKS_URI}\"")))
    };
    assert_eq!(told(0).await, (true, false));
    world.key_sets.stop();
    assert_eq!(told(600).await, (true, false), "one failure may pass");
    assert_eq!(told(1_200).await, (true, true));
    assert_eq!(told(3_600).await, (false, true));
    world.publish(&[key("sig-1")]);
    assert_eq!(told(3_630).await, (true, false));
}
