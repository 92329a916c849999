//! The page that hands an interaction to a phone, as the interaction stores it.

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

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
