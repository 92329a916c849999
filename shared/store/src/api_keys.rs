//! API keys, all in one partition: an institution has a handful, each call reads one by its id, and they are listed
//! whole.

use async_trait::async_trait;
use ponte_authorization::api_key::{ApiKey, ApiKeyId, KeyChange};
use ponte_authorization::ports::ApiKeys;
use ponte_ports::{CommitFault, PortError};

use crate::body::{body_over, read_with_form};
use crate::dynamo::Dynamo;
use crate::item::{Condition, Item, item, key, n, s};
use crate::transaction::Transaction;
use crate::{audit, pages};

const WHAT: &str = "api keys table";

/// The API keys of an institution.
pub struct ApiKeyTable {
    dynamo: Dynamo,
    table: String,
    audit: Option<String>,
}

impl ApiKeyTable {
    /// For functions that only look keys up.
    #[must_use]
    pub fn reading(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned(), audit: None }
    }

    /// For the function that changes them; changes leave a row in the table `audit`.
    #[must_use]
    pub fn committing(dynamo: &Dynamo, table: &str, audit: &str) -> Self {
        Self { audit: Some(audit.to_owned()), ..Self::reading(dynamo, table) }
    }

    fn transaction(&self, change: &KeyChange, owner: &str) -> Result<Transaction, PortError> {
        let Some(rows) = &self.audit else {
            return Err(PortError::new(WHAT, "opened for reading only"));
        };
        let changed = &change.key;
        let mut transaction = Transaction::new(WHAT, owner);
        let attributes = [
            ("version", n(changed.version)),
            ("owner", s(owner)),
            ("body", body_over(WHAT, changed, &changed.stored)?),
        ];
        let stored = item(key(self.dynamo.keys.api_keys(), changed.id.as_str()), attributes);
        transaction.put(&self.table, stored, Condition::before(changed.version))?;
        let row = audit::item_of(&self.dynamo, &change.audit, owner, 0)?;
        transaction.put(rows, row, Condition::absent())?;
        Ok(transaction)
    }
}

fn key_of(item: &Item) -> Result<ApiKey, PortError> {
    read_with_form(WHAT, item, |key: &mut ApiKey, form| key.stored = form)
}

#[async_trait]
impl ApiKeys for ApiKeyTable {
    async fn find(&self, id: &ApiKeyId) -> Result<Option<ApiKey>, PortError> {
        let found = self.dynamo.get(WHAT, &self.table, self.dynamo.keys.api_keys(), id.as_str()).await?;
        found.as_ref().map(key_of).transpose()
    }

    async fn list(&self) -> Result<Vec<ApiKey>, PortError> {
        let query = self.dynamo.client.query().table_name(&self.table).consistent_read(true);
        let query = query
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(self.dynamo.keys.api_keys()));
        let items = pages::read(WHAT, query, usize::MAX).await?;
        // One that cannot be read is named in the log.
        Ok(items.iter().filter_map(|item| key_of(item).ok()).collect())
    }

    async fn commit(&self, change: KeyChange, id: String) -> Result<(), CommitFault> {
        self.transaction(&change, &id)?.commit(&self.dynamo).await
    }
}

#[cfg(test)]
mod tests;
