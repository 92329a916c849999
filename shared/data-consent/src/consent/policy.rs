//! The settings of an institution in the rules of consents (C08, C23, C40).

use std::time::Duration;

use crate::groups::Products;

/// Institution settings of the consent rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConsentPolicy {
    /// Longest definite term at creation; the rule book is unsure, so it is a setting (C08). `None` is no ceiling.
    pub longest_term: Option<Duration>,
    /// Longest definite term from the day of a renewal; as unsure (C08). `None` is no ceiling.
    pub longest_renewal: Option<Duration>,
    /// How long further approvers may take.
    pub approval_term: Duration,
    /// Time between the notice of the end and the end; `None` is no notice.
    pub notice: Option<Duration>,
    /// Products offered, of those that a customer selects one by one (C23).
    pub products: Products,
    /// Whether optimised journeys are served (C40).
    pub linked: bool,
    /// How long a consent that nobody authorised is kept, from its creation; `None` is for good (T66).
    pub unauthorised_kept: Option<Duration>,
}

impl Default for ConsentPolicy {
    /// One year at creation and no ceiling at renewal, as C08 recommends; five days for approvals; notice a day before; 90
    /// days for what nobody authorised.
    fn default() -> Self {
        Self {
            longest_term: Some(Duration::from_hours(366 * 24)),
            longest_renewal: None,
            approval_term: Duration::from_hours(5 * 24),
            notice: Some(Duration::from_hours(24)),
            products: Products::ALL,
            linked: false,
            unauthorised_kept: Some(Duration::from_hours(90 * 24)),
        }
    }
}
