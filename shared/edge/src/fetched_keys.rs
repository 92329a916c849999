//! Key sets of others (clients, the institution's back end), fetched from where they are published and cached (S64, S82).
//!
//! A set is fresh for ten minutes. An unknown key id may mean a new key, so it fetches once more. Between two requests
//! for one set pass at least thirty seconds, however many tokens with invented ids arrive and whatever came of the
//! first one. When the publisher does not answer, the set last seen serves until it is an hour old; after that nobody
//! can know whether a key was withdrawn. The URI comes from a registration or a setting, never from a token.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ponte_authorization::ports::Directory;
use ponte_fapi::jwk::KeySet;
use ponte_ports::PortError;
use ponte_values::Moment;

/// How long a set is used without asking again.
const FRESH: Duration = Duration::from_mins(10);
/// Age up to which a set is used when its publisher does not answer.
const STALE: Duration = Duration::from_hours(1);
/// Shortest time between two requests for one set.
const COOLDOWN: Duration = Duration::from_secs(30);
/// Most sets remembered; beyond it the one asked for longest ago is forgotten.
const SETS_MAX: usize = 500;

/// The sets seen so far, by the URI they came from.
pub struct FetchedKeys {
    directory: Arc<dyn Directory>,
    cache: Mutex<HashMap<String, CachedSet>>,
}

impl std::fmt::Debug for FetchedKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FetchedKeys").finish_non_exhaustive()
    }
}

#[derive(Clone)]
struct CachedSet {
    asked_at: Moment,
    set: Option<(Arc<KeySet>, Moment)>,
}

impl CachedSet {
    /// The set, if it is younger than `age`.
    fn younger_than(&self, age: Duration, now: Moment) -> Option<Arc<KeySet>> {
        self.set.as_ref().filter(|(_, at)| now < at.plus(age)).map(|(set, _)| Arc::clone(set))
    }

    fn may_ask(&self, now: Moment) -> bool {
        now >= self.asked_at.plus(COOLDOWN)
    }
}

impl FetchedKeys {
    /// An empty cache over `directory`.
    pub fn new(directory: Arc<dyn Directory>) -> Self {
        Self { directory, cache: Mutex::new(HashMap::new()) }
    }

    /// The keys at `uri`. An unknown `kid` fetches them again, at most once in thirty seconds.
    pub async fn at(&self, uri: &str, kid: Option<&str>, now: Moment) -> Result<Arc<KeySet>, PortError> {
        self.with(uri, now, |set| kid.is_none_or(|kid| set.signature_key(kid).is_some())).await
    }

    /// The keys at `uri`. A set without an encryption key is fetched again, at most once in thirty seconds (S82).
    pub async fn to_encrypt(&self, uri: &str, now: Moment) -> Result<Arc<KeySet>, PortError> {
        self.with(uri, now, |set| set.encryption_key().is_some()).await
    }

    /// The keys at `uri`, fetched again when the cached set is not `enough` and the cooldown is over.
    async fn with(
        &self,
        uri: &str,
        now: Moment,
        enough: impl Fn(&KeySet) -> bool + Send,
    ) -> Result<Arc<KeySet>, PortError> {
        let seen = self.get(uri);
        if let Some(seen) = &seen {
            if let Some(set) = seen.younger_than(FRESH, now).filter(|set| enough(set)) {
                return Ok(set);
            }
            if !seen.may_ask(now) {
                let quiet =
                    || PortError::new("directory", "asked for these keys a moment ago, without success");
                return seen.younger_than(STALE, now).ok_or_else(quiet);
            }
        }
        let earlier = seen.and_then(|seen| seen.set);
        self.put(uri, CachedSet { asked_at: now, set: earlier.clone() });
        match self.fetch(uri).await {
            Ok(set) => {
                self.put(uri, CachedSet { asked_at: now, set: Some((Arc::clone(&set), now)) });
                Ok(set)
            }
            Err(error) => match (CachedSet { asked_at: now, set: earlier }).younger_than(STALE, now) {
                Some(set) => {
                    tracing::warn!(%error, "key set not refreshed, the last one serves on");
                    Ok(set)
                }
                None => Err(error),
            },
        }
    }

    async fn fetch(&self, uri: &str) -> Result<Arc<KeySet>, PortError> {
        let document = self.directory.jwks(uri).await?;
        let set = KeySet::parse(&document).map_err(|fault| PortError::new("key set", fault))?;
        Ok(Arc::new(set))
    }

    fn get(&self, uri: &str) -> Option<CachedSet> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(uri).cloned()
    }

    fn put(&self, uri: &str, entry: CachedSet) {
        let mut seen = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SETS_MAX && !seen.contains_key(uri) {
            let oldest = seen.iter().min_by_key(|(_, entry)| entry.asked_at).map(|(uri, _)| uri.clone());
            oldest.and_then(|uri| seen.remove(&uri));
        }
        seen.insert(uri.to_owned(), entry);
    }
}

#[cfg(test)]
mod tests;
