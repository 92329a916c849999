//! The SDK calls of an operation, replayed from its recipe: DynamoDB, and SQS where it tells somebody.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use aws_sdk_sqs::operation::send_message_batch::builders::SendMessageBatchFluentBuilder;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use aws_smithy_http_client::tls::{self, TlsContext, TrustStore, rustls_provider::CryptoMode};
use serde_json::Value;

use super::attribute::attributes;
use super::{Fault, variable};

/// A request that is ready to be sent, as often as wanted.
pub(crate) enum Request {
    Get(GetItemFluentBuilder),
    Put(PutItemFluentBuilder),
    Update(UpdateItemFluentBuilder),
    Query(QueryFluentBuilder),
    Transact(TransactWriteItemsFluentBuilder),
    Tell(SendMessageBatchFluentBuilder),
}

/// Clients on plain HTTP with the SDK's defaults.
pub(crate) struct Clients {
    dynamo: Client,
    sqs: aws_sdk_sqs::Client,
}

/// The clients.
pub(crate) fn clients() -> Result<Clients, Fault> {
    let trust = TlsContext::builder().with_trust_store(TrustStore::empty()).build()?;
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(trust)
        .build_https();
    let keys =
        Credentials::from_keys(variable("AWS_ACCESS_KEY_ID")?, variable("AWS_SECRET_ACCESS_KEY")?, None);
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(variable("AWS_REGION")?))
        .credentials_provider(keys.clone())
        .http_client(http.clone())
        .endpoint_url(variable("AWS_ENDPOINT_URL")?)
        .build();
    let sqs = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(variable("AWS_REGION")?))
        .credentials_provider(keys)
        .http_client(http)
        .endpoint_url(variable("AWS_ENDPOINT_URL")?)
        .build();
    Ok(Clients { dynamo: Client::from_conf(config), sqs: aws_sdk_sqs::Client::from_conf(sqs) })
}

impl Request {
    /// Prepares the request that the operation sent as `body`.
    pub(crate) fn prepare(clients: &Clients, target: &str, body: &Value) -> Result<Self, Fault> {
        let client = &clients.dynamo;
        let table = text(body, "TableName");
        let consistent = body["ConsistentRead"].as_bool();
        match target.rsplit('.').next() {
            Some("GetItem") => {
                let get = client.get_item().set_table_name(table).set_consistent_read(consistent);
                Ok(Self::Get(get.set_key(attributes(&body["Key"]))))
            }
            Some("PutItem") => {
                let put = client.put_item().set_table_name(table).set_item(attributes(&body["Item"]));
                let put = put.set_condition_expression(text(body, "ConditionExpression"));
                let put = put.set_expression_attribute_names(names(body));
                let put = put.set_return_values_on_condition_check_failure(refused(body));
                Ok(Self::Put(put.set_expression_attribute_values(values(body))))
            }
            Some("UpdateItem") => {
                let update = client.update_item().set_table_name(table).set_key(attributes(&body["Key"]));
                let update = update.set_update_expression(text(body, "UpdateExpression"));
                let update = update.set_condition_expression(text(body, "ConditionExpression"));
                let update = update.set_expression_attribute_names(names(body));
                Ok(Self::Update(update.set_expression_attribute_values(values(body))))
            }
            Some("Query") => {
                let query = client.query().set_table_name(table).set_consistent_read(consistent);
                let query = query.set_key_condition_expression(text(body, "KeyConditionExpression"));
                let query = query.set_expression_attribute_names(names(body));
                let query = query.set_limit(body["Limit"].as_i64().and_then(|limit| limit.try_into().ok()));
                Ok(Self::Query(query.set_expression_attribute_values(values(body))))
            }
            Some("TransactWriteItems") => {
                let items = body["TransactItems"].as_array().ok_or("a transaction without items")?;
                let items = items.iter().map(transact_item).collect::<Result<_, _>>()?;
                let transact = client.transact_write_items().set_transact_items(Some(items));
                Ok(Self::Transact(transact.set_client_request_token(text(body, "ClientRequestToken"))))
            }
            Some("SendMessageBatch") => {
                let entries = body["Entries"].as_array().into_iter().flatten();
                let entry = |entry: &Value| {
                    let message = SendMessageBatchRequestEntry::builder();
                    message.set_id(text(entry, "Id")).set_message_body(text(entry, "MessageBody")).build()
                };
                let entries = entries.map(entry).collect::<Result<_, _>>()?;
                let tell = clients.sqs.send_message_batch().set_queue_url(text(body, "QueueUrl"));
                Ok(Self::Tell(tell.set_entries(Some(entries))))
            }
            _ => Err(format!("the floor cannot make {target} yet; teach it in floor/store.rs").into()),
        }
    }

    /// Sends it and reads the answer.
    pub(crate) async fn send(&self) -> Result<(), Fault> {
        match self {
            Self::Get(get) => drop(get.clone().send().await?),
            Self::Put(put) => drop(put.clone().send().await?),
            Self::Update(update) => drop(update.clone().send().await?),
            Self::Query(query) => drop(query.clone().send().await?),
            Self::Transact(transact) => drop(transact.clone().send().await?),
            Self::Tell(tell) => drop(tell.clone().send().await?),
        }
        Ok(())
    }
}

fn transact_item(json: &Value) -> Result<TransactWriteItem, Fault> {
    let (kind, body) =
        json.as_object().and_then(|item| item.iter().next()).ok_or("an empty transaction item")?;
    let (table, condition) = (text(body, "TableName"), text(body, "ConditionExpression"));
    let (names, values) = (names(body), values(body));
    let item = TransactWriteItem::builder();
    let item = match kind.as_str() {
        "Put" => item.put(
            Put::builder()
                .set_table_name(table)
                .set_item(attributes(&body["Item"]))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(refused(body))
                .build()?,
        ),
        "Update" => item.update(
            Update::builder()
                .set_table_name(table)
                .set_key(attributes(&body["Key"]))
                .set_update_expression(text(body, "UpdateExpression"))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(refused(body))
                .build()?,
        ),
        "Delete" => item.delete(
            Delete::builder()
                .set_table_name(table)
                .set_key(attributes(&body["Key"]))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(refused(body))
                .build()?,
        ),
        "ConditionCheck" => item.condition_check(
            ConditionCheck::builder()
                .set_table_name(table)
                .set_key(attributes(&body["Key"]))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(refused(body))
                .build()?,
        ),
        other => return Err(format!("unknown transaction item {other}").into()),
    };
    Ok(item.build())
}

fn text(body: &Value, name: &str) -> Option<String> {
    body[name].as_str().map(str::to_owned)
}

fn refused(body: &Value) -> Option<ReturnValuesOnConditionCheckFailure> {
    body["ReturnValuesOnConditionCheckFailure"].as_str().map(ReturnValuesOnConditionCheckFailure::from)
}

fn names(body: &Value) -> Option<std::collections::HashMap<String, String>> {
    serde_json::from_value(body["ExpressionAttributeNames"].clone()).ok()
}

fn values(body: &Value) -> Option<super::attribute::Attributes> {
    attributes(&body["ExpressionAttributeValues"])
}
