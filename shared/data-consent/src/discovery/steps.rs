//! What the answers of a discovery change of what is stored.

use std::collections::{BTreeMap, BTreeSet};

use ponte_values::{Moment, ResourceKind};

use super::discovered::{DiscoveredResource, kept_at_least};
use super::state::DiscoveryState;
use crate::consent::{Consent, Resource, ResourceStatus};

/// Most products of one step: with the state and its trail they fit into one transaction.
const STEP: usize = 80;

/// The answer of the institution for one kind.
#[derive(Clone, Debug)]
pub struct KindAnswer {
    /// The kind.
    pub kind: ResourceKind,
    /// The round in which it was asked for ([`DiscoveryState::round`]).
    pub round: u64,
    /// The products with public ids, in the status the institution states.
    pub listed: Vec<Resource>,
    /// Until when the answer counts ([`super::validity`]).
    pub valid_until: Moment,
}

/// The products that are stored under a consent.
#[derive(Clone, Debug, Default)]
pub struct StoredResources {
    /// Those that this release reads, by kind and id.
    pub known: Vec<DiscoveredResource>,
    /// Those that it cannot read, ids and kinds: they are shown to nobody and never written (D8).
    pub unread: BTreeMap<String, ResourceKind>,
}

impl StoredResources {
    /// How many of a kind there are.
    fn count(&self, kind: ResourceKind) -> u64 {
        let known = self.known.iter().map(|product| product.resource.kind);
        let all = known.chain(self.unread.values().copied());
        all.filter(|found| *found == kind).fold(0, |count, _| count + 1)
    }
}

/// One transaction.
#[derive(Clone, Debug)]
pub struct DiscoveryStep {
    /// Products that are written; each is new, or differs from what is stored.
    pub resources: Vec<DiscoveredResource>,
    /// The state after the step.
    pub state: DiscoveryState,
    /// Whether a notice goes out of it: something changed that a client may have seen, the status of a product, or a product that came
    /// later.
    pub needs_notice: bool,
}

/// The steps from what is stored to what was answered; none if no answer counts. Only what differs is written. Until its last step
/// a kind is no more answered than before, so that nobody takes the beginning of a list for the whole.
///
/// A known product goes to the status that is stated if a way leads there (C60). One that is missing is unavailable for now, as in a
/// consent; an answer to a question of an earlier round is left alone.
#[must_use]
pub fn steps(
    consent: &Consent,
    state: DiscoveryState,
    stored: &StoredResources,
    answers: &[KindAnswer],
    now: Moment,
) -> Vec<DiscoveryStep> {
    let counting: Vec<&KindAnswer> =
        answers.iter().filter(|answer| state.round(answer.kind) == answer.round).collect();
    if counting.is_empty() {
        return Vec::new();
    }
    let changes: Vec<Change> =
        counting.iter().flat_map(|answer| changes(consent, &state, stored, answer, now)).collect();
    let mut steps = Vec::new();
    let mut last = state;
    for answer in &counting {
        last.recounted(answer.kind, stored.count(answer.kind));
    }
    let mut rest = changes.into_iter().peekable();
    loop {
        let (mut resources, mut needs_notice) = (Vec::new(), false);
        for change in rest.by_ref().take(STEP) {
            if change.new {
                last.counted(change.to.resource.kind);
            }
            needs_notice |= change.needs_notice;
            resources.push(change.to);
        }
        let is_last = rest.peek().is_none();
        if is_last {
            for answer in &counting {
                last.answered(answer.kind, answer.valid_until, kept_at_least(consent, now));
            }
        }
        last = last.next();
        steps.push(DiscoveryStep { resources, state: last.clone(), needs_notice });
        if is_last {
            return steps;
        }
    }
}

/// A product that is written.
struct Change {
    to: DiscoveredResource,
    new: bool,
    needs_notice: bool,
}

fn changes(
    consent: &Consent,
    state: &DiscoveryState,
    stored: &StoredResources,
    answer: &KindAnswer,
    now: Moment,
) -> Vec<Change> {
    let mut known: BTreeMap<&str, &DiscoveredResource> = stored
        .known
        .iter()
        .filter(|product| product.resource.kind == answer.kind)
        .map(|product| (product.resource.id.as_str(), product))
        .collect();
    let mut seen = BTreeSet::new();
    let mut changes = Vec::new();
    for listed in &answer.listed {
        // The first of two with one id counts.
        if !seen.insert(listed.id.as_str()) || stored.unread.contains_key(&listed.id) {
            continue;
        }
        let Some(product) = known.remove(listed.id.as_str()) else {
            let to = DiscoveredResource::new(listed.clone(), consent, now);
            changes.push(Change { to, new: true, needs_notice: state.is_answered(answer.kind) });
            continue;
        };
        changes.extend(changed(consent, product, product.to(listed.at(now), now), now));
    }
    for product in known.into_values() {
        // To be missing is never final, and says nothing of what waits for others.
        let is_open = product.resource.at(now) == ResourceStatus::Available;
        let gone = is_open.then(|| product.to(ResourceStatus::TemporarilyUnavailable, now)).flatten();
        // One that is closed and not listed any more may be forgotten (C61).
        if product.resource.at(now) != ResourceStatus::Unavailable {
            changes.extend(changed(consent, product, gone, now));
        }
    }
    changes
}

/// The change of a stored product to another status, if there is one, and to a later end of its keeping.
fn changed(
    consent: &Consent,
    product: &DiscoveredResource,
    to: Option<DiscoveredResource>,
    now: Moment,
) -> Option<Change> {
    let needs_notice = to.is_some();
    let renewed = to.as_ref().unwrap_or(product).renewed(consent, now);
    renewed.or(to).map(|to| Change { to, new: false, needs_notice })
}
