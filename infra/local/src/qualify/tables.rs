//! DynamoDB: one winner per conditional put, no lost additions, transactions whole, request tokens kept.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, Put, ScalarAttributeType,
    TransactWriteItem, Update,
};
use serde_json::json;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::check::{expect, fault};
use super::wire::Wire;
use crate::aws::connect;

const TABLE: &str = "ponte-qualification";
/// Callers that are let go at the same moment.
const RACERS: usize = 16;

/// How often each race is run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rounds {
    pub(super) puts: usize,
    pub(super) transactions: usize,
    /// Additions of each racer.
    pub(super) additions: usize,
}

/// Every race in a table of its own, which is gone afterwards.
pub(super) async fn races(endpoint_url: String, rounds: Rounds) -> Result<(), String> {
    let client = connect(&endpoint_url).dynamodb;
    // Left behind by a run that was killed.
    let _ = client.delete_table().table_name(TABLE).send().await;
    create_table(&client).await?;
    let outcome = all(&client, &Wire::new(endpoint_url), rounds).await;
    let deleted = client.delete_table().table_name(TABLE).send().await;
    outcome.and(deleted.map(|_| ()).map_err(|error| fault("DeleteTable")(error.into())))
}

async fn all(client: &Client, wire: &Wire, rounds: Rounds) -> Result<(), String> {
    for round in 0..rounds.puts {
        conditional_put(wire, round).await?;
    }
    for round in 0..rounds.transactions {
        transaction(client, round).await?;
    }
    additions(client, rounds.additions).await?;
    request_token(client).await
}

async fn create_table(client: &Client) -> Result<(), String> {
    let build = || -> Result<_, aws_sdk_dynamodb::error::BuildError> {
        let attribute = AttributeDefinition::builder()
            .attribute_name("pk")
            .attribute_type(ScalarAttributeType::S)
            .build()?;
        Ok((attribute, KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build()?))
    };
    let (attribute, key) = build().map_err(|error| error.to_string())?;
    let create = client.create_table().table_name(TABLE).attribute_definitions(attribute).key_schema(key);
    let created = create.billing_mode(BillingMode::PayPerRequest).send().await;
    created.map(|_| ()).map_err(|error| fault("CreateTable")(error.into()))
}

/// Lets [`RACERS`] calls go at once and collects what they say.
async fn race<F, T>(racer: impl Fn(usize) -> F) -> Result<Vec<T>, String>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let barrier = Arc::new(Barrier::new(RACERS));
    let mut running = JoinSet::new();
    for number in 0..RACERS {
        let (barrier, call) = (Arc::clone(&barrier), racer(number));
        running.spawn(async move {
            barrier.wait().await;
            call.await
        });
    }
    let mut said = Vec::with_capacity(RACERS);
    while let Some(ended) = running.join_next().await {
        said.push(ended.map_err(|error| error.to_string())?);
    }
    Ok(said)
}

/// One winner; every loser is shown the winner's item (`ALL_OLD`).
async fn conditional_put(wire: &Wire, round: usize) -> Result<(), String> {
    let said = race(|number| {
        let owner = number.to_string();
        let put = wire.call(
            "PutItem",
            &json!({
                "TableName": TABLE,
                "Item": { "pk": { "S": format!("put#{round}") }, "owner": { "S": owner } },
                "ConditionExpression": "attribute_not_exists(pk)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }),
        );
        async move {
            let (status, answer) = put.await?;
            let kind = answer["__type"].as_str().unwrap_or_default();
            match status {
                200 => Ok(Race::Won(owner)),
                400 if kind.ends_with("#ConditionalCheckFailedException") => {
                    Ok(Race::Lost(Some(answer["Item"]["owner"]["S"].as_str().unwrap_or_default().to_owned())))
                }
                _ => Err(format!("PutItem: {status} {answer}")),
            }
        }
    })
    .await?;
    one_winner("PutItem with attribute_not_exists", said).map(|_| ())
}

/// One transaction of two puts wins, and both of its items are the winner's.
async fn transaction(client: &Client, round: usize) -> Result<(), String> {
    let keys = [format!("state#{round}"), format!("outbox#{round}")];
    let said = race(|number| {
        let owner = number.to_string();
        let puts: Result<Vec<_>, String> = keys.iter().map(|key| guarded_put(key, &owner)).collect();
        let client = client.clone();
        async move {
            match client.transact_write_items().set_transact_items(Some(puts?)).send().await {
                Ok(_) => Ok(Race::Won(owner)),
                Err(error) => match error.into_service_error() {
                    TransactWriteItemsError::TransactionCanceledException(_) => Ok(Race::Lost(None)),
                    other => Err(fault("TransactWriteItems")(other.into())),
                },
            }
        }
    })
    .await?;
    let winner = one_winner("TransactWriteItems", said)?;
    for key in &keys {
        let owner = get(client, key, "owner").await?.as_ref().and_then(string);
        expect(owner.as_ref() == Some(&winner), || {
            format!("the winner of a transaction is {winner}, but {key} belongs to {owner:?}")
        })?;
    }
    Ok(())
}

enum Race {
    Won(String),
    /// With the owner that the loser was shown, where it asked.
    Lost(Option<String>),
}

fn one_winner(call: &str, said: Vec<Result<Race, String>>) -> Result<String, String> {
    let (mut winners, mut shown) = (Vec::new(), Vec::new());
    for result in said {
        match result? {
            Race::Won(owner) => winners.push(owner),
            Race::Lost(owner) => shown.extend(owner),
        }
    }
    let [winner] = winners.as_slice() else {
        return Err(format!("{call} had {} winners among {RACERS} callers", winners.len()));
    };
    expect(shown.iter().all(|owner| owner == winner), || {
        format!("{call} showed a loser an item that is not the winner's")
    })?;
    Ok(winner.clone())
}

fn guarded_put(key: &str, owner: &str) -> Result<TransactWriteItem, String> {
    let put = Put::builder()
        .table_name(TABLE)
        .item("pk", text(key.to_owned()))
        .item("owner", text(owner.to_owned()))
        .condition_expression("attribute_not_exists(pk)")
        .build()
        .map_err(|error| error.to_string())?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// Every `ADD` counts once.
async fn additions(client: &Client, each: usize) -> Result<(), String> {
    let said = race(|_| {
        let client = client.clone();
        async move {
            for _ in 0..each {
                let add = client.update_item().table_name(TABLE).key("pk", text("counter".to_owned()));
                let add = add.update_expression("ADD n :one").expression_attribute_values(":one", number(1));
                add.send().await.map_err(|error| fault("UpdateItem")(error.into()))?;
            }
            Ok::<(), String>(())
        }
    })
    .await?;
    said.into_iter().collect::<Result<Vec<()>, String>>()?;
    counts(client, "counter", RACERS * each).await
}

/// A repeated `ClientRequestToken` applies once; with another body it is refused.
async fn request_token(client: &Client) -> Result<(), String> {
    let add = |amount: usize| -> Result<TransactWriteItem, String> {
        let update = Update::builder()
            .table_name(TABLE)
            .key("pk", text("token".to_owned()))
            .update_expression("ADD n :n")
            .expression_attribute_values(":n", number(amount))
            .build()
            .map_err(|error| error.to_string())?;
        Ok(TransactWriteItem::builder().update(update).build())
    };
    let token = crate::clock::request_id().to_string();
    for _ in 0..3 {
        let write = client.transact_write_items().transact_items(add(1)?).client_request_token(&token);
        write.send().await.map_err(|error| fault("TransactWriteItems with a token")(error.into()))?;
    }
    counts(client, "token", 1).await?;
    let other =
        client.transact_write_items().transact_items(add(2)?).client_request_token(&token).send().await;
    let mismatch = other
        .as_ref()
        .err()
        .and_then(|error| error.as_service_error())
        .is_some_and(TransactWriteItemsError::is_idempotent_parameter_mismatch_exception);
    expect(mismatch, || "a request token with another body was not refused".to_owned())?;
    counts(client, "token", 1).await
}

async fn counts(client: &Client, key: &str, expected: usize) -> Result<(), String> {
    let found = get(client, key, "n").await?;
    let found = found.as_ref().and_then(|value| value.as_n().ok()).cloned();
    expect(found.as_deref() == Some(expected.to_string().as_str()), || {
        format!("{key} should count {expected} and counts {found:?}")
    })
}

async fn get(client: &Client, key: &str, attribute: &str) -> Result<Option<AttributeValue>, String> {
    let got = client
        .get_item()
        .table_name(TABLE)
        .key("pk", text(key.to_owned()))
        .consistent_read(true)
        .send()
        .await;
    let got = got.map_err(|error| fault("GetItem")(error.into()))?;
    Ok(got.item.and_then(|mut item| item.remove(attribute)))
}

fn text(value: String) -> AttributeValue {
    AttributeValue::S(value)
}

fn number(value: usize) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn string(value: &AttributeValue) -> Option<String> {
    value.as_s().ok().cloned()
}
