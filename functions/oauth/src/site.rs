//! What the public host shows and where it sends browsers: documents and addresses. Built once, in INIT.

use ponte_authorization::interaction::ArrivalId;

use crate::app_links::AppLinks;
use crate::discovery;
use crate::settings::SiteSettings;

/// Place of the interaction id in the URL of the channel.
const PLACEHOLDER: &str = "<IDENTIFICADOR>";

/// Where the channel serves the page that hands interactions to a phone, below the public host.
const HANDOFF_PAGE: &str = "/auth/handoff/v1/";

/// Why the public host cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum SiteFault {
    /// The channel's URL has no place for the interaction id.
    #[error("channel login URL lacks <IDENTIFICADOR>")]
    ChannelLoginUrl,
}

/// The documents of the public host, and the addresses that it sends browsers to.
pub struct Site {
    url: String,
    channel_login_url: String,
    commands: bool,
    session_required: bool,
    app_links: AppLinks,
    discovery: String,
}

impl Site {
    /// Checks the settings and writes the documents.
    ///
    /// # Errors
    /// When the settings do not fit together.
    pub fn new(settings: SiteSettings) -> Result<Self, SiteFault> {
        if !settings.channel_login_url.contains(PLACEHOLDER) {
            return Err(SiteFault::ChannelLoginUrl);
        }
        // An app that takes a link over asks for commands: without them it must stay in the browser.
        let app_links = if settings.commands {
            AppLinks::of(&settings.apple_apps, &settings.android_apps)
        } else {
            AppLinks::of(&[], &[])
        };
        Ok(Self {
            discovery: discovery::document(&settings),
            url: settings.public_url,
            channel_login_url: settings.channel_login_url,
            commands: settings.commands,
            session_required: settings.session_required,
            app_links,
        })
    }

    pub(crate) fn discovery(&self) -> &str {
        &self.discovery
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
        format!("{}/auth/app/commands/{}", self.url, arrival.as_str())
    }

    /// The address of a return with this ticket and one more parameter.
    pub(crate) fn resume_url(&self, interaction: &str, ticket_secret: &str, parameter: &str) -> String {
        format!("{}/auth/resume?ticket={interaction}.{ticket_secret}&{parameter}=1", self.url)
    }

    /// The address of an authorization request by GET; `None` for parameters that have no form encoding.
    pub(crate) fn authorize_url(&self, client_id: &str, request_uri: &str) -> Option<String> {
        let query = serde_urlencoded::to_string([("client_id", client_id), ("request_uri", request_uri)]);
        query.ok().map(|query| format!("{}?{query}", self.authorization_endpoint()))
    }

    /// `authorization_endpoint` of the discovery document.
    pub(crate) fn authorization_endpoint(&self) -> String {
        format!("{}/auth/authorize", self.url)
    }

    /// Whether browsers are sent to the page that hands interactions to a phone.
    pub(crate) fn hands_off(&self) -> bool {
        self.channel_login_url.starts_with(&format!("{}{HANDOFF_PAGE}", self.url))
    }

    /// The address where the customer who arrived logs in.
    pub(crate) fn login_url(&self, arrival: &ArrivalId) -> String {
        self.channel_login_url.replace(PLACEHOLDER, arrival.as_str())
    }
}
