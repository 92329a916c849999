//! The version of the Payments API by which a resource was created.

use serde::{Deserialize, Serialize};

/// Major version of the Payments API. A resource is answered and notified in the version that created it (W02).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApiVersion {
    /// 4.0.1.
    V4,
    /// 5.0.0.
    V5,
}

impl ApiVersion {
    /// As in paths: `v5`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V4 => "v4",
            Self::V5 => "v5",
        }
    }
}
