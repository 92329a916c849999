//! How the connector is reached and what it can do, as every function that asks it reads it.

use std::sync::Arc;
use std::time::Duration;

use ponte_authorization::message_signer::MessageSigner;
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::{Aws, FunctionArn, ROOTS};
use ponte_cloud::env::{self, Var};
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::secrets::Secrets;
use ponte_fapi::jwk::KeySet;
use ponte_payment::connector::{Capability, Dedupe};
use ponte_payment::ports::ConnectorReplies;
use ponte_ports::{Clock as _, PortError};
use ponte_values::{InstitutionId, Invalid};

use super::answer::WHAT;
use super::core_connector::{CoreConnector, Party};
use crate::http::{self, Trust};
use crate::institution::{Breaker, Way, layer_client};

/// Longest `PaymentConnectorSettleMs`.
const LONGEST_SETTLE: u64 = 3_600_000;

/// Key set that verifies the answers of the payment connector.
pub const PAYMENT_CONNECTOR_KEYS: Var<String> =
    Var::required("PAYMENT_CONNECTOR_KEYS", |text| match KeySet::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(Invalid("a key set")),
    });
/// How the core recognises what it has executed.
pub const PAYMENT_CONNECTOR_DEDUPE: Var<Dedupe> = Var::or("none", "PAYMENT_CONNECTOR_DEDUPE", dedupe);
/// How long it may take until a question finds what a call executed, in milliseconds.
pub const PAYMENT_CONNECTOR_SETTLE_MS: Var<Duration> = Var::or("5000", "PAYMENT_CONNECTOR_SETTLE_MS", settle);

ponte_cloud::settings! {
    /// What a function needs to ask the connector.
    pub struct ConnectorSettings {
        /// Base URL, unless it is a function or reads a queue.
        url: Option<String> = env::PAYMENT_CONNECTOR_URL,
        /// The function.
        function: Option<FunctionArn> = env::PAYMENT_CONNECTOR_FUNCTION_ARN,
        /// The queue that it reads.
        request_queue: Option<String> = env::PAYMENT_CONNECTOR_REQUEST_QUEUE_URL,
        /// The queue that it answers to.
        reply_queue: Option<String> = env::PAYMENT_CONNECTOR_REPLY_QUEUE_URL,
        /// Secret with the connector's authority and our certificate.
        tls_secret: String = env::PAYMENT_CONNECTOR_TLS_SECRET,
        /// Key set that verifies its answers, as JSON.
        keys: String = PAYMENT_CONNECTOR_KEYS,
        /// How the core recognises what it has executed.
        dedupe: Dedupe = PAYMENT_CONNECTOR_DEDUPE,
        /// How long it may take until a question finds what a call executed.
        settle: Duration = PAYMENT_CONNECTOR_SETTLE_MS,
    }
}

/// Where AWS and the secrets are, and where replies of a queue are looked for.
pub struct ConnectorSurroundings<'a> {
    /// AWS.
    pub aws: &'a Aws,
    /// Secrets.
    pub secrets: &'a Secrets,
    /// Authorities of everybody's outgoing calls.
    pub trust: &'a Trust,
    /// Where the replies of a queue wait.
    pub replies: Arc<dyn ConnectorReplies>,
}

impl ConnectorSettings {
    /// The connector, asked in the name of `brand` with requests that `signer` signs, past `breaker`.
    pub async fn connector(
        self,
        around: ConnectorSurroundings<'_>,
        brand: InstitutionId,
        signer: impl Into<MessageSigner>,
        breaker: Breaker,
    ) -> Result<CoreConnector, PortError> {
        let (clock, alarms) = (Arc::new(SystemClock), Arc::new(LoggedAlarms));
        let keys = connector_keys(&self.keys)?;
        let capability = Capability { dedupe: self.dedupe, settle: self.settle };
        let (address, way) = match (self.url, self.function, self.request_queue.zip(self.reply_queue)) {
            (Some(url), None, None) => {
                let versions = around.secrets.versions(self.tls_secret);
                let name = "PaymentConnectorTlsSecret";
                let client = layer_client(name, around.trust, versions, alarms, clock.now()).await?;
                (url.clone(), Way::over_http(client, url, clock.clone()))
            }
            (None, Some(function), None) => {
                let roots = Trust::pem(ROOTS).map_err(|error| PortError::new(WHAT, error))?;
                let client = http::client(&roots, None)?;
                let invocation = around.aws.invocation(&function);
                (function.as_str().to_owned(), Way::over_function(client, invocation, clock.clone()))
            }
            (None, None, Some((requests, reply_to))) => {
                let replies = (around.replies, reply_to);
                (requests.clone(), Way::over_queue((around.aws, requests), replies, clock.clone()))
            }
            _ => {
                let text = "of PAYMENT_CONNECTOR_URL, PAYMENT_CONNECTOR_FUNCTION_ARN and the pair of queues exactly one is given";
                return Err(PortError::new(WHAT, text));
            }
        };
        let party = Party { brand, address };
        Ok(CoreConnector::new(way, party, (signer, keys), capability, breaker, (Arc::new(SystemIds), clock)))
    }
}

/// The key set of the parameter `PaymentConnectorKeys`.
///
/// # Errors
/// No key set.
pub fn connector_keys(text: &str) -> Result<KeySet, PortError> {
    KeySet::parse(text).map_err(|error| PortError::new(WHAT, error))
}

fn dedupe(text: &str) -> Result<Dedupe, Invalid> {
    match text {
        "by_key" => Ok(Dedupe::ByKey),
        "query_only" => Ok(Dedupe::QueryOnly),
        "none" => Ok(Dedupe::None),
        _ => Err(Invalid("by_key, query_only or none")),
    }
}

fn settle(text: &str) -> Result<Duration, Invalid> {
    let millis = text.parse().ok().filter(|millis| *millis <= LONGEST_SETTLE);
    millis.map(Duration::from_millis).ok_or(Invalid("milliseconds"))
}
