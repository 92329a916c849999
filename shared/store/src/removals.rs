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
use crate::item::{Condition, Item, item, key, n, s, text};
use crate::keys::META;
use crate::pages;
use crate::transaction::Transaction;
use ponte_cloud::environment::SystemIds;

const WHAT: &str = "removed clients in the outbox table";

/// Most words that are read of each end of the queue: some 5 MB.
const MOST: usize = 20_000;

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

    /// Whose turn it is of those who wait until `until`, by `most` words at most of each end of the queue. Where more wait, those
    /// in its middle are not looked at: whoever comes is among the newest until its turn comes, however many one organisation
    /// left before or leaves after it.
    async fn turns(&self, until: Moment, limit: usize, most: usize) -> Result<Vec<Removal>, PortError> {
        let query = |after: &str, oldest_first: bool| {
            let query = self.dynamo.client.query().table_name(&self.outbox).consistent_read(true);
            query
                .scan_index_forward(oldest_first)
                .key_condition_expression("pk = :pk AND sk BETWEEN :after AND :until")
                .expression_attribute_values(":pk", s(self.dynamo.keys.removals()))
                .expression_attribute_values(":after", s(after))
                // `$` is the sign after `#`: those of this very moment are among them.
                .expression_attribute_values(":until", s(format!("{}$", until.with_millis())))
        };
        let mut turns = Turns::new(limit);
        let oldest = pages::read(WHAT, query("0", true), most).await?;
        for removal in readable(WHAT, &oldest) {
            turns.offer(removal);
        }
        if let Some(last) = oldest.get(most - 1).and_then(|item| text(item, "sk")) {
            // What sorts right behind the last one.
            let mut newest = pages::read(WHAT, query(&format!("{last} "), false), most).await?;
            if newest.len() >= most {
                tracing::warn!(read = 2 * most, "more removed clients wait than are looked at");
            }
            newest.reverse();
            for removal in readable(WHAT, &newest) {
                turns.offer(removal);
            }
        }
        Ok(turns.chosen())
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
        self.turns(until, limit, MOST).await
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
    use ponte_values::{ClientId, OrganisationId};

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

    #[tokio::test]
    async fn t60_of_a_queue_that_is_too_long_both_ends_are_read_and_who_comes_is_not_hidden() {
        let database = Database::start().await;
        let table = RemovalTable::new(&database.dynamo, "outbox");
        let of = |number: u64, organisation: &str| Removal {
            organisation: OrganisationId::parse(organisation).ok(),
            ..removal(&format!("c{number:02}"), now().plus(Duration::from_secs(number)))
        };
        let flood = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
        for number in 0..20 {
            let organisation = if number == 17 { "0b2bd2c1-8f5d-4c0e-9a3d-0a1b2c3d4e01" } else { flood };
            let item = item_of(&database.dynamo, &of(number, organisation)).unwrap();
            database.dynamo.put(WHAT, "outbox", item).await.unwrap();
        }
        let turns = async |seconds, limit, most| {
            let until = now().plus(Duration::from_secs(seconds));
            let chosen: Vec<_> = table.turns(until, limit, most).await.unwrap();
            chosen.into_iter().map(|removal| removal.client.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(turns(19, 3, 4).await, ["c00", "c17", "c01"]);
        assert_eq!(turns(19, 99, 4).await.len(), 8, "and nothing in the middle");
        assert_eq!(turns(16, 3, 4).await, ["c00", "c01", "c02"], "it was not there yet");
        for most in [10, 15, 19, 20, 21] {
            let all = turns(19, 99, most).await;
            assert_eq!(all.len(), 20, "each once: {all:?}");
        }
    }
}
