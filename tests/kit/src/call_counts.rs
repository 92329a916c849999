//! Counts of calls in memory.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use ponte_ports::limits::CallCount;
use ponte_ports::{CallCounts, PortError};

/// What the environments of a test share.
#[derive(Default)]
pub struct CallCountsInMemory {
    /// Calls by what is counted.
    pub counted: Mutex<HashMap<CallCount, u64>>,
    /// Whether it answers nothing.
    pub fails: AtomicBool,
    /// Whether it says nothing at all.
    pub hangs: AtomicBool,
    /// How often something was to be written.
    pub writes: AtomicU32,
}

impl CallCountsInMemory {
    /// How many are counted of all that is called so.
    #[must_use]
    pub fn of(&self, is: impl Fn(&CallCount) -> bool) -> u64 {
        self.counted.lock().unwrap().iter().filter(|(count, _)| is(count)).map(|(_, calls)| calls).sum()
    }

    async fn answers(&self) -> Result<(), PortError> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        // Whoever else is waiting goes on, as beside a real store.
        tokio::task::yield_now().await;
        if self.hangs.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        if self.fails.load(Ordering::Relaxed) { Err(PortError::new("limits table", "down")) } else { Ok(()) }
    }
}

#[async_trait]
impl CallCounts for CallCountsInMemory {
    async fn add(&self, count: &CallCount, calls: u32) -> Result<u64, PortError> {
        self.answers().await?;
        let mut counted = self.counted.lock().unwrap();
        let counted = counted.entry(count.clone()).or_default();
        *counted += u64::from(calls);
        Ok(*counted)
    }

    async fn count(&self, count: &CallCount, limit: u32) -> Result<bool, PortError> {
        self.answers().await?;
        let mut counted = self.counted.lock().unwrap();
        let counted = counted.entry(count.clone()).or_default();
        let room = *counted < u64::from(limit);
        *counted += u64::from(room);
        Ok(room)
    }
}
