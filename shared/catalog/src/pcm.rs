//! The endpoints that the metrics platform takes reports of (M13), kept as data in `data/pcm-endpoints.json`.
//!
//! Another version of the list is another file; `docs/pcm-endpoints.md` compares it with the endpoints served here.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The list of one version.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Document")]
pub struct EndpointList {
    version: String,
    note: String,
    endpoints: BTreeMap<String, ListedEndpoint>,
}

/// One endpoint of the list.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListedEndpoint {
    /// Template, as reports name it: `/open-banking/accounts/v2/accounts/{accountId}`.
    pub endpoint: String,
    /// Methods it has.
    pub methods: Vec<String>,
    /// The API of the platform that takes its reports.
    pub kind: ReportKind,
    /// A client may report without `fapiInteractionId` (M15).
    #[serde(default)]
    pub interaction_optional: bool,
}

/// The two APIs of the platform that name endpoints (M02).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportKind {
    /// Calls that both sides report.
    Private,
    /// Calls of anybody, reported by the server alone (M52).
    OpenData,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: String,
    note: String,
    endpoints: Vec<ListedEndpoint>,
}

impl From<Document> for EndpointList {
    fn from(document: Document) -> Self {
        let Document { version, note, endpoints } = document;
        let endpoints = endpoints.into_iter().map(|entry| (entry.endpoint.clone(), entry)).collect();
        Self { version, note, endpoints }
    }
}

impl EndpointList {
    /// The list this version was built with, read once.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
    pub fn built_in() -> &'static Self {
        static LIST: LazyLock<EndpointList> = LazyLock::new(|| {
            serde_json::from_str(include_str!("../data/pcm-endpoints.json"))
                .expect("the list of endpoints is readable")
        });
        &LIST
    }

    /// Version of the list, as the platform counts it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Source of the list.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The entry of a template; `None` if it is not listed.
    #[must_use]
    pub fn get(&self, endpoint: &str) -> Option<&ListedEndpoint> {
        self.endpoints.get(endpoint)
    }

    /// Whether a private report of this endpoint and method is taken (M13).
    #[must_use]
    pub fn accepts(&self, endpoint: &str, method: &str) -> bool {
        self.lists(ReportKind::Private, endpoint, method)
    }

    /// Whether an open-data report of this endpoint and method is taken (M52).
    #[must_use]
    pub fn accepts_open_data(&self, endpoint: &str, method: &str) -> bool {
        self.lists(ReportKind::OpenData, endpoint, method)
    }

    /// Every entry, by endpoint.
    pub fn entries(&self) -> impl Iterator<Item = &ListedEndpoint> {
        self.endpoints.values()
    }

    fn lists(&self, kind: ReportKind, endpoint: &str, method: &str) -> bool {
        self.get(endpoint)
            .is_some_and(|entry| entry.kind == kind && entry.methods.iter().any(|listed| listed == method))
    }
}

#[cfg(test)]
mod tests;
