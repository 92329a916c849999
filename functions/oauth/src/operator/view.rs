//! What an operator is told of a key: never a hash, and its text once.

use std::collections::BTreeSet;

use ponte_authorization::api_key::{ApiKey, ApiKeyId, ApiScope};
use ponte_values::Moment;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    id: &'a ApiKeyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    caller: &'a str,
    scopes: &'a BTreeSet<ApiScope>,
    status: &'static str,
    created_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotated_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    former_secret_until: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Moment>,
}

/// A key without its text.
pub(super) fn of(key: &ApiKey, now: Moment) -> Value {
    value(key, None, now)
}

/// A key with its text, which nobody can make again.
pub(super) fn once(key: &ApiKey, secret: &str, now: Moment) -> Value {
    value(key, Some(key.id.with_secret(secret)), now)
}

fn value(key: &ApiKey, text: Option<String>, now: Moment) -> Value {
    let told = Told {
        id: &key.id,
        key: text,
        caller: &key.caller,
        scopes: &key.scopes,
        status: key.at(now).as_str(),
        created_at: key.created_at,
        rotated_at: key.rotated_at,
        former_secret_until: key.former_until(now),
        expires_at: key.expires_at,
        revoked_at: key.revoked_at,
    };
    // Strings alone cannot fail to serialise.
    serde_json::to_value(told).unwrap_or_default()
}
