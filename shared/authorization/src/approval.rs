//! Approvers: other people than the customer who must agree before a product may be read (C11, C60), or a payment made (P06).

use ponte_values::{Cpf, Moment, PersonName};
use serde::{Deserialize, Serialize};

/// The approvers besides the customer, their deadline and their answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approvals {
    deadline: Moment,
    approvers: Vec<Approver>,
}

/// A person who has to approve.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approver {
    /// The person.
    pub cpf: Cpf,
    /// Name, where the institution gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// Answer, once given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<ApproverAnswer>,
}

/// The answer of an approver.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApproverAnswer {
    /// Yes or no.
    pub approved: bool,
    /// When.
    pub at: Moment,
}

impl Approver {
    /// A person who has not answered.
    #[must_use]
    pub const fn new(cpf: Cpf, name: Option<PersonName>) -> Self {
        Self { cpf, name, answer: None }
    }
}

impl Approvals {
    /// The approvers besides `customer`, who approves by the consent itself, each once. `None` if there is no other: the
    /// customer alone decides (C11).
    #[must_use]
    pub fn besides(customer: &Cpf, people: Vec<Approver>, deadline: Moment) -> Option<Self> {
        let mut approvers: Vec<Approver> = Vec::new();
        for person in people {
            let known = approvers.iter().any(|other| other.cpf == person.cpf);
            if person.cpf != *customer && !known {
                approvers.push(person);
            }
        }
        (!approvers.is_empty()).then_some(Self { deadline, approvers })
    }

    /// The moment until which they may answer.
    #[must_use]
    pub const fn deadline(&self) -> Moment {
        self.deadline
    }

    /// The people, with their answers.
    #[must_use]
    pub fn approvers(&self) -> &[Approver] {
        &self.approvers
    }

    /// Takes an answer, and says what it decides.
    ///
    /// # Errors
    /// Those of [`AnswerFault`].
    pub fn take(&mut self, who: &Cpf, answer: ApproverAnswer) -> Result<ApprovalOutcome, AnswerFault> {
        let found = self.approvers.iter_mut().find(|person| person.cpf == *who);
        let person = found.ok_or(AnswerFault::NotAnApprover)?;
        if person.answer.is_some() {
            return Err(AnswerFault::AlreadyAnswered);
        }
        person.answer = Some(answer);
        let all = self.approvers.iter().all(|person| person.answer.is_some_and(|answer| answer.approved));
        Ok(match (answer.approved, all) {
            (false, _) => ApprovalOutcome::Refused,
            (true, true) => ApprovalOutcome::Approved,
            (true, false) => ApprovalOutcome::Waiting,
        })
    }
}

/// What the answers so far decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApprovalOutcome {
    /// Others have not answered.
    Waiting,
    /// All approved.
    Approved,
    /// One refused, which ends it.
    Refused,
}

/// The reason why an answer is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AnswerFault {
    /// The person is not among the approvers.
    NotAnApprover,
    /// The person answered before; an answer stands.
    AlreadyAnswered,
}
