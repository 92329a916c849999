//! Operator commands about API keys, and their answers: the JSON of an invocation as types, for the function and the
//! CLI.
//!
//! | command | answer |
//! |---|---|
//! | [`Command::Issue`] | [`KeyView`] with the text of the key, which is shown this once |
//! | [`Command::Rotate`] | [`KeyView`] with the text of the key, which is shown this once |
//! | [`Command::Revoke`] | [`KeyView`] |
//! | [`Command::List`] | [`KeyList`] |

use std::collections::BTreeSet;

use ponte_authorization::api_key::{ApiKeyId, ApiScope};
use ponte_values::Moment;
use serde::{Deserialize, Serialize};

/// A command, as the event of a direct invocation: `{"operator": "api-key.revoke", "id": ".."}`.
#[derive(Serialize, Deserialize)]
#[serde(tag = "operator", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Command {
    /// Makes a key for a caller.
    #[serde(rename = "api-key.issue")]
    Issue {
        /// Common name of the caller's client certificate.
        caller: String,
        /// Scopes of the key, e.g. `oob_consents:read`.
        scopes: Vec<String>,
        /// When the key ends, a date-time of RFC 3339; never if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        expires_at: Option<String>,
    },
    /// Gives a key another secret; the former one counts for a while.
    #[serde(rename = "api-key.rotate")]
    Rotate {
        /// Id of the key.
        id: String,
        /// How long the former secret still counts, in seconds; a day if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        grace_seconds: Option<u64>,
    },
    /// Ends a key at once.
    #[serde(rename = "api-key.revoke")]
    Revoke {
        /// Id of the key.
        id: String,
    },
    /// Lists every key there is or was.
    #[serde(rename = "api-key.list")]
    List {},
}

/// A key as an operator sees it: never a hash, and its text only in the answer that made it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    /// Id of the key.
    pub id: ApiKeyId,
    /// Text of the key, which nobody can make again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Common name of the caller's client certificate.
    pub caller: String,
    /// Scopes of the key.
    pub scopes: BTreeSet<ApiScope>,
    /// `ACTIVE`, `EXPIRED` or `REVOKED`.
    pub status: String,
    /// When it was issued.
    pub created_at: Moment,
    /// When it got another secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotated_at: Option<Moment>,
    /// Until when the former secret counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_secret_until: Option<Moment>,
    /// When it ends; never if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Moment>,
}

/// Every key there is or was, without texts.
#[derive(Serialize, Deserialize)]
pub struct KeyList {
    /// The keys.
    pub keys: Vec<KeyView>,
}
