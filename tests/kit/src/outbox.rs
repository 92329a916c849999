//! The outbox in memory, and the partition of the reports that wait.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use ponte_metrics::outbox::HeldRow;
use ponte_metrics::ports::HeldReports;
use ponte_ports::outbox::OutboxRow;
use ponte_ports::{Outbox, PortError};
use ponte_values::ConsentId;

/// The outbox as a call writes it.
#[derive(Default)]
pub struct OutboxInMemory {
    /// Rows, the one added first in front; one under the same key takes the place of another.
    pub rows: Mutex<Vec<OutboxRow>>,
    /// Whether it takes nothing.
    pub fails: AtomicBool,
}

impl OutboxInMemory {
    /// All rows so far.
    #[must_use]
    pub fn rows(&self) -> Vec<OutboxRow> {
        self.rows.lock().unwrap().clone()
    }
}

#[async_trait]
impl Outbox for OutboxInMemory {
    async fn add(&self, row: &OutboxRow) -> Result<(), PortError> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(PortError::new("outbox table", "down"));
        }
        let mut rows = self.rows.lock().unwrap();
        rows.retain(|known| (known.shard(), known.sort_key()) != (row.shard(), row.sort_key()));
        rows.push(row.clone());
        Ok(())
    }
}

/// The two partitions of the outbox, with the one write between them.
#[derive(Default)]
pub struct HeldInMemory {
    /// Waiting rows by sort key.
    pub held: Mutex<BTreeMap<String, HeldRow>>,
    /// Bodies of what was let go, by sort key.
    pub released: Mutex<BTreeMap<String, String>>,
    /// Whether it takes nothing.
    pub fails: AtomicBool,
    /// Whether the next release dies before it is written.
    pub dies: AtomicBool,
    /// The shard that cannot be listed.
    pub unlisted: Option<u8>,
}

#[async_trait]
impl HeldReports for HeldInMemory {
    async fn hold(&self, row: &OutboxRow, consent: &ConsentId) -> Result<(), PortError> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(PortError::timeout("outbox table", "1 s"));
        }
        let held = HeldRow {
            shard: row.shard(),
            sort_key: row.sort_key(),
            path: row.path.to_owned(),
            body: row.body.clone(),
            consent: consent.clone(),
            restored_at: None,
        };
        self.held.lock().unwrap().insert(held.sort_key.clone(), held);
        Ok(())
    }

    async fn held(&self, shard: u8, limit: usize) -> Result<Vec<HeldRow>, PortError> {
        if self.unlisted == Some(shard) {
            return Err(PortError::timeout("outbox table", "1 s"));
        }
        let held = self.held.lock().unwrap();
        Ok(held.values().filter(|row| row.shard == shard).take(limit).cloned().collect())
    }

    async fn release(&self, row: &HeldRow, body: &str) -> Result<bool, PortError> {
        assert!(!self.dies.swap(false, Ordering::Relaxed), "dead");
        // Whoever else releases the row gets as far before either writes.
        tokio::task::yield_now().await;
        if self.held.lock().unwrap().remove(&row.sort_key).is_none() {
            return Ok(false);
        }
        self.released.lock().unwrap().insert(row.sort_key.clone(), body.to_owned());
        Ok(true)
    }
}
