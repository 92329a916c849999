//! The status of a product under a consent, and the ways from one to another (C60).

use serde::{Deserialize, Serialize};

/// State of a resource (C60).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResourceStatus {
    /// May be read.
    Available,
    /// May not be read any more.
    Unavailable,
    /// May not be read now.
    TemporarilyUnavailable,
    /// Another person has to approve first.
    PendingAuthorisation,
}

impl ResourceStatus {
    /// The name on the wire (C60).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Unavailable => "UNAVAILABLE",
            Self::TemporarilyUnavailable => "TEMPORARILY_UNAVAILABLE",
            Self::PendingAuthorisation => "PENDING_AUTHORISATION",
        }
    }

    /// Whether a product may go from this status to `next`: pending to any, available and temporarily unavailable to
    /// and fro, anything to unavailable, and from there nowhere (C60: pending only at first).
    #[must_use]
    pub const fn leads_to(self, next: Self) -> bool {
        match (self, next) {
            (Self::PendingAuthorisation, Self::PendingAuthorisation) | (Self::Unavailable, _) => false,
            (Self::PendingAuthorisation, _)
            | (_, Self::Unavailable)
            | (Self::Available, Self::TemporarilyUnavailable)
            | (Self::TemporarilyUnavailable, Self::Available) => true,
            (Self::Available | Self::TemporarilyUnavailable, _) => false,
        }
    }
}
