//! Which keys count, and from when on everybody knows them (T45).

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use ponte_fapi::jwk::key_set_json;
use ponte_fapi::jws::Signer;
use ponte_kit::secrets::{AlarmsInMemory, SecretInMemory};

use super::*;

fn began() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

fn after(seconds: u64) -> Moment {
    began().plus(Duration::from_secs(seconds))
}

fn named(kid: &str) -> PublicJwk {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let base64 = base64::engine::general_purpose::STANDARD.encode(key.as_der().unwrap().as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n");
    Signer::from_pkcs8_pem(&pem, kid).unwrap().public_jwk()
}

/// The keys in the secret after these versions, each a thousand seconds after the one before.
async fn published<const N: usize>(versions: [Vec<PublicJwk>; N]) -> Arc<PublishedKeys> {
    let secret = Arc::<SecretInMemory>::default();
    for (number, keys) in (0..).zip(versions) {
        secret.put(key_set_json(&keys), after(1_000 * number));
    }
    let at = after(1_000 * u64::try_from(N - 1).unwrap());
    let alarms = Arc::<AlarmsInMemory>::default();
    TokenKeys::start(secret, alarms, at).await.unwrap().at(at).await
}

/// Seconds until everybody has a version: each environment looks within 45 s, and a set is kept for 300 s.
const KNOWN: u64 = 345;

#[tokio::test]
async fn t45_a_key_signs_once_everybody_has_a_version_with_it() {
    let (old, new, stranger) = (named("k1"), named("k2"), named("k3"));
    let keys = published([vec![old.clone()], vec![old.clone(), new.clone()]]).await;
    for (key, second, known) in [
        (&old, 1_000, true),
        (&old, KNOWN - 1, false),
        (&old, KNOWN, true),
        (&new, 1_000 + KNOWN - 1, false),
        (&new, 1_000 + KNOWN, true),
        (&stranger, 9_000, false),
    ] {
        assert_eq!(keys.known_everywhere(key, after(second)), known, "{:?} {second}", key.kid());
    }
    assert_eq!(keys.known_everywhere_at(), [after(KNOWN), after(1_000 + KNOWN)]);
}

#[tokio::test]
async fn t45_a_key_that_was_left_out_counts_until_its_last_token_is_over() {
    let (old, new) = (named("k1"), named("k2"));
    let keys = published([vec![old.clone()], vec![new.clone()]]).await;
    let ends = after(1_000 + KNOWN + 900);
    assert_eq!(keys.overlap_ends(), ends);
    assert_eq!((keys.is_current(&old), keys.is_current(&new)), (false, true));
    let last = ends.minus(Duration::from_millis(1));
    for (key, at, holds) in [(&old, last, true), (&old, ends, false), (&new, last, true), (&new, ends, true)]
    {
        assert_eq!(keys.holds(key, at), holds, "{:?}", key.kid());
    }
    assert!(!keys.known_everywhere(&old, ends), "nobody signs with what does not count");
    assert_eq!((keys.signature_keys(last).len(), keys.signature_keys(ends).len()), (2, 1));
}

#[tokio::test]
async fn t45_a_key_of_both_versions_is_published_once() {
    let (old, new) = (named("k1"), named("k2"));
    let keys = published([vec![old.clone()], vec![new.clone(), old.clone()]]).await;
    let kids: Vec<_> = keys.signature_keys(after(1_000)).iter().map(|key| key.kid().to_owned()).collect();
    assert_eq!(kids, ["k2", "k1"], "the newest version first");
}

#[tokio::test]
async fn a_first_version_is_known_everywhere_as_one_and_keys_that_never_change_always() {
    let key = named("k1");
    let keys = published([vec![key.clone()]]).await;
    assert!(!keys.known_everywhere(&key, after(KNOWN - 1)) && keys.known_everywhere(&key, after(KNOWN)));
    let set = KeySet::parse(&key_set_json(std::slice::from_ref(&key))).unwrap();
    assert!(TokenKeys::from(set).at(began()).await.known_everywhere(&key, began()));
}
