//! The block list, all in one partition: nearly always empty, read whole by every environment every 45 s (T60).

use async_trait::async_trait;
use ponte_authorization::block_list::{Block, Blocked};
use ponte_authorization::ports::Blocks;
use ponte_ports::PortError;

use crate::body::{body, readable};
use crate::dynamo::Dynamo;
use crate::item::{Item, item, key, n, s};
use crate::pages;

const WHAT: &str = "block list";

/// Most entries that are read: 10 MB or so, more than participants and grants of a quarter of an hour ever give. A list
/// that is longer is not read at all, because half of it would open what the other half shuts.
const MOST: usize = 50_000;

/// The block list of an institution, for reading.
pub struct BlockListTable {
    dynamo: Dynamo,
    table: String,
}

impl BlockListTable {
    /// The list in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned() }
    }
}

#[async_trait]
impl Blocks for BlockListTable {
    async fn all(&self) -> Result<Vec<Block>, PortError> {
        let query = self.dynamo.client.query().table_name(&self.table).consistent_read(true);
        let query = query
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(self.dynamo.keys.block_list()));
        let items = pages::read(WHAT, query, MOST + 1).await?;
        if items.len() > MOST {
            return Err(PortError::new(WHAT, "longer than anybody expected"));
        }
        // An entry of a kind that only a later release knows shuts nobody out here; it is named in the log.
        Ok(readable(WHAT, &items))
    }
}

/// The key of the entry about `blocked`.
pub(crate) fn key_of(dynamo: &Dynamo, blocked: &Blocked) -> Item {
    let sk = match blocked {
        Blocked::Client(client) => format!("CLIENT#{client}"),
        Blocked::Grant(target) => format!("GRANT#{}", target.scope()),
    };
    key(dynamo.keys.block_list(), sk)
}

/// An entry, as it is written with the change that it follows from.
pub(crate) fn item_of(dynamo: &Dynamo, block: &Block) -> Result<Item, PortError> {
    let stored = item(key_of(dynamo, &block.blocked), [("body", body(WHAT, block)?)]);
    Ok(match block.until {
        Some(until) => item(stored, [("expires_at", n(until.seconds()))]),
        None => stored,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ponte_kit::examples::{client_id, institution, now};
    use ponte_values::ClientId;

    use super::*;
    use crate::testing::Database;

    #[test]
    fn t60_the_table_forgets_what_ends_and_nothing_else() {
        let dynamo = Dynamo::new(crate::testing::aws_at("http://127.0.0.1:1").dynamodb(), &institution());
        let until = Some(now().plus(Duration::from_mins(17)));
        let blocked = Blocked::Client(client_id());
        let ending = item_of(&dynamo, &Block { blocked: blocked.clone(), until }).unwrap();
        assert_eq!(ending["expires_at"], n(now().seconds() + 17 * 60));
        let standing = item_of(&dynamo, &Block { blocked, until: None }).unwrap();
        assert!(!standing.contains_key("expires_at"));
    }

    #[tokio::test]
    async fn t60_a_list_of_several_pages_is_read_whole() {
        let database = Database::start().await;
        let table = BlockListTable::new(&database.dynamo, "block-list");
        let until = Some(now());
        let name = "x".repeat(110);
        let items = (0..4_000).map(|number| {
            let client = ClientId::parse(&format!("{name}-{number}")).unwrap();
            item_of(&database.dynamo, &Block { blocked: Blocked::Client(client), until }).unwrap()
        });
        crate::batch::put(&database.dynamo, WHAT, "block-list", items).await.unwrap();
        assert_eq!(table.all().await.unwrap().len(), 4_000);
    }
}
