//! Keys that change under a stream of calls, in virtual time (T45): nothing that was signed or encrypted in good faith
//! is ever refused, whoever looked when.

mod faults;
mod stream;

use std::sync::Mutex;

use async_trait::async_trait;
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::Signer;
use ponte_ports::{Alarm, SecretVersion, SecretVersions};
use ponte_values::SecretText;
use serde_json::{Value, json};

use crate::testing::{after, pem};

use super::*;

/// A secret in memory.
#[derive(Default)]
struct Stages(Mutex<(Option<SecretVersion>, Option<SecretVersion>)>);

impl Stages {
    fn put(&self, text: impl Into<String>, second: u64) {
        let mut stages = self.0.lock().unwrap();
        let text = SecretText::from(text.into());
        let fresh = SecretVersion { id: format!("at {second}"), created_at: after(second), text };
        stages.1 = stages.0.replace(fresh);
    }

    /// `update-secret-version-stage`: the version before is current again.
    fn take_back(&self) {
        let mut stages = self.0.lock().unwrap();
        *stages = (stages.1.take(), stages.0.take());
    }
}

#[async_trait]
impl SecretVersions for Stages {
    async fn current(&self) -> Result<Option<SecretVersion>, PortError> {
        Ok(self.0.lock().unwrap().0.clone())
    }
    async fn previous(&self) -> Result<Option<SecretVersion>, PortError> {
        Ok(self.0.lock().unwrap().1.clone())
    }
}

#[derive(Default)]
struct Heard(Mutex<Vec<Alarm>>);

impl Alarms for Heard {
    fn raise(&self, alarm: &Alarm) {
        self.0.lock().unwrap().push(alarm.clone());
    }
    fn warn(&self, alarm: &Alarm) {
        self.raise(alarm);
    }
}

/// The three secrets, and whoever listens.
struct Safe {
    signing: Arc<Stages>,
    published: Arc<Stages>,
    decryption: Arc<Stages>,
    heard: Arc<Heard>,
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
            let created_at = Moment::from_seconds(after(0).seconds() - 3_600);
            let text = SecretText::from(text);
            stages.0.lock().unwrap().0 = Some(SecretVersion { id: "v".to_owned(), created_at, text });
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
        let alarms = std::mem::take(&mut *self.heard.0.lock().unwrap());
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
