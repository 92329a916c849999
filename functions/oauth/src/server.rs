//! The authorization server's own side: its names and addresses, its policies, its documents. Built once, in INIT.

use ponte_authorization::grant::GrantPolicy;
use ponte_authorization::interaction::{ArrivalId, Assurance};
use ponte_values::ClientId;

use crate::app_links::AppLinks;
use crate::discovery;
use crate::settings::Settings;

/// Place of the interaction id in the URL of the channel.
const PLACEHOLDER: &str = "<IDENTIFICADOR>";

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServerFault {
    /// The channel's URL has no place for the interaction id.
    #[error("channel login URL lacks <IDENTIFICADOR>")]
    ChannelLoginUrl,
}

/// The names, addresses, policies and documents of the authorization server.
pub struct Server {
    issuer: String,
    channel_login_url: String,
    commands: bool,
    session_required: bool,
    app_links: AppLinks,
    policy: GrantPolicy,
    assurance: Assurance,
    discovery: String,
    audiences: [String; 5],
    directory_keys: String,
    registrations: String,
}

impl Server {
    /// Checks the settings and writes the discovery document.
    ///
    /// # Errors
    /// When the settings do not fit together.
    pub fn new(settings: Settings) -> Result<Self, ServerFault> {
        if !settings.channel_login_url.contains(PLACEHOLDER) {
            return Err(ServerFault::ChannelLoginUrl);
        }
        // An app that takes a link over asks for commands: without them it must stay in the browser.
        let app_links = if settings.commands {
            AppLinks::of(&settings.apple_apps, &settings.android_apps)
        } else {
            AppLinks::of(&[], &[])
        };
        Ok(Self {
            discovery: discovery::document(&settings),
            audiences: audiences(&settings),
            directory_keys: format!("{}/openbanking.jwks", settings.directory_url),
            registrations: format!("{}/auth/register", settings.mtls_url),
            issuer: settings.public_url,
            channel_login_url: settings.channel_login_url,
            commands: settings.commands,
            session_required: settings.session_required,
            app_links,
            policy: settings.policy,
            assurance: settings.assurance,
        })
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Lives of what is issued.
    pub(crate) fn policy(&self) -> GrantPolicy {
        self.policy
    }

    /// The strongest authentication that can be promised (S15).
    pub(crate) fn assurance(&self) -> Assurance {
        self.assurance
    }

    pub(crate) fn discovery(&self) -> &str {
        &self.discovery
    }

    /// Audiences a client assertion may name.
    pub(crate) fn assertion_audiences(&self) -> [&str; 5] {
        self.audiences.each_ref().map(String::as_str)
    }

    /// The address of the keys that sign software statements (S81).
    pub(crate) fn directory_keys(&self) -> &str {
        &self.directory_keys
    }

    /// The address where a registration is read, replaced and removed (RFC 7592 section 3).
    pub(crate) fn registration_url(&self, client: &ClientId) -> String {
        format!("{}/{client}", self.registrations)
    }

    /// Whether the institution's app may take an interaction into the command loop.
    pub(crate) fn has_commands(&self) -> bool {
        self.commands
    }

    /// The documents about the institution's apps for phones.
    pub(crate) fn app_links(&self) -> &AppLinks {
        &self.app_links
    }

    /// Whether only the browser through which the customer logged in brings a ticket back (T59).
    pub(crate) fn session_required(&self) -> bool {
        self.session_required
    }

    /// The address of the first command for the institution's app.
    pub(crate) fn command_url(&self, arrival: &ArrivalId) -> String {
        format!("{}/auth/app/commands/{}", self.issuer, arrival.as_str())
    }

    /// The address where the customer who arrived logs in.
    pub(crate) fn login_url(&self, arrival: &ArrivalId) -> String {
        self.channel_login_url.replace(PLACEHOLDER, arrival.as_str())
    }
}

/// The issuer and every endpoint that authenticates clients (RFC 7523 section 3, RFC 9126 section 2).
fn audiences(settings: &Settings) -> [String; 5] {
    let endpoint = |name: &str| format!("{}/auth/{name}", settings.mtls_url);
    let issuer = settings.public_url.clone();
    [issuer, endpoint("token"), endpoint("par"), endpoint("introspect"), endpoint("revoke")]
}
