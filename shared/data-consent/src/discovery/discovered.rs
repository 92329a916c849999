//! A discovered product as it is stored, and how long.

use std::time::Duration;

use ponte_ports::StoredForm;
use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use crate::consent::{Consent, Resource, ResourceStatus};

/// How long a product is kept after the last discovery that renewed it.
pub const KEPT: Duration = Duration::from_hours(365 * 24);
/// A discovery renews what would be kept shorter than this, so that a product is not written anew by each of them.
const RENEWED: Duration = Duration::from_hours(180 * 24);
/// How long a product is kept at most after the end that its consent was given, or after its consent was revoked.
pub const AFTER_THE_END: Duration = Duration::from_hours(90 * 24);

/// A product that the institution listed under a consent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscoveredResource {
    /// The product.
    pub resource: Resource,
    /// From when on the table may clean it away.
    pub kept_until: Moment,
    /// The stored form this value was read from; the store fills it in, and keeps what only a later release knows (D8).
    #[serde(skip)]
    pub stored: StoredForm,
}

impl DiscoveredResource {
    /// A product listed now under a consent.
    #[must_use]
    pub fn new(resource: Resource, consent: &Consent, now: Moment) -> Self {
        Self { resource, kept_until: kept_until(consent, now, KEPT), stored: StoredForm::default() }
    }

    /// The product in another status; `None` if no way leads there, or it has that status (C60).
    #[must_use]
    pub fn to(&self, next: ResourceStatus, now: Moment) -> Option<Self> {
        if !self.resource.at(now).leads_to(next) {
            return None;
        }
        let Resource { id, kind, legacy_id, .. } = self.resource.clone();
        Some(Self { resource: Resource::new(id, kind, next, legacy_id), ..self.clone() })
    }

    /// The product after its consent was revoked; `None` if it is not kept longer than that anyway.
    #[must_use]
    pub fn ended(&self, now: Moment) -> Option<Self> {
        let kept_until = now.plus(AFTER_THE_END);
        (kept_until < self.kept_until).then(|| Self { kept_until, ..self.clone() })
    }

    /// The product to be kept for longer; `None` if it is kept long enough.
    pub(super) fn renewed(&self, consent: &Consent, now: Moment) -> Option<Self> {
        let soon = self.kept_until < kept_until(consent, now, RENEWED);
        soon.then(|| Self { kept_until: kept_until(consent, now, KEPT), ..self.clone() })
    }
}

/// Until when at least the products are kept that an answer of now lists.
pub(super) fn kept_at_least(consent: &Consent, now: Moment) -> Moment {
    kept_until(consent, now, RENEWED)
}

/// The end of `span` from now on, or a while after the end of the consent if that is earlier.
fn kept_until(consent: &Consent, now: Moment, span: Duration) -> Moment {
    let end = consent.expires_at.map(|end| end.plus(AFTER_THE_END));
    let kept = now.plus(span);
    end.map_or(kept, |end| end.min(kept))
}
