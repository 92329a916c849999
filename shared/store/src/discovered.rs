//! Products that customers do not choose one by one: an item each, and one for the state of the discoveries under their consent.

use async_trait::async_trait;
use ponte_data_consent::discovery::{DiscoveredResource, DiscoveryState, StoredResources};
use ponte_data_consent::ports::{DiscoveredResources, DiscoveryCommit, LONGEST_ID};
use ponte_ports::{CommitFault, PortError};
use ponte_values::{ConsentId, ResourceKind};

use crate::body::{body_over, read_with_form};
use crate::dynamo::Dynamo;
use crate::item::{Condition, Item, item, key, n, s, text};
use crate::keys::META;
use crate::pages;
use crate::trail::TrailTables;
use crate::transaction::Transaction;

const WHAT: &str = "resources table";

/// The discovered products of an institution's consents.
pub struct ResourceTable {
    dynamo: Dynamo,
    table: String,
    trail: TrailTables,
}

impl ResourceTable {
    /// The products in `table`; their changes are told in the tables of `trail`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str, trail: TrailTables) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned(), trail }
    }

    fn item_of(
        &self,
        consent: &ConsentId,
        product: &DiscoveredResource,
        owner: &str,
    ) -> Result<Item, PortError> {
        let attributes = [
            ("owner", s(owner)),
            ("expires_at", n(product.kept_until.seconds())),
            ("body", body_over(WHAT, product, &product.stored)?),
        ];
        let place = place(product.resource.kind, &product.resource.id);
        Ok(item(key(self.dynamo.keys.resources(consent), place), attributes))
    }
}

/// Sort key of a product.
fn place(kind: ResourceKind, id: &str) -> String {
    format!("{}#{id}", kind.as_str())
}

/// A product with the form it was read from.
fn read(item: &Item) -> Result<DiscoveredResource, PortError> {
    read_with_form(WHAT, item, |product: &mut DiscoveredResource, form| product.stored = form)
}

#[async_trait]
impl DiscoveredResources for ResourceTable {
    async fn state(&self, consent: &ConsentId) -> Result<Option<DiscoveryState>, PortError> {
        let found = self.dynamo.get(WHAT, &self.table, self.dynamo.keys.resources(consent), META).await?;
        let state =
            |item: &Item| read_with_form(WHAT, item, |state: &mut DiscoveryState, form| state.stored = form);
        found.as_ref().map(state).transpose()
    }

    async fn find(
        &self,
        consent: &ConsentId,
        kind: ResourceKind,
        id: &str,
    ) -> Result<Option<DiscoveredResource>, PortError> {
        if id.len() > LONGEST_ID {
            return Ok(None);
        }
        let pk = self.dynamo.keys.resources(consent);
        let found = self.dynamo.get(WHAT, &self.table, pk, &place(kind, id)).await?;
        found.as_ref().map(read).transpose()
    }

    async fn list(
        &self,
        consent: &ConsentId,
        kind: Option<ResourceKind>,
        most: usize,
    ) -> Result<StoredResources, PortError> {
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .expression_attribute_values(":pk", s(self.dynamo.keys.resources(consent)));
        let query = match kind {
            Some(kind) => query
                .key_condition_expression("pk = :pk AND begins_with(sk, :kind)")
                .expression_attribute_values(":kind", s(place(kind, ""))),
            None => query.key_condition_expression("pk = :pk"),
        };
        // The state lies among the products.
        let items = pages::read(WHAT, query, most.saturating_add(1)).await?;
        let mut found = StoredResources::default();
        for item in items.iter().filter(|item| text(item, "sk") != Some(META)).take(most) {
            match read(item) {
                Ok(product) => found.known.push(product),
                Err(_) => found.unread.extend(place_of(item)),
            }
        }
        Ok(found)
    }

    async fn commit(&self, commit: DiscoveryCommit) -> Result<(), CommitFault> {
        let DiscoveryCommit { consent, state, kept_until, resources, trail } = commit;
        let owner = trail.id.as_str();
        let attributes = [
            ("version", n(state.version)),
            ("owner", s(owner)),
            ("expires_at", n(kept_until.seconds())),
            ("body", body_over(WHAT, &state, &state.stored)?),
        ];
        let mut transaction = Transaction::new(WHAT, owner);
        let stored = item(key(self.dynamo.keys.resources(&consent), META), attributes);
        transaction.put(&self.table, stored, Condition::before(state.version))?;
        for product in &resources {
            transaction.put_always(&self.table, self.item_of(&consent, product, owner)?)?;
        }
        transaction.trail(&self.dynamo, &self.trail, &trail, None)?;
        transaction.commit(&self.dynamo).await
    }
}

/// Public id and kind of a product, by its key.
fn place_of(item: &Item) -> Option<(String, ResourceKind)> {
    let (kind, id) = text(item, "sk")?.split_once('#')?;
    Some((id.to_owned(), ResourceKind::parse(kind).ok()?))
}

#[cfg(test)]
mod tests;
