//! Tables, queues and secrets as the template declares them, created where they are missing.

use std::collections::BTreeMap;
use std::error::Error;

use aws_lc_rs::digest;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, TableDescription, TimeToLiveSpecification,
};
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretError;
use aws_sdk_secretsmanager::types::Tag;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::Value;

use super::clients::Clients;
use crate::template::{ACCOUNT, Queue, Redrive, Secret, Table, Template};

/// Tag that remembers which value a secret was seeded with, so that a rotated secret is left alone.
const SEED_TAG: &str = "ponte:seed";

/// Why the local cloud does not look like the template.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {fault}")]
pub struct ProvisionError {
    /// The resource.
    pub what: String,
    /// The fault.
    pub fault: String,
}

impl ProvisionError {
    fn new(what: &str, fault: impl Into<String>) -> Self {
        Self { what: what.to_owned(), fault: fault.into() }
    }

    /// From an SDK error, with everything it knows.
    fn from_sdk(what: &str) -> impl Fn(Box<dyn Error + Send + Sync>) -> Self + '_ {
        move |error| {
            let mut fault = error.to_string();
            let mut source = error.source();
            while let Some(cause) = source {
                fault.push_str(": ");
                fault.push_str(&cause.to_string());
                source = cause.source();
            }
            Self::new(what, fault)
        }
    }
}

/// URL of a queue of the local cloud.
#[must_use]
pub fn queue_url(endpoint_url: &str, name: &str) -> String {
    format!("{endpoint_url}/{ACCOUNT}/{name}")
}

/// Creates what is missing; `seeds` holds the values of secrets by logical id.
pub async fn provision(
    clients: &Clients,
    template: &Template,
    seeds: &BTreeMap<String, String>,
) -> Result<(), ProvisionError> {
    for table in &template.tables {
        provision_table(clients, table).await?;
    }
    // Dead-letter queues have no redrive of their own here, so they come first.
    let (sources, targets): (Vec<&Queue>, Vec<&Queue>) =
        template.queues.iter().partition(|queue| queue.redrive.is_some());
    for queue in targets.into_iter().chain(sources) {
        provision_queue(clients, queue).await?;
    }
    for secret in &template.secrets {
        provision_secret(clients, secret, seeds.get(&secret.id)).await?;
    }
    Ok(())
}

async fn provision_table(clients: &Clients, table: &Table) -> Result<(), ProvisionError> {
    let failed = ProvisionError::from_sdk(&table.id);
    let described = clients.dynamodb.describe_table().table_name(&table.name).send().await;
    match described {
        Ok(found) => {
            if !found.table().is_some_and(|found| same_keys(found, table)) {
                let fault =
                    "its keys in the data folder are not those of the template; start in a fresh folder";
                return Err(ProvisionError::new(&table.id, fault));
            }
        }
        Err(error)
            if error.as_service_error().is_some_and(DescribeTableError::is_resource_not_found_exception) =>
        {
            create_table(clients, table).await.map_err(&failed)?;
        }
        Err(error) => return Err(failed(error.into())),
    }
    provision_time_to_live(clients, table).await.map_err(failed)
}

fn same_keys(found: &TableDescription, table: &Table) -> bool {
    let keys = |schema: &[KeySchemaElement]| {
        let mut keys: Vec<(String, String)> = schema
            .iter()
            .map(|element| (element.attribute_name().to_owned(), element.key_type().as_str().to_owned()))
            .collect();
        keys.sort();
        keys
    };
    let sorted = |key: &[(String, String)]| {
        let mut key = key.to_vec();
        key.sort();
        key
    };
    let mut found_indexes: Vec<_> = found
        .global_secondary_indexes()
        .iter()
        .map(|index| (index.index_name().unwrap_or_default().to_owned(), keys(index.key_schema())))
        .collect();
    found_indexes.sort();
    let mut indexes: Vec<_> =
        table.indexes.iter().map(|index| (index.name.clone(), sorted(&index.key))).collect();
    indexes.sort();
    keys(found.key_schema()) == sorted(&table.key) && found_indexes == indexes
}

async fn create_table(clients: &Clients, table: &Table) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut create = clients
        .dynamodb
        .create_table()
        .table_name(&table.name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(key_schema(&table.key)?));
    for (name, kind) in &table.attributes {
        let kind = ScalarAttributeType::from(kind.as_str());
        create = create.attribute_definitions(
            AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build()?,
        );
    }
    for index in &table.indexes {
        let projection = Projection::builder()
            .projection_type(ProjectionType::from(index.projection.as_str()))
            .set_non_key_attributes((!index.included.is_empty()).then(|| index.included.clone()))
            .build();
        create = create.global_secondary_indexes(
            GlobalSecondaryIndex::builder()
                .index_name(&index.name)
                .set_key_schema(Some(key_schema(&index.key)?))
                .projection(projection)
                .build()?,
        );
    }
    create.send().await?;
    Ok(())
}

fn key_schema(key: &[(String, String)]) -> Result<Vec<KeySchemaElement>, Box<dyn Error + Send + Sync>> {
    key.iter()
        .map(|(name, kind)| {
            let element =
                KeySchemaElement::builder().attribute_name(name).key_type(KeyType::from(kind.as_str()));
            Ok(element.build()?)
        })
        .collect()
}

async fn provision_time_to_live(
    clients: &Clients,
    table: &Table,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let Some(attribute) = &table.time_to_live else { return Ok(()) };
    let found = clients.dynamodb.describe_time_to_live().table_name(&table.name).send().await?;
    if found.time_to_live_description().and_then(|found| found.attribute_name()) == Some(attribute.as_str()) {
        return Ok(());
    }
    let specification = TimeToLiveSpecification::builder().attribute_name(attribute).enabled(true).build()?;
    clients
        .dynamodb
        .update_time_to_live()
        .table_name(&table.name)
        .time_to_live_specification(specification)
        .send()
        .await?;
    Ok(())
}

async fn provision_queue(clients: &Clients, queue: &Queue) -> Result<(), ProvisionError> {
    let mut create = clients.sqs.create_queue().queue_name(&queue.name);
    for (name, value) in &queue.attributes {
        create = create.attributes(QueueAttributeName::from(*name), value);
    }
    if let Some(Redrive { target_arn, max_receive_count }) = &queue.redrive {
        // A number, not a string: the embedded SQS accepts nothing else.
        let policy =
            serde_json::json!({ "deadLetterTargetArn": target_arn, "maxReceiveCount": max_receive_count })
                .to_string();
        create = create.attributes(QueueAttributeName::RedrivePolicy, policy);
    }
    create.send().await.map_err(|error| ProvisionError::from_sdk(&queue.id)(error.into()))?;
    Ok(())
}

async fn provision_secret(
    clients: &Clients,
    secret: &Secret,
    seed: Option<&String>,
) -> Result<(), ProvisionError> {
    let failed = ProvisionError::from_sdk(&secret.id);
    let described = clients.secrets.describe_secret().secret_id(&secret.name).send().await;
    let known_seed = match described {
        Ok(found) => Some(
            found
                .tags()
                .iter()
                .find(|tag| tag.key() == Some(SEED_TAG))
                .and_then(Tag::value)
                .map(str::to_owned),
        ),
        Err(error)
            if error.as_service_error().is_some_and(DescribeSecretError::is_resource_not_found_exception) =>
        {
            None
        }
        Err(error) => return Err(failed(error.into())),
    };
    let value = match (seed, &secret.generate, &known_seed) {
        (Some(seed), ..) => seed.clone(),
        // A generated value stays what it was.
        (None, Some(_), Some(_)) => return Ok(()),
        (None, Some(generate), None) => generated(clients, generate).await.map_err(failed)?,
        (None, None, _) => return Err(ProvisionError::new(&secret.id, "nobody gives it a value")),
    };
    let fingerprint = fingerprint(&value);
    match known_seed {
        None => create_secret(clients, secret, value, fingerprint).await,
        Some(Some(known)) if known == fingerprint => Ok(()),
        Some(_) => replace_secret(clients, secret, value, fingerprint).await,
    }
    .map_err(ProvisionError::from_sdk(&secret.id))
}

async fn create_secret(
    clients: &Clients,
    secret: &Secret,
    value: String,
    fingerprint: String,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    clients
        .secrets
        .create_secret()
        .name(&secret.name)
        .set_description(secret.description.clone())
        .secret_string(value)
        .tags(Tag::builder().key(SEED_TAG).value(fingerprint).build())
        .send()
        .await?;
    Ok(())
}

/// The sandbox has a new value: it becomes the current version, the old one the previous.
async fn replace_secret(
    clients: &Clients,
    secret: &Secret,
    value: String,
    fingerprint: String,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    clients.secrets.put_secret_value().secret_id(&secret.name).secret_string(value).send().await?;
    let tag = Tag::builder().key(SEED_TAG).value(fingerprint).build();
    clients.secrets.tag_resource().secret_id(&secret.name).tags(tag).send().await?;
    Ok(())
}

fn fingerprint(value: &str) -> String {
    let digest = digest::digest(&digest::SHA256, value.as_bytes());
    let hex: Vec<String> = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    hex.concat()
}

/// `GenerateSecretString`, done by Secrets Manager itself.
async fn generated(clients: &Clients, generate: &Value) -> Result<String, Box<dyn Error + Send + Sync>> {
    let flag = |name: &str| generate.get(name).and_then(Value::as_bool);
    let text = |name: &str| generate.get(name).and_then(Value::as_str).map(str::to_owned);
    let known = [
        "PasswordLength",
        "ExcludeCharacters",
        "ExcludeLowercase",
        "ExcludeUppercase",
        "ExcludeNumbers",
        "ExcludePunctuation",
        "IncludeSpace",
        "RequireEachIncludedType",
    ];
    if let Some(unknown) =
        generate.as_object().into_iter().flatten().find(|(name, _)| !known.contains(&name.as_str()))
    {
        return Err(format!("GenerateSecretString.{} is not understood locally", unknown.0).into());
    }
    let answer = clients
        .secrets
        .get_random_password()
        .set_password_length(generate.get("PasswordLength").and_then(Value::as_i64))
        .set_exclude_characters(text("ExcludeCharacters"))
        .set_exclude_lowercase(flag("ExcludeLowercase"))
        .set_exclude_uppercase(flag("ExcludeUppercase"))
        .set_exclude_numbers(flag("ExcludeNumbers"))
        .set_exclude_punctuation(flag("ExcludePunctuation"))
        .set_include_space(flag("IncludeSpace"))
        .set_require_each_included_type(flag("RequireEachIncludedType"))
        .send()
        .await?;
    answer.random_password.ok_or_else(|| "no password came back".into())
}
