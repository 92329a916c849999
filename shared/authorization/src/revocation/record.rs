//! The record of a certificate: the last statement of its authority, and when somebody asked last.

use std::time::Duration;

use ponte_fapi::revocation::{CertificateStatus, Statement};
use ponte_ports::CLOCK_DIFFERENCE;
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
/// How long the others leave a question to the one environment that took it: longer than it may take, so that it is asked
/// again only after its environment died.
pub const CLAIM: Duration = Duration::from_secs(5);

/// Where a statement came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The answer of a responder.
    Answer,
    /// A revocation list.
    List,
}

/// What is known of a certificate; of a responder, whether it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusRecord {
    /// Counts the changes, from 1; 0 of a row of a release that did not count.
    #[serde(default)]
    pub version: u64,
    /// When responders were asked last.
    pub asked_at: Moment,
    /// Whether one of them said something that proves something then.
    pub answered: bool,
    /// The last statement, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownStatus>,
    /// Until when the question is left to the environment that asks it, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asking_until: Option<Moment>,
    /// When responders may be asked again, if that is before the end of the cool-down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_at: Option<Moment>,
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
    /// A statement that is older than the known one changes nothing and is no answer: whoever is on the way can send it.
    #[must_use]
    pub fn after(earlier: Option<&Self>, told: Option<(Statement, Source)>, now: Moment) -> Self {
        let version = Self::next_version(earlier);
        let earlier = earlier.and_then(|record| record.known.as_ref());
        let told = told.map(|(statement, source)| KnownStatus::of(statement, source, now));
        let told = told.filter(|told| earlier.is_none_or(|earlier| !earlier.outweighs(told)));
        let answered = told.is_some();
        let known = told.or_else(|| earlier.cloned());
        Self { version, asked_at: now, answered, known, asking_until: None, again_at: None }
    }

    /// The record after not everybody was asked, because every responder was silent a moment ago, or because the time did not
    /// suffice for all of them: soon the next call may ask.
    #[must_use]
    pub fn unasked(earlier: Option<&Self>, now: Moment) -> Self {
        Self { again_at: Some(now.plus(CLAIM)), ..Self::after(earlier, None, now) }
    }

    /// The record of a responder that answered.
    #[must_use]
    pub fn answering(earlier: Option<&Self>, now: Moment) -> Self {
        Self { answered: true, ..Self::after(earlier, None, now) }
    }

    /// The record while one environment asks for all of them.
    #[must_use]
    pub fn claimed(earlier: Option<&Self>, now: Moment) -> Self {
        let (asked_at, answered) = earlier.map_or((now, true), |record| (record.asked_at, record.answered));
        Self {
            version: Self::next_version(earlier),
            asked_at,
            answered,
            known: earlier.and_then(|record| record.known.clone()),
            asking_until: Some(now.plus(CLAIM)),
            again_at: None,
        }
    }

    fn next_version(earlier: Option<&Self>) -> u64 {
        earlier.map_or(0, |record| record.version).saturating_add(1)
    }

    /// Whether another environment asks at `now`.
    #[must_use]
    pub fn is_being_asked(&self, now: Moment) -> bool {
        // A clock that ran ahead must not keep the question for longer.
        let holds = |until: Moment| now < until && until <= now.plus(CLAIM).plus(CLOCK_DIFFERENCE);
        self.asking_until.is_some_and(holds)
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
        // Another environment may have asked by a clock that is a little ahead of ours.
        let cools = self.asked_at <= now.plus(CLOCK_DIFFERENCE) && now < self.asked_at.plus(COOLDOWN);
        self.answered || !cools || self.again_at.is_some_and(|again| again <= now)
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

    /// Whether `told` is no reason to forget this: it is older, or of the same time and says good of what is revoked. A newer
    /// one counts whatever it says: a hold can be lifted (RFC 6960 section 2.2).
    fn outweighs(&self, told: &Self) -> bool {
        let same_time_but_revoked = self.this_update == told.this_update
            && self.status == CertificateStatus::Revoked
            && told.status == CertificateStatus::Good;
        told.this_update < self.this_update || same_time_but_revoked
    }
}
