//! The payment core of the institution: its keys and certificates, its books on disk, and how Ponte reaches it.

use std::collections::BTreeMap;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use ponte_machine::{SandboxError, clock};
use ponte_payment_core::{CONNECTOR, Clock, Function, Parts, PaymentCore};
use ponte_pki::{Authority, Identity, KeyStore, Profile, RsaKey, SystemSubject};
use ponte_web::faults::Faults;
use ponte_web::{ServerConfig, with_client_certificates};
use serde_json::{Value, json};

use crate::profiles::INSTITUTION;

/// Names of the private keys in the folder of the institution: of its listener, of its answers, of Ponte's certificate for it.
const KEYS: [&str; 3] = ["payment-core", "payment-core-signing", CONNECTOR];

/// A payment core as a function, and its invocation.
pub type PaymentFunction = Arc<dyn Fn(Vec<u8>) -> PaymentInvocation + Send + Sync>;
/// What an invocation returns, or why it failed.
pub type PaymentInvocation = Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send>>;

/// A payment core behind a queue: a message of the request queue, and what is sent back.
pub type PaymentMessages = Arc<dyn Fn(String) -> Replying + Send + Sync>;
/// URL of the queue of replies and the message for it; none where no answer comes.
pub type Replying = Pin<Box<dyn Future<Output = Option<(String, String)>> + Send>>;

/// Values by which a stack uses the payment core: of parameters and, by logical id, of secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connector {
    /// Parameters of the template.
    pub parameters: BTreeMap<String, String>,
    /// Secrets of the template. Private keys are among them.
    pub secrets: BTreeMap<String, String>,
}

/// Keys and certificates around the core.
pub(crate) struct PaymentCoreKeys {
    server: Identity,
    signing: RsaKey,
    connector: Identity,
    /// PEM of the authority behind both certificates.
    root_pem: String,
}

/// The private keys, by their paths below the world's directory.
pub(crate) fn key_files() -> impl Iterator<Item = String> {
    KEYS.into_iter().map(|name| format!("{}/{name}.key", INSTITUTION.folder))
}

impl PaymentCoreKeys {
    /// Makes or finds them; the institution's own authority issues the certificates.
    pub(crate) fn open(keys: &mut KeyStore, dir: &Path, authority: &Authority) -> Result<Self, SandboxError> {
        let folder = dir.join(INSTITUTION.folder);
        let [server, signing, connector] = KEYS.map(|name| keys.take(&folder.join(format!("{name}.key"))));
        let now = clock::now();
        let subject = SystemSubject { organisation_name: INSTITUTION.name, common_name: CONNECTOR };
        Ok(Self {
            server: authority.identity(&folder, KEYS[0], &Profile::Server, server?, now)?,
            connector: authority.identity(&folder, CONNECTOR, &Profile::System(&subject), connector?, now)?,
            signing: signing?,
            root_pem: authority.root_pem().to_owned(),
        })
    }

    /// TLS of its listener.
    pub(crate) fn tls(&self, authority: &Authority) -> Result<Arc<ServerConfig>, SandboxError> {
        with_client_certificates(&self.server, authority)
    }

    /// The core, its books in `dir`.
    pub(crate) fn core(
        &self,
        dir: &Path,
        institution: &str,
        keys: &Value,
    ) -> Result<PaymentCore, SandboxError> {
        let clock: Clock = Arc::new(clock::now);
        let parts = Parts {
            institution: institution.to_owned(),
            institution_keys: keys.to_string(),
            own_key: (self.signing.private_pem().to_owned(), self.signing.kid().to_owned()),
            seed: clock::random_text::<16>(),
            clock,
        };
        PaymentCore::open(parts, &dir.join(INSTITUTION.folder).join("payments.jsonl"))
    }

    /// How a stack uses the core at `url`.
    pub(crate) fn connector(&self, url: &str) -> Connector {
        let keys = json!({ "keys": [self.signing.signature_jwk()] }).to_string();
        let tls = json!({
            "authority": self.root_pem, "certificate": self.connector.chain_pem,
            "private_key": self.connector.key.private_pem(),
        });
        let parameters = [
            ("PaymentConnectorUrl", url.to_owned()),
            ("PaymentConnectorKeys", keys),
            ("PaymentConnectorDedupe", "by_key".to_owned()),
            ("PaymentConnectorSettleMs", "0".to_owned()),
        ];
        Connector {
            parameters: parameters.map(|(name, value)| (name.to_owned(), value)).into(),
            secrets: [("PaymentConnectorTlsSecret".to_owned(), tls.to_string())].into(),
        }
    }

    /// Its part of `endpoints.json`.
    pub(crate) fn described(&self, dir: &Path, url: &str, control: &str) -> Value {
        let path = |path: &Path| path.display().to_string();
        json!({
            "url": url, "control": control,
            "authority": path(&dir.join(INSTITUTION.folder).join("authority/root.pem")),
            "certificate": path(&self.connector.certificate_file),
            "private_key": path(&self.connector.key_file),
            "signing_kid": self.signing.kid(),
        })
    }
}

/// The core as a function that Lambda invokes.
pub(crate) fn function(core: &Arc<PaymentCore>, faults: &Faults) -> PaymentFunction {
    let function = Function::new(Arc::clone(core), faults.clone());
    Arc::new(move |event: Vec<u8>| {
        let function = function.clone();
        Box::pin(async move { function.invoked(&event).await })
    })
}

/// The core behind a queue.
pub(crate) fn messages(core: &Arc<PaymentCore>, faults: &Faults) -> PaymentMessages {
    let function = Function::new(Arc::clone(core), faults.clone());
    Arc::new(move |message: String| {
        let function = function.clone();
        Box::pin(async move {
            let (request, answer) = function.received(&message).await?;
            Some((request.reply_to, serde_json::to_string(&answer).ok()?))
        })
    })
}
