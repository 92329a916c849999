//! The record of a certificate: the last statement of its authority, and when somebody asked last.

use std::time::Duration;

use ponte_fapi::revocation::{CertificateStatus, Statement};
use ponte_values::Moment;
use serde::{Deserialize, Serialize};

/// How long an answer is fresh: as long as an access token lives at most (S09), so that a revocation outlives neither.
const ANSWER_FRESH: Duration = Duration::from_mins(15);
/// How long a list is fresh: it is long, and authorities write a new one every few hours.
const LIST_FRESH: Duration = Duration::from_hours(1);
/// Shortest time that a statement is fresh, whatever end it names: an authority does not make us ask at every call.
const FRESH_MIN: Duration = Duration::from_secs(5);
/// Longest time that a statement serves on when nobody answers, whatever end it names.
const USABLE: Duration = Duration::from_hours(12);
/// The same for a statement that names no end.
const USABLE_WITHOUT_END: Duration = Duration::from_hours(1);
/// How long nobody is asked about a certificate after nobody answered.
pub const COOLDOWN: Duration = Duration::from_mins(1);

/// Where a statement came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The answer of a responder.
    Answer,
    /// A revocation list.
    List,
}

/// What is known of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusRecord {
    /// When responders were asked last.
    pub asked_at: Moment,
    /// Whether one of them said something that proves something then.
    pub answered: bool,
    /// The last statement, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownStatus>,
}

/// A statement of the authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownStatus {
    /// The status.
    pub status: CertificateStatus,
    /// When it was true (`thisUpdate`).
    pub this_update: Moment,
    /// Until when nobody asks again.
    pub fresh_until: Moment,
    /// Until when it serves on if nobody answers; without meaning for a revocation.
    pub usable_until: Moment,
}

impl StatusRecord {
    /// The record after responders were asked at `now`: `told` is what they said, if they said anything that proves something.
    #[must_use]
    pub fn after(earlier: Option<&Self>, told: Option<(Statement, Source)>, now: Moment) -> Self {
        let earlier = earlier.and_then(|record| record.known.as_ref());
        let answered = told.is_some();
        let told = told.map(|(statement, source)| KnownStatus::of(statement, source, now));
        let known = match (told, earlier) {
            (Some(told), Some(earlier)) if earlier.outweighs(&told) => Some(earlier.clone()),
            (Some(told), _) => Some(told),
            (None, earlier) => earlier.cloned(),
        };
        Self { asked_at: now, answered, known }
    }

    /// The status, if nobody needs to be asked at `now`.
    #[must_use]
    pub fn fresh(&self, now: Moment) -> Option<CertificateStatus> {
        // A clock that ran ahead must not make a statement fresh for longer.
        let fresh =
            |known: &&KnownStatus| now < known.fresh_until && known.fresh_until <= now.plus(LIST_FRESH);
        self.known.as_ref().filter(fresh).map(|known| known.status)
    }

    /// Whether the record can be used at `now` without asking anybody: it is fresh, or nobody may be asked.
    #[must_use]
    pub fn is_settled(&self, now: Moment) -> bool {
        self.fresh(now).is_some() || !self.may_ask(now)
    }

    /// The status that counts at `now` when nobody answers.
    #[must_use]
    pub fn usable(&self, now: Moment) -> Option<CertificateStatus> {
        let usable = |known: &&KnownStatus| {
            known.status == CertificateStatus::Revoked
                || (now < known.usable_until && known.usable_until <= now.plus(USABLE))
        };
        self.known.as_ref().filter(usable).map(|known| known.status)
    }

    /// Whether responders may be asked at `now`.
    #[must_use]
    pub fn may_ask(&self, now: Moment) -> bool {
        self.answered || !(self.asked_at <= now && now < self.asked_at.plus(COOLDOWN))
    }
}

impl KnownStatus {
    fn of(statement: Statement, source: Source, now: Moment) -> Self {
        let end = statement.next_update.map(Moment::from_seconds);
        let fresh = match source {
            Source::Answer => ANSWER_FRESH,
            Source::List => LIST_FRESH,
        };
        let soonest = now.plus(FRESH_MIN);
        let until = |span: Duration| end.map_or(now.plus(span), |end| end.min(now.plus(span))).max(soonest);
        Self {
            status: statement.status,
            this_update: Moment::from_seconds(statement.this_update),
            fresh_until: until(fresh),
            usable_until: until(if end.is_some() { USABLE } else { USABLE_WITHOUT_END }),
        }
    }

    /// Whether `told` is no reason to forget this: it says good of a time before this revocation.
    fn outweighs(&self, told: &Self) -> bool {
        self.status == CertificateStatus::Revoked
            && told.status == CertificateStatus::Good
            && told.this_update <= self.this_update
    }
}
