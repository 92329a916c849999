//! Removed clients whose consents are still to be ended, in the outbox: the authorization server leaves word there, the
//! sweep of the consents takes it away (T60).

use async_trait::async_trait;
use ponte_authorization::removed_client::Removal;
use ponte_data_consent::ports::Removals;
use ponte_data_consent::removal::{RemovalRound, Turns};
use ponte_ports::{CommitFault, Ids, PortError};
use ponte_values::Moment;

use crate::body::{body, read, readable};
use crate::dynamo::Dynamo;
use crate::item::{Condition, Item, item, key, n, s};
use crate::keys::META;
use crate::pages;
use crate::transaction::Transaction;
use ponte_cloud::environment::SystemIds;

const WHAT: &str = "removed clients in the outbox table";

/// The removed clients of an institution.
pub struct RemovalTable {
    dynamo: Dynamo,
    outbox: String,
}

impl RemovalTable {
    /// Those in the table `outbox`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, outbox: &str) -> Self {
        Self { dynamo: dynamo.clone(), outbox: outbox.to_owned() }
    }

    fn round_key(&self) -> Item {
        key(self.dynamo.keys.removal_round(), META)
    }
}

/// Word of a removal, as it is written in its transaction.
pub(crate) fn item_of(dynamo: &Dynamo, removal: &Removal) -> Result<Item, PortError> {
    Ok(item(key_of(dynamo, removal), [("body", body(WHAT, removal)?)]))
}

fn key_of(dynamo: &Dynamo, removal: &Removal) -> Item {
    key(dynamo.keys.removals(), format!("{}#{}", removal.at.with_millis(), removal.client))
}

#[async_trait]
impl Removals for RemovalTable {
    async fn round(&self) -> Result<Option<RemovalRound>, PortError> {
        let found = self.dynamo.get(WHAT, &self.outbox, self.dynamo.keys.removal_round(), META).await?;
        found.map(|item| read(WHAT, &item)).transpose()
    }

    async fn waiting(&self, until: Moment, limit: usize) -> Result<Vec<Removal>, PortError> {
        let query = self.dynamo.client.query().table_name(&self.outbox).consistent_read(true);
        let query = query
            .key_condition_expression("pk = :pk AND sk < :until")
            .expression_attribute_values(":pk", s(self.dynamo.keys.removals()))
            // `$` is the sign after `#`: those of this very moment are among them.
            .expression_attribute_values(":until", s(format!("{}$", until.with_millis())));
        // All are read, so that no number of one organisation's hides another's; few of each are kept.
        let mut turns = Turns::new(limit);
        pages::each(WHAT, query, |items| {
            for removal in readable(WHAT, &items) {
                turns.offer(removal);
            }
        })
        .await?;
        Ok(turns.chosen())
    }

    async fn advance(&self, round: &RemovalRound) -> Result<(), CommitFault> {
        let owner = SystemIds.uuid();
        let attributes = [("version", n(round.version)), ("owner", s(&owner)), ("body", body(WHAT, round)?)];
        let mut transaction = Transaction::new(WHAT, &owner);
        transaction.put(
            &self.outbox,
            item(self.round_key(), attributes),
            Condition::before(round.version),
        )?;
        transaction.commit(&self.dynamo).await
    }

    async fn finish(&self, round: &RemovalRound) -> Result<(), CommitFault> {
        let mut transaction = Transaction::new(WHAT, &SystemIds.uuid());
        for removal in &round.removals {
            transaction.delete_always(&self.outbox, key_of(&self.dynamo, removal))?;
        }
        let stored = Condition::new("version = :version", [(":version", n(round.version))]);
        transaction.delete_if(&self.outbox, self.round_key(), stored)?;
        transaction.commit(&self.dynamo).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ponte_kit::examples::now;
    use ponte_values::ClientId;

    use super::*;
    use crate::testing::Database;

    fn removal(name: &str, at: Moment) -> Removal {
        Removal { client: ClientId::parse(name).unwrap(), at, organisation: None, by: None }
    }

    #[tokio::test]
    async fn t60_a_round_takes_the_first_clients_and_takes_them_away_at_its_end() {
        let database = Database::start().await;
        let table = RemovalTable::new(&database.dynamo, "outbox");
        let after = |seconds| now().plus(Duration::from_secs(seconds));
        let (first, second, late) = (removal("b", now()), removal("a", after(1)), removal("c", after(9)));
        for removal in [&late, &second, &first] {
            let item = item_of(&database.dynamo, removal).unwrap();
            database.dynamo.put(WHAT, "outbox", item).await.unwrap();
        }
        assert_eq!(table.waiting(after(1), 9).await.unwrap(), [first.clone(), second.clone()]);
        assert_eq!(table.waiting(now(), 9).await.unwrap(), std::slice::from_ref(&first));
        assert_eq!(table.waiting(after(9), 1).await.unwrap(), std::slice::from_ref(&first));

        assert_eq!(table.round().await.unwrap(), None);
        let begun = RemovalRound::begin(vec![first, second]);
        table.advance(&begun).await.unwrap();
        assert!(matches!(table.advance(&begun).await, Err(CommitFault::Conflict)), "another sweep began it");
        let further = begun.clone().step();
        table.advance(&further).await.unwrap();
        assert_eq!(table.round().await.unwrap().as_ref(), Some(&further));
        assert!(matches!(table.finish(&begun).await, Err(CommitFault::Conflict)), "another sweep is further");
        assert_eq!(table.waiting(after(9), 9).await.unwrap().len(), 3, "nothing half done");
        table.finish(&further).await.unwrap();
        assert_eq!(
            (table.round().await.unwrap(), table.waiting(after(9), 9).await.unwrap()),
            (None, vec![late])
        );
    }
}
