//! Consents, and the commit of a change with everything that must not be lost with it.

use async_trait::async_trait;
use ponte_domain::consent::{Consent, ConsentStatus};
use ponte_domain::outbox::OutboxRow;
use ponte_domain::ports::{Commit, CommitFault, Consents, PortError};
use ponte_values::ConsentId;

use super::item::{Condition, Item, body, item, key, n, read, s};
use super::keys::META;
use super::transaction::{Outcome, Transaction};
use super::{Dynamo, audit, interactions, outbox};

const WHAT: &str = "consents table";

/// Names of the tables a commit writes besides that of the consents.
#[derive(Clone, Debug)]
pub struct CommitTables {
    /// Interactions.
    pub interactions: String,
    /// Outbox.
    pub outbox: String,
    /// Audit rows.
    pub audit: String,
}

/// The consents of an institution.
pub struct ConsentTable {
    dynamo: Dynamo,
    table: String,
    commit: Option<CommitTables>,
}

impl ConsentTable {
    /// For functions that only look consents up.
    #[must_use]
    pub fn reading(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned(), commit: None }
    }

    /// For the function that changes them.
    #[must_use]
    pub fn committing(dynamo: &Dynamo, table: &str, commit: CommitTables) -> Self {
        Self { commit: Some(commit), ..Self::reading(dynamo, table) }
    }

    fn transaction(&self, commit: &Commit) -> Result<Transaction, PortError> {
        let Some(tables) = &self.commit else {
            return Err(PortError::new(WHAT, "opened for reading only"));
        };
        let owner = commit.id.as_str();
        let mut transaction = Transaction::new(WHAT, owner);
        if let Some(consent) = &commit.consent {
            let condition = Condition::before(consent.version);
            transaction.put(&self.table, self.consent(consent, owner)?, condition)?;
        }
        if let Some(visit) = &commit.interaction {
            let item = interactions::item_of(&self.dynamo, visit, owner)?;
            transaction.put(&tables.interactions, item, Condition::before(visit.version))?;
        }
        for row in &commit.outbox {
            let item = self.outbox(row, owner);
            transaction.put(&tables.outbox, item, Condition::absent())?;
        }
        for (number, entry) in commit.audit.iter().enumerate() {
            let item = audit::item_of(&self.dynamo, entry, owner, number)?;
            transaction.put(&tables.audit, item, Condition::absent())?;
        }
        Ok(transaction)
    }

    fn consent(&self, consent: &Consent, owner: &str) -> Result<Item, PortError> {
        // The status as of the change; whoever reads asks the consent itself what it is worth now.
        let status = match consent.at(consent.status_updated_at).status() {
            ConsentStatus::AwaitingAuthorisation => "AWAITING_AUTHORISATION",
            ConsentStatus::Authorised => "AUTHORISED",
            ConsentStatus::Rejected => "REJECTED",
        };
        let attributes = [
            ("version", n(consent.version)),
            ("status", s(status)),
            ("owner", s(owner)),
            ("body", body(WHAT, consent)?),
        ];
        Ok(item(key(self.dynamo.keys.consent(&consent.id), META), attributes))
    }

    fn outbox(&self, row: &OutboxRow, owner: &str) -> Item {
        item(outbox::item_of(&self.dynamo, row), [("owner", s(owner))])
    }
}

#[async_trait]
impl Consents for ConsentTable {
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError> {
        let pk = self.dynamo.keys.consent(id);
        let found = self.dynamo.get(WHAT, &self.table, pk, META).await?;
        found.map(|item| read(WHAT, &item)).transpose()
    }

    async fn commit(&self, commit: Commit) -> Result<(), CommitFault> {
        match self.transaction(&commit)?.run(&self.dynamo).await? {
            Outcome::Applied => Ok(()),
            Outcome::Refused(_) | Outcome::Contended => Err(CommitFault::Conflict),
        }
    }
}

#[cfg(test)]
mod tests;
