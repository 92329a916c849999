//! One `TransactWriteItems`: all or nothing, our own repetition recognised, contention waited out.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;
use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, Delete, Put, TransactWriteItem, Update};
use ponte_ports::{CommitFault, PortError};

use crate::dynamo::Dynamo;
use crate::item::{Condition, Item, names, text};
use crate::pause;
use ponte_cloud::failure;

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
    /// Conditions did not hold; the stored items of those that failed, in the order of the writes.
    Refused(Vec<Item>),
    /// Others were writing the same items at every try.
    Contended,
}

impl Transaction {
    pub(crate) fn new(what: &'static str, owner: &str) -> Self {
        Self { what, token: owner.to_owned(), owner: owner.to_owned(), writes: Vec::new() }
    }

    pub(crate) fn put(&mut self, table: &str, item: Item, condition: Condition) -> Result<(), PortError> {
        let put = Put::builder()
            .table_name(table)
            .set_item(Some(item))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(names(&[condition.expression]))
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
            .condition_expression(condition.expression)
            .set_expression_attribute_names(names(&[expression, condition.expression]))
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(AllOld)
            .build()
            .map_err(|error| PortError::new(self.what, error))?;
        self.writes.push(TransactWriteItem::builder().update(update).build());
        Ok(())
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
            .condition_expression(condition.expression)
            .set_expression_attribute_names(names(&[condition.expression]))
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(AllOld)
            .build()
            .map_err(|error| PortError::new(self.what, error))?;
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
        match self.run(dynamo).await? {
            Outcome::Applied => Ok(()),
            Outcome::Refused(_) | Outcome::Contended => Err(CommitFault::Conflict),
        }
    }

    pub(crate) async fn run(self, dynamo: &Dynamo) -> Result<Outcome, PortError> {
        let request = dynamo
            .client
            .transact_write_items()
            .client_request_token(&self.token)
            .set_transact_items(Some(self.writes));
        for next in 2.. {
            let Err(error) = request.clone().send().await else {
                return Ok(Outcome::Applied);
            };
            let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) =
                error.as_service_error()
            else {
                return Err(failure::aws(self.what, &error));
            };
            match Cancellation::of(canceled.cancellation_reasons(), &self.owner) {
                Cancellation::Own => return Ok(Outcome::Applied),
                Cancellation::Conditions(items) => return Ok(Outcome::Refused(items)),
                Cancellation::Contention if next > pause::TRIES => return Ok(Outcome::Contended),
                Cancellation::Throttled if next > pause::TRIES => break,
                Cancellation::Contention | Cancellation::Throttled => pause::before(next).await,
                Cancellation::Other(code) => return Err(PortError::new(self.what, code)),
            }
        }
        Err(PortError::new(self.what, "throttled at every try"))
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
    fn of(reasons: &[CancellationReason], owner: &str) -> Self {
        let codes = || reasons.iter().filter_map(|reason| reason.code()).filter(|code| *code != "None");
        if codes().any(|code| code == "ConditionalCheckFailed") {
            let stored = reasons
                .iter()
                .filter(|reason| reason.code() == Some("ConditionalCheckFailed"))
                .map(|reason| reason.item().cloned().unwrap_or_default())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::s;

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
        assert!(matches!(Cancellation::of(&reasons, "me"), Cancellation::Own));
        assert!(
            matches!(Cancellation::of(&reasons, "you"), Cancellation::Conditions(items) if items.len() == 2)
        );
    }

    #[test]
    fn t11_contention_and_throttling_are_waited_out_and_nothing_else() {
        let conflict = [reason("None", None), reason("TransactionConflict", None)];
        assert!(matches!(Cancellation::of(&conflict, "me"), Cancellation::Contention));
        let throttled = [reason("TransactionConflict", None), reason("ThrottlingError", None)];
        assert!(matches!(Cancellation::of(&throttled, "me"), Cancellation::Throttled));
        let other = [reason("ValidationError", None)];
        assert!(
            matches!(Cancellation::of(&other, "me"), Cancellation::Other(code) if code == "ValidationError")
        );
    }
}
