//! A key as it is stored, and the check of a caller against it.

use std::collections::BTreeSet;
use std::fmt;
use std::hint::black_box;

use ponte_ports::StoredForm;
use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use super::fault::{ApiKeyFault, KeyMismatch};
use super::scope::ApiScope;
use super::status::KeyStatus;
use super::text::ApiKeyId;

/// A key as stored, with the hash of its secret instead of the secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Id in the text of the key.
    pub id: ApiKeyId,
    /// Common name of the only client certificate it counts with.
    pub caller: String,
    /// Scopes it opens. A stored one that this release does not know opens nothing (D8).
    #[serde(deserialize_with = "ApiScope::known")]
    pub scopes: BTreeSet<ApiScope>,
    pub(super) hash: String,
    /// The secret before the last rotation, while it counts.
    pub(super) former: Option<FormerSecret>,
    /// Secrets of rotations before that, while they count; a member of its own, which an older release passes over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) earlier: Vec<FormerSecret>,
    /// When it was issued.
    pub created_at: Moment,
    /// When its secret was last changed.
    pub rotated_at: Option<Moment>,
    /// When it ends; `None` is never.
    pub expires_at: Option<Moment>,
    /// When it was revoked, which is final.
    pub revoked_at: Option<Moment>,
    /// 1 at first, one more with each change.
    pub version: u64,
    /// The stored form this value was read from; the store fills it in, and keeps what only a later release knows (D8).
    #[serde(skip)]
    pub stored: StoredForm,
}

/// A secret from before a rotation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FormerSecret {
    pub(super) hash: String,
    pub(super) until: Moment,
}

impl ApiKey {
    /// Whether a caller who shows a secret with this hash may do what any of these scopes allows.
    ///
    /// # Errors
    /// The first mismatch; secret and caller come before anything that says more about the key.
    pub fn admits(
        &self,
        hash: &str,
        caller: &str,
        any_of: &[ApiScope],
        now: Moment,
    ) -> Result<(), ApiKeyFault> {
        let mismatch = if !self.knows(hash, now) {
            Some(KeyMismatch::Secret)
        } else if self.caller != caller {
            Some(KeyMismatch::Caller)
        } else {
            match self.at(now) {
                KeyStatus::Active => None,
                KeyStatus::Expired => Some(KeyMismatch::Expired),
                KeyStatus::Revoked => Some(KeyMismatch::Revoked),
            }
        };
        match mismatch {
            Some(mismatch) => Err(ApiKeyFault::Unauthenticated(mismatch)),
            None if any_of.iter().any(|scope| self.scopes.contains(scope)) => Ok(()),
            None => Err(ApiKeyFault::Scope),
        }
    }

    /// The status of the key at `now`.
    #[must_use]
    pub fn at(&self, now: Moment) -> KeyStatus {
        if self.revoked_at.is_some() {
            KeyStatus::Revoked
        } else if self.expires_at.is_some_and(|end| now >= end) {
            KeyStatus::Expired
        } else {
            KeyStatus::Active
        }
    }

    /// When the last of the former secrets that still count at `now` ends.
    #[must_use]
    pub fn former_until(&self, now: Moment) -> Option<Moment> {
        self.formers(now).map(|former| former.until).max()
    }

    /// The former secrets that count at `now`, the newest first.
    pub(super) fn formers(&self, now: Moment) -> impl Iterator<Item = &FormerSecret> {
        self.former.iter().chain(&self.earlier).filter(move |former| now < former.until)
    }

    /// Compares with every hash that may count, whichever matched first.
    fn knows(&self, hash: &str, now: Moment) -> bool {
        let current = same(&self.hash, hash);
        self.formers(now).fold(current, |known, former| known | same(&former.hash, hash))
    }
}

/// Takes the same time wherever two hashes differ.
fn same(one: &str, other: &str) -> bool {
    let pairs = one.bytes().zip(other.bytes());
    one.len() == other.len() && pairs.fold(0, |differs, (one, other)| black_box(differs | (one ^ other))) == 0
}

/// Without the hashes.
impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey")
            .field("id", &self.id)
            .field("caller", &self.caller)
            .field("scopes", &self.scopes)
            .field("expires_at", &self.expires_at)
            .field("revoked_at", &self.revoked_at)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
