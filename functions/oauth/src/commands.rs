//! Operator commands about API keys and clients, and their answers: the JSON of an invocation as types, for the function and the
//! CLI.
//!
//! | command | answer |
//! |---|---|
//! | [`Command::Issue`] | [`KeyView`] with the text of the key, which is shown this once |
//! | [`Command::Rotate`] | [`KeyView`] with the text of the key, which is shown this once |
//! | [`Command::Revoke`] | [`KeyView`] |
//! | [`Command::List`] | [`KeyList`] |
//! | [`Command::BlockClient`] and the others about a client | [`ClientView`] |

use std::collections::BTreeSet;

use ponte_authorization::api_key::{ApiKeyId, ApiScope};
use ponte_authorization::client::Client;
use ponte_values::{ClientId, Moment, OrganisationId, SoftwareStatementId};
use serde::{Deserialize, Serialize};

/// A command, as the event of a direct invocation: `{"operator": "api-key.revoke", "id": ".."}`. Beside it the event says in
/// `by` who orders it and why; only the list needs neither.
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
    /// Shuts a client out: no tokens, no new consents, no data; its consents stay as they are. Of one that removed itself, the client
    /// that its software statement has become, or the statement.
    #[serde(rename = "client.block")]
    BlockClient {
        /// `client_id`.
        id: String,
        /// Why, in the operator's words; it goes into the audit. The event may have it in `by` instead.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Opens a blocked client again.
    #[serde(rename = "client.unblock")]
    UnblockClient {
        /// `client_id`.
        id: String,
        /// Why, in the operator's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Removes a client; its consents end. Of one that removed itself, takes the software statement.
    #[serde(rename = "client.remove")]
    RemoveClient {
        /// `client_id`.
        id: String,
        /// Why, in the operator's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Lets the software statement of a client register once more.
    #[serde(rename = "client.reset")]
    ResetClient {
        /// `client_id`.
        id: String,
        /// Why, in the operator's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// A client as an operator sees it after a command.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientView {
    /// `client_id`.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// Organisation that owns it.
    pub organisation: OrganisationId,
    /// Its software statement.
    pub software: SoftwareStatementId,
    /// `REGISTERED`, `BLOCKED`, `RESET` or `REMOVED`.
    pub status: String,
    /// When the command was done; when it was done before, if the client was as it asks for already.
    pub at: Moment,
}

impl ClientView {
    /// A registered client.
    pub(crate) fn of(client: &Client, at: Moment) -> Self {
        Self {
            id: client.id.clone(),
            name: client.name.clone(),
            organisation: client.organisation.clone(),
            software: client.software.clone(),
            status: "REGISTERED".to_owned(),
            at,
        }
    }
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
