//! What this environment read of certificates lately.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ponte_authorization::revocation::StatusRecord;
use ponte_ports::rotation::INTERVAL;
use ponte_values::Moment;

/// Most certificates remembered; beyond it the one read longest ago is forgotten.
const CERTIFICATES_MAX: usize = 500;

/// Records by thumbprint, each with the time it was read.
#[derive(Default)]
pub(super) struct Memory(Mutex<HashMap<String, (Moment, StatusRecord)>>);

impl Memory {
    /// The record, if it was read less than 45 s ago.
    pub(super) fn recent(&self, thumbprint: &str, now: Moment) -> Option<StatusRecord> {
        let records = self.lock();
        let (read_at, record) = records.get(thumbprint)?;
        (*read_at <= now && now < read_at.plus(INTERVAL)).then(|| record.clone())
    }

    /// The record, however long ago it was read.
    pub(super) fn last(&self, thumbprint: &str) -> Option<StatusRecord> {
        self.lock().get(thumbprint).map(|(_, record)| record.clone())
    }

    pub(super) fn put(&self, thumbprint: &str, record: StatusRecord, now: Moment) {
        let mut records = self.lock();
        if records.len() >= CERTIFICATES_MAX && !records.contains_key(thumbprint) {
            let oldest = records.iter().min_by_key(|(_, (read_at, _))| *read_at).map(|(id, _)| id.clone());
            oldest.and_then(|id| records.remove(&id));
        }
        records.insert(thumbprint.to_owned(), (now, record));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, (Moment, StatusRecord)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn t41_the_certificate_read_longest_ago_is_forgotten() {
        let memory = Memory::default();
        let at = |second| Moment::from_seconds(1_000).plus(Duration::from_secs(second));
        let record = StatusRecord::after(None, None, at(0));
        for number in 0..=500 {
            memory.put(&number.to_string(), record.clone(), at(number));
        }
        assert!(memory.last("0").is_none() && memory.last("1").is_some() && memory.last("500").is_some());
        memory.put("500", record, at(501));
        assert!(memory.last("1").is_some(), "one that is there already takes nobody's place");
    }

    #[test]
    fn t41_a_record_is_recent_for_45_seconds() {
        let memory = Memory::default();
        let begin = Moment::from_seconds(1_000);
        memory.put("t", StatusRecord::after(None, None, begin), begin);
        assert!(memory.recent("t", begin.plus(INTERVAL).minus(Duration::from_millis(1))).is_some());
        for other in [begin.plus(INTERVAL), begin.minus(Duration::from_secs(1))] {
            assert!(memory.recent("t", other).is_none() && memory.last("t").is_some());
        }
    }
}
