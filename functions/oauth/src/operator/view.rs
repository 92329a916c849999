//! A key as the answers show it.

use ponte_authorization::api_key::ApiKey;
use ponte_values::Moment;

use crate::commands::KeyView;

/// A key without its text.
pub(super) fn of(key: &ApiKey, now: Moment) -> KeyView {
    KeyView {
        id: key.id.clone(),
        key: None,
        caller: key.caller.clone(),
        scopes: key.scopes.clone(),
        status: key.at(now).as_str().to_owned(),
        created_at: key.created_at,
        rotated_at: key.rotated_at,
        former_secret_until: key.former_until(now),
        expires_at: key.expires_at,
        revoked_at: key.revoked_at,
    }
}

/// A key with its text, which nobody can make again.
pub(super) fn with_text(key: &ApiKey, secret: &str, now: Moment) -> KeyView {
    KeyView { key: Some(key.id.with_secret(secret)), ..of(key, now) }
}
