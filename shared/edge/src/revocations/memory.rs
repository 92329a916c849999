//! What this environment read lately.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ponte_ports::rotation::INTERVAL;
use ponte_values::Moment;

/// Most entries remembered; beyond it the one read longest ago is forgotten.
const ENTRIES_MAX: usize = 500;

/// Entries by id, each with the time it was read.
pub(super) struct Memory<T>(Mutex<HashMap<String, (Moment, T)>>);

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Memory<T> {
    /// The entry, if it was read less than 45 s ago.
    pub(super) fn recent(&self, id: &str, now: Moment) -> Option<T> {
        let entries = self.lock();
        let (read_at, entry) = entries.get(id)?;
        (*read_at <= now && now < read_at.plus(INTERVAL)).then(|| entry.clone())
    }

    /// The entry, however long ago it was read.
    pub(super) fn last(&self, id: &str) -> Option<T> {
        self.lock().get(id).map(|(_, entry)| entry.clone())
    }

    pub(super) fn put(&self, id: &str, entry: T, now: Moment) {
        let mut entries = self.lock();
        if entries.len() >= ENTRIES_MAX && !entries.contains_key(id) {
            let oldest = entries.iter().min_by_key(|(_, (read_at, _))| *read_at).map(|(id, _)| id.clone());
            oldest.and_then(|id| entries.remove(&id));
        }
        entries.insert(id.to_owned(), (now, entry));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, (Moment, T)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn t41_the_entry_read_longest_ago_is_forgotten() {
        let memory = Memory::default();
        let at = |second| Moment::from_seconds(1_000).plus(Duration::from_secs(second));
        for number in 0..=500 {
            memory.put(&number.to_string(), (), at(number));
        }
        assert!(memory.last("0").is_none() && memory.last("1").is_some() && memory.last("500").is_some());
        memory.put("500", (), at(501));
        assert!(memory.last("1").is_some(), "one that is there already takes nobody's place");
    }

    #[test]
    fn t41_an_entry_is_recent_for_45_seconds() {
        let memory = Memory::default();
        let begin = Moment::from_seconds(1_000);
        memory.put("t", (), begin);
        assert!(memory.recent("t", begin.plus(INTERVAL).minus(Duration::from_millis(1))).is_some());
        for other in [begin.plus(INTERVAL), begin.minus(Duration::from_secs(1))] {
            assert!(memory.recent("t", other).is_none() && memory.last("t").is_some());
        }
    }
}
