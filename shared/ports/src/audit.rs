//! The audit row: who changed what, when and why. Written in the transaction of the change, never altered.

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

/// Who caused a change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "id")]
pub enum Actor {
    /// Another participant, by its `client_id`.
    Client(String),
    /// The customer through the institution's channel, by the interaction's id.
    Channel(String),
    /// A caller of the institution's own over an API key: its common name and the key, `CN/id`.
    Manager(String),
    /// Whoever may run the stack's operator commands.
    Operator,
    /// The institution's stack itself, for instance at expiry.
    Ponte,
}

/// One change of one subject.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// When the change was decided.
    pub at: Moment,
    /// Who caused it.
    pub actor: Actor,
    /// What was changed, for instance the consent id.
    pub subject: String,
    /// What happened, in the past tense: `consent.created`.
    pub action: &'static str,
    /// Status before, if there was one.
    pub before: Option<&'static str>,
    /// Status after.
    pub after: &'static str,
    /// Code of the reason, if the rule book names one.
    pub reason: Option<&'static str>,
    /// `x-fapi-interaction-id` of the call, if one carried it.
    pub interaction: Option<String>,
}

/// A change as the audit rows tell it afterwards.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// When the change was decided.
    pub at: Moment,
    /// Who caused it.
    pub actor: Actor,
    /// What happened, in the past tense: `consent.created`.
    pub action: String,
    /// Status before, if there was one.
    pub before: Option<String>,
    /// Status after.
    pub after: String,
    /// Code of the reason, if the rule book names one.
    pub reason: Option<String>,
    /// `x-fapi-interaction-id` of the call, if one carried it.
    pub interaction: Option<String>,
}
