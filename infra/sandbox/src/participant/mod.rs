//! Another participant of the ecosystem: a receiver with its own keys and certificates, built from `endpoints.json`
//! alone, as any program outside would be. It does what its users ask and reports every call to the metrics platform.
//!
//! Each method makes one call and gives back what came, whatever it was: judging it is the caller's business.
//! One more API = nothing to do, [`Receiver::get`] knows no API by name. One more grant = a method in `grants.rs`.

mod authorization;
mod client;
mod grants;
mod page;
mod report;
mod resources;
#[cfg(test)]
mod tests;

use std::sync::Mutex;

use serde_json::Value;

use crate::caller::{Call, Caller, ClientCertificate, NoAnswer, Reply};
use crate::clock;
use crate::error::SandboxError;

pub use authorization::{Authorization, Callback, CallbackFault};
pub use client::ClientRecord;
pub use grants::Tokens;
pub use report::Reported;
pub use resources::{Asked, NewConsent};

pub(crate) use page::CallbackPage;

/// A receiver of data.
pub struct Receiver {
    record: ClientRecord,
    around: client::Surroundings,
    keys: client::Keys,
    /// With the BRCAC.
    mtls: Caller,
    /// Without: what the customer's browser does.
    browser: Caller,
    /// A client that forgot its certificate.
    bare: Caller,
    server: Discovered,
    pepper: [u8; 16],
    pending: Mutex<report::Pending>,
}

/// What the authorization server says of itself (S07, S42).
struct Discovered {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    par_endpoint: String,
    jwks: String,
}

/// Why a receiver could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// Files or `endpoints.json`.
    #[error(transparent)]
    Files(#[from] SandboxError),
    /// The authorization server did not answer.
    #[error("{0}")]
    NoAnswer(#[from] NoAnswer),
    /// It answered something else than a discovery document.
    #[error("discovery: {0}")]
    Discovery(String),
}

impl Receiver {
    /// Sets up the client at `position` of `clients` and asks the authorization server where its endpoints are.
    pub async fn set_up(endpoints: &Value, position: usize) -> Result<Self, SetUpError> {
        let (around, record) = client::read(endpoints, position)?;
        let keys = record.keys()?;
        let certificate = ClientCertificate { chain_pem: &keys.chain_pem, key_pem: &keys.transport_pem };
        let mtls = Caller::new(&around.trust_pem, Some(certificate))?;
        let browser = Caller::new(&around.trust_pem, None)?;
        let server = discover(&browser, &around.public).await?;
        Ok(Self {
            bare: browser.clone(),
            record,
            around,
            keys,
            mtls,
            browser,
            server,
            pepper: clock::random(),
            pending: Mutex::default(),
        })
    }

    /// Who it is.
    #[must_use]
    pub fn record(&self) -> &ClientRecord {
        &self.record
    }

    /// Name of the institution it talks to.
    #[must_use]
    pub fn institution(&self) -> &str {
        &self.around.institution
    }

    /// URL of the host with client certificates.
    #[must_use]
    pub fn mtls_host(&self) -> &str {
        &self.around.mtls
    }

    /// What the customer's browser does with a URL: no certificate, no redirect followed.
    pub async fn browse(&self, url: &str) -> Result<Reply, NoAnswer> {
        self.browser.send(Call::get(url)).await
    }

    /// A call of the same software without any client certificate.
    pub async fn without_certificate(&self, path: &str) -> Result<Reply, NoAnswer> {
        let call = Call::get(format!("{}{path}", self.around.mtls));
        self.bare.send(call.header("x-fapi-interaction-id", clock::new_id())).await
    }
}

async fn discover(browser: &Caller, public: &str) -> Result<Discovered, SetUpError> {
    let reply = browser.send(Call::get(format!("{public}/.well-known/openid-configuration"))).await?;
    let document = reply.json();
    let text = |name: &str| {
        document[name]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| SetUpError::Discovery(format!("status {}, no {name}", reply.status)))
    };
    // S42: the aliases are the ones to use where there are any.
    let mutual = |name: &str| match document["mtls_endpoint_aliases"][name].as_str() {
        Some(alias) => Ok(alias.to_owned()),
        None => text(name),
    };
    let jwks = browser.send(Call::get(text("jwks_uri")?)).await?;
    Ok(Discovered {
        issuer: text("issuer")?,
        authorization_endpoint: text("authorization_endpoint")?,
        token_endpoint: mutual("token_endpoint")?,
        par_endpoint: mutual("pushed_authorization_request_endpoint")?,
        jwks: String::from_utf8_lossy(&jwks.body).into_owned(),
    })
}
