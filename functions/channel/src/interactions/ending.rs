//! The answer that sends the browser back.

use ponte_data_consent::consent::ConsentStatus;
use ponte_edge::Refusal;
use serde::Serialize;

use super::data;
use crate::visit::Ending;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ended<'a> {
    interaction_id: &'a str,
    status: ConsentStatus,
    /// Always there: a visit that was handed off, which has none, is unknown to this API.
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_uri: Option<&'a str>,
}

/// `data` of it, with the status of the consent.
pub(super) fn data_of(ending: &Ending) -> Result<String, Refusal> {
    let Ending { interaction, status, redirect_uri } = ending;
    data(&Ended { interaction_id: interaction, status: *status, redirect_uri: redirect_uri.as_deref() })
}
