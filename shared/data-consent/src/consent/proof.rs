//! Proofs of the state of a consent: each transition starts from one, so that it cannot start from another state.

use ponte_values::Moment;

use super::data_consent::Consent;
use super::effective_status::EffectiveStatus;
use super::fault::ConsentFault;

/// A consent that waits for its customer: only such a one can be authorised or refused.
#[derive(Debug)]
pub struct Awaiting(pub(super) Consent);

/// A consent that is AUTHORISED at a moment: only such a one can be renewed, and its products approved.
#[derive(Debug)]
pub struct InForce {
    pub(super) consent: Consent,
    pub(super) now: Moment,
}

impl InForce {
    /// The consent as it was read.
    #[must_use]
    pub const fn consent(&self) -> &Consent {
        &self.consent
    }

    /// The consent itself, to be decided on again.
    #[must_use]
    pub fn into_consent(self) -> Consent {
        self.consent
    }
}

impl Consent {
    /// The consent as one that waits at `now`.
    pub fn awaiting(self, now: Moment) -> Result<Awaiting, ConsentFault> {
        match self.at(now) {
            EffectiveStatus::Awaiting => Ok(Awaiting(self)),
            EffectiveStatus::Authorised(_) | EffectiveStatus::Rejected(_) => Err(ConsentFault::NotAwaiting),
        }
    }

    /// The consent as one that is AUTHORISED at `now`.
    pub fn in_force(self, now: Moment) -> Result<InForce, ConsentFault> {
        match self.at(now) {
            EffectiveStatus::Authorised(_) => Ok(InForce { consent: self, now }),
            EffectiveStatus::Awaiting | EffectiveStatus::Rejected(_) => Err(ConsentFault::NotAuthorised),
        }
    }
}
