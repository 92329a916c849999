//! Public keys of our access tokens, read from their secret and followed as it changes.
//!
//! A key that the newest version left out counts until the last token it can have signed has expired: 45 s until every
//! environment publishes the new key, [`KEY_SET_KEPT`] until nobody keeps the set without it, from when on all sign with it, and
//! 900 s, the longest life of a token (S09).

use std::sync::Arc;
use std::time::Duration;

use ponte_authorization::grant::ACCESS_TOKEN_LIFE_MAX;
use ponte_fapi::jwk::{KeySet, PublicJwk};
use ponte_ports::rotation::{InvalidSecret, Rotating, VersionPair, WatchedSecret};
use ponte_ports::{Alarms, PortError, SecretVersion, SecretVersions};
use ponte_values::Moment;

/// How long clients may keep the key set that they fetched (`Cache-Control`, RFC 9111). A new key signs only after that, so that
/// nobody verifies with a set that is fresh and yet too old.
pub const KEY_SET_KEPT: Duration = Duration::from_mins(5);

/// The keys as they change. Clones share them.
#[derive(Clone)]
pub struct TokenKeys(Arc<Rotating<PublishedKeys>>);

impl TokenKeys {
    /// Follows `TokenKeysSecret`.
    pub async fn start(
        versions: Arc<dyn SecretVersions>,
        alarms: Arc<dyn Alarms>,
        now: Moment,
    ) -> Result<Self, PortError> {
        let secret = WatchedSecret { name: "TokenKeysSecret", versions, alarms };
        let rotating = Rotating::start(secret, Box::new(|versions, _| PublishedKeys::read(versions)), now);
        rotating.await.map(|keys| Self(Arc::new(keys)))
    }

    /// The keys at `now`.
    pub async fn at(&self, now: Moment) -> Arc<PublishedKeys> {
        self.0.at(now).await
    }

    /// The keys at `now`, for a token that names none of those at hand (T38).
    pub async fn refresh(&self, now: Moment) -> Arc<PublishedKeys> {
        self.0.refresh(now).await
    }
}

/// Keys that never change.
impl From<KeySet> for TokenKeys {
    fn from(current: KeySet) -> Self {
        let always = Moment::from_seconds(0);
        let keys = PublishedKeys {
            current,
            previous: None,
            previous_known_at: always,
            known_everywhere_at: always,
            overlap_ends: always,
        };
        Self(Arc::new(keys.into()))
    }
}

/// The current version of the keys and, for a while, the one before it.
#[derive(Debug)]
pub struct PublishedKeys {
    current: KeySet,
    previous: Option<KeySet>,
    /// Moment from which nobody kept a set from before the previous version.
    previous_known_at: Moment,
    /// The same for the current one.
    known_everywhere_at: Moment,
    overlap_ends: Moment,
}

impl PublishedKeys {
    fn read(versions: &VersionPair) -> Result<Self, InvalidSecret> {
        let set = |version: &SecretVersion| KeySet::parse(version.text.expose()).map_err(InvalidSecret::new);
        let current = set(&versions.current)?;
        if current.signature_keys().next().is_none() {
            return Err(InvalidSecret::new("no key for signatures in it"));
        }
        // A version before that is no key set was never in use either.
        let previous = versions.previous.as_ref().and_then(|version| set(version).ok());
        let known_at = |version: &SecretVersion| version.known_everywhere_at().plus(KEY_SET_KEPT);
        let known_everywhere_at = known_at(&versions.current);
        Ok(Self {
            current,
            previous,
            previous_known_at: versions.previous.as_ref().map_or(known_everywhere_at, known_at),
            known_everywhere_at,
            overlap_ends: known_everywhere_at.plus(ACCESS_TOKEN_LIFE_MAX),
        })
    }

    /// The key sets that count at `now`, the newest first.
    pub fn sets(&self, now: Moment) -> impl Iterator<Item = &KeySet> {
        let previous = self.previous.as_ref().filter(|_| now < self.overlap_ends);
        std::iter::once(&self.current).chain(previous)
    }

    /// The signature keys that count at `now`, each id once.
    #[must_use]
    pub fn signature_keys(&self, now: Moment) -> Vec<PublicJwk> {
        let mut keys: Vec<PublicJwk> = Vec::new();
        for key in self.sets(now).flat_map(KeySet::signature_keys) {
            if keys.iter().all(|known| known.kid() != key.kid()) {
                keys.push(key);
            }
        }
        keys
    }

    /// Whether `key` is in the current version.
    #[must_use]
    pub fn is_current(&self, key: &PublicJwk) -> bool {
        self.current.signature_keys().any(|known| known == *key)
    }

    /// Whether `key` is among those that count at `now`.
    #[must_use]
    pub fn holds(&self, key: &PublicJwk, now: Moment) -> bool {
        self.signature_keys(now).contains(key)
    }

    /// Whether every verifier of our tokens has `key` by now: a version with it is old enough for every environment to have read
    /// it, and for every client to have fetched it from them.
    #[must_use]
    pub fn known_everywhere(&self, key: &PublicJwk, now: Moment) -> bool {
        let before = self.previous.iter().flat_map(KeySet::signature_keys).any(|known| known == *key);
        let known_at = if before { self.previous_known_at } else { self.known_everywhere_at };
        self.holds(key, now) && now >= known_at
    }

    /// Moments from which everybody has the previous and the current version.
    #[must_use]
    pub const fn known_everywhere_at(&self) -> [Moment; 2] {
        [self.previous_known_at, self.known_everywhere_at]
    }

    /// Moment from which the previous version does not count any more.
    #[must_use]
    pub const fn overlap_ends(&self) -> Moment {
        self.overlap_ends
    }
}

#[cfg(test)]
mod tests;
