//! SDK clients from the function's environment: static credentials, one HTTP client, pinned roots, short timeouts.
//!
//! No `aws-config`: its profile files, metadata calls and the operating system's 140 roots cost 2.6 ms of every cold
//! start, and a function finds everything in its environment.

mod connections;
mod invocation;
mod refusals;
mod signed;

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, SharedHttpClient, StalledStreamProtectionConfig};
use ponte_ports::Ending;
use ponte_values::Invalid;
use url::Url;

use crate::env::{Reader, Settings, Var, text};
use crate::environment::SystemClock;
use connections::Connections;
pub use invocation::{FunctionArn, Invocation};
use refusals::Refusals;
pub use signed::Post;

const REGION: Var<String> = Var::required("AWS_REGION", text);
const ACCESS_KEY_ID: Var<String> = Var::required("AWS_ACCESS_KEY_ID", text);
const SECRET_ACCESS_KEY: Var<String> = Var::required("AWS_SECRET_ACCESS_KEY", text);
const SESSION_TOKEN: Var<Option<String>> = Var::or("", "AWS_SESSION_TOKEN", optional);
const ENDPOINT: Var<Option<String>> = Var::or("", "AWS_ENDPOINT_URL", endpoint);
const DYNAMODB: Var<Option<String>> = Var::or("", "AWS_ENDPOINT_URL_DYNAMODB", endpoint);
const SQS: Var<Option<String>> = Var::or("", "AWS_ENDPOINT_URL_SQS", endpoint);
const LAMBDA: Var<Option<String>> = Var::or("", "AWS_ENDPOINT_URL_LAMBDA", endpoint);
const SECRETS: Var<Option<String>> = Var::or("", "AWS_ENDPOINT_URL_SECRETS_MANAGER", endpoint);

crate::settings! {
    struct Variables {
        region: String = REGION,
        id: String = ACCESS_KEY_ID,
        secret: String = SECRET_ACCESS_KEY,
        token: Option<String> = SESSION_TOKEN,
        all: Option<String> = ENDPOINT,
        dynamodb: Option<String> = DYNAMODB,
        lambda: Option<String> = LAMBDA,
        sqs: Option<String> = SQS,
        secrets: Option<String> = SECRETS,
    }
}

/// The common configuration of the SDK clients; cheap until a client is made.
pub struct Aws {
    region: Region,
    credentials: Credentials,
    http: SharedHttpClient,
    endpoints: Endpoints,
    ending: Ending,
}

struct Endpoints {
    dynamodb: Option<String>,
    lambda: Option<String>,
    sqs: Option<String>,
    secrets: Option<String>,
}

/// The variables Lambda gives every function, and the standard ones that point the SDK elsewhere.
impl Settings for Aws {
    fn collect(reader: &mut Reader<'_>) -> Option<Self> {
        let Variables { region, id, secret, token, all, dynamodb, lambda, sqs, secrets } =
            Variables::collect(reader)?;
        Some(Self {
            region: Region::new(region),
            credentials: Credentials::from_keys(id, secret, token),
            http: SharedHttpClient::new(Connections::by(Arc::new(SystemClock))),
            ending: Ending::default(),
            endpoints: Endpoints {
                dynamodb: dynamodb.or_else(|| all.clone()),
                lambda: lambda.or_else(|| all.clone()),
                sqs: sqs.or_else(|| all.clone()),
                secrets: secrets.or(all),
            },
        })
    }
}

/// The three SDKs' builders are unrelated types with the same methods.
macro_rules! configured {
    ($sdk:ident, $aws:expr, $endpoint:expr) => {{
        let mut builder = $sdk::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region($aws.region.clone())
            .credentials_provider($aws.credentials.clone())
            .http_client($aws.http.clone())
            .retry_classifier(Refusals { ending: $aws.ending.clone() })
            .timeout_config(timeouts())
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .stalled_stream_protection(StalledStreamProtectionConfig::enabled().build());
        builder.set_endpoint_url($endpoint.clone());
        $sdk::Client::from_conf(builder.build())
    }};
}

impl Aws {
    /// Said when the credentials of the environment are over: nobody renews them in a running process (LB-11).
    #[must_use]
    pub fn ending(&self) -> Ending {
        self.ending.clone()
    }

    /// A DynamoDB client.
    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        configured!(aws_sdk_dynamodb, self, self.endpoints.dynamodb)
    }

    /// An SQS client.
    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        configured!(aws_sdk_sqs, self, self.endpoints.sqs)
    }

    /// A Secrets Manager client.
    #[must_use]
    pub fn secrets(&self) -> aws_sdk_secretsmanager::Client {
        configured!(aws_sdk_secretsmanager, self, self.endpoints.secrets)
    }

    /// The calls of a Lambda function, in the region of that function.
    #[must_use]
    pub fn invocation(&self, function: &FunctionArn) -> Invocation {
        let (credentials, ending) = (self.credentials.clone(), self.ending.clone());
        Invocation::of(function, self.endpoints.lambda.as_deref(), credentials, ending)
    }
}

/// PEM of the roots of every AWS endpoint, for calls that no SDK makes.
pub const ROOTS: &[u8] = connections::AMAZON_ROOTS;

/// Connections of an SDK client that is no function's: over TLS to the roots of AWS, or plain where an endpoint is.
#[must_use]
pub fn https() -> SharedHttpClient {
    connections::client()
}

/// An answer waits for these calls, and API Gateway waits 30 s for the answer.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(8))
        .build()
}

#[expect(clippy::unnecessary_wraps, reason = "the shape every variable is read by")]
fn optional(value: &str) -> Result<Option<String>, Invalid> {
    Ok((!value.is_empty()).then(|| value.to_owned()))
}

fn endpoint(value: &str) -> Result<Option<String>, Invalid> {
    if value.is_empty() {
        return Ok(None);
    }
    match Url::parse(value) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(Some(value.to_owned())),
        _ => Err(Invalid("endpoint URL")),
    }
}

#[cfg(test)]
mod tests;
