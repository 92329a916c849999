//! The stores, on DynamoDB: one adapter per port, every item under the institution's prefix.
//!
//! | item | pk | sk |
//! |---|---|---|
//! | consent | `I#inst#C#<consent id>` | `META` |
//! | renewal of a consent | `I#inst#C#<consent id>` | `EXT#<time>#<commit id>` |
//! | recurring consent, enrolment | `I#inst#RC#<id>`, `I#inst#EN#<id>` | `META` |
//! | interaction | `I#inst#N#<id>` | `META` |
//! | short code of an interaction | `I#inst#H#<hash>` | `META` |
//! | audit row | `I#inst#AUD#<yyyy-mm-dd>` | `<time>#<commit id>#<n>` |
//! | pushed request | `I#inst#PAR#<hash of request_uri>` | `META` |
//! | code | `I#inst#CODE#<hash>` | `META` |
//! | refresh token | `I#inst#RT#<hash>` | `META` |
//! | used `jti` | `I#inst#JTI#<client>` | hash of the `jti` |
//! | client | `I#inst#CLIENT#<client id>` | `META` |
//! | notice for others | `I#inst#EV#<shard>` | `<time>#<id>` |
//! | its registration | `I#inst#CLIENT#<client id>` | `REGISTRATION` |
//! | registered software statement | `I#inst#SOFTWARE#<software id>` | `META` |
//! | API key | `I#inst#KEYS` | key id |
//! | pending row | `I#inst#OUT#<shard>` | `<time>#<id>` |
//! | sweeper's note | `I#inst#OUT#LEASE` | `<shard>` |
//! | row that waits for a fact | `I#inst#HOLD#<shard>` | `<time>#<id>` |
//! | token of the metrics platform | `I#inst#PCM#TOKEN` | `META` |
//! | who works on a shard | `I#inst#PCM#BOARD` | `<shard>` |
//! | part of the archive | `I#inst#PCM#ARCHIVE#<yyyy-mm-dd>` | `<first row>!<last row>` |
//! | line of the ledger | `I#inst#PCM#DAY#<yyyy-mm-dd>` | `LINE#<api>#<role>#<shard>` |
//! | check of a day | `I#inst#PCM#DAY#<yyyy-mm-dd>` | `CHECK` |
//! | parked row | `I#inst#PCM#PARKED` | `<time>#<id>` |
//! | what may be written once | `I#inst#PCM#ONCE#<hash of the marker>` | `META` |
//!
//! Consents are also found by customer and by when time changes them: indexes `by-person` and `by-company`
//! (`I#inst#P#<keyed pseudonym>`, `<created>#<consent id>`) and `due` (`I#inst#DUE#<shard>`, time), keys alone. Audit
//! rows are found by what they are about: index `by-subject` (`I#inst#S#<subject>`, sort key of the row), whole.
//!
//! Rules of this folder: the thing itself is one JSON string in `body`, further attributes exist only for conditions;
//! reads are strongly consistent; whatever must happen once carries a random `owner`, so that the repetition of a
//! write whose reply was lost is recognised as our own; `expires_at` only lets the table clean up.
//!
//! To add an item: a key in `keys.rs`, a line above, and an adapter file with its tests against the embedded DynamoDB.

mod api_keys;
mod audit;
mod batch;
mod clients;
mod consents;
mod grants;
mod history;
mod interactions;
mod item;
mod keys;
mod outbox;
mod pages;
mod pause;
mod pcm;
mod targets;
mod transaction;

#[cfg(test)]
pub(crate) mod testing;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;
use ponte_ports::PortError;
use ponte_values::Institution;

pub use api_keys::ApiKeyTable;
pub use clients::ClientTable;
pub use consents::{CommitTables, ConsentTable};
pub use grants::GrantTable;
pub use history::AuditTable;
pub use interactions::InteractionTable;
pub use outbox::OutboxTable;
pub use pcm::PcmTable;
pub use targets::{StoredStanding, StoredTarget, TargetTable};

use item::{Condition, Item, key, names};
use keys::Keys;

use crate::failure;

/// DynamoDB as one institution sees it.
#[derive(Clone)]
pub struct Dynamo {
    client: Client,
    keys: Keys,
}

/// What came of a conditional put or update.
enum Put {
    Done,
    /// The condition did not hold; the item that is there.
    Refused(Item),
}

impl Dynamo {
    /// The items of `institution` behind `client`.
    #[must_use]
    pub fn new(client: Client, institution: &Institution) -> Self {
        Self { client, keys: Keys::of(institution) }
    }

    async fn get(
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

    async fn put(&self, what: &'static str, table: &str, item: Item) -> Result<(), PortError> {
        let request = self.client.put_item().table_name(table).set_item(Some(item));
        request.send().await.map_err(|error| failure::aws(what, &error))?;
        Ok(())
    }

    async fn put_if(
        &self,
        what: &'static str,
        table: &str,
        item: Item,
        condition: Condition,
    ) -> Result<Put, PortError> {
        let request = self.client.put_item().table_name(table).set_item(Some(item));
        let request = request
            .condition_expression(condition.expression)
            .set_expression_attribute_names(names(&[condition.expression]))
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(AllOld);
        for next in 2..=pause::TRIES + 1 {
            match request.clone().send().await {
                Ok(_) => return Ok(Put::Done),
                Err(error) => match error.as_service_error() {
                    Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                        return Ok(Put::Refused(refused.item.clone().unwrap_or_default()));
                    }
                    // The item is in a transaction of others this very moment; the SDK does not try again by itself.
                    Some(PutItemError::TransactionConflictException(_)) => pause::before(next).await,
                    _ => return Err(failure::aws(what, &error)),
                },
            }
        }
        Err(PortError::new(what, "the item was in a transaction at every try"))
    }

    /// `change` is what happens to the item under the key; `condition` carries its values too.
    async fn update_if(
        &self,
        what: &'static str,
        table: &str,
        (key, change): (Item, &str),
        condition: Condition,
    ) -> Result<Put, PortError> {
        let request = self.client.update_item().table_name(table).set_key(Some(key));
        let request = request
            .update_expression(change)
            .condition_expression(condition.expression)
            .set_expression_attribute_names(names(&[change, condition.expression]))
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(AllOld);
        match request.send().await {
            Ok(_) => Ok(Put::Done),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(Put::Refused(refused.item.clone().unwrap_or_default()))
                }
                _ => Err(failure::aws(what, &error)),
            },
        }
    }
}
