//! A product that a consent shares, with its status (C56, C60).

use ponte_authorization::approval::Approvals;
use ponte_values::{Moment, ResourceKind};
use serde::{Deserialize, Serialize};

use super::resource_status::ResourceStatus;
use ponte_ports::LegacyId;

/// One product of the customer under a consent. It has no clock in it: [`Resource::at`] gives its status.
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

    /// Its approvers; `None` if the customer alone decides.
    #[must_use]
    pub const fn approvals(&self) -> Option<&Approvals> {
        self.approvals.as_ref()
    }

    /// When it stops waiting, if it waits.
    pub(super) fn deadline(&self) -> Option<Moment> {
        let waits = self.status == ResourceStatus::PendingAuthorisation;
        self.approvals.as_ref().filter(|_| waits).map(Approvals::deadline)
    }
}
