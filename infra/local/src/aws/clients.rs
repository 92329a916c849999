//! AWS SDK clients for an endpoint on loopback.

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_smithy_http_client::Builder;

use crate::template::REGION;

/// Key id of the local cloud; nobody checks it.
pub const ACCESS_KEY_ID: &str = "local";
/// Secret key of the local cloud; nobody checks it.
pub const SECRET_ACCESS_KEY: &str = "local-secret";

/// One client per service, on one connection pool.
#[derive(Debug, Clone)]
pub struct Clients {
    /// DynamoDB.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// SQS.
    pub sqs: aws_sdk_sqs::Client,
    /// Secrets Manager.
    pub secrets: aws_sdk_secretsmanager::Client,
}

/// Clients for `endpoint_url`. They do not retry: what the local cloud answers is what the caller wants to see.
#[must_use]
pub fn connect(endpoint_url: &str) -> Clients {
    let http = Builder::new().build_http();
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "local cloud");
    macro_rules! client {
        ($service:ident) => {
            $service::Client::from_conf(
                $service::Config::builder()
                    .behavior_version($service::config::BehaviorVersion::latest())
                    .region($service::config::Region::new(REGION))
                    .endpoint_url(endpoint_url)
                    .credentials_provider(credentials.clone())
                    .retry_config(RetryConfig::disabled())
                    .http_client(http.clone())
                    .build(),
            )
        };
    }
    Clients {
        dynamodb: client!(aws_sdk_dynamodb),
        sqs: client!(aws_sdk_sqs),
        secrets: client!(aws_sdk_secretsmanager),
    }
}
