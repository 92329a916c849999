//! The receiver: its identity, its keys, its HTTP clients.

use std::sync::Mutex;

use ponte_fapi::jws::Signer;
use ponte_machine::{SandboxError, clock};
use ponte_pki::{Identity, TransportSubject};
use ponte_web::browser::Browser;
use ponte_web::caller::{Call, Caller, ClientCertificate, NoAnswer, Reply};
use serde_json::Value;

use crate::client::{self, ClientRecord};
use crate::discovered::Discovered;
use crate::error::SetUpError;
use crate::pending::Pending;

/// A receiver of data.
pub struct Receiver {
    pub(crate) record: ClientRecord,
    pub(crate) around: client::Surroundings,
    pub(crate) keys: client::Keys,
    /// With the BRCAC.
    pub(crate) mtls: Caller,
    /// Without: what the customer's browser does.
    pub(crate) browser: Browser,
    /// A client that forgot its certificate.
    pub(crate) bare: Caller,
    pub(crate) server: Discovered,
    pub(crate) pepper: [u8; 16],
    pub(crate) pending: Mutex<Pending>,
    /// Text of the key set by which answers of the institution are verified, once it was asked for.
    pub(crate) institution_keys: Mutex<Option<String>>,
}

impl Receiver {
    /// Sets up the client at `position` of `clients` and asks the authorization server where its endpoints are.
    pub async fn set_up(endpoints: &Value, position: usize) -> Result<Self, SetUpError> {
        let (around, record) = client::read(endpoints, position)?;
        let keys = record.keys()?;
        let certificate = ClientCertificate { chain_pem: &keys.chain_pem, key_pem: &keys.transport_pem };
        let mtls = Caller::new(&around.trust_pem, Some(certificate))?;
        let browser = Browser::over(Caller::new(&around.trust_pem, None)?);
        let server = Discovered::at(browser.caller(), &around.public).await?;
        Ok(Self {
            bare: browser.caller().clone().wary(),
            record,
            around,
            keys,
            mtls,
            browser,
            server,
            pepper: clock::random(),
            pending: Mutex::default(),
            institution_keys: Mutex::default(),
        })
    }

    /// The same software, client and keys with another client certificate, or with none: what it asks from then on goes
    /// out under that certificate.
    pub fn with_certificate(&self, identity: Option<&Identity>) -> Result<Self, SandboxError> {
        let certificate = identity
            .map(|one| ClientCertificate { chain_pem: &one.chain_pem, key_pem: one.key.private_pem() });
        Ok(Self {
            record: self.record.clone(),
            around: self.around.clone(),
            keys: self.record.keys()?,
            mtls: Caller::new(&self.around.trust_pem, certificate)?.wary(),
            browser: self.browser.another(),
            bare: self.bare.clone(),
            server: self.server.clone(),
            pepper: self.pepper,
            pending: Mutex::default(),
            institution_keys: Mutex::default(),
        })
    }

    /// Profile of its BRCAC, to issue certificates that are almost its own.
    pub fn transport_subject(&self) -> Result<TransportSubject, SandboxError> {
        self.record.transport_subject(&self.keys.chain_pem)
    }

    /// Its client record.
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

    /// URL of an endpoint by its name in the discovery document, the one behind client certificates where there is one.
    pub fn endpoint(&self, name: &str) -> Result<String, NoAnswer> {
        self.server.endpoint(name)
    }

    /// Signs what this client says of itself: assertions, request objects.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.keys.signer
    }

    /// Any call under its certificate. It is not reported.
    pub async fn send(&self, call: Call) -> Result<Reply, NoAnswer> {
        self.mtls.send(call).await
    }

    /// The customer's browser: without a certificate, with its cookies.
    #[must_use]
    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// Gets a URL as the customer's browser does: without a certificate, following no redirect.
    pub async fn browse(&self, url: &str) -> Result<Reply, NoAnswer> {
        self.browser.send(Call::get(url)).await
    }

    /// Opens the link that takes the customer back, to where it leaves the institution. The browser of an app's customer, which
    /// has not been there before, is sent to the link once more.
    pub async fn come_back(&self, link: &str) -> Result<Reply, NoAnswer> {
        let reply = self.browse(link).await?;
        let again = reply.header("location").filter(|location| location.starts_with(link)).map(str::to_owned);
        match again {
            Some(again) => self.browse(&again).await,
            None => Ok(reply),
        }
    }

    /// A call of the same software without any client certificate.
    pub async fn without_certificate(&self, path: &str) -> Result<Reply, NoAnswer> {
        let call = Call::get(format!("{}{path}", self.around.mtls));
        self.bare.send(call.header("x-fapi-interaction-id", clock::new_id())).await
    }
}
