//! The record of an operation and its changes. Each change is the next version, stored in the place of the one before.

use std::fmt;
use std::time::Duration;

use ponte_values::{Invalid, Moment};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{OperationId, sum};
use crate::audit::{OperatorAction, OperatorIdentity, OperatorReason};
use crate::{CLOCK_DIFFERENCE, StoredForm};

/// How long an operation waits for its second operator.
pub const APPROVAL_TIME: Duration = Duration::from_hours(24);

/// Most parts of an operation: what needs more does not end.
pub const MOST_PARTS: u32 = 2_000;

/// Most bytes of a new record: its answer and what its parts need come on top.
const NEW_BYTES: usize = 150_000;
/// Most bytes of a record, below the 400 KB of an item of the store.
const MOST_BYTES: usize = 380_000;

/// Most characters of a fault that are kept.
const FAULT_LENGTH: usize = 500;

/// How an operation stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OperationState {
    /// It waits for a second operator; nothing runs until then.
    WaitingApproval,
    /// It is being done, or waits for its next part.
    Running,
    /// It is done.
    Done,
    /// It was not done, or not to its end.
    Failed,
    /// No second operator came in time; nothing was done.
    Expired,
    /// It is no order that the queue takes; nothing was done.
    Refused,
}

impl OperationState {
    /// Reads a state by its name, such as `WAITING_APPROVAL`.
    ///
    /// # Errors
    /// Another name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        serde_json::from_value(Value::from(text)).map_err(|_| Invalid("state of an operation"))
    }
}

/// A command that runs, and until when nobody else runs it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lease {
    /// Whoever runs it.
    pub owner: String,
    /// Since when.
    pub since: Moment,
    /// Until when.
    pub until: Moment,
}

/// What is done of an operation in several parts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Parts that are done.
    pub parts: u32,
    /// Their answers added up; null once they are the answer.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub sum: Value,
}

/// An operation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// The function that does it: `pcm`.
    pub function: String,
    /// Name of the command: `pcm.resend-day`.
    pub command: String,
    /// Members of the command besides; absent in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<Map<String, Value>>,
    /// Who ordered it.
    pub requested_by: OperatorIdentity,
    /// Why, if it changes something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<OperatorReason>,
    /// Who approved it, where two operators must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<OperatorIdentity>,
    /// Why they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_reason: Option<OperatorReason>,
    /// How it stands.
    pub state: OperationState,
    /// What is done of it, if it takes several parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// The part that runs or comes next, from 1 on.
    pub part: u32,
    /// How often that part was begun, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries: Option<u32>,
    /// What the messages about its parts say, so that nobody makes one up: shown to nobody, and none before the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Members that the command has for that part instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<Map<String, Value>>,
    /// The answer of the command, of all its parts; absent in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Value>,
    /// Why it was not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// When it was ordered.
    pub created: Moment,
    /// When it last changed.
    pub updated: Moment,
    /// Who runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    /// Counts its changes, from 1 on.
    pub version: u64,
    /// The text it was read from.
    #[serde(skip)]
    pub stored: StoredForm,
}

/// An order as it came.
#[derive(Clone, PartialEq, Debug)]
pub struct NewOperation {
    /// Its id.
    pub id: OperationId,
    /// The function that got it.
    pub function: String,
    /// Name of the command.
    pub command: String,
    /// Members of the command besides.
    pub members: Map<String, Value>,
    /// Who ordered it.
    pub requested_by: OperatorIdentity,
    /// Why.
    pub reason: Option<OperatorReason>,
}

/// Why an operation is not approved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApprovalFault {
    /// It waits for nobody.
    NotWaiting,
    /// Its time is over.
    Expired,
    /// Whoever ordered it cannot approve it.
    SameOperator,
}

impl fmt::Display for ApprovalFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotWaiting => "the operation waits for no approval",
            Self::Expired => "the operation has expired: nobody else approved it within 24 hours",
            Self::SameOperator => "the operation was ordered by the same operator: another one approves it",
        })
    }
}

impl Operation {
    /// A new one in a state.
    #[must_use]
    pub fn new(order: NewOperation, state: OperationState, now: Moment) -> Self {
        Self {
            id: order.id,
            function: order.function,
            command: order.command,
            members: Some(order.members),
            requested_by: order.requested_by,
            reason: order.reason,
            approved_by: None,
            approval_reason: None,
            state,
            progress: None,
            part: 1,
            tries: None,
            nonce: None,
            rest: None,
            answer: None,
            fault: None,
            created: now,
            updated: now,
            lease: None,
            version: 1,
            stored: StoredForm::default(),
        }
    }

    /// A new one that is refused.
    #[must_use]
    pub fn refused(order: NewOperation, fault: &str, now: Moment) -> Self {
        Self { fault: Some(fault.to_owned()), ..Self::new(order, OperationState::Refused, now) }
    }

    /// A new one that `owner` runs at once.
    #[must_use]
    pub fn run_by(self, owner: &str, span: Duration) -> Self {
        let (since, until) = (self.updated, self.updated.plus(span));
        let tries = Some(self.tries.unwrap_or_default().saturating_add(1));
        Self { lease: Some(Lease { owner: owner.to_owned(), since, until }), tries, ..self }
    }

    /// Whether a new one can be stored, with what will come on top, and be read again.
    #[must_use]
    pub fn can_be_kept(&self) -> bool {
        let text = serde_json::to_string(self).unwrap_or_default();
        text.len() <= NEW_BYTES && serde_json::from_str::<Self>(&text).is_ok_and(|read| read == *self)
    }

    /// Whether it is short enough to be stored.
    #[must_use]
    pub fn fits(&self) -> bool {
        serde_json::to_string(self).is_ok_and(|text| text.len() <= MOST_BYTES)
    }

    /// Its place among those of its day, as `after` of a list takes it: the time of its order and its id.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}#{}", self.created.with_millis(), self.id)
    }

    /// Whether another order is the same command with the same members, for the same function.
    #[must_use]
    pub fn is_same_order(&self, other: &Self) -> bool {
        self.function == other.function && self.command == other.command && self.members == other.members
    }

    /// Whether somebody runs it at `now`. What was noted by a clock that was far ahead does not count.
    #[must_use]
    pub fn is_run(&self, now: Moment) -> bool {
        let noted = |lease: &Lease| lease.since <= now.plus(CLOCK_DIFFERENCE) && now < lease.until;
        self.lease.as_ref().is_some_and(noted)
    }

    /// It, as it is shown at `now`: reading writes nothing, so what time ended is not yet written down.
    #[must_use]
    pub fn at(&self, now: Moment) -> Self {
        let shown = Self { nonce: None, ..self.clone() };
        let waits = self.state == OperationState::WaitingApproval;
        if waits && now >= self.created.plus(APPROVAL_TIME) {
            let fault = Some("nobody else approved it within 24 hours".to_owned());
            return Self { state: OperationState::Expired, fault, ..shown };
        }
        shown
    }

    /// It without what may be long.
    #[must_use]
    pub fn without_answer(self) -> Self {
        Self { members: None, answer: None, rest: None, ..self }
    }

    /// The members that the command has for the part that comes.
    #[must_use]
    pub fn members_of_part(&self) -> Map<String, Value> {
        let mut members = self.members.clone().unwrap_or_default();
        members.extend(self.rest.clone().unwrap_or_default());
        members
    }

    /// Who ordered it and why, for the audit rows of what it changes.
    #[must_use]
    pub fn action(&self) -> OperatorAction {
        OperatorAction {
            by: Some(self.requested_by.clone()),
            reason: self.reason.clone(),
            approved_by: self.approved_by.clone(),
            approval_reason: self.approval_reason.clone(),
            operation: Some(self.id.clone()),
            ordered_at: Some(self.created),
        }
    }

    /// `owner` runs it from now on.
    #[must_use]
    pub fn taken_by(&self, owner: &str, span: Duration, now: Moment) -> Self {
        self.changed(now).run_by(owner, span)
    }

    /// Nobody runs it: it will be tried again.
    #[must_use]
    pub fn let_go(&self, now: Moment) -> Self {
        Self { lease: None, ..self.changed(now) }
    }

    /// A second operator approves it at `now`.
    ///
    /// # Errors
    /// Why it is not approved.
    pub fn approved(
        &self,
        by: OperatorIdentity,
        reason: OperatorReason,
        now: Moment,
    ) -> Result<Self, ApprovalFault> {
        match self.at(now).state {
            OperationState::Expired => Err(ApprovalFault::Expired),
            OperationState::WaitingApproval if self.requested_by.name == by.name => {
                Err(ApprovalFault::SameOperator)
            }
            OperationState::WaitingApproval => Ok(Self {
                state: OperationState::Running,
                approved_by: Some(by),
                approval_reason: Some(reason),
                ..self.changed(now)
            }),
            _ => Err(ApprovalFault::NotWaiting),
        }
    }

    /// Its time to be approved is over.
    #[must_use]
    pub fn expired(&self, now: Moment) -> Self {
        let Self { state, fault, .. } = self.at(now);
        Self { state, fault, ..self.changed(now) }
    }

    /// A part is done, and the command goes on with the members `rest`; it failed if it has too many.
    #[must_use]
    pub fn advanced(&self, answer: Value, rest: Map<String, Value>, now: Moment) -> Self {
        let sum = sum(self.progress.as_ref().map(|done| &done.sum), answer);
        let next = Self {
            progress: Some(Progress { parts: self.part, sum }),
            part: self.part.saturating_add(1),
            tries: None,
            // Only whoever ran a part knows its owner.
            nonce: self.nonce.clone().or_else(|| self.lease.as_ref().map(|lease| lease.owner.clone())),
            rest: Some(rest),
            lease: None,
            ..self.changed(now)
        };
        if self.part < MOST_PARTS {
            return next;
        }
        let fault = Some(format!("it takes more than {MOST_PARTS} parts: order what is left"));
        Self { state: OperationState::Failed, fault, rest: None, ..next }
    }

    /// It is done, its last part with this answer.
    #[must_use]
    pub fn done(&self, answer: Value, now: Moment) -> Self {
        let answer = sum(self.progress.as_ref().map(|done| &done.sum), answer);
        let progress = self.progress.as_ref().map(|_| Progress { parts: self.part, sum: Value::Null });
        let ended = self.ended(OperationState::Done, now);
        Self { answer: Some(answer), progress, ..ended }
    }

    /// It was not done, or not to its end.
    #[must_use]
    pub fn failed(&self, fault: &str, now: Moment) -> Self {
        let fault = fault.chars().take(FAULT_LENGTH).collect();
        Self { fault: Some(fault), ..self.ended(OperationState::Failed, now) }
    }

    fn ended(&self, state: OperationState, now: Moment) -> Self {
        Self { state, rest: None, lease: None, tries: None, ..self.changed(now) }
    }

    fn changed(&self, now: Moment) -> Self {
        Self { updated: now, version: self.version + 1, ..self.clone() }
    }
}
