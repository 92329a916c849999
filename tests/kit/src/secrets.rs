//! A secret in memory that changes, and alarms that are kept.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use ponte_ports::{Alarm, Alarms, PortError, SecretVersion, SecretVersions};
use ponte_values::{Moment, SecretText};

/// The versions of one secret.
#[derive(Default)]
pub struct SecretInMemory {
    stages: Mutex<(Option<SecretVersion>, Option<SecretVersion>)>,
    writes: AtomicUsize,
    reads: AtomicUsize,
}

impl SecretInMemory {
    /// Writes a version; the one before it stays as the previous one.
    pub fn put(&self, text: impl Into<String>, at: Moment) {
        let mut stages = self.stages.lock().unwrap();
        let text = SecretText::written(text.into());
        let id = format!("version {}", self.writes.fetch_add(1, Ordering::SeqCst) + 1);
        let fresh = SecretVersion { id, created_at: at, text };
        stages.1 = stages.0.replace(fresh);
    }

    /// `update-secret-version-stage`: the version before is current again.
    pub fn take_back(&self) {
        let mut stages = self.stages.lock().unwrap();
        *stages = (stages.1.take(), stages.0.take());
    }

    /// Deletes the secret.
    pub fn delete(&self) {
        *self.stages.lock().unwrap() = (None, None);
    }

    /// How often the version in use was read.
    #[must_use]
    pub fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl SecretVersions for SecretInMemory {
    async fn current(&self) -> Result<Option<SecretVersion>, PortError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        Ok(self.stages.lock().unwrap().0.clone())
    }

    async fn previous(&self) -> Result<Option<SecretVersion>, PortError> {
        Ok(self.stages.lock().unwrap().1.clone())
    }
}

/// Those who look after the secrets, and what they were told.
#[derive(Default)]
pub struct AlarmsInMemory {
    /// Alarms that somebody has to act on, oldest first.
    pub raised: Mutex<Vec<Alarm>>,
    /// Alarms that may pass by themselves, oldest first.
    pub warned: Mutex<Vec<Alarm>>,
}

impl Alarms for AlarmsInMemory {
    fn raise(&self, alarm: &Alarm) {
        self.raised.lock().unwrap().push(alarm.clone());
    }

    fn warn(&self, alarm: &Alarm) {
        self.warned.lock().unwrap().push(alarm.clone());
    }
}
