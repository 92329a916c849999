//! The products a consent shares, each with its status (C56, C60).

use ponte_values::{Moment, ResourceKind};
use serde::{Deserialize, Serialize};

use super::change::AuditAction;
use super::{ApprovalFault, Approvals, ConsentChange, InForce, State};
use crate::legacy_id::LegacyId;
use ponte_ports::audit::Actor;
use ponte_ports::outbox::NoticeKind;

/// One product of the customer under a consent. It has no clock in it: ask [`Resource::at`] for its status.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// Public id: stable for the customer, unguessable, without personal data (C56).
    pub id: String,
    /// Kind of product.
    pub kind: ResourceKind,
    /// The institution's own key; passed on unread.
    pub legacy_id: LegacyId,
    pub(super) status: ResourceStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) approvals: Option<Approvals>,
}

/// State of a resource (C60).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResourceStatus {
    /// May be read.
    Available,
    /// May not be read any more.
    Unavailable,
    /// May not be read now.
    TemporarilyUnavailable,
    /// Another person has to approve first.
    PendingAuthorisation,
}

impl ResourceStatus {
    /// The name on the wire (C60).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Unavailable => "UNAVAILABLE",
            Self::TemporarilyUnavailable => "TEMPORARILY_UNAVAILABLE",
            Self::PendingAuthorisation => "PENDING_AUTHORISATION",
        }
    }

    /// Whether a product may go from this status to `next`: pending to any, available and temporarily unavailable to
    /// and fro, anything to unavailable, and from there nowhere (C60: pending only at first).
    #[must_use]
    pub const fn leads_to(self, next: Self) -> bool {
        match (self, next) {
            (Self::PendingAuthorisation, Self::PendingAuthorisation) | (Self::Unavailable, _) => false,
            (Self::PendingAuthorisation, _)
            | (_, Self::Unavailable)
            | (Self::Available, Self::TemporarilyUnavailable)
            | (Self::TemporarilyUnavailable, Self::Available) => true,
            (Self::Available | Self::TemporarilyUnavailable, _) => false,
        }
    }
}

impl Resource {
    /// A product in the status the institution states.
    #[must_use]
    pub const fn new(id: String, kind: ResourceKind, status: ResourceStatus, legacy_id: LegacyId) -> Self {
        Self { id, kind, legacy_id, status, approvals: None }
    }

    /// A product that waits for other people, or is available at once if there are none (C11).
    #[must_use]
    pub fn awaiting(
        id: String,
        kind: ResourceKind,
        legacy_id: LegacyId,
        approvals: Option<Approvals>,
    ) -> Self {
        let status = match approvals {
            Some(_) => ResourceStatus::PendingAuthorisation,
            None => ResourceStatus::Available,
        };
        Self { id, kind, legacy_id, status, approvals }
    }

    /// Its status at `now`: an approval that did not come in time makes it unavailable, written down or not.
    #[must_use]
    pub fn at(&self, now: Moment) -> ResourceStatus {
        match self.deadline() {
            Some(deadline) if now >= deadline => ResourceStatus::Unavailable,
            _ => self.status,
        }
    }

    /// Who had or has to approve it; none if the customer alone decides.
    #[must_use]
    pub const fn approvals(&self) -> Option<&Approvals> {
        self.approvals.as_ref()
    }

    /// When it stops waiting, if it waits.
    pub(super) fn deadline(&self) -> Option<Moment> {
        let waits = self.status == ResourceStatus::PendingAuthorisation;
        self.approvals.as_ref().filter(|_| waits).map(|approvals| approvals.deadline)
    }
}

impl InForce {
    /// The institution says what became of a product (C60).
    pub fn resource_became(
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
    /// is available. To be missing is never final, and to be listed answers for no approver (C60). None if nothing
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
