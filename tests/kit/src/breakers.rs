//! Breakers in memory.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use ponte_ports::breaker::BreakerRow;
use ponte_ports::{Breakers, PortError};

/// What the environments of a test share.
#[derive(Default)]
pub struct BreakersInMemory {
    /// Rows by operation.
    pub stored: Mutex<BTreeMap<String, BreakerRow>>,
    /// Whether it answers nothing.
    pub fails: AtomicBool,
    /// Whether it says nothing at all.
    pub hangs: AtomicBool,
    /// How often the rows were read.
    pub reads: AtomicU32,
    /// How often a row was to be stored.
    pub writes: AtomicU32,
}

impl BreakersInMemory {
    async fn answers(&self) -> Result<(), PortError> {
        if self.hangs.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        if self.fails.load(Ordering::Relaxed) { Err(PortError::new("layer table", "down")) } else { Ok(()) }
    }
}

#[async_trait]
impl Breakers for BreakersInMemory {
    async fn rows(&self) -> Result<Vec<BreakerRow>, PortError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.answers().await?;
        Ok(self.stored.lock().unwrap().values().cloned().collect())
    }

    async fn replace(&self, row: &BreakerRow) -> Result<bool, PortError> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.answers().await?;
        let mut stored = self.stored.lock().unwrap();
        let before = stored.get(&row.operation).map_or(0, |row| row.version);
        let next = before + 1 == row.version;
        if next {
            stored.insert(row.operation.clone(), row.clone());
        }
        Ok(next)
    }
}
