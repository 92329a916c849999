//! Changes that time makes: the end of a consent, approvals that did not come, and the notice before the end.

use std::time::Duration;

use ponte_values::Moment;

use super::change::{AuditAction, ConsentChange};
use super::data_consent::Consent;
use super::effective_status::EffectiveStatus;
use super::proof::InForce;
use super::resource::Resource;
use super::resource_status::ResourceStatus;
use super::state::State;
use ponte_ports::audit::Actor;
use ponte_ports::outbox::NoticeKind;

impl Consent {
    /// The next moment at which time changes the consent: the hour without a decision (C03), the notice before the end,
    /// the end itself (C04), the deadline of an approval. `None` if time changes nothing any more.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        let approvals = self.resources().iter().filter_map(Resource::deadline);
        self.end().map(|end| end.at).into_iter().chain(self.notice_at()).chain(approvals).min()
    }

    /// The change that time made by `now`, with the reason that [`Consent::at`] gives; `None` if there is none.
    #[must_use]
    pub fn expire(self, now: Moment) -> Option<ConsentChange> {
        match self.at(now) {
            EffectiveStatus::Rejected(_) if matches!(self.state, State::Rejected(_)) => None,
            EffectiveStatus::Rejected(rejection) => {
                let action = AuditAction { action: "consent.expired", actor: Actor::Ponte, at: now };
                Some(self.rejected(rejection, action))
            }
            EffectiveStatus::Awaiting => None,
            EffectiveStatus::Authorised(_) => InForce { consent: self, now }.pass_time(),
        }
    }

    /// Skips the notice of an end that is near already when it is decided.
    pub(super) fn with_expiry_notice(mut self, now: Moment) -> Self {
        if self.notice_at().is_some_and(|at| now >= at) {
            self.noticed = self.expires_at;
        }
        self
    }

    /// The moment of the notice before the end, once for each end.
    fn notice_at(&self) -> Option<Moment> {
        let (State::Authorised(_), Some(end), Some(seconds)) =
            (&self.state, self.expires_at, self.notice_seconds)
        else {
            return None;
        };
        (self.noticed != Some(end)).then(|| end.minus(Duration::from_secs(seconds)))
    }
}

impl InForce {
    fn pass_time(mut self) -> Option<ConsentChange> {
        let now = self.now;
        let mut lapsed = false;
        for resource in self.resources() {
            if resource.deadline().is_some_and(|deadline| now >= deadline) {
                resource.status = ResourceStatus::Unavailable;
                lapsed = true;
            }
        }
        let near = self.consent.notice_at().is_some_and(|at| now >= at);
        let (action, first, second) = match (lapsed, near) {
            (false, false) => return None,
            (true, false) => ("consent.approvals_lapsed", NoticeKind::Resources, None),
            (false, true) => ("consent.expiring", NoticeKind::Expiring, None),
            (true, true) => ("consent.approvals_lapsed", NoticeKind::Resources, Some(NoticeKind::Expiring)),
        };
        if near {
            self.consent.noticed = self.consent.expires_at;
        }
        let action = AuditAction { action, actor: Actor::Ponte, at: now };
        let mut change = self.consent.change_within(action, first);
        change.notices.extend(second);
        Some(change)
    }
}
