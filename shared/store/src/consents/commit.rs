//! The commit of a change of a consent, with everything that must not be lost with it.

use async_trait::async_trait;
use ponte_authorization::interaction::Interaction;
use ponte_data_consent::consent::{Consent, Extension};
use ponte_data_consent::ports::{ConsentCommit, ConsentDecisions, Consents, Extensions};
use ponte_ports::{CommitFault, PortError, Trail};
use ponte_values::ConsentId;

use crate::body::{body, read, readable};
use crate::item::{Condition, Item, item, key, s};
use crate::keys::META;
use crate::transaction::Transaction;
use crate::{interactions, pages};

use super::record::{self, StoredConsent};
use super::table::{ConsentTable, TableOf, WHAT};

/// Beginning of the sort key of a renewal.
const RENEWAL: &str = "EXT#";

impl<C: StoredConsent> TableOf<C> {
    /// The writes of a change, and of the step of the interaction that goes with it.
    pub(super) fn change(
        &self,
        consent: &C,
        trail: &Trail,
        interaction: Option<&Interaction>,
    ) -> Result<Transaction, PortError> {
        let Some(tables) = &self.commit else {
            return Err(PortError::new(C::WHAT, "opened for reading only"));
        };
        let owner = trail.id.as_str();
        let mut transaction = Transaction::new(C::WHAT, owner);
        let item = record::item_of(&self.dynamo, consent, owner)?;
        let seals = record::seals(consent, &item);
        transaction.put(&self.table, item, Condition::before(consent.facts().version))?;
        if let Some(interaction) = interaction {
            let table = self.interactions.as_ref();
            let table = table.ok_or_else(|| PortError::new(C::WHAT, "opened without the interactions"))?;
            let item = interactions::item_of(&self.dynamo, interaction, owner)?;
            transaction.put(table, item, Condition::before(interaction.version))?;
        }
        transaction.trail(&self.dynamo, tables, trail, Some(&seals))?;
        Ok(transaction)
    }

    /// One, strongly consistent. Who changes it gets its form and seal too.
    pub(super) async fn read(&self, id: &ConsentId) -> Result<Option<C>, PortError> {
        let pk = self.dynamo.keys.of_kind(C::KIND, id);
        let found = self.dynamo.get(C::WHAT, &self.table, pk, META).await?;
        found
            .map(|item| if self.commit.is_some() { record::read(&item) } else { read(C::WHAT, &item) })
            .transpose()
    }
}

impl ConsentTable {
    /// The writes of a change, of the renewal that it may be, and of the step of the interaction.
    fn transaction(
        &self,
        commit: &ConsentCommit,
        interaction: Option<&Interaction>,
    ) -> Result<Transaction, PortError> {
        let ConsentCommit { consent, extension, trail } = commit;
        let mut transaction = self.change(consent, trail, interaction)?;
        if let Some(extension) = extension {
            let item = self.extension(&consent.id, extension, &trail.id)?;
            transaction.put(&self.table, item, Condition::absent())?;
        }
        Ok(transaction)
    }

    fn extension(&self, id: &ConsentId, renewal: &Extension, owner: &str) -> Result<Item, PortError> {
        let sk = format!("{RENEWAL}{}#{owner}", renewal.requested_at.with_millis());
        let attributes = [("owner", s(owner)), ("body", body(WHAT, renewal)?)];
        Ok(item(key(self.dynamo.keys.consent(id), sk), attributes))
    }
}

#[async_trait]
impl Consents for ConsentTable {
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError> {
        self.read(id).await
    }

    async fn commit(&self, commit: ConsentCommit) -> Result<(), CommitFault> {
        self.transaction(&commit, None)?.commit(&self.dynamo).await
    }
}

#[async_trait]
impl ConsentDecisions for ConsentTable {
    async fn decide(&self, commit: ConsentCommit, interaction: Interaction) -> Result<(), CommitFault> {
        self.transaction(&commit, Some(&interaction))?.commit(&self.dynamo).await
    }
}

#[async_trait]
impl Extensions for ConsentTable {
    async fn list(&self, id: &ConsentId, skip: u64, take: u32) -> Result<Vec<Extension>, PortError> {
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .scan_index_forward(false)
            .key_condition_expression("pk = :pk AND begins_with(sk, :renewal)")
            .expression_attribute_values(":pk", s(self.dynamo.keys.consent(id)))
            .expression_attribute_values(":renewal", s(RENEWAL));
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let take = usize::try_from(take).unwrap_or(usize::MAX);
        // A consent is renewed a few times in its life: what is skipped is read along.
        let items = pages::read(WHAT, query, skip.saturating_add(take)).await?;
        Ok(readable(WHAT, items.get(skip..).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests;
