//! Authorisation, refusal and the end. Each transition starts from a proof of the state it needs (C03, C04, C10, C41).

use ponte_values::Moment;

use super::change::{AuditAction, ConsentChange};
use super::data_consent::Consent;
use super::effective_status::EffectiveStatus;
use super::fault::ConsentFault;
use super::proof::Awaiting;
use super::rejection::{InstitutionReason, RejectedBy, Rejection, RejectionReason};
use super::state::Authorisation;
use ponte_ports::audit::Actor;

impl Awaiting {
    /// The customer authorised (C03).
    #[must_use]
    pub fn authorise(self, authorisation: Authorisation, actor: Actor) -> ConsentChange {
        let at = authorisation.at;
        let action = AuditAction { action: "consent.authorised", actor, at };
        let mut change = self.0.authorised(authorisation, action);
        change.consent = change.consent.with_expiry_notice(at);
        change
    }

    /// The customer refused, or is not the one the consent names (C03, S20).
    #[must_use]
    pub fn refuse(self, rejection: Rejection, actor: Actor) -> ConsentChange {
        let action = AuditAction { action: "consent.refused", actor, at: rejection.at };
        self.0.rejected(rejection, action)
    }
}

impl Consent {
    /// The customer authorised (C03).
    pub fn authorise(
        self,
        authorisation: Authorisation,
        actor: Actor,
    ) -> Result<ConsentChange, ConsentFault> {
        let waiting = self.awaiting(authorisation.at)?;
        Ok(waiting.authorise(authorisation, actor))
    }

    /// The customer refused, or is not the one the consent names, while it was still waiting (C03, S20).
    pub fn refuse(self, rejection: Rejection, actor: Actor) -> Result<ConsentChange, ConsentFault> {
        let waiting = self.awaiting(rejection.at)?;
        Ok(waiting.refuse(rejection, actor))
    }

    /// Ended at the customer's wish, on either side (C04, C10). The reason follows from whether it was authorised.
    pub fn revoke(self, by: RejectedBy, actor: Actor, now: Moment) -> Result<ConsentChange, ConsentFault> {
        let reason = match self.at(now) {
            EffectiveStatus::Awaiting => RejectionReason::CustomerManuallyRejected,
            EffectiveStatus::Authorised(_) => RejectionReason::CustomerManuallyRevoked,
            EffectiveStatus::Rejected(_) => return Err(ConsentFault::AlreadyRejected),
        };
        let rejection = Rejection { by, reason, at: now };
        Ok(self.rejected(rejection, AuditAction { action: "consent.revoked", actor, at: now }))
    }

    /// Ended by this institution of its own accord (C04).
    pub fn withdraw(
        self,
        reason: InstitutionReason,
        actor: Actor,
        now: Moment,
    ) -> Result<ConsentChange, ConsentFault> {
        if matches!(self.at(now), EffectiveStatus::Rejected(_)) {
            return Err(ConsentFault::AlreadyRejected);
        }
        let rejection = Rejection { by: RejectedBy::Aspsp, reason: reason.into(), at: now };
        Ok(self.rejected(rejection, AuditAction { action: "consent.withdrawn", actor, at: now }))
    }

    /// Ended because its primary was revoked or consumed (C41); `by` ended that one. `None` if it has no primary or is
    /// over already.
    #[must_use]
    pub fn end_with_primary(self, by: RejectedBy, now: Moment) -> Option<ConsentChange> {
        if !self.linked {
            return None;
        }
        let mut change = self.revoke(by, Actor::Ponte, now).ok()?;
        change.audit.action = "consent.ended_with_primary";
        Some(change)
    }
}
