//! What is known of certificates in memory, and responders that answer by rule.

use std::collections::HashMap;
use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ponte_authorization::ports::{CertificateStatuses, Responders};
use ponte_authorization::revocation::StatusRecord;
use ponte_ports::PortError;
use tokio::sync::{Notify, watch};

/// What is known of certificates, in memory.
#[derive(Default)]
pub struct StatusesInMemory {
    records: Mutex<HashMap<String, StatusRecord>>,
    broken: AtomicBool,
    reads: AtomicUsize,
}

impl StatusesInMemory {
    /// From now on nothing can be read or stored.
    pub fn fail(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }

    /// What is stored.
    #[must_use]
    pub fn stored(&self, id: &str) -> Option<StatusRecord> {
        self.records.lock().unwrap().get(id).cloned()
    }

    /// How often something was read so far.
    #[must_use]
    pub fn reads(&self) -> usize {
        self.reads.load(Ordering::Relaxed)
    }

    /// Stores a record, whatever is there.
    pub fn put(&self, id: &str, record: StatusRecord) {
        self.records.lock().unwrap().insert(id.to_owned(), record);
    }

    fn check(&self) -> Result<(), PortError> {
        let broken = self.broken.load(Ordering::Relaxed);
        if broken { Err(PortError::new("certificates", "down")) } else { Ok(()) }
    }
}

#[async_trait]
impl CertificateStatuses for StatusesInMemory {
    async fn find(&self, id: &str) -> Result<Option<StatusRecord>, PortError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.check()?;
        Ok(self.stored(id))
    }

    async fn replace(&self, id: &str, record: &StatusRecord) -> Result<bool, PortError> {
        self.check()?;
        let mut records = self.records.lock().unwrap();
        let before = records.get(id).map_or(0, |stored| stored.version);
        let next = record.version == before + 1;
        if next {
            records.insert(id.to_owned(), record.clone());
        }
        Ok(next)
    }
}

type Rule = dyn Fn(&str, Option<&[u8]>) -> Option<Vec<u8>> + Send + Sync;

/// Responders that answer by a rule; it gets the address and the question, or none for a list. No bytes is no answer in time.
pub struct RuledResponders {
    rule: Mutex<Arc<Rule>>,
    asked: Mutex<Vec<String>>,
    held: watch::Sender<bool>,
    hangs: Mutex<Option<String>>,
    arrived: Notify,
}

impl RuledResponders {
    /// Those that answer by `rule`.
    pub fn by(rule: impl Fn(&str, Option<&[u8]>) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        let (held, arrived) = (watch::Sender::new(false), Notify::new());
        Self {
            rule: Mutex::new(Arc::new(rule)),
            asked: Mutex::default(),
            held,
            hangs: Mutex::default(),
            arrived,
        }
    }

    /// From now on another rule holds.
    pub fn change(&self, rule: impl Fn(&str, Option<&[u8]>) -> Option<Vec<u8>> + Send + Sync + 'static) {
        *self.rule.lock().unwrap() = Arc::new(rule);
    }

    /// Whether questions wait for their answer from now on.
    pub fn hold(&self, hold: bool) {
        self.held.send_replace(hold);
    }

    /// From now on this address says nothing for longer than anybody waits.
    pub fn hang(&self, address: &str) {
        *self.hangs.lock().unwrap() = Some(address.to_owned());
    }

    /// Until a question has arrived.
    pub async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// The addresses that were asked so far, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    async fn answer(&self, address: &str, question: Option<&[u8]>) -> Result<Vec<u8>, PortError> {
        self.asked.lock().unwrap().push(address.to_owned());
        self.arrived.notify_one();
        let hangs = self.hangs.lock().unwrap().as_deref() == Some(address);
        if hangs {
            pending::<()>().await;
        }
        // Nobody closes the channel while it is waited on.
        let _ = self.held.subscribe().wait_for(|held| !held).await;
        let rule = Arc::clone(&self.rule.lock().unwrap());
        rule(address, question).ok_or_else(|| PortError::timeout("responder", "1 s"))
    }
}

#[async_trait]
impl Responders for RuledResponders {
    async fn ask(&self, address: &str, question: Vec<u8>) -> Result<Vec<u8>, PortError> {
        self.answer(address, Some(&question)).await
    }

    async fn list(&self, address: &str) -> Result<Vec<u8>, PortError> {
        self.answer(address, None).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::certificates;

    #[tokio::test]
    async fn t41_the_fake_keeps_what_the_port_promises() {
        certificates::of_two_changes_of_one_version_one_is_stored(&StatusesInMemory::default()).await;
    }
}
