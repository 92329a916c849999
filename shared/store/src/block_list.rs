//! The block list, all in one partition: nearly always empty, read by every environment every 45 s (T60).
//!
//! What operators decide lies under the name of what it shuts out. What participants bring about, by removing themselves or
//! by showing a code twice, lies under the time at which it ends, which sorts before every name. So one query backwards from
//! the last name to the present reads first what operators decided, then what ends last, and nothing that is over, however
//! much of that the table has not forgotten yet.

use async_trait::async_trait;
use ponte_authorization::block_list::{Block, Blocked};
use ponte_authorization::ports::Blocks;
use ponte_ports::PortError;
use ponte_values::Moment;

use crate::body::{body, readable};
use crate::dynamo::Dynamo;
use crate::item::{Item, item, key, n, s};
use crate::pages;

const WHAT: &str = "block list";

/// Most entries that are read: 10 MB or so. Of a longer list those that end first are not read.
const MOST: usize = 50_000;
/// Entries from which on each look is told to the operators: far more than an institution ever has.
const CROWDED: usize = MOST / 10;

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

    /// At most `most` entries that are not over at `now`, and whether there are more.
    async fn first(&self, now: Moment, most: usize) -> Result<(Vec<Item>, bool), PortError> {
        let query = self.dynamo.client.query().table_name(&self.table).consistent_read(true);
        let query = query
            .scan_index_forward(false)
            .key_condition_expression("pk = :pk AND sk > :now")
            // Under a name lie also removals by operators, and whatever a release before this one wrote.
            .filter_expression("attribute_not_exists(expires_at) OR expires_at >= :second")
            .expression_attribute_values(":pk", s(self.dynamo.keys.block_list()))
            // `$` is the sign after `#`: what ends this very moment is over.
            .expression_attribute_values(":now", s(format!("{}$", now.with_millis())))
            .expression_attribute_values(":second", n(now.seconds()));
        let mut items = pages::read(WHAT, query, most + 1).await?;
        let more = items.len() > most;
        items.truncate(most);
        Ok((items, more))
    }
}

#[async_trait]
impl Blocks for BlockListTable {
    async fn all(&self, now: Moment) -> Result<Vec<Block>, PortError> {
        let (items, more) = self.first(now, MOST).await?;
        if let Some(told) = crowding(items.len(), more) {
            // A metric filter of the template looks for the field.
            tracing::error!(crowded_block_list = items.len(), "{told}");
        }
        // An entry of a kind that only a later release knows shuts nobody out here; it is named in the log.
        Ok(readable(WHAT, &items))
    }
}

/// What is to be told of a list that grows.
fn crowding(entries: usize, more: bool) -> Option<&'static str> {
    match entries {
        _ if more => Some("block list too long: what ends first is not on it"),
        CROWDED.. => Some("block list longer than anybody expected"),
        _ => None,
    }
}

/// Where an entry lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// Among what operators decided: read first.
    Decided,
    /// Among what ends by itself, by its end.
    ByEnd(Moment),
}

/// The key of the entry about `blocked`.
pub(crate) fn key_of(dynamo: &Dynamo, blocked: &Blocked, place: Place) -> Item {
    let name = match blocked {
        Blocked::Client(client) => format!("CLIENT#{client}"),
        Blocked::Grant(target) => format!("GRANT#{}", target.scope()),
    };
    let sk = match place {
        Place::Decided => name,
        Place::ByEnd(end) => format!("{}#{name}", end.with_millis()),
    };
    key(dynamo.keys.block_list(), sk)
}

/// An entry that an operator decided on, as it is written with the change that it follows from.
pub(crate) fn decided(dynamo: &Dynamo, block: &Block) -> Result<Item, PortError> {
    item_of(dynamo, block, Place::Decided)
}

/// An entry that follows from what a participant did. One without an end lies with those of operators.
pub(crate) fn brought_about(dynamo: &Dynamo, block: &Block) -> Result<Item, PortError> {
    item_of(dynamo, block, block.until.map_or(Place::Decided, Place::ByEnd))
}

fn item_of(dynamo: &Dynamo, block: &Block, place: Place) -> Result<Item, PortError> {
    let stored = item(key_of(dynamo, &block.blocked, place), [("body", body(WHAT, block)?)]);
    Ok(match block.until {
        Some(until) => item(stored, [("expires_at", n(until.seconds()))]),
        None => stored,
    })
}

#[cfg(test)]
mod tests;
