//! The scopes of API keys.

use std::collections::BTreeSet;

use ponte_values::Invalid;
use serde::{Deserialize, Deserializer, Serialize};

/// A scope of an API key: the routes that it opens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum ApiScope {
    /// Look at consents.
    ConsentsRead,
    /// End consents, complete approvals.
    ConsentsWrite,
    /// For apps: every call names its customer and sees that customer's consents alone.
    Customer,
    /// Cancel payments from the channel.
    PaymentsWrite,
    /// Look at what is reported to the metrics platform.
    ReportsRead,
    /// Report to the metrics platform.
    ReportsWrite,
    /// Look at what operators ordered.
    OperationsRead,
    /// Look at what was found in the institution's records.
    QualityRead,
}

impl ApiScope {
    /// Every scope there is.
    pub const ALL: [Self; 8] = [
        Self::ConsentsRead,
        Self::ConsentsWrite,
        Self::Customer,
        Self::PaymentsWrite,
        Self::ReportsRead,
        Self::ReportsWrite,
        Self::OperationsRead,
        Self::QualityRead,
    ];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConsentsRead => "oob_consents:read",
            Self::ConsentsWrite => "oob_consents:write",
            Self::Customer => "oob_customer",
            Self::PaymentsWrite => "oob_payments:write",
            Self::ReportsRead => "pcm:read",
            Self::ReportsWrite => "pcm:write",
            Self::OperationsRead => "operations:read",
            Self::QualityRead => "quality:read",
        }
    }

    /// The scope of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|scope| scope.as_str() == name);
        known.ok_or(Invalid("scope of API keys"))
    }

    /// Reads stored names: those that this release knows. A name of a later one is none of them.
    pub(super) fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<Self>, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        Ok(names.iter().filter_map(|name| Self::parse(name).ok()).collect())
    }
}

impl From<ApiScope> for &'static str {
    fn from(scope: ApiScope) -> Self {
        scope.as_str()
    }
}

impl TryFrom<String> for ApiScope {
    type Error = Invalid;

    fn try_from(name: String) -> Result<Self, Invalid> {
        Self::parse(&name)
    }
}
