//! What is known of the discoveries under one consent: a round for each kind of product.

use std::collections::BTreeMap;
use std::time::Duration;

use ponte_ports::StoredForm;
use ponte_values::{Moment, ResourceKind};
use serde::{Deserialize, Serialize};

/// How long a client is told to ask again (202) while a kind was never answered, from the first question on (C61).
pub const PATIENCE: Duration = Duration::from_mins(5);

/// Shortest and longest time that an answer of the institution counts, whatever it says itself.
const SHORTEST: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_hours(24);
/// How long an empty answer counts, which says nothing of it.
const OF_NOTHING: Duration = Duration::from_hours(1);

/// The discoveries under one consent. Products change only together with it, so that its version is the condition of each change.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscoveryState {
    /// Number of changes so far; the store's condition for the next one.
    pub version: u64,
    /// By the name of the kind: those of a later release stay where they are.
    kinds: BTreeMap<String, KindState>,
    /// The stored form this value was read from; the store fills it in, and keeps what only a later release knows (D8).
    #[serde(skip)]
    pub stored: StoredForm,
}

/// The discoveries of one kind.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KindState {
    /// Answers and announcements so far. A question that was asked before the last of them is answered in vain.
    round: u64,
    /// Products that are stored.
    count: u64,
    /// Whether an answer was ever stored as a whole.
    answered: bool,
    /// Until when the answer counts; `None` if the kind is to be asked for again.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Moment>,
    /// When it was first asked for in vain.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_since: Option<Moment>,
    /// Until when the table keeps its products for sure, as far as an answer listed them.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_until: Option<Moment>,
}

/// Until when an answer counts that was given now, by the ends of its products: the earliest, within a minute and a day. An answer
/// without products counts for an hour.
#[must_use]
pub fn validity(ends: impl Iterator<Item = Moment>, now: Moment) -> Moment {
    let end = ends.min().unwrap_or_else(|| now.plus(OF_NOTHING));
    end.clamp(now.plus(SHORTEST), now.plus(LONGEST))
}

impl DiscoveryState {
    /// The state as it counts now. A kind whose products the table may have cleaned away is as one that was never answered.
    #[must_use]
    pub fn at(mut self, now: Moment) -> Self {
        for state in self.kinds.values_mut() {
            if state.kept_until.is_some_and(|until| until <= now) {
                *state = KindState { round: state.round, ..KindState::default() };
            }
        }
        self
    }

    /// The round that a question asked now belongs to.
    #[must_use]
    pub fn round(&self, kind: ResourceKind) -> u64 {
        self.of(kind).map_or(0, |state| state.round)
    }

    /// Whether the institution ever answered for a kind.
    #[must_use]
    pub fn is_answered(&self, kind: ResourceKind) -> bool {
        self.of(kind).is_some_and(|state| state.answered)
    }

    /// Whether a kind is to be asked for: it never was answered, or the answer does not count any more.
    #[must_use]
    pub fn is_due(&self, kind: ResourceKind, now: Moment) -> bool {
        let valid = |state: &KindState| state.answered && state.valid_until.is_some_and(|until| now < until);
        !self.of(kind).is_some_and(valid)
    }

    /// How many products of a kind are stored.
    #[must_use]
    pub fn count(&self, kind: ResourceKind) -> u64 {
        self.of(kind).map_or(0, |state| state.count)
    }

    /// When a kind was first asked for in vain.
    #[must_use]
    pub fn asked_since(&self, kind: ResourceKind) -> Option<Moment> {
        self.of(kind)?.asked_since
    }

    /// After these kinds were asked for in vain; `None` if that is known of each.
    #[must_use]
    pub fn asked(mut self, kinds: &[ResourceKind], now: Moment) -> Option<Self> {
        let mut new = false;
        for kind in kinds {
            let state = self.entry(*kind);
            new |= state.asked_since.is_none();
            state.asked_since.get_or_insert(now);
        }
        new.then(|| self.next())
    }

    /// After the institution announced that the products of a kind changed: the next client that asks for them has them discovered
    /// again, and no answer to an earlier question counts.
    #[must_use]
    pub fn announced(mut self, kind: ResourceKind) -> Self {
        let state = self.entry(kind);
        state.round += 1;
        state.valid_until = None;
        self.next()
    }

    /// After the institution notified us of one product: the answer of before goes on counting for the others, and no answer to an
    /// earlier question does.
    #[must_use]
    pub fn notified(mut self, kind: ResourceKind) -> Self {
        self.entry(kind).round += 1;
        self.next()
    }

    /// After the consent was revoked, whose products are kept for a while yet: no answer that is on its way counts.
    #[must_use]
    pub fn ended(mut self) -> Self {
        for state in self.kinds.values_mut() {
            state.round += 1;
        }
        self.next()
    }

    /// After an answer was stored as a whole, whose products are kept for so long.
    pub(super) fn answered(&mut self, kind: ResourceKind, until: Moment, kept_until: Moment) {
        let state = self.entry(kind);
        state.round += 1;
        state.answered = true;
        state.valid_until = Some(until);
        state.kept_until = Some(kept_until);
    }

    /// As many products as this are stored: the table cleans some away, and tells nobody.
    pub(super) fn recounted(&mut self, kind: ResourceKind, count: u64) {
        self.entry(kind).count = count;
    }

    /// After one more product was stored.
    pub(super) fn counted(&mut self, kind: ResourceKind) {
        self.entry(kind).count += 1;
    }

    pub(super) fn next(self) -> Self {
        Self { version: self.version + 1, ..self }
    }

    fn of(&self, kind: ResourceKind) -> Option<&KindState> {
        self.kinds.get(kind.as_str())
    }

    fn entry(&mut self, kind: ResourceKind) -> &mut KindState {
        self.kinds.entry(kind.as_str().to_owned()).or_default()
    }
}
