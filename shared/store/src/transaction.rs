//! One `TransactWriteItems`: all or nothing, our own repetition recognised, contention waited out.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::AttributeValue::Bool;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;
use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, Delete, Put, TransactWriteItem, Update};
use ponte_ports::{CommitFault, PortError};
use tokio::time::Instant;

use crate::dynamo::Dynamo;
use crate::item::{Condition, Item, names, s, text};
use crate::pause::{self, contended};
use ponte_cloud::failure;

/// How long a transaction that is still going on is asked for: an answer waits for it.
const IN_PROGRESS: Duration = Duration::from_secs(8);

/// Most writes of one transaction.
pub(crate) const MOST_WRITES: usize = 100;

/// Writes that happen together.
pub(crate) struct Transaction {
    what: &'static str,
    /// `ClientRequestToken`: DynamoDB itself drops a repetition within ten minutes.
    token: String,
    /// The `owner` attribute of the items: recognises a repetition the token does not, for instance a later one.
    owner: String,
    writes: Vec<TransactWriteItem>,
}

/// Outcome of a transaction.
pub(crate) enum Outcome {
    /// It happened, now or at an earlier try whose reply was lost.
    Applied,
    /// Conditions did not hold; the stored items of those that failed, in the order of the writes, or the key alone where nothing is
    /// stored.
    Refused(Vec<Item>),
    /// Others were writing the same items at every try.
    Contended,
}

impl Transaction {
    pub(crate) fn new(what: &'static str, owner: &str) -> Self {
        Self { what, token: owner.to_owned(), owner: owner.to_owned(), writes: Vec::new() }
    }

    /// How many there are.
    pub(crate) const fn writes(&self) -> usize {
        self.writes.len()
    }

    pub(crate) fn put(&mut self, table: &str, item: Item, condition: Condition) -> Result<(), PortError> {
        let put = Put::builder()
            .table_name(table)
            .set_item(Some(item))
            .set_expression_attribute_names(names(&[&condition.expression]))
            .condition_expression(condition.expression)
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(AllOld)
            .build()
            .map_err(|error| PortError::new(self.what, error))?;
        self.writes.push(TransactWriteItem::builder().put(put).build());
        Ok(())
    }

    /// A put without a condition, where repeating it is harmless.
    pub(crate) fn put_always(&mut self, table: &str, item: Item) -> Result<(), PortError> {
        let put = Put::builder().table_name(table).set_item(Some(item)).build();
        let put = put.map_err(|error| PortError::new(self.what, error))?;
        self.writes.push(TransactWriteItem::builder().put(put).build());
        Ok(())
    }

    /// `condition` also carries the values of `expression`.
    pub(crate) fn update(
        &mut self,
        table: &str,
        key: Item,
        expression: &str,
        condition: Condition,
    ) -> Result<(), PortError> {
        let update = Update::builder()
            .table_name(table)
            .set_key(Some(key))
            .update_expression(expression)
            .set_expression_attribute_names(names(&[expression, &condition.expression]))
            .condition_expression(condition.expression)
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(AllOld)
            .build()
            .map_err(|error| PortError::new(self.what, error))?;
        self.writes.push(TransactWriteItem::builder().update(update).build());
        Ok(())
    }

    /// Marks a row once: `mark` becomes an attribute of it, with the owner and `more`. It is refused where there is no row,
    /// or one that has the mark.
    pub(crate) fn mark_once<const N: usize>(
        &mut self,
        table: &str,
        key: Item,
        mark: &str,
        more: [(&str, AttributeValue); N],
    ) -> Result<(), PortError> {
        let mut sets = vec![format!("#{mark} = :mark"), "#owner = :owner".to_owned()];
        let mut values = vec![(":mark".to_owned(), Bool(true)), (":owner".to_owned(), s(&self.owner))];
        for (name, value) in more {
            sets.push(format!("#{name} = :{name}"));
            values.push((format!(":{name}"), value));
        }
        let expression = format!("SET {}", sets.join(", "));
        let condition = format!("attribute_exists(pk) AND attribute_not_exists(#{mark})");
        let condition =
            Condition { expression: condition.into(), values: Some(values.into_iter().collect()) };
        self.update(table, key, &expression, condition)
    }

    /// An update without a condition; `expression` says how the stored item changes.
    pub(crate) fn update_always<const N: usize>(
        &mut self,
        table: &str,
        key: Item,
        expression: &str,
        values: [(&str, AttributeValue); N],
    ) -> Result<(), PortError> {
        let mut update = Update::builder().table_name(table).set_key(Some(key)).update_expression(expression);
        for (name, value) in values {
            update = update.expression_attribute_values(name, value);
        }
        let update = update.build().map_err(|error| PortError::new(self.what, error))?;
        self.writes.push(TransactWriteItem::builder().update(update).build());
        Ok(())
    }

    /// A deleted item keeps no owner, so another write of the transaction must carry it.
    pub(crate) fn delete_if(
        &mut self,
        table: &str,
        key: Item,
        condition: Condition,
    ) -> Result<(), PortError> {
        let delete = Delete::builder()
            .table_name(table)
            .set_key(Some(key))
            .set_expression_attribute_names(names(&[&condition.expression]))
            .condition_expression(condition.expression)
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(AllOld)
            .build()
            .map_err(|error| PortError::new(self.what, error))?;
        self.writes.push(TransactWriteItem::builder().delete(delete).build());
        Ok(())
    }

    /// A delete without a condition, where repeating it is harmless.
    pub(crate) fn delete_always(&mut self, table: &str, key: Item) -> Result<(), PortError> {
        let delete = Delete::builder().table_name(table).set_key(Some(key)).build();
        let delete = delete.map_err(|error| PortError::new(self.what, error))?;
        self.writes.push(TransactWriteItem::builder().delete(delete).build());
        Ok(())
    }

    /// A token of its own for tests: as if DynamoDB had forgotten the first one.
    #[cfg(test)]
    pub(crate) fn forget_token(&mut self, token: &str) {
        token.clone_into(&mut self.token);
    }

    /// Runs it for a change that either happens whole or meets another.
    pub(crate) async fn commit(self, dynamo: &Dynamo) -> Result<(), CommitFault> {
        let what = self.what;
        match self.run(dynamo).await? {
            Outcome::Applied => Ok(()),
            Outcome::Refused(_) => Err(CommitFault::Conflict),
            Outcome::Contended => Err(contended(what).into()),
        }
    }

    pub(crate) async fn run(self, dynamo: &Dynamo) -> Result<Outcome, PortError> {
        let request = dynamo
            .client
            .transact_write_items()
            .client_request_token(&self.token)
            .set_transact_items(Some(self.writes));
        let until = Instant::now() + IN_PROGRESS;
        let mut met = 0;
        for next in 2.. {
            let Err(error) = request.clone().send().await else {
                return Ok(Outcome::Applied);
            };
            let canceled = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => canceled,
                // Our own first try, whose reply was lost: under the same token its end is its answer (LB-08).
                Some(TransactWriteItemsError::TransactionInProgressException(_))
                    if Instant::now() < until =>
                {
                    pause::before(next).await;
                    continue;
                }
                _ => return Err(failure::aws(self.what, &error)),
            };
            met += 1;
            let writes = request.get_transact_items().as_deref().unwrap_or_default();
            match Cancellation::of(canceled.cancellation_reasons(), writes, &self.owner) {
                Cancellation::Own => return Ok(Outcome::Applied),
                Cancellation::Conditions(items) => return Ok(Outcome::Refused(items)),
                Cancellation::Contention if met >= pause::TRIES => return Ok(Outcome::Contended),
                Cancellation::Throttled if met >= pause::TRIES => break,
                Cancellation::Contention | Cancellation::Throttled => pause::before(next).await,
                Cancellation::Other(code) => return Err(PortError::new(self.what, code)),
            }
        }
        Err(PortError::overloaded(self.what, "throttled at every try"))
    }
}

/// Why DynamoDB cancelled a transaction.
enum Cancellation {
    Own,
    Conditions(Vec<Item>),
    Contention,
    Throttled,
    Other(String),
}

impl Cancellation {
    fn of(reasons: &[CancellationReason], writes: &[TransactWriteItem], owner: &str) -> Self {
        let codes = || reasons.iter().filter_map(|reason| reason.code()).filter(|code| *code != "None");
        if codes().any(|code| code == "ConditionalCheckFailed") {
            let stored = reasons
                .iter()
                .enumerate()
                .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
                .map(|(place, reason)| {
                    let there = reason.item().filter(|item| !item.is_empty()).cloned();
                    there.unwrap_or_else(|| writes.get(place).map(key_of).unwrap_or_default())
                })
                .collect::<Vec<_>>();
            // All or nothing: one item of ours proves that all of them were written.
            let own = stored.iter().any(|item| text(item, "owner") == Some(owner));
            return if own { Self::Own } else { Self::Conditions(stored) };
        }
        let throttling = ["ThrottlingError", "ProvisionedThroughputExceeded"];
        match codes().find(|code| *code != "TransactionConflict") {
            None => Self::Contention,
            Some(code) if throttling.contains(&code) => Self::Throttled,
            Some(code) => Self::Other(code.to_owned()),
        }
    }
}

/// The key of what a write is about.
fn key_of(write: &TransactWriteItem) -> Item {
    let put = write.put().map(Put::item);
    let item = put.or(write.update().map(Update::key)).or(write.delete().map(Delete::key));
    let part = |name: &str| Some((name.to_owned(), item?.get(name)?.clone()));
    ["pk", "sk"].into_iter().filter_map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::aws_at;
    use ponte_kit::examples::institution;
    use ponte_kit::stub::{Reply, Stub};

    fn reason(code: &str, owner: Option<&str>) -> CancellationReason {
        let builder = CancellationReason::builder().code(code);
        match owner {
            Some(owner) => builder.item("owner", s(owner)).build(),
            None => builder.build(),
        }
    }

    #[test]
    fn t06_one_item_of_ours_proves_the_whole_transaction() {
        let reasons = [
            reason("ConditionalCheckFailed", Some("other")),
            reason("None", None),
            reason("ConditionalCheckFailed", Some("me")),
        ];
        assert!(matches!(Cancellation::of(&reasons, &[], "me"), Cancellation::Own));
        assert!(
            matches!(Cancellation::of(&reasons, &[], "you"), Cancellation::Conditions(items) if items.len() == 2)
        );
    }

    #[test]
    fn t11_contention_and_throttling_are_waited_out_and_nothing_else() {
        let conflict = [reason("None", None), reason("TransactionConflict", None)];
        assert!(matches!(Cancellation::of(&conflict, &[], "me"), Cancellation::Contention));
        let throttled = [reason("TransactionConflict", None), reason("ThrottlingError", None)];
        assert!(matches!(Cancellation::of(&throttled, &[], "me"), Cancellation::Throttled));
        let other = [reason("ValidationError", None)];
        assert!(
            matches!(Cancellation::of(&other, &[], "me"), Cancellation::Other(code) if code == "ValidationError")
        );
    }

    /// A store that loses the reply of the first try and says so often that it is still going on.
    async fn still_going_on(times: usize) -> Stub {
        Stub::start(move |number, _| match number {
            0 => Reply::Raw(Vec::new()),
            number if number <= times => {
                let kind = "com.amazonaws.dynamodb.v20120810#TransactionInProgressException";
                Reply::json(400, format!(r#"{{"__type":"{kind}","Message":"m"}}"#))
            }
            _ => Reply::json(200, "{}"),
        })
        .await
    }

    #[tokio::test]
    async fn lb08_a_transaction_that_is_still_going_on_is_asked_for_until_it_ends() {
        let stub = still_going_on(5).await;
        let dynamo = Dynamo::new(aws_at(&stub.url()).dynamodb(), &institution());
        let mut transaction = Transaction::new("consents table", "owner-1");
        transaction.put_always("consents", Item::from([("pk".to_owned(), s("p"))])).unwrap();
        assert!(matches!(transaction.run(&dynamo).await, Ok(Outcome::Applied)));
        let bodies = stub.bodies();
        assert_eq!(bodies.len(), 7);
        assert!(bodies.iter().all(|body| body.contains(r#""ClientRequestToken":"owner-1""#)), "{bodies:?}");
    }

    /// A store that answers every call with this fault.
    async fn failing(body: &'static str) -> (Stub, Dynamo) {
        let stub = Stub::start(move |_, _| Reply::json(400, body)).await;
        let client = aws_at(&stub.url()).dynamodb();
        (stub, Dynamo::new(client, &institution()))
    }

    async fn committed(dynamo: &Dynamo) -> Result<(), CommitFault> {
        let mut transaction = Transaction::new("consents table", "me");
        transaction.put_always("consents", crate::item::key("p".to_owned(), "s")).unwrap();
        transaction.commit(dynamo).await
    }

    #[tokio::test]
    async fn t63_t11_contention_at_every_try_is_overload_and_no_conflict() {
        let (stub, dynamo) = failing(
            r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                "CancellationReasons":[{"Code":"TransactionConflict"}]}"#,
        )
        .await;
        let fault = committed(&dynamo).await.unwrap_err();
        assert!(matches!(fault, CommitFault::Port(error) if error.is_overloaded()));
        assert_eq!(stub.heads().len(), usize::try_from(pause::TRIES).unwrap(), "waited out before");
    }

    #[tokio::test]
    async fn t63_throttling_is_overload_wherever_it_is_met() {
        for code in ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"]
        {
            let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}"}}"#);
            let (_stub, dynamo) = failing(body.leak()).await;
            let read = dynamo.get("consents table", "consents", "p".to_owned(), "s").await;
            assert!(read.unwrap_err().is_overloaded(), "{code} at a read");
            let fault = committed(&dynamo).await.unwrap_err();
            assert!(matches!(fault, CommitFault::Port(error) if error.is_overloaded()), "{code} at a commit");
        }
        let (_stub, dynamo) =
            failing(r#"{"__type":"com.amazonaws.dynamodb.v20120810#ValidationException"}"#).await;
        let read = dynamo.get("consents table", "consents", "p".to_owned(), "s").await.unwrap_err();
        assert!(!read.is_overloaded() && !read.is_timeout());
    }
}
