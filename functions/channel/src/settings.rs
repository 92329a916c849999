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
    /// Whether who goes on with an interaction must prove that it is theirs (T59); otherwise the id alone does, as the
    /// channel of an institution that cannot yet would have it.
    pub session_required: bool,
    /// Whether an interaction may go from a browser to a phone: then there is a page that shows a code, and codes are read.
    pub handoff: bool,
    /// Base URL of the public host, where the browser comes back.
    pub public_url: String,
}
