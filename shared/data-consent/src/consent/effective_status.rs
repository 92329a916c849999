//! The status of a consent at a moment: deadlines count even before the store knows of them (C02 to C04).

use std::time::Duration;

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use super::data_consent::Consent;
use super::rejection::{RejectedBy, Rejection, RejectionReason};
use super::state::{Authorisation, State};

/// How long a consent may wait for the customer (C03).
pub const AWAITING_LIMIT: Duration = Duration::from_hours(1);

/// Status on the wire (C02).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum ConsentStatus {
    AwaitingAuthorisation,
    Authorised,
    Rejected,
}

/// The status of a consent at a moment.
#[derive(Clone, Copy, Debug)]
pub enum EffectiveStatus<'a> {
    /// The customer may still decide.
    Awaiting,
    /// Data may be read.
    Authorised(&'a Authorisation),
    /// Over, for good.
    Rejected(Rejection),
}

impl Consent {
    /// The status of this consent at `now` (C03, C04).
    #[must_use]
    pub fn at(&self, now: Moment) -> EffectiveStatus<'_> {
        match (&self.state, self.end()) {
            (State::Rejected(ended), _) => EffectiveStatus::Rejected(ended.rejection),
            (_, Some(end)) if now >= end.at => EffectiveStatus::Rejected(end),
            (State::AwaitingAuthorisation, _) => EffectiveStatus::Awaiting,
            (State::Authorised(authorisation), _) => EffectiveStatus::Authorised(authorisation),
        }
    }

    /// The end of the consent if nothing else happens; `None` if it has none. The earlier of two ends counts, and the hour
    /// before the date if both are the same moment.
    pub(super) fn end(&self) -> Option<Rejection> {
        let end = |reason, at| Rejection { by: RejectedBy::Aspsp, reason, at };
        let date = self.expires_at.map(|at| end(RejectionReason::ConsentMaxDateReached, at));
        match &self.state {
            State::AwaitingAuthorisation => {
                let hour = end(RejectionReason::ConsentExpired, self.created_at.plus(AWAITING_LIMIT));
                Some(date.filter(|date| date.at < hour.at).unwrap_or(hour))
            }
            State::Authorised(_) => date,
            State::Rejected(_) => None,
        }
    }
}

impl State {
    pub(super) const fn status(&self) -> ConsentStatus {
        match self {
            Self::AwaitingAuthorisation => ConsentStatus::AwaitingAuthorisation,
            Self::Authorised(_) => ConsentStatus::Authorised,
            Self::Rejected(_) => ConsentStatus::Rejected,
        }
    }
}

impl EffectiveStatus<'_> {
    /// The status on the wire.
    #[must_use]
    pub const fn status(&self) -> ConsentStatus {
        match self {
            Self::Awaiting => ConsentStatus::AwaitingAuthorisation,
            Self::Authorised(_) => ConsentStatus::Authorised,
            Self::Rejected(_) => ConsentStatus::Rejected,
        }
    }
}

impl ConsentStatus {
    /// The name on the wire (C02).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingAuthorisation => "AWAITING_AUTHORISATION",
            Self::Authorised => "AUTHORISED",
            Self::Rejected => "REJECTED",
        }
    }
}
