//! The page that hands an interaction to a phone, as the interaction stores it.

use serde::{Deserialize, Serialize};

/// The page of an interaction that the customer decides on a phone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Handoff {
    /// Reference of the arrival of its browser; the hash of a cookie in interactions of releases before there were arrivals.
    pub(super) page_hash: String,
    pub(super) progress: Progress,
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
