//! Keys that change under a stream of calls, in virtual time (T45): nothing that was signed or encrypted in good faith
//! is ever refused, whoever looked when.

mod faults;
mod stream;

use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::Signer;
use ponte_kit::secrets::{AlarmsInMemory, SecretInMemory};
use serde_json::{Value, json};

use crate::testing::{after, pem};

use super::*;

/// The three secrets, and whoever listens.
struct Safe {
    signing: Arc<SecretInMemory>,
    published: Arc<SecretInMemory>,
    decryption: Arc<SecretInMemory>,
    heard: Arc<AlarmsInMemory>,
}

/// Numbers of keys, by what they are for.
const SIGNS: [usize; 2] = [0, 3];
const DECRYPTS: [usize; 2] = [2, 4];

fn private(kid: &str, number: usize) -> String {
    json!({ "kid": kid, "private_key": pem(number) }).to_string()
}

fn public(keys: &[(&str, usize)]) -> String {
    let jwk =
        |(kid, number): &(&str, usize)| Signer::from_pkcs8_pem(&pem(*number), kid).unwrap().public_jwk();
    key_set_json(&keys.iter().map(jwk).collect::<Vec<_>>())
}

impl Safe {
    /// The first key of each kind, an hour old.
    fn new() -> Self {
        let safe = Self::empty();
        for (stages, text) in [
            (&safe.signing, private("s1", SIGNS[0])),
            (&safe.published, public(&[("s1", SIGNS[0])])),
            (&safe.decryption, private("e1", DECRYPTS[0])),
        ] {
            stages.put(text, Moment::from_seconds(after(0).seconds() - 3_600));
        }
        safe
    }

    fn empty() -> Self {
        Self {
            signing: Arc::default(),
            published: Arc::default(),
            decryption: Arc::default(),
            heard: Arc::default(),
        }
    }

    async fn start(&self, second: u64) -> Result<Keyring, PortError> {
        let secrets = KeySecrets {
            signing: self.signing.clone(),
            published: self.published.clone(),
            decryption: self.decryption.clone(),
        };
        Keyring::start(secrets, self.heard.clone(), after(second)).await
    }

    async fn keyring(&self, second: u64) -> Keyring {
        self.start(second).await.unwrap()
    }

    /// What was said since the last time, as `secret: reason`.
    fn said(&self) -> Vec<String> {
        let mut alarms = std::mem::take(&mut *self.heard.raised.lock().unwrap());
        alarms.append(&mut self.heard.warned.lock().unwrap());
        alarms.into_iter().map(|alarm| format!("{}: {}", alarm.secret, alarm.reason)).collect()
    }
}

async fn signer(keyring: &Keyring, second: u64) -> String {
    keyring.at(after(second)).await.signer().kid().to_owned()
}

/// `use:kid` of each published key.
async fn published(keyring: &Keyring, second: u64) -> Vec<String> {
    let document: Value = serde_json::from_str(keyring.at(after(second)).await.jwks()).unwrap();
    let text = |key: &Value, name: &str| key[name].as_str().unwrap().to_owned();
    let keys = document["keys"].as_array().unwrap();
    keys.iter().map(|key| format!("{}:{}", text(key, "use"), text(key, "kid"))).collect()
}
