//! The block list of access tokens.

use async_trait::async_trait;

use crate::block_list::Block;
use ponte_ports::PortError;

/// The entries of the block list. They are written with the change that they follow from.
#[async_trait]
pub trait Blocks: Send + Sync {
    /// Reads all, strongly consistent; those that are over may be among them.
    async fn all(&self) -> Result<Vec<Block>, PortError>;
}
