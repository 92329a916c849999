//! APIs, queues, tables and secrets of the template. A property that is listed nowhere here is an error.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::error::TemplateError;
use super::properties::typed;
use super::scope::{Declared, STACK, queue_arn, secret_arn};

/// An HTTP API and the host in front of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// Logical id.
    pub id: String,
    /// Value of `!Ref`: the API id in events.
    pub name: String,
    /// Host and port of its custom domain; there is no other way in.
    pub domain: String,
    /// Where the authorities of its callers are kept; without one nobody is asked for a certificate.
    pub truststore: Option<String>,
    /// Format of an access log line, with `$context` variables.
    pub access_log_format: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ApiProperties {
    domain: Domain,
    access_log_settings: Option<AccessLog>,
    // The local hosts are the custom domains; there is no other way in.
    #[serde(rename = "DisableExecuteApiEndpoint")]
    _disable_execute_api_endpoint: Option<IgnoredAny>,
    // One machine has one caller: nothing is throttled.
    #[serde(rename = "DefaultRouteSettings")]
    _throttling: Option<IgnoredAny>,
    #[serde(rename = "RouteSettings")]
    _route_throttling: Option<IgnoredAny>,
    #[serde(rename = "Tags")]
    _tags: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Domain {
    domain_name: String,
    mutual_tls_authentication: Option<MutualTls>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MutualTls {
    truststore_uri: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AccessLog {
    format: String,
}

impl Api {
    pub(super) fn read(id: &str, path: &str, properties: Value) -> Result<Self, TemplateError> {
        let properties: ApiProperties = typed(path, properties)?;
        Ok(Self {
            id: id.to_owned(),
            name: id.to_lowercase(),
            domain: properties.domain.domain_name,
            truststore: properties.domain.mutual_tls_authentication.map(|tls| tls.truststore_uri),
            access_log_format: properties.access_log_settings.map(|log| log.format),
        })
    }
}

/// A queue. Times in seconds, as SQS counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Logical id.
    pub id: String,
    /// Name in SQS.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// First in, first out within a message group.
    pub fifo: bool,
    /// Attributes in SQS's own names, redrive excepted.
    pub attributes: Vec<(&'static str, String)>,
    /// Where a message goes that was received too often.
    pub redrive: Option<Redrive>,
}

/// Redrive policy of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redrive {
    /// ARN of the dead-letter queue.
    pub target_arn: String,
    /// Receives after which a message moves there.
    pub max_receive_count: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct QueueProperties {
    visibility_timeout: Option<u32>,
    message_retention_period: Option<u32>,
    delay_seconds: Option<u32>,
    maximum_message_size: Option<u32>,
    receive_message_wait_time_seconds: Option<u32>,
    content_based_deduplication: Option<bool>,
    redrive_policy: Option<RedriveProperties>,
    #[serde(rename = "FifoQueue")]
    _fifo: Option<bool>,
    // Encryption at rest has no local counterpart.
    #[serde(rename = "KmsMasterKeyId")]
    _key: Option<IgnoredAny>,
    #[serde(rename = "KmsDataKeyReusePeriodSeconds")]
    _key_reuse: Option<IgnoredAny>,
    #[serde(rename = "SqsManagedSseEnabled")]
    _managed_key: Option<IgnoredAny>,
    #[serde(rename = "Tags")]
    _tags: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RedriveProperties {
    dead_letter_target_arn: String,
    max_receive_count: u32,
}

impl Queue {
    pub(super) fn read(
        id: &str,
        declared: &Declared,
        path: &str,
        properties: Value,
    ) -> Result<Self, TemplateError> {
        let properties: QueueProperties = typed(path, properties)?;
        let name = declared.physical_name(id);
        let numbers = [
            ("VisibilityTimeout", properties.visibility_timeout),
            ("MessageRetentionPeriod", properties.message_retention_period),
            ("DelaySeconds", properties.delay_seconds),
            ("MaximumMessageSize", properties.maximum_message_size),
            ("ReceiveMessageWaitTimeSeconds", properties.receive_message_wait_time_seconds),
        ];
        let mut attributes: Vec<(&'static str, String)> =
            numbers.into_iter().filter_map(|(name, value)| Some((name, value?.to_string()))).collect();
        if declared.fifo {
            attributes.push(("FifoQueue", "true".to_owned()));
        }
        if let Some(by_content) = properties.content_based_deduplication {
            attributes.push(("ContentBasedDeduplication", by_content.to_string()));
        }
        let redrive = properties.redrive_policy.map(|policy| Redrive {
            target_arn: policy.dead_letter_target_arn,
            max_receive_count: policy.max_receive_count,
        });
        Ok(Self { id: id.to_owned(), arn: queue_arn(&name), name, fifo: declared.fifo, attributes, redrive })
    }
}

/// A table with its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Logical id.
    pub id: String,
    /// Name in DynamoDB.
    pub name: String,
    /// Attribute name → type (`S`, `N` or `B`).
    pub attributes: Vec<(String, String)>,
    /// Attribute name → `HASH` or `RANGE`.
    pub key: Vec<(String, String)>,
    /// Global secondary indexes.
    pub indexes: Vec<Index>,
    /// Attribute that holds the expiry, in seconds since 1970.
    pub time_to_live: Option<String>,
}

/// A global secondary index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Name.
    pub name: String,
    /// Attribute name → `HASH` or `RANGE`.
    pub key: Vec<(String, String)>,
    /// `ALL`, `KEYS_ONLY` or `INCLUDE`.
    pub projection: String,
    /// The attributes an `INCLUDE` projection adds.
    pub included: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TableProperties {
    attribute_definitions: Vec<AttributeDefinition>,
    key_schema: Vec<KeyElement>,
    #[serde(default)]
    global_secondary_indexes: Vec<IndexProperties>,
    time_to_live_specification: Option<TimeToLive>,
    // Billing, backup, encryption and protection have no local counterpart.
    #[serde(rename = "BillingMode")]
    _billing: Option<IgnoredAny>,
    #[serde(rename = "DeletionProtectionEnabled")]
    _protection: Option<IgnoredAny>,
    #[serde(rename = "PointInTimeRecoverySpecification")]
    _recovery: Option<IgnoredAny>,
    #[serde(rename = "SSESpecification")]
    _encryption: Option<IgnoredAny>,
    #[serde(rename = "Tags")]
    _tags: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct AttributeDefinition {
    attribute_name: String,
    attribute_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct KeyElement {
    attribute_name: String,
    key_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct IndexProperties {
    index_name: String,
    key_schema: Vec<KeyElement>,
    projection: Projection,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Projection {
    projection_type: String,
    #[serde(default)]
    non_key_attributes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TimeToLive {
    attribute_name: String,
    enabled: bool,
}

impl Table {
    pub(super) fn read(id: &str, path: &str, properties: Value) -> Result<Self, TemplateError> {
        let properties: TableProperties = typed(path, properties)?;
        Ok(Self {
            id: id.to_owned(),
            name: format!("{STACK}-{id}"),
            attributes: properties
                .attribute_definitions
                .into_iter()
                .map(|definition| (definition.attribute_name, definition.attribute_type))
                .collect(),
            key: key(properties.key_schema),
            indexes: properties
                .global_secondary_indexes
                .into_iter()
                .map(|index| Index {
                    name: index.index_name,
                    key: key(index.key_schema),
                    projection: index.projection.projection_type,
                    included: index.projection.non_key_attributes,
                })
                .collect(),
            time_to_live: properties
                .time_to_live_specification
                .filter(|specification| specification.enabled)
                .map(|specification| specification.attribute_name),
        })
    }
}

fn key(schema: Vec<KeyElement>) -> Vec<(String, String)> {
    schema.into_iter().map(|element| (element.attribute_name, element.key_type)).collect()
}

/// A secret; its value comes from the sandbox or is made up by Secrets Manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Logical id.
    pub id: String,
    /// Name in Secrets Manager.
    pub name: String,
    /// ARN as `!Ref` gives it.
    pub arn: String,
    /// `Description` in the template.
    pub description: Option<String>,
    /// How its value is made up, in the words of `GetRandomPassword`.
    pub generate: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SecretProperties {
    description: Option<String>,
    generate_secret_string: Option<Value>,
    /// The sandbox gives a value of its own.
    #[serde(rename = "SecretString")]
    _initial: Option<IgnoredAny>,
    #[serde(rename = "KmsKeyId")]
    _key: Option<IgnoredAny>,
    #[serde(rename = "Tags")]
    _tags: Option<IgnoredAny>,
}

impl Secret {
    pub(super) fn read(id: &str, path: &str, properties: Value) -> Result<Self, TemplateError> {
        let properties: SecretProperties = typed(path, properties)?;
        let name = format!("{STACK}-{id}");
        Ok(Self {
            id: id.to_owned(),
            arn: secret_arn(&name),
            name,
            description: properties.description,
            generate: properties.generate_secret_string,
        })
    }
}
