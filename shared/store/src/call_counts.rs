//! Counts of calls by window, each an item that the table forgets after it (L03, L04, L06).

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::config::Config;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::ReturnValue;
use ponte_cloud::failure;
use ponte_ports::limits::CallCount;
use ponte_ports::{CallCounts, PortError};

use crate::dynamo::Dynamo;
use crate::item::{key, n, number};
use crate::keys::META;
use crate::pause;

const WHAT: &str = "limits table";

/// How long a count is kept after its window, for clocks that are behind.
const KEPT: Duration = Duration::from_hours(1);

/// The counts of an institution.
pub struct CallCountTable {
    dynamo: Dynamo,
    table: String,
}

impl CallCountTable {
    /// The counts in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned() }
    }

    /// The update that adds so many calls.
    fn adding(&self, count: &CallCount, calls: u32) -> UpdateItemFluentBuilder {
        let pk = self.dynamo.keys.calls(&count.of, count.ends.seconds());
        let request = self.dynamo.client.update_item().table_name(&self.table);
        request
            .set_key(Some(key(pk, META)))
            .update_expression("SET expires_at = :until ADD calls :calls")
            .expression_attribute_values(":until", n(count.ends.plus(KEPT).seconds()))
            .expression_attribute_values(":calls", n(calls))
    }
}

/// Sends a write, and again only where the table says that it did not take it: what a repetition after a lost reply counted a
/// second time, a caller would be refused for.
async fn send_once(request: UpdateItemFluentBuilder) -> Result<UpdateItemOutput, SdkError<UpdateItemError>> {
    let mut next = 2;
    loop {
        let once = Config::builder().retry_config(RetryConfig::disabled());
        let answer = request.clone().customize().config_override(once).send().await;
        let code = answer.as_ref().err().and_then(ProvideErrorMetadata::code);
        if next > pause::TRIES || !code.is_some_and(failure::is_throttling) {
            return answer;
        }
        pause::before(next).await;
        next += 1;
    }
}

#[async_trait]
impl CallCounts for CallCountTable {
    async fn add(&self, count: &CallCount, calls: u32) -> Result<u64, PortError> {
        let request = self.adding(count, calls).return_values(ReturnValue::UpdatedNew);
        let answer = send_once(request).await.map_err(|error| failure::aws(WHAT, &error))?;
        let counted = answer.attributes.and_then(|attributes| number(&attributes, "calls"));
        counted.ok_or_else(|| PortError::unreadable(WHAT, "a count that is no number"))
    }

    async fn count(&self, count: &CallCount, limit: u32) -> Result<bool, PortError> {
        let request = self
            .adding(count, 1)
            .condition_expression("attribute_not_exists(calls) OR calls < :limit")
            .expression_attribute_values(":limit", n(limit));
        match send_once(request).await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(failure::aws(WHAT, &error)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Database, TableClock};
    use ponte_kit::examples::now;

    fn hour() -> CallCount {
        CallCount { of: "12345678909".to_owned(), ends: now().plus(Duration::from_hours(1)) }
    }

    #[tokio::test]
    async fn l06_a_lost_reply_counts_a_call_once() {
        let database = Database::start().await;
        let losing = database.losing(|number| number < 2).await;
        let (lost, table) =
            (CallCountTable::new(&losing, "limits"), CallCountTable::new(&database.dynamo, "limits"));
        assert!(lost.count(&hour(), 8).await.is_err(), "nobody knows");
        assert!(lost.add(&hour(), 3).await.is_err());
        assert_eq!(table.add(&hour(), 1).await.unwrap(), 5, "each was written, and written once");
    }

    #[tokio::test]
    async fn lb22_a_write_that_was_not_taken_is_tried_again_and_another_fault_is_not() {
        let database = Database::start().await;
        let table = CallCountTable::new(&database.dynamo, "limits");
        for (fault, status, counted, in_all) in [
            ("ThrottlingException", 400, true, 1),
            ("ProvisionedThroughputExceededException", 400, true, 2),
            ("InternalServerError", 500, false, 2),
        ] {
            let troubled = database.answering(2, status, fault).await;
            let troubled = CallCountTable::new(&troubled, "limits");
            assert_eq!(troubled.count(&hour(), 8).await.is_ok(), counted, "{fault}");
            assert_eq!(table.add(&hour(), 0).await.unwrap(), in_all, "{fault}");
        }
    }

    #[tokio::test]
    async fn l06_a_count_names_nobody_and_leaves_the_table_after_its_window() {
        let clock = TableClock::at(now());
        let database = Database::start_with(clock.clone()).await;
        database.clean_by("limits", "expires_at").await;
        let table = CallCountTable::new(&database.dynamo, "limits");
        assert!(table.count(&hour(), 8).await.unwrap());
        let items = database.items("limits").await;
        assert!(!format!("{items:?}").contains("12345678909"), "{items:?}");
        for (after, left) in [(Duration::ZERO, 1), (KEPT, 1), (KEPT * 2, 0)] {
            clock.set(hour().ends.plus(after));
            database.clean().await;
            assert_eq!(database.count("limits").await, left, "{after:?} after its window");
        }
    }
}
