//! What is known of certificates in memory, and responders that answer by rule.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ponte_authorization::ports::{CertificateStatuses, Responders};
use ponte_authorization::revocation::StatusRecord;
use ponte_fapi::revocation::CertificateStatus;
use ponte_ports::PortError;

/// What is known of certificates, in memory.
#[derive(Default)]
pub struct StatusesInMemory {
    records: Mutex<HashMap<String, StatusRecord>>,
    broken: AtomicBool,
}

impl StatusesInMemory {
    /// From now on nothing can be read or stored.
    pub fn fail(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }

    /// What is stored.
    #[must_use]
    pub fn stored(&self, thumbprint: &str) -> Option<StatusRecord> {
        self.records.lock().unwrap().get(thumbprint).cloned()
    }

    fn check(&self) -> Result<(), PortError> {
        let broken = self.broken.load(Ordering::Relaxed);
        if broken { Err(PortError::new("certificates", "down")) } else { Ok(()) }
    }
}

#[async_trait]
impl CertificateStatuses for StatusesInMemory {
    async fn find(&self, thumbprint: &str) -> Result<Option<StatusRecord>, PortError> {
        self.check()?;
        Ok(self.stored(thumbprint))
    }

    async fn keep(&self, thumbprint: &str, record: &StatusRecord) -> Result<(), PortError> {
        self.check()?;
        let mut records = self.records.lock().unwrap();
        let at = record.known.as_ref().map_or(0, |known| known.this_update.seconds());
        let newer = records.get(thumbprint).and_then(|stored| stored.known.as_ref()).is_some_and(|known| {
            known.status == CertificateStatus::Revoked && known.this_update.seconds() > at
        });
        if !newer {
            records.insert(thumbprint.to_owned(), record.clone());
        }
        Ok(())
    }
}

type Rule = dyn Fn(&str, Option<&[u8]>) -> Option<Vec<u8>> + Send + Sync;

/// Responders that answer by a rule; it gets the address and the question, or none for a list. No bytes is no answer in time.
pub struct RuledResponders {
    rule: Mutex<Arc<Rule>>,
    asked: Mutex<Vec<String>>,
}

impl RuledResponders {
    /// Those that answer by `rule`.
    pub fn by(rule: impl Fn(&str, Option<&[u8]>) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        Self { rule: Mutex::new(Arc::new(rule)), asked: Mutex::default() }
    }

    /// From now on another rule holds.
    pub fn change(&self, rule: impl Fn(&str, Option<&[u8]>) -> Option<Vec<u8>> + Send + Sync + 'static) {
        *self.rule.lock().unwrap() = Arc::new(rule);
    }

    /// The addresses that were asked so far, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn answer(&self, address: &str, question: Option<&[u8]>) -> Result<Vec<u8>, PortError> {
        self.asked.lock().unwrap().push(address.to_owned());
        let rule = Arc::clone(&self.rule.lock().unwrap());
        rule(address, question).ok_or_else(|| PortError::timeout("responder", "1 s"))
    }
}

#[async_trait]
impl Responders for RuledResponders {
    async fn ask(&self, address: &str, question: Vec<u8>) -> Result<Vec<u8>, PortError> {
        self.answer(address, Some(&question))
    }

    async fn list(&self, address: &str) -> Result<Vec<u8>, PortError> {
        self.answer(address, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::certificates;

    #[tokio::test]
    async fn t41_the_fake_keeps_what_the_port_promises() {
        certificates::a_newer_revocation_stays(&StatusesInMemory::default()).await;
    }
}
