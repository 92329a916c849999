//! The end of a call, as far as its `additionalInfo` depends on it.

use ponte_values::TokenId;
use serde_json::Value;

/// The end of a call, as far as its `additionalInfo` depends on it.
#[derive(Clone, Copy, Debug)]
pub struct CallEnd<'a> {
    /// Status that is reported.
    pub status: u16,
    /// First code of the error body, if there is one (M37).
    pub error_code: Option<&'a str>,
    /// Id of the access token that the call used or received; `None` if there was none (M36).
    pub token: Option<&'a TokenId>,
}

/// First code of an error body: that of Open Finance, or that of OAuth (M37).
#[must_use]
pub fn error_code(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let code = body["errors"][0]["code"].as_str().or(body["error"].as_str())?;
    Some(code.to_owned())
}

impl CallEnd<'_> {
    pub(super) const fn succeeded(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    pub(super) const fn failed(&self) -> bool {
        self.status >= 400
    }
}
