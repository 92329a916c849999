//! DynamoDB as one institution sees it: its client and its keys, and reads and writes of one item.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;
use ponte_cloud::failure;
use ponte_ports::PortError;
use ponte_values::InstitutionId;

use crate::item::{Condition, Item, key, names};
use crate::keys::Keys;
use crate::pause::{self, contended};

/// DynamoDB as one institution sees it.
#[derive(Clone)]
pub struct Dynamo {
    pub(crate) client: Client,
    pub(crate) keys: Keys,
}

/// Outcome of a conditional put or update.
pub(crate) enum PutOutcome {
    Done,
    /// The condition did not hold; the item that is there.
    Refused(Item),
}

impl Dynamo {
    /// The items of `institution` behind `client`.
    #[must_use]
    pub fn new(client: Client, institution: &InstitutionId) -> Self {
        Self { client, keys: Keys::of(institution) }
    }

    pub(crate) async fn get(
        &self,
        what: &'static str,
        table: &str,
        pk: String,
        sk: &str,
    ) -> Result<Option<Item>, PortError> {
        let request = self.client.get_item().table_name(table).consistent_read(true);
        let answer = request.set_key(Some(key(pk, sk))).send().await;
        answer.map(|output| output.item).map_err(|error| failure::aws(what, &error))
    }

    pub(crate) async fn put(&self, what: &'static str, table: &str, item: Item) -> Result<(), PortError> {
        let request = self.client.put_item().table_name(table).set_item(Some(item));
        request.send().await.map_err(|error| failure::aws(what, &error))?;
        Ok(())
    }

    pub(crate) async fn put_if(
        &self,
        what: &'static str,
        table: &str,
        item: Item,
        condition: Condition,
    ) -> Result<PutOutcome, PortError> {
        let request = self.client.put_item().table_name(table).set_item(Some(item));
        let request = request
            .set_expression_attribute_names(names(&[&condition.expression]))
            .condition_expression(condition.expression)
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(AllOld);
        for next in 2..=pause::TRIES + 1 {
            match request.clone().send().await {
                Ok(_) => return Ok(PutOutcome::Done),
                Err(error) => match error.as_service_error() {
                    Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                        return Ok(PutOutcome::Refused(refused.item.clone().unwrap_or_default()));
                    }
                    // The item is in a transaction of others this very moment; the SDK does not try again by itself.
                    Some(PutItemError::TransactionConflictException(_)) => pause::before(next).await,
                    _ => return Err(failure::aws(what, &error)),
                },
            }
        }
        Err(contended(what))
    }

    /// Updates the item under `key` by the expression `change`; `condition` carries the values of both expressions.
    pub(crate) async fn update_if(
        &self,
        what: &'static str,
        table: &str,
        (key, change): (Item, &str),
        condition: Condition,
    ) -> Result<PutOutcome, PortError> {
        let request = self.client.update_item().table_name(table).set_key(Some(key));
        let request = request
            .update_expression(change)
            .set_expression_attribute_names(names(&[change, &condition.expression]))
            .condition_expression(condition.expression)
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(AllOld);
        for next in 2..=pause::TRIES + 1 {
            match request.clone().send().await {
                Ok(_) => return Ok(PutOutcome::Done),
                Err(error) => match error.as_service_error() {
                    Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                        return Ok(PutOutcome::Refused(refused.item.clone().unwrap_or_default()));
                    }
                    Some(UpdateItemError::TransactionConflictException(_)) => pause::before(next).await,
                    _ => return Err(failure::aws(what, &error)),
                },
            }
        }
        Err(contended(what))
    }
}
