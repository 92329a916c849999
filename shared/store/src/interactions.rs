//! Interactions in progress, and the short codes that hand them to a phone.

use async_trait::async_trait;
use ponte_authorization::interaction::{Interaction, ShortCode};
use ponte_authorization::ports::{Handoffs, InteractionChanges, InteractionCommit, Interactions};
use ponte_ports::{CommitFault, PortError};

use crate::body::{body_over, read_with_form};
use crate::dynamo::{Dynamo, PutOutcome};
use crate::item::{Condition, Item, item, key, n, s, text};
use crate::keys::META;
use crate::trail::TrailTables;
use crate::transaction::Transaction;

const WHAT: &str = "interactions table";

/// The interactions of an institution.
pub struct InteractionTable {
    dynamo: Dynamo,
    table: String,
    /// `None` if interactions are only read and started.
    trail: Option<TrailTables>,
}

impl InteractionTable {
    /// The interactions in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned(), trail: None }
    }

    /// For the function in which customers decide.
    #[must_use]
    pub fn committing(dynamo: &Dynamo, table: &str, trail: TrailTables) -> Self {
        Self { trail: Some(trail), ..Self::new(dynamo, table) }
    }
}

/// An interaction as stored by the write `owner`.
pub(crate) fn item_of(dynamo: &Dynamo, interaction: &Interaction, owner: &str) -> Result<Item, PortError> {
    let attributes = [
        ("version", n(interaction.version)),
        ("owner", s(owner)),
        ("expires_at", n(interaction.expires_at().seconds())),
        ("body", body_over(WHAT, interaction, &interaction.stored)?),
    ];
    Ok(item(key(dynamo.keys.interaction(&interaction.id), META), attributes))
}

#[async_trait]
impl Interactions for InteractionTable {
    async fn find(&self, id: &str) -> Result<Option<Interaction>, PortError> {
        let Some(pk) = self.dynamo.keys.known_interaction(id) else {
            return Ok(None);
        };
        let found = self.dynamo.get(WHAT, &self.table, pk, META).await?;
        let keep = |interaction: &mut Interaction, form| interaction.stored = form;
        found.map(|item| read_with_form(WHAT, &item, keep)).transpose()
    }

    async fn start(&self, interaction: &Interaction) -> Result<(), PortError> {
        // The id is fresh and unguessable, so the same interaction under it was stored by this call.
        let item = item_of(&self.dynamo, interaction, &interaction.id)?;
        let written = self.dynamo.put_if(WHAT, &self.table, item.clone(), Condition::absent()).await?;
        match written {
            PutOutcome::Refused(stored) if text(&stored, "body") != text(&item, "body") => {
                Err(PortError::new(WHAT, "the interaction exists already"))
            }
            PutOutcome::Done | PutOutcome::Refused(_) => Ok(()),
        }
    }
}

#[async_trait]
impl InteractionChanges for InteractionTable {
    async fn commit(
        &self,
        InteractionCommit { interaction, trail }: InteractionCommit,
    ) -> Result<(), CommitFault> {
        let Some(tables) = &self.trail else {
            return Err(PortError::new(WHAT, "opened without the tables of a trail").into());
        };
        let mut transaction = Transaction::new(WHAT, &trail.id);
        let item = item_of(&self.dynamo, &interaction, &trail.id)?;
        transaction.put(&self.table, item, Condition::before(interaction.version))?;
        transaction.trail(&self.dynamo, tables, &trail, None)?;
        transaction.commit(&self.dynamo).await
    }
}

#[async_trait]
impl Handoffs for InteractionTable {
    async fn open(&self, interaction: &Interaction, code: &ShortCode, id: &str) -> Result<(), CommitFault> {
        let stored = item_of(&self.dynamo, interaction, id)?;
        let attributes = [
            ("interaction", s(&interaction.id)),
            ("owner", s(id)),
            ("expires_at", n(interaction.expires_at().seconds())),
        ];
        let code = item(key(self.dynamo.keys.short_code(code), META), attributes);
        let mut transaction = Transaction::new(WHAT, id);
        transaction.put(&self.table, stored, Condition::before(interaction.version))?;
        transaction.put(&self.table, code, Condition::absent())?;
        transaction.commit(&self.dynamo).await
    }

    async fn interaction_of(&self, code: &ShortCode) -> Result<Option<String>, PortError> {
        let pk = self.dynamo.keys.short_code(code);
        let found = self.dynamo.get(WHAT, &self.table, pk, META).await?;
        Ok(found.and_then(|item| text(&item, "interaction").map(str::to_owned)))
    }
}

#[cfg(test)]
mod handoff_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Database;
    use ponte_kit::examples::interaction;

    #[tokio::test]
    async fn an_interaction_starts_once_and_its_repetition_is_recognised() {
        let database = Database::start().await;
        let table = InteractionTable::new(&database.dynamo, "interactions");
        let first = interaction("n-1");
        table.start(&first).await.unwrap();
        table.start(&first).await.unwrap();
        let mut other = interaction("n-1");
        other.client_name = "Outra".to_owned();
        assert!(table.start(&other).await.is_err());
        let found = table.find("n-1").await.unwrap().unwrap();
        assert_eq!(found.client_name, first.client_name);
    }

    #[tokio::test]
    async fn ids_that_cannot_exist_are_not_found() {
        let database = Database::start().await;
        let table = InteractionTable::new(&database.dynamo, "interactions");
        for id in ["", "unknown", &"x".repeat(5000)] {
            assert!(table.find(id).await.unwrap().is_none());
        }
    }
}
