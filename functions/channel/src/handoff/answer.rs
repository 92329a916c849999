//! Answers to the script of the page.

use ponte_edge::{Answer, Refusal};
use serde::Serialize;

/// The URL that the script sends the browser to, on its way back to the client.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RedirectBack<'a> {
    pub(super) redirect_to: &'a str,
}

/// A JSON answer.
pub(super) fn json<T: Serialize>(value: &T) -> Result<Answer, Refusal> {
    serde_json::to_string(value).map(|body| Answer::json(200, body)).map_err(|_| Refusal::internal())
}
