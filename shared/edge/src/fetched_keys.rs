//! Key sets of others (clients, the institution's back end), fetched from where they are published and cached (S64, S82).
//!
//! A set is fresh for ten minutes. An unknown key id may mean a new key, so it fetches once more. Between two requests
//! for one set pass at least thirty seconds, however many tokens with invented ids arrive and whatever came of the
//! first one. When the publisher does not answer, the set last seen serves until it is an hour old; after that nobody
//! can know whether a key was withdrawn. Where no set serves, a failure is tried again at once, within the call, and
//! then by the first calls after 1, 2, 4 and 8 s, before the thirty seconds count (LB-02). What was noted by a clock
//! that was ahead is old (LB-04). The URI comes from a registration or a setting, never from a token.

use std::collections::HashMap;
use std::error::Error as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ponte_authorization::ports::Directory;
use ponte_fapi::jwk::KeySet;
use ponte_ports::{PortError, Unavailable, chain};
use ponte_values::Moment;

const WHAT: &str = "directory";

/// How long a set is used without asking again.
const FRESH: Duration = Duration::from_mins(10);
/// Age up to which a set is used when its publisher does not answer.
const STALE: Duration = Duration::from_hours(1);
/// Age from which on a set that cannot be read again is told to the operators: two attempts to refresh it failed.
const WORRYING: Duration = Duration::from_mins(20);
/// Shortest time between two requests for one set.
const COOLDOWN: Duration = Duration::from_secs(30);
/// Times after the first requests that failed, where no set serves: six requests in the first thirty seconds (T38).
const FIRST_PAUSES: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];
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
    /// Requests since the last answer, the one under way included.
    unanswered: usize,
    set: Option<(Arc<KeySet>, Moment)>,
    /// Why the last answer was of no use, if there was one that was not.
    unusable: Option<String>,
}

impl CachedSet {
    /// The set, if it is younger than `age`.
    fn younger_than(&self, age: Duration, now: Moment) -> Option<Arc<KeySet>> {
        self.set.as_ref().filter(|(_, at)| now.is_within(age, *at)).map(|(set, _)| Arc::clone(set))
    }

    /// How long after the last request the next one may go out.
    fn pause(&self, now: Moment) -> Duration {
        let first = self.unanswered.checked_sub(1).and_then(|failed| FIRST_PAUSES.get(failed));
        first.copied().filter(|_| self.younger_than(STALE, now).is_none()).unwrap_or(COOLDOWN)
    }

    /// How long nothing is asked at `now`.
    fn quiet(&self, now: Moment) -> Option<Duration> {
        let pause = self.pause(now);
        now.is_within(pause, self.asked_at).then(|| self.asked_at.plus(pause).since(now))
    }
}

impl FetchedKeys {
    /// An empty cache over `directory`.
    pub fn new(directory: Arc<dyn Directory>) -> Self {
        Self { directory, cache: Mutex::new(HashMap::new()) }
    }

    /// The keys at `uri`. An unknown `kid` fetches them again, at most once in thirty seconds.
    pub async fn at(&self, uri: &str, kid: Option<&str>, now: Moment) -> Result<Arc<KeySet>, Unavailable> {
        self.with(uri, now, |set| kid.is_none_or(|kid| set.signature_key(kid).is_some())).await
    }

    /// The keys at `uri`. A set without an encryption key is fetched again, at most once in thirty seconds (S82).
    pub async fn to_encrypt(&self, uri: &str, now: Moment) -> Result<Arc<KeySet>, Unavailable> {
        self.with(uri, now, |set| set.encryption_key().is_some()).await
    }

    /// The keys at `uri`, fetched again when the cached set is not `enough` and the pause is over.
    async fn with(
        &self,
        uri: &str,
        now: Moment,
        enough: impl Fn(&KeySet) -> bool + Send,
    ) -> Result<Arc<KeySet>, Unavailable> {
        let mut failed = None;
        loop {
            let seen = self.get(uri);
            if let Some(seen) = &seen {
                if let Some(set) = seen.younger_than(FRESH, now).filter(|set| enough(set)) {
                    return Ok(set);
                }
                if let Some(after) = seen.quiet(now) {
                    let quiet = || match &seen.unusable {
                        Some(why) => PortError::unusable(WHAT, why.as_str()),
                        None => PortError::new(WHAT, "asked for these keys a moment ago, without success"),
                    };
                    let unavailable = || Unavailable { after, cause: failed.unwrap_or_else(quiet) };
                    return seen.younger_than(STALE, now).ok_or_else(unavailable);
                }
            }
            match self.ask(uri, seen, now).await {
                Ok(set) => return Ok(set),
                // Where no set serves, the next turn asks again or says when that makes sense.
                Err(error) => failed = Some(error),
            }
        }
    }

    /// Asks once. The set last seen serves on when nothing comes.
    async fn ask(&self, uri: &str, seen: Option<CachedSet>, now: Moment) -> Result<Arc<KeySet>, PortError> {
        let (unanswered, set) = seen.map_or((0, None), |seen| (seen.unanswered, seen.set));
        let unanswered = unanswered.saturating_add(1);
        let asking = CachedSet { asked_at: now, unanswered, set, unusable: None };
        self.put(uri, asking.clone(), now);
        match self.fetch(uri).await {
            Ok(set) => {
                let set_now = Some((Arc::clone(&set), now));
                self.put(uri, CachedSet { unanswered: 0, set: set_now, ..asking }, now);
                Ok(set)
            }
            Err(error) => {
                if error.is_unusable() {
                    let unusable = error.source().map(ToString::to_string);
                    self.put(uri, CachedSet { unusable, ..asking.clone() }, now);
                }
                if asking.younger_than(WORRYING, now).is_none() {
                    unread(uri, &error);
                }
                match asking.younger_than(STALE, now) {
                    Some(set) => {
                        tracing::warn!(%error, "key set not refreshed, the last one serves on");
                        Ok(set)
                    }
                    None => Err(error),
                }
            }
        }
    }

    async fn fetch(&self, uri: &str) -> Result<Arc<KeySet>, PortError> {
        let document = self.directory.jwks(uri).await?;
        let set = KeySet::parse(&document).map_err(|fault| PortError::unusable(WHAT, fault))?;
        Ok(Arc::new(set))
    }

    fn get(&self, uri: &str) -> Option<CachedSet> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(uri).cloned()
    }

    fn put(&self, uri: &str, entry: CachedSet, now: Moment) {
        let mut seen = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SETS_MAX && !seen.contains_key(uri) {
            // What a clock noted that was ahead goes first.
            let age = |entry: &CachedSet| (entry.asked_at <= now, entry.asked_at);
            let oldest = seen.iter().min_by_key(|(_, entry)| age(entry)).map(|(uri, _)| uri.clone());
            oldest.and_then(|uri| seen.remove(&uri));
        }
        seen.insert(uri.to_owned(), entry);
    }
}

/// One line with the field `unread_key_set`; a metric filter of the template counts it (T67).
fn unread(uri: &str, error: &PortError) {
    tracing::error!(unread_key_set = uri, chain = chain(error), "a key set cannot be read");
}

#[cfg(test)]
mod tests;
