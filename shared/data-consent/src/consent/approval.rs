//! Several approvers: products that other people must agree to, one by one or all at once by the institution's word.

use ponte_values::{Cpf, Moment, PersonName};
use serde::{Deserialize, Serialize};

use super::{ApprovalFault, ConsentChange, InForce, Resource, ResourceStatus};
use ponte_ports::audit::Actor;

/// Who has to approve a product besides the customer, until when, and what they said.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approvals {
    pub(super) deadline: Moment,
    approvers: Vec<Approver>,
}

/// One person who has to approve.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approver {
    /// Who.
    pub cpf: Cpf,
    /// Name, where the institution gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// What the person said, once asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<ApproverAnswer>,
}

/// A yes or no of an approver.
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
    /// The people besides `customer`, whose own yes is the consent itself, each once. None if nobody is left: then the
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

    /// Until when.
    #[must_use]
    pub const fn deadline(&self) -> Moment {
        self.deadline
    }

    /// Who, and what they said.
    #[must_use]
    pub fn approvers(&self) -> &[Approver] {
        &self.approvers
    }

    /// Takes an answer; what it makes of the product, if it decides.
    fn take(&mut self, who: &Cpf, answer: ApproverAnswer) -> Result<Option<ResourceStatus>, ApprovalFault> {
        let found = self.approvers.iter_mut().find(|person| person.cpf == *who);
        let person = found.ok_or(ApprovalFault::NotAnApprover)?;
        if person.answer.is_some() {
            return Err(ApprovalFault::AlreadyAnswered);
        }
        person.answer = Some(answer);
        let all = self.approvers.iter().all(|person| person.answer.is_some_and(|answer| answer.approved));
        Ok(match (answer.approved, all) {
            (false, _) => Some(ResourceStatus::Unavailable),
            (true, true) => Some(ResourceStatus::Available),
            (true, false) => None,
        })
    }
}

impl InForce {
    /// An approver answers for one product, or for all that wait for this person. One no closes a product, the last yes
    /// opens it.
    pub fn answer(
        mut self,
        who: &Cpf,
        only: Option<&str>,
        approved: bool,
        actor: Actor,
    ) -> Result<ConsentChange, ApprovalFault> {
        let now = self.now;
        if let Some(id) = only
            && !self.resources().iter().any(|resource| resource.id == id)
        {
            return Err(ApprovalFault::UnknownResource);
        }
        let mut outcome = Err(ApprovalFault::NothingPending);
        for resource in self.pending().filter(|resource| only.is_none_or(|id| resource.id == id)) {
            let Some(approvals) = &mut resource.approvals else { continue };
            match approvals.take(who, ApproverAnswer { approved, at: now }) {
                Ok(decided) => {
                    resource.status = decided.unwrap_or(resource.status);
                    outcome = Ok(());
                }
                // Of several products the one that can still be answered counts, then the nearest miss.
                Err(ApprovalFault::AlreadyAnswered) if outcome.is_err() => {
                    outcome = Err(ApprovalFault::AlreadyAnswered);
                }
                Err(fault) if outcome == Err(ApprovalFault::NothingPending) => outcome = Err(fault),
                Err(_) => {}
            }
        }
        outcome?;
        let action = if approved { "consent.approval_given" } else { "consent.approval_refused" };
        Ok(self.resources_changed(action, actor))
    }

    /// The institution completes the approvals: whatever still waits is settled at once.
    pub fn settle(mut self, approved: bool, actor: Actor) -> Result<ConsentChange, ApprovalFault> {
        let settled = if approved { ResourceStatus::Available } else { ResourceStatus::Unavailable };
        let mut any = false;
        for resource in self.pending() {
            resource.status = settled;
            any = true;
        }
        if !any {
            return Err(ApprovalFault::NothingPending);
        }
        let action = if approved { "consent.approvals_completed" } else { "consent.approvals_denied" };
        Ok(self.resources_changed(action, actor))
    }

    fn pending(&mut self) -> impl Iterator<Item = &mut Resource> {
        let now = self.now;
        self.resources()
            .iter_mut()
            .filter(move |resource| resource.at(now) == ResourceStatus::PendingAuthorisation)
    }
}
