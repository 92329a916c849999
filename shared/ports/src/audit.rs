//! Audit rows: who changed what, when and why. They are written in the transaction of the change and never altered.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use ponte_values::{Invalid, Moment};
use serde::{Deserialize, Serialize};

use crate::operation::OperationId;

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
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
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

/// Who an operator is (T47).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OperatorIdentity {
    /// The name: of 1 to 128 characters on one line.
    pub name: String,
    /// Whether AWS says so: the sender of a message is its principal. A direct invocation names no caller, so that who says
    /// who they are is believed unproven.
    pub proven: bool,
}

impl OperatorIdentity {
    /// Longest name in characters; the longest `SenderId` of SQS fits.
    pub const MAX_LENGTH: usize = 128;

    /// The identity that whoever invokes a function states.
    ///
    /// # Errors
    /// A text that is no name.
    pub fn stated(name: &str) -> Result<Self, Invalid> {
        Self::named(name, false)
    }

    /// The identity of the principal that sent a message, its `SenderId`.
    ///
    /// # Errors
    /// A text that is no name.
    pub fn sender(sender_id: &str) -> Result<Self, Invalid> {
        Self::named(sender_id, true)
    }

    fn named(name: &str, proven: bool) -> Result<Self, Invalid> {
        let fits = (1..=Self::MAX_LENGTH).contains(&name.chars().count());
        if fits && name.trim() == name && !name.chars().any(char::is_control) {
            Ok(Self { name: name.to_owned(), proven })
        } else {
            Err(Invalid("name of an operator"))
        }
    }
}

/// Who ordered an operator command, and why, as far as its trigger tells.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct OperatorAction {
    /// The operator.
    #[serde(flatten)]
    pub by: Option<OperatorIdentity>,
    /// The reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<OperatorReason>,
    /// The second operator, where the command needs two.
    #[serde(rename = "approvedBy", default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<OperatorIdentity>,
    /// Why they approved it.
    #[serde(rename = "approvalReason", default, skip_serializing_if = "Option::is_none")]
    pub approval_reason: Option<OperatorReason>,
    /// The operation, if it came by a queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationId>,
    /// When it was ordered, if it came by a queue: what was done later by somebody else is newer than the order.
    #[serde(skip)]
    pub ordered_at: Option<Moment>,
}

/// An order of an operator who is named and gives a reason: nothing is changed without both (T47).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OperatorOrder(OperatorAction);

/// The order does not say who gives it or why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unsigned;

impl fmt::Display for Unsigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("by.name and by.reason: who orders this, and why")
    }
}

impl Error for Unsigned {}

impl OperatorOrder {
    /// The order of an action.
    ///
    /// # Errors
    /// The name or the reason is missing.
    pub fn of(action: &OperatorAction) -> Result<Self, Unsigned> {
        match (&action.by, &action.reason) {
            (Some(_), Some(_)) => Ok(Self(action.clone())),
            _ => Err(Unsigned),
        }
    }

    /// The order of a command whose reason is a member of its own, which counts where the action gives none.
    ///
    /// # Errors
    /// The name is missing.
    pub fn for_reason(action: &OperatorAction, reason: &OperatorReason) -> Result<Self, Unsigned> {
        let reason = action.reason.as_ref().unwrap_or(reason);
        Self::of(&OperatorAction { reason: Some(reason.clone()), ..action.clone() })
    }

    /// The audit row of a change that was ordered so.
    #[must_use]
    pub fn signed(&self, entry: AuditEntry) -> AuditEntry {
        AuditEntry { operator: Some(self.0.clone()), ..entry }
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
    /// The operator and the reason, if an operator acted and said so (T47).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<OperatorAction>,
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
    /// The operator and the reason, if an operator acted and said so (T47).
    pub operator: Option<OperatorAction>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t47_an_order_names_its_operator_and_its_reason() {
        let ana = Some(OperatorIdentity::stated("ana").unwrap());
        let [why, own] = ["why", "own"].map(|reason| OperatorReason::parse(reason).unwrap());
        let whole =
            OperatorAction { by: ana.clone(), reason: Some(why.clone()), ..OperatorAction::default() };
        let unnamed = OperatorAction { by: None, reason: Some(why.clone()), ..OperatorAction::default() };
        let without = OperatorAction { by: ana.clone(), reason: None, ..OperatorAction::default() };
        assert_eq!(OperatorOrder::of(&whole), Ok(OperatorOrder(whole.clone())));
        for incomplete in [&OperatorAction::default(), &unnamed, &without] {
            assert_eq!(OperatorOrder::of(incomplete), Err(Unsigned));
        }
        assert_eq!(OperatorOrder::for_reason(&unnamed, &own), Err(Unsigned));
        assert_eq!(OperatorOrder::for_reason(&whole, &own), Ok(OperatorOrder(whole)));
        let own_reason = OperatorAction { by: ana, reason: Some(own.clone()), ..OperatorAction::default() };
        assert_eq!(OperatorOrder::for_reason(&without, &own), Ok(OperatorOrder(own_reason)));
    }

    #[test]
    fn t47_an_operator_is_proven_by_aws_alone() {
        assert!(!OperatorIdentity::stated("ana").unwrap().proven);
        assert!(OperatorIdentity::sender("AROAEXAMPLE:ana").unwrap().proven);
        for name in ["", " ana", "ana\n", &"a".repeat(129)] {
            assert!(
                OperatorIdentity::stated(name).is_err() && OperatorIdentity::sender(name).is_err(),
                "{name}"
            );
        }
        for reason in ["", "why ", "a\tb", &"a".repeat(201)] {
            assert!(OperatorReason::parse(reason).is_err(), "{reason}");
        }
    }

    #[test]
    fn t47_an_operator_and_a_reason_are_kept_word_for_word() {
        let (name, words) = ("á".repeat(128), "ó".repeat(200));
        let expected = |proven| OperatorIdentity { name: name.clone(), proven };
        assert_eq!(OperatorIdentity::stated(&name).unwrap(), expected(false));
        assert_eq!(OperatorIdentity::sender(&name).unwrap(), expected(true));
        assert_eq!(OperatorReason::parse(&words).unwrap().as_str(), words);
    }

    #[test]
    fn t47_an_audit_row_names_both_operators_where_there_are_two_and_an_older_row_names_one() {
        let reason = OperatorReason::parse("why").ok();
        let [by, approved_by] = ["AROA:ana", "AROA:bruno"].map(|id| OperatorIdentity::sender(id).ok());
        let approval_reason = OperatorReason::parse("seen").ok();
        let operation = OperationId::parse("one").ok();
        let two = OperatorAction { by, reason, approved_by, approval_reason, operation, ordered_at: None };
        let text = serde_json::to_string(&two).unwrap();
        let written = r#"{"name":"AROA:ana","proven":true,"reason":"why","approvedBy":{"name":"AROA:bruno","proven":true},"approvalReason":"seen","operation":"one"}"#;
        assert_eq!((text.as_str(), serde_json::from_str(&text).unwrap()), (written, two.clone()));
        let older = r#"{"name":"AROA:ana","proven":true,"reason":"why"}"#;
        let one = OperatorAction { approved_by: None, approval_reason: None, operation: None, ..two };
        assert_eq!(serde_json::from_str::<OperatorAction>(older).unwrap(), one);
    }

    #[test]
    fn t47_an_audit_row_names_the_operator_and_the_reason() {
        let entry = AuditEntry {
            at: Moment::from_seconds(1),
            actor: Actor::Operator,
            subject: "client-1".to_owned(),
            action: "client.blocked",
            before: None,
            after: "BLOCKED",
            reason: None,
            interaction: None,
            operator: None,
        };
        let reason = OperatorReason::parse("fraud").ok();
        let action =
            OperatorAction { by: OperatorIdentity::stated("ana").ok(), reason, ..OperatorAction::default() };
        let signed = OperatorOrder::of(&action).unwrap().signed(entry.clone());
        assert_eq!(signed, AuditEntry { operator: Some(action), ..entry });
    }
}
