//! The settings of the authorization server, which differ between institutions.

use ponte_authorization::grant::GrantPolicy;
use ponte_authorization::interaction::Assurance;
use ponte_values::{AndroidApp, AppleAppId};

use crate::scopes::Scopes;

/// The settings that a [`Server`](crate::Server) is built from.
pub struct Settings {
    /// Issuer and base URL of the public host, without a slash at the end.
    pub public_url: String,
    /// Base URL of the mTLS host, without a slash at the end.
    pub mtls_url: String,
    /// Keystore of the directory, without a slash at the end (S81).
    pub directory_url: String,
    /// Lives of request URIs and tokens (S05, S09).
    pub policy: GrantPolicy,
    /// The strongest authentication the channel can do (S15).
    pub assurance: Assurance,
    /// The scopes of what the institution serves (S18).
    pub scopes: Scopes,
}

/// The settings that a [`Site`](crate::Site) is built from.
pub struct SiteSettings {
    /// Issuer and base URL of the public host, without a slash at the end.
    pub public_url: String,
    /// Base URL of the mTLS host, without a slash at the end.
    pub mtls_url: String,
    /// The strongest authentication the channel can do (S15).
    pub assurance: Assurance,
    /// The scopes of what the institution serves (S18).
    pub scopes: Scopes,
    /// Page of the channel that receives the customer; `<IDENTIFICADOR>` stands for the interaction id.
    pub channel_login_url: String,
    /// Whether the institution's app may take an interaction into the command loop.
    pub commands: bool,
    /// Whether only the browser through which the customer logged in brings a ticket back (T59).
    pub session_required: bool,
    /// Apps of the institution that open its links, on iOS.
    pub apple_apps: Vec<AppleAppId>,
    /// The same on Android.
    pub android_apps: Vec<AndroidApp>,
}
