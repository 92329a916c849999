//! The outcome of a notification: how many consents it changed, and why it did not change the others.

use serde::Serialize;

/// Consents by the effect of a notification.
#[derive(Default, Serialize)]
pub(super) struct Tally {
    /// Changed by this call.
    pub(super) changed: u32,
    /// In the announced state before, or ended, or without the product by now.
    pub(super) unchanged: u32,
    /// Left waiting for their approvers.
    pub(super) pending: u32,
    /// The product cannot take that status, or the institution refused the discovery or knows nothing of it.
    pub(super) refused: u32,
    /// The institution did not answer, or the consent changed while it was asked: the notification is to be repeated.
    pub(super) failed: u32,
}

/// The effect of a notification on one consent.
#[derive(Clone, Copy)]
pub(super) enum Effect {
    Changed,
    Unchanged,
    Pending,
    Refused,
    Failed,
}

impl Tally {
    /// Consents counted so far.
    pub(super) const fn all(&self) -> u32 {
        self.changed + self.unchanged + self.pending + self.refused + self.failed
    }

    /// Counts one consent.
    pub(super) fn count(&mut self, effect: Effect) {
        let number = match effect {
            Effect::Changed => &mut self.changed,
            Effect::Unchanged => &mut self.unchanged,
            Effect::Pending => &mut self.pending,
            Effect::Refused => &mut self.refused,
            Effect::Failed => &mut self.failed,
        };
        *number += 1;
    }
}
