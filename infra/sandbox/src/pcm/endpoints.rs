//! The list of endpoints that may be reported (M13), kept as data: issue another version by replacing the file.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::SandboxError;

/// Endpoint template to what is accepted about it.
pub(crate) struct EndpointList(BTreeMap<String, Entry>);

#[derive(Deserialize)]
struct Document {
    endpoints: Vec<Entry>,
}

/// One endpoint.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    endpoint: String,
    /// Methods it has.
    pub(crate) methods: Vec<String>,
    /// A client may report without `fapiInteractionId` (M15).
    #[serde(default)]
    pub(crate) interaction_optional: bool,
}

impl EndpointList {
    /// The list this version was built with.
    pub(crate) fn built_in() -> Result<Self, SandboxError> {
        let document: Document =
            serde_json::from_str(include_str!("endpoints.json")).map_err(SandboxError::unusable)?;
        Ok(Self(document.endpoints.into_iter().map(|entry| (entry.endpoint.clone(), entry)).collect()))
    }

    /// What is accepted about a template, `None` when it is not in the list.
    pub(crate) fn get(&self, endpoint: &str) -> Option<&Entry> {
        self.0.get(endpoint)
    }
}
