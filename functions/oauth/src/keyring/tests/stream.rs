//! Calls every few seconds before, during and after a change, over holders that looked at different times.

use std::collections::VecDeque;

use ponte_authorization::block_list::BlockList;
use ponte_edge::{Guard, KEY_SET_KEPT, Request, TokenKeys};
use ponte_fapi::claims::{AccessToken, ConfirmationClaim};
use ponte_fapi::jwe::ContentSecret;

use crate::testing::{CLIENT, ISSUER, ORGANISATION, SOFTWARE, own_certificate, own_thumbprint};
use crate::time::date;

use super::*;

/// Seconds between two calls.
const STEP: usize = 15;
/// Calls in the life of a token, the one at its end left out.
const LIFE: usize = 900 / STEP - 1;
/// Calls for which a client holds a key set, ten minutes.
const CACHED: usize = 600 / STEP;
/// Calls for which the key set says that it may be kept.
const FRESH: usize = 300 / STEP;
const _: () = assert!(KEY_SET_KEPT.as_secs() == 300);

/// Environments of two functions, started at different times.
struct House {
    servers: Vec<Keyring>,
    guards: Vec<Guard>,
    /// Tokens of the last 900 seconds, the oldest first.
    tokens: VecDeque<String>,
    /// Key sets as clients fetched them in the last ten minutes.
    key_sets: VecDeque<String>,
}

impl House {
    async fn open(safe: &Safe) -> Self {
        let (mut servers, mut guards) = (Vec::new(), Vec::new());
        for second in [0, 20] {
            servers.push(safe.keyring(second).await);
        }
        for second in [0, 7, 33] {
            guards.push(guard(safe, second).await);
        }
        Self { servers, guards, tokens: VecDeque::new(), key_sets: VecDeque::new() }
    }

    /// Every server signs and publishes; every guard takes the new and the oldest tokens; every server opens what was
    /// encrypted for any key set a client may hold.
    async fn step(&mut self, second: u64) {
        for server in &self.servers {
            let keys = server.at(after(second)).await;
            self.tokens.push_back(token(&keys, second));
            self.key_sets.push_back(keys.jwks().to_owned());
        }
        let servers = self.servers.len();
        let newest = self.tokens.iter().rev().take(servers);
        for token in newest.chain(self.tokens.iter().take(servers)) {
            for guard in &self.guards {
                assert!(opens(guard, token, second).await, "a token at {second}");
            }
        }
        // What is signed now is verified by every set that is still fresh, whichever server it came from (T62).
        for key_set in self.key_sets.iter().rev().take(FRESH * servers) {
            for server in &self.servers {
                let signer = server.at(after(second)).await.signer().public_jwk();
                let set = KeySet::parse(key_set).unwrap();
                assert!(set.signature_keys().any(|key| key == signer), "a kept key set at {second}");
            }
        }
        let newest = self.key_sets.iter().rev().take(servers);
        for key_set in newest.chain(self.key_sets.iter().take(servers)) {
            for server in &self.servers {
                assert!(decrypts(server, key_set, second).await, "a request object at {second}");
            }
        }
        for (kept, calls) in [(&mut self.tokens, LIFE), (&mut self.key_sets, CACHED)] {
            kept.drain(..kept.len().saturating_sub(calls * servers));
        }
    }
}

async fn guard(safe: &Safe, second: u64) -> Guard {
    let keys = TokenKeys::start(safe.published.clone(), safe.heard.clone(), after(second)).await.unwrap();
    Guard::new(ISSUER.to_owned(), keys, BlockList::default())
}

fn token(keys: &Keys, second: u64) -> String {
    let claims = AccessToken {
        iss: ISSUER.to_owned(),
        aud: ISSUER.to_owned(),
        sub: CLIENT.to_owned(),
        client_id: CLIENT.to_owned(),
        org_id: ORGANISATION.to_owned(),
        ss_id: SOFTWARE.to_owned(),
        scope: "consents".to_owned(),
        consent_id: None,
        iat: date(after(second)),
        exp: date(after(second + 900)),
        jti: second.to_string(),
        cnf: ConfirmationClaim { thumbprint: own_thumbprint() },
    };
    claims.mint(keys.signer()).unwrap()
}

async fn opens(guard: &Guard, token: &str, second: u64) -> bool {
    let event = json!({
        "rawPath": "/", "headers": {"authorization": format!("Bearer {token}")}, "isBase64Encoded": false,
        "requestContext": {
            "http": {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            "authentication": {"clientCert": {
                "clientCertPem": own_certificate(), "subjectDN": "", "issuerDN": "", "serialNumber": "1",
                "validity": {"notBefore": "", "notAfter": ""},
            }},
        },
    });
    let request = Request::read(serde_json::from_value(event).unwrap(), Moment::from_millis(0));
    guard.token(&request, after(second)).await.is_ok()
}

async fn decrypts(server: &Keyring, key_set: &str, second: u64) -> bool {
    let set = KeySet::parse(key_set).unwrap();
    let secret = ContentSecret::from_random([7; ContentSecret::BYTES]);
    let sealed = set.encryption_key().unwrap().encrypt_jwt("a.b.c", &secret).unwrap();
    let keys = server.at(after(second)).await;
    keys.decryption().iter().any(|key| key.decrypt_jwt(&sealed).is_ok_and(|opened| opened == "a.b.c"))
}

#[tokio::test]
async fn t45_a_rotation_by_the_manual_fails_no_call() {
    let safe = Safe::new();
    let mut house = House::open(&safe).await;
    let both = public(&[("s1", SIGNS[0]), ("s2", SIGNS[1])]);
    for second in (40..1_600).step_by(STEP) {
        match second {
            100 => safe.published.put(both.as_str(), after(second)),
            205 => safe.signing.put(private("s2", SIGNS[1]), after(second)),
            // Sooner than the manual says: nothing depends on the waiting.
            250 => safe.published.put(public(&[("s2", SIGNS[1])]), after(second)),
            310 => safe.decryption.put(private("e2", DECRYPTS[1]), after(second)),
            _ => {}
        }
        house.step(second).await;
        for server in &house.servers {
            match second {
                190 => assert_eq!(signer(server, second).await, "s1"),
                430 => assert_eq!(signer(server, second).await, "s1", "100 + 345 is not over"),
                445 => assert_eq!(signer(server, second).await, "s2"),
                370 => assert_eq!(published(server, second).await, ["sig:s2", "sig:s1", "enc:e2"]),
                1_480 => assert_eq!(published(server, second).await.len(), 3, "250 + 1,245 is not over"),
                1_495 => assert_eq!(published(server, second).await, ["sig:s2", "enc:e2"]),
                _ => {}
            }
        }
    }
    assert_eq!(safe.said(), Vec::<String>::new());
}

#[tokio::test]
async fn t45_a_rotation_of_everything_at_once_fails_no_call() {
    let safe = Safe::new();
    let mut house = House::open(&safe).await;
    for second in (40..1_450).step_by(STEP) {
        if second == 100 {
            safe.signing.put(private("s2", SIGNS[1]), after(second));
            safe.published.put(public(&[("s2", SIGNS[1])]), after(second));
            safe.decryption.put(private("e2", DECRYPTS[1]), after(second));
        }
        if second == 115 {
            // New environments in the middle of it.
            house.servers.push(safe.keyring(second).await);
            house.guards.push(guard(&safe, second).await);
            (house.tokens, house.key_sets) = (VecDeque::new(), VecDeque::new());
        }
        house.step(second).await;
        for server in &house.servers {
            match second {
                430 => assert_eq!(signer(server, second).await, "s1", "a client may keep the set before"),
                445 => assert_eq!(signer(server, second).await, "s2"),
                1_330 => assert_eq!(published(server, second).await, ["sig:s2", "sig:s1", "enc:e2"]),
                1_345 => assert_eq!(published(server, second).await, ["sig:s2", "enc:e2"]),
                _ => {}
            }
        }
    }
}
