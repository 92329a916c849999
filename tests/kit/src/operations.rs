//! Operations in memory, and the queues around them.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use ponte_ports::operation::{OfDay, Operation, OperationId, OperationPart, OperationParts, Operations};
use ponte_ports::{DeadLetter, DeadLetters, PortError};
use ponte_values::Date;

/// Records of operations.
#[derive(Default)]
pub struct OperationsInMemory {
    /// Records by id.
    pub stored: Mutex<BTreeMap<OperationId, Operation>>,
    /// How many changes are still refused by the store.
    pub failing_changes: AtomicU32,
    /// How often a day was looked through.
    pub looks: AtomicU32,
}

#[async_trait]
impl Operations for OperationsInMemory {
    async fn begin(&self, operation: &Operation) -> Result<Option<Operation>, PortError> {
        let mut stored = self.stored.lock().unwrap();
        if let Some(there) = stored.get(&operation.id) {
            return Ok(Some(there.clone()));
        }
        stored.insert(operation.id.clone(), operation.clone());
        Ok(None)
    }

    async fn find(&self, id: &OperationId) -> Result<Option<Operation>, PortError> {
        Ok(self.stored.lock().unwrap().get(id).cloned())
    }

    async fn replace(&self, operation: &Operation) -> Result<bool, PortError> {
        fail(&self.failing_changes)?;
        let mut stored = self.stored.lock().unwrap();
        let before = stored.get(&operation.id).map_or(0, |there| there.version);
        let next = before > 0 && before + 1 == operation.version;
        if next {
            stored.insert(operation.id.clone(), operation.clone());
        }
        Ok(next)
    }

    async fn of_day(&self, day: Date, after: Option<&str>, limit: usize) -> Result<OfDay, PortError> {
        self.looks.fetch_add(1, Ordering::Relaxed);
        let stored = self.stored.lock().unwrap();
        let of_it = |operation: &&Operation| operation.created.date_utc() == day;
        let mut found = stored.values().filter(of_it).cloned().collect::<Vec<_>>();
        found.retain(|operation| after.is_none_or(|place| operation.place().as_str() < place));
        found.sort_by_key(|operation| std::cmp::Reverse(operation.place()));
        found.truncate(limit);
        let next = found.last().filter(|_| found.len() == limit).map(Operation::place);
        Ok(OfDay { found, next })
    }
}

/// The receipt of every message that a queue in memory has shown.
pub const RECEIPT: &str = "an invented receipt";

/// Next parts that were sent.
#[derive(Default)]
pub struct PartsInMemory {
    /// The parts.
    pub sent: Mutex<Vec<OperationPart>>,
    /// How many are still not taken.
    pub failing: AtomicU32,
}

#[async_trait]
impl OperationParts for PartsInMemory {
    async fn hand_on(&self, part: &OperationPart) -> Result<(), PortError> {
        fail(&self.failing)?;
        self.sent.lock().unwrap().push(part.clone());
        Ok(())
    }

    async fn has_given(&self, receipt: &str, _: Duration) -> Result<bool, PortError> {
        Ok(receipt == RECEIPT)
    }
}

/// Dead letters.
#[derive(Default)]
pub struct DeadLettersInMemory {
    /// Body and reason of each.
    pub put: Mutex<Vec<(String, String)>>,
    /// How many are still not taken.
    pub failing: AtomicU32,
}

#[async_trait]
impl DeadLetters for DeadLettersInMemory {
    async fn put(&self, letter: DeadLetter<'_>) -> Result<(), PortError> {
        fail(&self.failing)?;
        self.put.lock().unwrap().push((letter.body.to_owned(), letter.reason.to_owned()));
        Ok(())
    }
}

/// Fails as long as there is something left to count down.
fn fail(left: &AtomicU32) -> Result<(), PortError> {
    let down = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    if down.is_ok() { Err(PortError::new("queue", "refused on purpose")) } else { Ok(()) }
}
