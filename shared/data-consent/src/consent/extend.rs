//! Renewal: another end for an authorised consent (C30, C31, C33).

use std::time::Duration;

use ponte_ports::audit::Actor;
use ponte_ports::outbox::NoticeKind;
use ponte_values::Moment;

use super::change::{AuditAction, ConsentChange};
use super::extension::{Extension, ExtensionRequest};
use super::fault::ExtensionFault;
use super::policy::ConsentPolicy;
use super::proof::InForce;

/// How long a renewal that is asked for again is the one before: its answer was lost.
const REPEATED_WITHIN: Duration = Duration::from_mins(1);

/// Distance of renewals in the history: what the sort key of a renewal tells apart.
const STEP: Duration = Duration::from_millis(1);

impl InForce {
    /// Whether `request` asks again for `last`, the newest renewal: by the same person, to the same end, within a minute.
    #[must_use]
    pub fn was_extended_by(&self, request: &ExtensionRequest, last: &Extension) -> bool {
        self.consent.expires_at == request.expires_at
            && self.consent.business == request.business
            && last.expires_at == request.expires_at
            && last.logged_user == request.logged_user
            && self.now.since(last.requested_at) <= REPEATED_WITHIN
    }

    /// Gives the consent another end; the status and everything else stay (C30). Order of the faults as in C33.
    ///
    /// `last` is the newest renewal so far. The new one lies behind it in time, whatever the clocks say that read both, so
    /// that the newest of the history is the one in force (C34).
    pub fn extend(
        mut self,
        request: ExtensionRequest,
        last: Option<&Extension>,
        policy: ConsentPolicy,
        actor: Actor,
    ) -> Result<ConsentChange, ExtensionFault> {
        self.check(&request, policy)?;
        let Self { consent, now } = &mut self;
        let requested_at = last.map_or(*now, |last| (*now).max(last.requested_at.plus(STEP)));
        let extension = Extension {
            requested_at,
            logged_user: request.logged_user,
            expires_at: request.expires_at,
            previous_expires_at: consent.expires_at,
            ip_address: request.ip_address,
            user_agent: request.user_agent,
        };
        consent.expires_at = request.expires_at;
        consent.renewals += 1;
        let action = AuditAction { action: "consent.extended", actor, at: requested_at };
        let change = self.consent.with_expiry_notice(self.now).change_within(action, NoticeKind::Extended);
        Ok(ConsentChange { extension: Some(extension), ..change })
    }

    fn check(&self, request: &ExtensionRequest, policy: ConsentPolicy) -> Result<(), ExtensionFault> {
        let consent = &self.consent;
        match (&consent.business, &request.business) {
            (None, None) if consent.logged_user != request.logged_user => {
                return Err(ExtensionFault::OtherCustomer);
            }
            (Some(own), Some(other)) if own != other => return Err(ExtensionFault::OtherCustomer),
            (None, Some(_)) => return Err(ExtensionFault::OtherCustomer),
            (Some(_), None) => return Err(ExtensionFault::CompanyNotNamed),
            (None, None) | (Some(_), Some(_)) => {}
        }
        if consent.linked {
            return Err(ExtensionFault::Linked);
        }
        if consent.authorisation().is_some_and(|yes| yes.resources.need_several_approvers()) {
            return Err(ExtensionFault::SeveralApprovers);
        }
        if self.is_later(request.expires_at, policy) { Ok(()) } else { Err(ExtensionFault::ExpirationDate) }
    }

    /// Whether an end lies after the current one, and so after now; nothing lies after an indefinite term (C30).
    fn is_later(&self, end: Option<Moment>, policy: ConsentPolicy) -> bool {
        match (self.consent.expires_at, end) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(current), Some(end)) => {
                let within = policy.longest_renewal.is_none_or(|term| end <= self.now.plus(term));
                end > current && within
            }
        }
    }
}
