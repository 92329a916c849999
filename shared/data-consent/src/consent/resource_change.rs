//! Changes of the products of a consent in force, as the institution tells them (C60).

use ponte_ports::audit::Actor;
use ponte_ports::outbox::NoticeKind;
use ponte_values::ResourceKind;

use super::change::{AuditAction, ConsentChange};
use super::fault::ApprovalFault;
use super::proof::InForce;
use super::resource::Resource;
use super::resource_status::ResourceStatus;
use super::state::State;

impl InForce {
    /// The institution reports another status of a product (C60).
    pub fn change_resource_status(
        mut self,
        id: &str,
        next: ResourceStatus,
        actor: Actor,
    ) -> Result<ConsentChange, ApprovalFault> {
        let now = self.now;
        let found = self.resources().iter_mut().find(|resource| resource.id == id);
        let resource = found.ok_or(ApprovalFault::UnknownResource)?;
        if !resource.at(now).leads_to(next) {
            return Err(ApprovalFault::Status);
        }
        resource.status = next;
        Ok(self.resources_changed("consent.resource_changed", actor))
    }

    /// The institution lists the products of a kind again: one that is missing is unavailable for now, one that is back
    /// is available. To be missing is never final, and to be listed answers for no approver (C60). `None` if nothing
    /// changes.
    #[must_use]
    pub fn rediscovered(
        mut self,
        kind: ResourceKind,
        found: &[String],
        actor: Actor,
    ) -> Option<ConsentChange> {
        let mut any = false;
        for resource in self.resources().iter_mut().filter(|resource| resource.kind == kind) {
            let next = match (resource.status, found.contains(&resource.id)) {
                (ResourceStatus::Available, false) => ResourceStatus::TemporarilyUnavailable,
                (ResourceStatus::TemporarilyUnavailable, true) => ResourceStatus::Available,
                _ => continue,
            };
            resource.status = next;
            any = true;
        }
        any.then(|| self.resources_changed("consent.resources_rediscovered", actor))
    }

    pub(super) fn resources(&mut self) -> &mut [Resource] {
        match &mut self.consent.state {
            State::Authorised(authorisation) => &mut authorisation.resources,
            State::AwaitingAuthorisation | State::Rejected(_) => &mut [],
        }
    }

    pub(super) fn resources_changed(self, action: &'static str, actor: Actor) -> ConsentChange {
        let action = AuditAction { action, actor, at: self.now };
        self.consent.change_within(action, NoticeKind::Resources)
    }
}
