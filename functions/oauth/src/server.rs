//! What this authorization server is: its names, its settings, its discovery document. Built once, in INIT.

use std::time::Duration;

use ponte_authorization::client::Client;
use ponte_authorization::grant::GrantPolicy;
use ponte_authorization::interaction::Assurance;
use ponte_fapi::binding::Thumbprint;
use ponte_fapi::claims::{AccessToken, Clock, ConfirmationClaim, NumericDate, TokenFault};
use ponte_fapi::jws::Signer;
use ponte_values::{AndroidApp, AppleAppId, ClientId, ConsentId, Moment};

use crate::app_links::AppLinks;
use crate::discovery;

/// Difference granted to the clocks of clients, in seconds (as S62 does for signed messages).
const SKEW: u64 = 60;
/// What stands for the interaction id in the URL of the channel.
const PLACEHOLDER: &str = "<IDENTIFICADOR>";

/// What [`Server`] is made of.
pub struct Settings {
    /// Issuer and base URL of the public host, without a slash at the end.
    pub public_url: String,
    /// Base URL of the mTLS host, without a slash at the end.
    pub mtls_url: String,
    /// Keystore of the directory, without a slash at the end (S81).
    pub directory_url: String,
    /// Page of the channel that receives the customer; `<IDENTIFICADOR>` stands for the interaction id.
    pub channel_login_url: String,
    /// Whether the institution's app may take a visit into the command loop.
    pub commands: bool,
    /// Apps of the institution that open its links, on iOS.
    pub apple_apps: Vec<AppleAppId>,
    /// The same on Android.
    pub android_apps: Vec<AndroidApp>,
    /// Lives of what is issued (S05, S09).
    pub policy: GrantPolicy,
    /// The strongest authentication the channel can do (S15).
    pub assurance: Assurance,
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServerFault {
    /// The channel's URL has no place for the interaction id.
    #[error("channel login URL lacks <IDENTIFICADOR>")]
    ChannelLoginUrl,
}

/// The authorization server's own side.
pub struct Server {
    issuer: String,
    channel_login_url: String,
    commands: bool,
    app_links: AppLinks,
    policy: GrantPolicy,
    assurance: Assurance,
    discovery: String,
    audiences: [String; 5],
    directory_keys: String,
    registrations: String,
}

/// For whom and over what an access token is issued.
pub(crate) struct Holder<'a> {
    pub(crate) client: &'a Client,
    pub(crate) certificate: &'a Thumbprint,
}

/// What an access token opens.
pub(crate) struct Access<'a> {
    /// Pseudonym of the customer, or the client itself.
    pub(crate) subject: &'a str,
    pub(crate) scope: String,
    pub(crate) consent: Option<&'a ConsentId>,
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

    /// Where the keys are that sign software statements (S81).
    pub(crate) fn directory_keys(&self) -> &str {
        &self.directory_keys
    }

    /// Where a registration is read, replaced and removed (RFC 7592 section 3).
    pub(crate) fn registration_url(&self, client: &ClientId) -> String {
        format!("{}/{client}", self.registrations)
    }

    /// Whether the institution's app may take a visit into the command loop.
    pub(crate) fn has_commands(&self) -> bool {
        self.commands
    }

    /// What phones are told about the institution's apps.
    pub(crate) fn app_links(&self) -> &AppLinks {
        &self.app_links
    }

    /// Where the institution's app hears its first command.
    pub(crate) fn command_url(&self, interaction: &str) -> String {
        format!("{}/auth/app/commands/{interaction}", self.issuer)
    }

    /// Where the customer of an interaction logs in.
    pub(crate) fn login_url(&self, interaction: &str) -> String {
        self.channel_login_url.replace(PLACEHOLDER, interaction)
    }

    /// An access token of the policy's life, bound to the certificate of the connection (S09, S10).
    pub(crate) fn access_token(
        &self,
        signer: &Signer,
        holder: &Holder<'_>,
        access: Access<'_>,
        jti: String,
        now: Moment,
    ) -> Result<String, TokenFault> {
        let claims = AccessToken {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: access.subject.to_owned(),
            client_id: holder.client.id.to_string(),
            org_id: holder.client.organisation.to_string(),
            ss_id: holder.client.software.to_string(),
            scope: access.scope,
            consent_id: access.consent.map(ConsentId::to_string),
            iat: date(now),
            exp: date(now.plus(self.policy.access_token_life())),
            jti,
            cnf: ConfirmationClaim { thumbprint: *holder.certificate },
        };
        claims.mint(signer)
    }
}

/// The issuer and every endpoint that authenticates clients (RFC 7523 section 3, RFC 9126 section 2).
fn audiences(settings: &Settings) -> [String; 5] {
    let endpoint = |name: &str| format!("{}/auth/{name}", settings.mtls_url);
    let issuer = settings.public_url.clone();
    [issuer, endpoint("token"), endpoint("par"), endpoint("introspect"), endpoint("revoke")]
}

/// A moment as a claim.
pub(crate) fn date(moment: Moment) -> NumericDate {
    NumericDate::at(u64::try_from(moment.seconds()).unwrap_or(0))
}

/// Now, for claims that a client signed.
pub(crate) fn client_clock(now: Moment) -> Clock {
    Clock { now: date(now).seconds(), skew: SKEW }
}

/// Now, for claims that we signed ourselves: no difference is granted.
pub(crate) fn own_clock(now: Moment) -> Clock {
    Clock { now: date(now).seconds(), skew: 0 }
}

/// Whole seconds of a span, as `expires_in` says them.
pub(crate) fn seconds(span: Duration) -> u64 {
    span.as_secs()
}
