//! Keys that change while calls come in, in virtual time (T38, T45).

use ponte_fapi::jwk::PublicJwk;
use ponte_kit::secrets::{AlarmsInMemory, SecretInMemory};

use super::*;

fn publish(secret: &SecretInMemory, keys: &[PublicJwk], at: Moment) {
    secret.put(key_set_json(keys), at);
}

struct World {
    secret: Arc<SecretInMemory>,
    alarms: Arc<AlarmsInMemory>,
    guard: Guard,
    certificate: String,
}

fn after(seconds: u64) -> Moment {
    now().plus(Duration::from_secs(seconds))
}

impl World {
    /// A guard that started when `signer` was the only one.
    async fn knowing(signer: &Signer) -> Self {
        let (secret, alarms) = (Arc::<SecretInMemory>::default(), Arc::default());
        publish(&secret, &[signer.public_jwk()], now());
        let guard = Self::guard(&secret, &alarms, now()).await;
        Self { secret, alarms, guard, certificate: certificate(ORGANISATION, 1) }
    }

    async fn guard(secret: &Arc<SecretInMemory>, alarms: &Arc<AlarmsInMemory>, at: Moment) -> Guard {
        let keys = TokenKeys::start(secret.clone(), alarms.clone(), at).await.unwrap();
        Guard::new(ISSUER.to_owned(), keys, BlockList::default())
    }

    /// A token of `signer` from that second on, for 900 seconds.
    fn token(&self, signer: &Signer, second: u64) -> String {
        let mut claims = claims(&self.certificate);
        claims.iat = NumericDate::at(claims.iat.seconds() + second);
        claims.exp = NumericDate::at(claims.exp.seconds() + second);
        claims.mint(signer).unwrap()
    }

    async fn opens(&self, token: &str, second: u64) -> bool {
        opens(&self.guard, token, &self.certificate, second).await
    }
}

async fn opens(guard: &Guard, token: &str, certificate: &str, second: u64) -> bool {
    let request = request(token, Some(certificate));
    pass(guard, &ACCOUNTS, &request, Some(authorised()), after(second)).await.is_ok()
}

fn named(kid: &str) -> Signer {
    Signer::from_pkcs8_pem(&new_key(), kid).unwrap()
}

#[tokio::test]
async fn t45_tokens_of_the_old_key_live_to_their_end_and_new_ones_open_at_once() {
    let (old, new) = (named("k1"), named("k2"));
    let world = World::knowing(&old).await;
    // One step, as if the order of the manual had been forgotten: the old key is out of the set at once.
    publish(&world.secret, &[new.public_jwk()], after(100));
    // The last holder of the signing key changes 345 seconds later.
    let last = world.token(&old, 445);
    for second in 445..1_345 {
        assert!(world.opens(&last, second).await, "{second}");
    }
    assert!(!world.opens(&last, 1_345).await, "expired");
    for second in (100..2_000).step_by(60) {
        assert!(world.opens(&world.token(&new, second), second).await, "{second}");
    }
    let afterwards = world.token(&old, 1_344);
    assert!(world.opens(&afterwards, 1_344).await);
    assert!(!world.opens(&afterwards, 1_345).await, "nobody signs with it any more");
}

#[tokio::test]
async fn t45_a_guard_that_starts_after_the_swap_knows_the_old_key_just_as_long() {
    let (old, new) = (named("k1"), named("k2"));
    let world = World::knowing(&old).await;
    publish(&world.secret, &[new.public_jwk()], after(100));
    let token = world.token(&old, 1_300);
    for (second, open) in [(1_300, true), (1_344, true), (1_345, false)] {
        let guard = World::guard(&world.secret, &world.alarms, after(second)).await;
        assert_eq!(opens(&guard, &token, &world.certificate, second).await, open, "{second}");
    }
}

#[tokio::test]
async fn t38_a_thousand_unknown_key_ids_a_second_cause_one_look_in_thirty_seconds() {
    let world = World::knowing(&named("k1")).await;
    let stranger = named("invented");
    let token = world.token(&stranger, 0);
    for thousandth in 0..1_000_u64 {
        let at = now().plus(Duration::from_millis(60_000 + thousandth));
        let request = request(&token, Some(&world.certificate));
        let passed = pass(&world.guard, &ACCOUNTS, &request, Some(authorised()), at).await;
        assert_eq!(passed.err().map(|refusal| refusal.status()), Some(401));
    }
    assert_eq!(world.secret.reads(), 2, "the start and one look");
    for second in 61..361 {
        assert!(!world.opens(&token, second).await);
    }
    assert_eq!(world.secret.reads(), 2 + 10, "ten in five minutes");
}

#[tokio::test]
async fn t38_a_new_key_is_found_by_one_look_before_its_time() {
    let (old, new) = (named("k1"), named("k2"));
    let world = World::knowing(&old).await;
    publish(&world.secret, &[old.public_jwk(), new.public_jwk()], after(1));
    assert!(!world.opens(&world.token(&new, 29), 29).await, "looked a moment ago");
    assert!(world.opens(&world.token(&new, 30), 30).await);
    assert_eq!(world.secret.reads(), 2);
}

#[tokio::test]
async fn t45_a_broken_key_set_is_ignored_and_reported_once() {
    let signer = named("k1");
    let world = World::knowing(&signer).await;
    for (index, broken) in ["segredo", "{}", r#"{"keys":[]}"#].iter().enumerate() {
        let start = 100 * (u64::try_from(index).unwrap() + 1);
        world.secret.put(*broken, after(start));
        for second in start..start + 100 {
            assert!(world.opens(&world.token(&signer, second), second).await, "{broken} {second}");
        }
        let alarms = world.alarms.raised.lock().unwrap();
        assert_eq!(alarms.len(), index + 1, "{alarms:?}");
        assert!(alarms.iter().all(|alarm| alarm.secret == "TokenKeysSecret"));
        assert!(!format!("{alarms:?}").contains("segredo"));
    }
}

#[tokio::test]
async fn t38_a_token_that_names_a_known_key_causes_no_look_whatever_is_wrong_with_it() {
    let signer = named("k1");
    let world = World::knowing(&signer).await;
    let (own, forged) = (world.token(&signer, 0), world.token(&named("k1"), 0));
    let stolen_by = certificate(ORGANISATION, 2);
    assert!(!world.opens(&forged, 40).await && !opens(&world.guard, &own, &stolen_by, 40).await);
    assert!(world.opens(&own, 40).await);
    assert_eq!(world.secret.reads(), 1, "the one at the start");
}
