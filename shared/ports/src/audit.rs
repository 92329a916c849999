//! Audit rows: who changed what, when and why. They are written in the transaction of the change and never altered.

use std::borrow::Cow;

use ponte_values::{Invalid, Moment};
use serde::{Deserialize, Serialize};

/// The originator of a change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "id")]
pub enum Actor {
    /// Another participant, by its `client_id`.
    Client(String),
    /// The customer through the institution's channel, by the interaction's id.
    Channel(String),
    /// A system of the institution with an API key: common name of its certificate and id of the key, `CN/id`.
    Manager(String),
    /// An operator of the stack, by command.
    Operator,
    /// The institution's stack itself, for instance at expiry.
    Ponte,
}

/// Why an operator acts, in their own words: 1 to 200 characters on one line, no space around them. It goes into the
/// audit, so it names no customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OperatorReason(String);

impl OperatorReason {
    /// Longest reason in characters.
    pub const MAX_LENGTH: usize = 200;

    /// Reads a reason.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fits = (1..=Self::MAX_LENGTH).contains(&text.chars().count());
        if fits && text.trim() == text && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("reason"))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One change of one subject, as it is written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Time of the change.
    pub at: Moment,
    /// Originator of the change.
    pub actor: Actor,
    /// Id of the changed subject, for instance a consent id.
    pub subject: String,
    /// Name of the change, in the past tense: `consent.created`.
    pub action: &'static str,
    /// Status before, if there was one.
    pub before: Option<&'static str>,
    /// Status after.
    pub after: &'static str,
    /// Code of the reason, if the rule book names one; the words of an operator, if one acted.
    pub reason: Option<Cow<'static, str>>,
    /// `x-fapi-interaction-id` of the call, if one carried it.
    pub interaction: Option<String>,
}

/// One change of one subject, as it is read back.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// Time of the change.
    pub at: Moment,
    /// Originator of the change.
    pub actor: Actor,
    /// Name of the change, in the past tense: `consent.created`.
    pub action: String,
    /// Status before, if there was one.
    pub before: Option<String>,
    /// Status after.
    pub after: String,
    /// Code of the reason, if the rule book names one; the words of an operator, if one acted.
    pub reason: Option<String>,
    /// `x-fapi-interaction-id` of the call, if one carried it.
    pub interaction: Option<String>,
}
