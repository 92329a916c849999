//! The block list of access tokens.

use async_trait::async_trait;

use ponte_values::Moment;

use crate::block_list::Block;
use ponte_ports::PortError;

/// The entries of the block list. They are written with the change that they follow from.
#[async_trait]
pub trait Blocks: Send + Sync {
    /// Reads those that are not over at `now`, strongly consistent. Where there are more than anybody expected, those of
    /// operators are all among them, and of the others those that end last.
    async fn all(&self, now: Moment) -> Result<Vec<Block>, PortError>;
}
