//! The answer that sends the browser back.

use ponte_edge::Refusal;
use serde::Serialize;

use super::envelope::data;
use crate::steps::Completion;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Completed<'a> {
    interaction_id: &'a str,
    status: &'a str,
    /// Always there: an interaction that was handed off, which has none, is unknown to this API.
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_uri: Option<&'a str>,
}

/// `data` of a decided interaction, with the status of the target.
pub(super) fn data_of(completion: &Completion) -> Result<String, Refusal> {
    let Completion { interaction, status, redirect_uri, .. } = completion;
    data(&Completed { interaction_id: interaction, status, redirect_uri: redirect_uri.as_deref() })
}
