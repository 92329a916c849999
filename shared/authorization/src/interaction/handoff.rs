//! The page that hands an interaction to a phone, as the interaction stores it.

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use crate::registration_answer::REPEATABLE;

/// How often anybody may read a code again.
const REPEATS: u8 = 3;
/// How often in all, where the institution's back end signs the call.
const SIGNED_REPEATS: u8 = 10;

/// The page of an interaction that the customer decides on a phone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Handoff {
    /// Reference of the arrival of its browser; the hash of a cookie in interactions of releases before there were arrivals.
    pub(super) page_hash: String,
    pub(super) progress: Progress,
    /// The phone that read its code; `None` before that, and where a release that gave phones no secret wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<Phone>,
}

/// The phone that an interaction was handed to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Phone {
    /// SHA-256 of the secret that the answer to its reading carried.
    pub(super) secret_hash: String,
    /// When the code was read for the first time.
    pub(super) at: Moment,
    /// How often it was read again since, each time with another secret.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) repeats: u8,
}

impl Phone {
    /// The phone that reads the code first.
    pub(super) const fn first(secret_hash: String, at: Moment) -> Self {
        Self { secret_hash, at, repeats: 0 }
    }

    /// The same with another secret, because the answer may have been lost (T61): a few times within a minute, or signed a few
    /// times more until the login. `None` afterwards, so that nobody who knows the code changes the interaction for ever (T62).
    pub(super) fn again(&self, secret_hash: String, signed: bool, now: Moment) -> Option<Self> {
        let timely = self.repeats < REPEATS && now <= self.at.plus(REPEATABLE);
        let may = timely || signed && self.repeats < SIGNED_REPEATS;
        may.then(|| Self { secret_hash, at: self.at, repeats: self.repeats + 1 })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
const fn is_zero(value: &u8) -> bool {
    *value == 0
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Progress {
    /// The page shows the code, which no phone has read; stored by releases before there were arrivals alone.
    Shown,
    /// A phone read it.
    Taken,
    /// The customer gave up at the page.
    Aborted,
}
