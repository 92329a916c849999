//! What this authorization server is: its names, its keys, its published documents. Built once, in INIT.

use std::time::Duration;

use ponte_domain::client::Client;
use ponte_domain::grant::ACCESS_TOKEN_LIFE;
use ponte_fapi::binding::Thumbprint;
use ponte_fapi::claims::{AccessToken, Clock, ConfirmationClaim, NumericDate, TokenFault};
use ponte_fapi::jwk::{JwkFault, KeySet};
use ponte_fapi::jws::{JwsFault, Signer};
use ponte_values::{ConsentId, Moment};

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
    /// Page of the channel that receives the customer; `<IDENTIFICADOR>` stands for the interaction id.
    pub channel_login_url: String,
    /// Signs access tokens and id_tokens.
    pub signer: Signer,
    /// Key set that others verify our tokens with, as JSON; the signer's key must be in it.
    pub published_keys: String,
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServerFault {
    /// The published keys are no key set.
    #[error("published keys: {0}")]
    Keys(#[from] JwkFault),
    /// The published keys lack the one that signs, so nobody could verify a token.
    #[error("published keys lack the signing key")]
    KeyNotPublished,
    /// The channel's URL has no place for the interaction id.
    #[error("channel login URL lacks <IDENTIFICADOR>")]
    ChannelLoginUrl,
    /// The signing key does not sign.
    #[error("signing key: {0}")]
    Signer(#[from] JwsFault),
}

/// The authorization server's own side.
pub struct Server {
    issuer: String,
    mtls_url: String,
    channel_login_url: String,
    signer: Signer,
    discovery: String,
    jwks: String,
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
    /// Checks the settings, warms the signing key and writes the published documents.
    ///
    /// # Errors
    /// When the settings do not fit together.
    pub fn new(settings: Settings) -> Result<Self, ServerFault> {
        if !settings.channel_login_url.contains(PLACEHOLDER) {
            return Err(ServerFault::ChannelLoginUrl);
        }
        let published = KeySet::parse(&settings.published_keys)?;
        if published.signature_key(settings.signer.kid()).is_none() {
            return Err(ServerFault::KeyNotPublished);
        }
        settings.signer.warm()?;
        Ok(Self {
            discovery: discovery::document(&settings.public_url, &settings.mtls_url),
            jwks: published.to_json(),
            issuer: settings.public_url,
            mtls_url: settings.mtls_url,
            channel_login_url: settings.channel_login_url,
            signer: settings.signer,
        })
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.signer
    }

    pub(crate) fn discovery(&self) -> &str {
        &self.discovery
    }

    pub(crate) fn jwks(&self) -> &str {
        &self.jwks
    }

    /// Audiences a client assertion may name (RFC 7523 section 3, RFC 9126 section 2).
    pub(crate) fn assertion_audiences(&self) -> [String; 3] {
        [self.issuer.clone(), format!("{}/auth/token", self.mtls_url), format!("{}/auth/par", self.mtls_url)]
    }

    /// Where the customer of an interaction logs in.
    pub(crate) fn login_url(&self, interaction: &str) -> String {
        self.channel_login_url.replace(PLACEHOLDER, interaction)
    }

    /// An access token of 900 seconds, bound to the certificate of the connection (S09, S10).
    pub(crate) fn access_token(
        &self,
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
            exp: date(now.plus(ACCESS_TOKEN_LIFE)),
            jti,
            cnf: ConfirmationClaim { thumbprint: *holder.certificate },
        };
        claims.mint(&self.signer)
    }
}

/// A moment as a claim.
pub(crate) fn date(moment: Moment) -> NumericDate {
    NumericDate::at(u64::try_from(moment.seconds()).unwrap_or(0))
}

/// Now, for claims that a client signed.
pub(crate) fn client_clock(now: Moment) -> Clock {
    Clock { now: date(now).seconds(), skew: SKEW }
}

/// Whole seconds of a span, as `expires_in` says them.
pub(crate) fn seconds(span: Duration) -> u64 {
    span.as_secs()
}
