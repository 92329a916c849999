//! Answers of approvers for the products of a consent in force, one by one or all at once by the institution (C60).

use ponte_authorization::approval::{AnswerFault, ApprovalOutcome, ApproverAnswer};
use ponte_ports::audit::Actor;
use ponte_values::Cpf;

use super::change::ConsentChange;
use super::fault::ApprovalFault;
use super::proof::InForce;
use super::resource::Resource;
use super::resource_status::ResourceStatus;

impl InForce {
    /// Records an approver's answer for the product `only` or, with `None`, for every product that waits for this person.
    /// One refusal makes a product UNAVAILABLE for good; the last approval makes it AVAILABLE.
    ///
    /// # Errors
    /// `UnknownResource` if the consent has no product `only`. If no product takes the answer: `AlreadyAnswered` before
    /// `NotAnApprover` before `NothingPending`, which also means that the deadline has passed.
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
                    resource.status = match decided {
                        ApprovalOutcome::Waiting => resource.status,
                        ApprovalOutcome::Approved => ResourceStatus::Available,
                        ApprovalOutcome::Refused => ResourceStatus::Unavailable,
                    };
                    outcome = Ok(());
                }
                // One product that takes the answer is a success; else the more specific fault is told.
                Err(AnswerFault::AlreadyAnswered) if outcome.is_err() => {
                    outcome = Err(ApprovalFault::AlreadyAnswered);
                }
                Err(fault) if outcome == Err(ApprovalFault::NothingPending) => outcome = Err(fault.into()),
                Err(_) => {}
            }
        }
        outcome?;
        let action = if approved { "consent.approval_given" } else { "consent.approval_refused" };
        Ok(self.resources_changed(action, actor))
    }

    /// The institution completes the approvals: all products that still wait are settled at once.
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
