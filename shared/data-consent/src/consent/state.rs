//! The state of a consent as stored, with what each state owns (C02).

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use super::rejection::Rejection;
use super::resources::Resources;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum State {
    AwaitingAuthorisation,
    Authorised(Authorisation),
    Rejected(RejectedState),
}

/// The end of a consent, and the authorisation it had until then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RejectedState {
    #[serde(flatten)]
    pub(super) rejection: Rejection,
    /// `None` if the customer never authorised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) authorisation: Option<Authorisation>,
}

/// The authorisation of the customer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorisation {
    /// When.
    pub at: Moment,
    /// Pseudonym of the customer, the `sub` of the tokens (S16).
    pub subject: String,
    /// The products the customer chose to share.
    pub resources: Resources,
}
