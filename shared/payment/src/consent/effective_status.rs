//! The status of a payment consent at a moment: deadlines count even before the store knows of them (P05 to P07).

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use super::payment_consent::PaymentConsent;
use super::rejection::{ConsentRejection, ConsentRejectionCode};
use super::state::{Authorisation, State};

/// Status on the wire (P04).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum PaymentConsentStatus {
    AwaitingAuthorisation,
    PartiallyAccepted,
    Authorised,
    Rejected,
    Consumed,
}

/// The status of a payment consent at a moment.
#[derive(Clone, Debug)]
pub enum EffectiveStatus<'a> {
    /// The customer may still decide.
    Awaiting,
    /// Others have to agree too.
    PartiallyAccepted(&'a Authorisation),
    /// It may be used, once.
    Authorised(&'a Authorisation),
    /// Over without a payment.
    Rejected(ConsentRejection),
    /// Used.
    Consumed,
}

impl PaymentConsent {
    /// The status of this consent at `now`.
    #[must_use]
    pub fn at(&self, now: Moment) -> EffectiveStatus<'_> {
        if let Some(lapsed) = self.lapsed(now) {
            return EffectiveStatus::Rejected(lapsed);
        }
        match &self.state {
            State::AwaitingAuthorisation => EffectiveStatus::Awaiting,
            State::PartiallyAccepted(partly) => EffectiveStatus::PartiallyAccepted(&partly.authorisation),
            State::Authorised(authorisation) => EffectiveStatus::Authorised(authorisation),
            State::Rejected(ended) => EffectiveStatus::Rejected(ended.rejection.clone()),
            State::Consumed(_) => EffectiveStatus::Consumed,
        }
    }

    /// The end that time made by `now` and the store does not know of; `None` if there is none.
    pub(super) fn lapsed(&self, now: Moment) -> Option<ConsentRejection> {
        let code = match &self.state {
            State::AwaitingAuthorisation | State::PartiallyAccepted(_) => {
                ConsentRejectionCode::TempoExpiradoAutorizacao
            }
            State::Authorised(_) => ConsentRejectionCode::TempoExpiradoConsumo,
            State::Rejected(_) | State::Consumed(_) => return None,
        };
        (now >= self.expires_at).then_some(ConsentRejection { code, detail: None, at: self.expires_at })
    }
}

impl State {
    pub(super) const fn status(&self) -> PaymentConsentStatus {
        match self {
            Self::AwaitingAuthorisation => PaymentConsentStatus::AwaitingAuthorisation,
            Self::PartiallyAccepted(_) => PaymentConsentStatus::PartiallyAccepted,
            Self::Authorised(_) => PaymentConsentStatus::Authorised,
            Self::Rejected(_) => PaymentConsentStatus::Rejected,
            Self::Consumed(_) => PaymentConsentStatus::Consumed,
        }
    }
}

impl EffectiveStatus<'_> {
    /// The status on the wire.
    #[must_use]
    pub const fn status(&self) -> PaymentConsentStatus {
        match self {
            Self::Awaiting => PaymentConsentStatus::AwaitingAuthorisation,
            Self::PartiallyAccepted(_) => PaymentConsentStatus::PartiallyAccepted,
            Self::Authorised(_) => PaymentConsentStatus::Authorised,
            Self::Rejected(_) => PaymentConsentStatus::Rejected,
            Self::Consumed => PaymentConsentStatus::Consumed,
        }
    }
}

impl PaymentConsentStatus {
    /// The name on the wire (P04).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingAuthorisation => "AWAITING_AUTHORISATION",
            Self::PartiallyAccepted => "PARTIALLY_ACCEPTED",
            Self::Authorised => "AUTHORISED",
            Self::Rejected => "REJECTED",
            Self::Consumed => "CONSUMED",
        }
    }
}
