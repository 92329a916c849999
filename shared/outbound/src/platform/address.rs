//! Where the metrics platform is, and the `client_id` there.

use ponte_cloud::env;

/// Address of the metrics platform, and our identity there.
#[derive(Clone, Debug)]
pub struct PlatformAddress {
    /// Base URL of the token host (`PCM_AUTH_URL`).
    pub auth: String,
    /// Base URL of the API host (`PCM_API_URL`).
    pub api: String,
    /// `client_id` there.
    pub client_id: String,
}

ponte_cloud::settings! {
    impl PlatformAddress {
        auth: env::PCM_AUTH_URL,
        api: env::PCM_API_URL,
        client_id: env::PCM_CLIENT_ID,
    }
}
