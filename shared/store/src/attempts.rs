//! Counts of attempts by name and minute: short codes that stand for nothing, logins, lists of products, yeses (T62).

use async_trait::async_trait;
use ponte_authorization::count_window::CountWindow;
use ponte_authorization::ports::Attempts;
use ponte_ports::PortError;

use crate::counting;
use crate::dynamo::{Dynamo, PutOutcome};
use crate::item::{key, number};
use crate::keys::META;

const WHAT: &str = "interactions table";

/// The counts in the table of interactions of an institution.
pub struct AttemptTable {
    dynamo: Dynamo,
    table: String,
}

impl AttemptTable {
    /// The counts in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned() }
    }
}

#[async_trait]
impl Attempts for AttemptTable {
    async fn counted(&self, who: &str, window: CountWindow) -> Result<u32, PortError> {
        let pk = self.dynamo.keys.attempts(who, window.starts().seconds());
        let found = self.dynamo.get(WHAT, &self.table, pk, META).await?;
        Ok(found.and_then(|item| number(&item, "failed")).unwrap_or_default())
    }

    async fn count(&self, who: &str, window: CountWindow, limit: u32) -> Result<bool, PortError> {
        let key = key(self.dynamo.keys.attempts(who, window.starts().seconds()), META);
        let (change, below) = counting::one_more("failed", window, limit);
        // A refused update means that the limit is reached, which is all that is to be known.
        let outcome = self.dynamo.update_if(WHAT, &self.table, (key, &change), below).await?;
        Ok(matches!(outcome, PutOutcome::Done))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Database;
    use ponte_kit::contract::attempts;

    #[tokio::test]
    async fn t62_attempts_are_counted_to_their_limit_and_no_further() {
        let database = Database::start().await;
        let table = AttemptTable::new(&database.dynamo, "interactions");
        attempts::attempts_are_counted_to_their_limit(&table).await;
        assert_eq!(database.count("interactions").await, 3, "an item for each name and window");
    }
}
