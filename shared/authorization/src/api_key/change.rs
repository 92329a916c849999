//! Changes of keys: issue, rotation, revocation. Each leaves an audit row.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use ponte_values::Moment;

use super::key::{ApiKey, FormerSecret};
use super::scope::ApiScope;
use super::status::KeyStatus;
use super::text::ApiKeyId;
use ponte_ports::StoredForm;
use ponte_ports::audit::{Actor, AuditEntry, OperatorOrder};

/// Longest time the secret before a rotation may still count.
pub const GRACE_MAX: Duration = Duration::from_hours(7 * 24);

/// Former secrets that may count at once.
pub const FORMERS_MAX: usize = 8;

/// The data of a new key.
#[derive(Clone)]
pub struct NewApiKey {
    /// A fresh id.
    pub id: ApiKeyId,
    /// Common name of the caller's client certificate.
    pub caller: String,
    /// Scopes it opens.
    pub scopes: BTreeSet<ApiScope>,
    /// Hash of its secret.
    pub hash: String,
    /// When it ends; `None` is never.
    pub expires_at: Option<Moment>,
}

/// A key after a change, with its audit row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyChange {
    /// The key after the change.
    pub key: ApiKey,
    /// The audit row.
    pub audit: AuditEntry,
}

/// The reason why a key cannot be changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyFault {
    /// It was revoked, which is final.
    Revoked,
    /// Its time is over.
    Expired,
    /// The former secret may not count that long.
    Grace,
    /// [`FORMERS_MAX`] former secrets count already.
    Formers,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Revoked => "the key is revoked",
            Self::Expired => "the key has expired",
            Self::Grace => "the former secret may count for 7 days at most",
            Self::Formers => "8 former secrets count already; a rotation with a grace of 0 ends them",
        })
    }
}

impl std::error::Error for KeyFault {}

impl KeyChange {
    /// The change as somebody ordered it (T47).
    #[must_use]
    pub fn ordered(self, order: &OperatorOrder) -> Self {
        Self { audit: order.signed(self.audit), ..self }
    }
}

impl ApiKey {
    /// A new key.
    #[must_use]
    pub fn issue(new: NewApiKey, now: Moment) -> KeyChange {
        let key = Self {
            id: new.id,
            caller: new.caller,
            scopes: new.scopes,
            hash: new.hash,
            former: None,
            earlier: Vec::new(),
            created_at: now,
            rotated_at: None,
            expires_at: new.expires_at,
            revoked_at: None,
            version: 1,
            stored: StoredForm::default(),
        };
        key.changed("api-key.issued", None, now)
    }

    /// The key with another secret. The one it had counts for `grace` more, and those of earlier rotations as long as they
    /// were promised. A `grace` of zero, for a secret that leaked, ends all of them now.
    ///
    /// # Errors
    /// When the key is revoked or expired, `grace` is beyond [`GRACE_MAX`], or too many former secrets count.
    pub fn rotate(self, hash: String, grace: Duration, now: Moment) -> Result<KeyChange, KeyFault> {
        match self.at(now) {
            KeyStatus::Revoked => return Err(KeyFault::Revoked),
            KeyStatus::Expired => return Err(KeyFault::Expired),
            KeyStatus::Active if grace > GRACE_MAX => return Err(KeyFault::Grace),
            KeyStatus::Active => {}
        }
        let (mut former, mut earlier) = (None, Vec::new());
        if !grace.is_zero() {
            earlier = self.formers(now).cloned().collect();
            if earlier.len() >= FORMERS_MAX {
                return Err(KeyFault::Formers);
            }
            former = Some(FormerSecret { hash: self.hash, until: now.plus(grace) });
        }
        let key = Self { hash, former, earlier, rotated_at: Some(now), version: self.version + 1, ..self };
        Ok(key.changed("api-key.rotated", Some(KeyStatus::Active), now))
    }

    /// The key revoked, its former secrets included.
    ///
    /// # Errors
    /// When it was revoked before.
    pub fn revoke(self, now: Moment) -> Result<KeyChange, KeyFault> {
        let before = self.at(now);
        if before == KeyStatus::Revoked {
            return Err(KeyFault::Revoked);
        }
        let key = Self {
            former: None,
            earlier: Vec::new(),
            revoked_at: Some(now),
            version: self.version + 1,
            ..self
        };
        Ok(key.changed("api-key.revoked", Some(before), now))
    }

    fn changed(self, action: &'static str, before: Option<KeyStatus>, now: Moment) -> KeyChange {
        let audit = AuditEntry {
            at: now,
            actor: Actor::Operator,
            subject: self.id.to_string(),
            action,
            before: before.map(KeyStatus::as_str),
            after: self.at(now).as_str(),
            reason: None,
            interaction: None,
            operator: None,
        };
        KeyChange { key: self, audit }
    }
}
