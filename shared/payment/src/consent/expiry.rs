//! Changes that time makes of a payment consent (P05 to P07).

use std::time::Duration;

use ponte_ports::audit::Actor;
use ponte_values::Moment;

use super::change::{AuditAction, PaymentConsentChange};
use super::payment_consent::PaymentConsent;
use super::state::State;

/// How long a consent stays that nobody ever authorised.
const UNAUTHORISED_KEPT: Duration = Duration::from_hours(24 * 90);

impl PaymentConsent {
    /// From when on the table may clean it away, because nobody ever authorised it (T66); `None` is never.
    #[must_use]
    pub fn discard_at(&self) -> Option<Moment> {
        self.authorisation().is_none().then(|| self.created_at.plus(UNAUTHORISED_KEPT))
    }

    /// When time ends it; `None` if it is over.
    #[must_use]
    pub const fn next_due(&self) -> Option<Moment> {
        match self.state {
            State::Rejected(_) | State::Consumed(_) => None,
            _ => Some(self.expires_at),
        }
    }

    /// The change that time made by `now`, with the reason that [`PaymentConsent::at`] gives; `None` if there is none.
    #[must_use]
    pub fn expire(self, now: Moment) -> Option<PaymentConsentChange> {
        let rejection = self.lapsed(now)?;
        Some(self.rejected(
            rejection,
            AuditAction { action: "payment_consent.expired", actor: Actor::Ponte, at: now },
        ))
    }
}
