//! The time in which a consent was in force, for the stock of a past day (M50).

use ponte_values::Moment;

use super::data_consent::Consent;
use super::state::State;

/// The time between the authorisation and the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lifetime {
    /// Authorisation.
    pub from: Moment,
    /// The end, as far as it is known; the consent is over from this moment on.
    pub until: Option<Moment>,
}

impl Lifetime {
    /// Whether `at` lies in it.
    #[must_use]
    pub fn covers(&self, at: Moment) -> bool {
        self.from <= at && self.until.is_none_or(|end| at < end)
    }
}

impl Consent {
    /// The time in which the consent is or was in force; `None` if the customer never authorised.
    #[must_use]
    pub fn lifetime(&self) -> Option<Lifetime> {
        let until = match &self.state {
            State::Rejected(ended) => Some(ended.rejection.at),
            State::AwaitingAuthorisation | State::Authorised(_) => self.expires_at,
        };
        self.authorisation().map(|yes| Lifetime { from: yes.at, until })
    }

    /// Whether the consent was in force at a moment that is past, whatever became of it since (M50).
    #[must_use]
    pub fn was_in_force(&self, at: Moment) -> bool {
        self.lifetime().is_some_and(|lifetime| lifetime.covers(at))
    }
}
