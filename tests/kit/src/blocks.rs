//! A block list in memory that counts its readers and can fail.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use ponte_authorization::block_list::{Block, Blocked};
use ponte_authorization::ports::Blocks;
use ponte_ports::PortError;
use ponte_values::Moment;

/// The block list of an institution.
#[derive(Default)]
pub struct BlocksInMemory {
    /// Its entries.
    pub blocks: Mutex<Vec<Block>>,
    /// Whether it cannot be read.
    pub fails: AtomicBool,
    /// How often somebody read it, or tried to.
    pub reads: AtomicU64,
}

impl BlocksInMemory {
    /// Puts an entry in the place of the one about the same.
    pub fn put(&self, block: Block) {
        self.take(&block.blocked);
        self.blocks.lock().unwrap().push(block);
    }

    /// Takes the entry about something away.
    pub fn take(&self, blocked: &Blocked) {
        self.blocks.lock().unwrap().retain(|block| block.blocked != *blocked);
    }

    /// How often somebody read it, or tried to.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// Makes it unreadable, or readable again.
    pub fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::Relaxed);
    }
}

#[async_trait]
impl Blocks for BlocksInMemory {
    async fn all(&self, now: Moment) -> Result<Vec<Block>, PortError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        if self.fails.load(Ordering::Relaxed) {
            return Err(PortError::new("block list", "down"));
        }
        let live = |block: &&Block| block.until.is_none_or(|until| now < until);
        Ok(self.blocks.lock().unwrap().iter().filter(live).cloned().collect())
    }
}
