//! Settings that differ between institutions.

use ponte_values::InstitutionId;

/// Settings of this function.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Brand shown to apps.
    pub institution: InstitutionId,
    /// `client_name` in the paths of the interaction API.
    pub channel_name: String,
    /// Origin of the channel's pages that may call from a browser; `None` keeps browsers out.
    pub channel_origin: Option<String>,
    /// Base URL of the public host, where the browser comes back.
    pub public_url: String,
}
