//! Counts of findings in memory.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use ponte_ports::quality::{Counted, DayCount, Found, bounded};
use ponte_ports::{PortError, Quality};
use ponte_values::Date;

/// Counts by day and endpoint.
#[derive(Default)]
pub struct QualityInMemory {
    /// Answers with findings, and the findings by path and rule.
    counts: Mutex<BTreeMap<(String, String), DayCount>>,
    /// Whether it counts nothing and answers nothing.
    pub fails: AtomicBool,
    /// How often something was written.
    pub writes: AtomicU32,
}

impl QualityInMemory {
    /// What was counted since the last look.
    pub fn take(&self) -> Vec<DayCount> {
        std::mem::take(&mut *self.counts.lock().unwrap()).into_values().collect()
    }

    fn answers(&self) -> Result<(), PortError> {
        if self.fails.load(Ordering::Relaxed) { Err(PortError::new("quality table", "down")) } else { Ok(()) }
    }
}

#[async_trait]
impl Quality for QualityInMemory {
    async fn count(&self, day: Date, operation: &str, findings: &[Counted]) -> Result<(), PortError> {
        let counts = bounded(findings);
        if counts.is_empty() {
            return Ok(());
        }
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.answers()?;
        let mut stored = self.counts.lock().unwrap();
        let key = (day.to_string(), operation.to_owned());
        let empty = || DayCount { day, operation: operation.to_owned(), calls: 0, found: Vec::new() };
        let line = stored.entry(key).or_insert_with(empty);
        line.calls += 1;
        for ((path, rule), count) in counts {
            match line.found.iter_mut().find(|found| found.path == path && found.rule == rule) {
                Some(found) => found.count += count,
                None => line.found.push(Found { path: path.to_owned(), rule: rule.to_owned(), count }),
            }
        }
        line.found.sort();
        Ok(())
    }

    async fn of_days(&self, from: Date, to: Date) -> Result<Vec<DayCount>, PortError> {
        self.answers()?;
        let within = |count: &&DayCount| count.day.days_since(from) >= 0 && to.days_since(count.day) >= 0;
        Ok(self.counts.lock().unwrap().values().filter(within).cloned().collect())
    }
}
