//! A store in memory with the conditions of the real one, and somebody else who may be faster.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use ponte_domain::audit::AuditEntry;
use ponte_domain::consent::{Consent, Extension};
use ponte_domain::interaction::Interaction;
use ponte_domain::outbox::{Notice, OutboxRow};
use ponte_domain::ports::{Commit, CommitFault, Consents, Extensions, Interactions, Outbox, PortError};
use ponte_values::ConsentId;

/// Consents, interactions, audit and outbox.
#[derive(Default)]
pub(super) struct Store {
    pub(super) consents: Mutex<HashMap<String, Consent>>,
    pub(super) interactions: Mutex<HashMap<String, Interaction>>,
    pub(super) audit: Mutex<Vec<AuditEntry>>,
    pub(super) outbox: Mutex<Vec<OutboxRow>>,
    pub(super) notices: Mutex<Vec<Notice>>,
    pub(super) extensions: Mutex<Vec<(String, Extension)>>,
    pub(super) commits: AtomicU64,
    /// What somebody else commits just before our next commits, last one first.
    pub(super) faster: Mutex<Vec<Consent>>,
}

#[async_trait]
impl Consents for Store {
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError> {
        Ok(self.consents.lock().unwrap().get(id.as_str()).cloned())
    }

    async fn commit(&self, commit: Commit) -> Result<(), CommitFault> {
        let mut consents = self.consents.lock().unwrap();
        let mut interactions = self.interactions.lock().unwrap();
        if let Some(other) = self.faster.lock().unwrap().pop() {
            consents.insert(other.id.to_string(), other);
        }
        let expected = |consent: &Consent| consents.get(consent.id.as_str()).map_or(0, |c| c.version) + 1;
        let fresh = |visit: &Interaction| interactions.get(&visit.id).map_or(0, |i| i.version) + 1;
        let applies = commit.consent.as_ref().is_none_or(|c| c.version == expected(c))
            && commit.interaction.as_ref().is_none_or(|i| i.version == fresh(i));
        if !applies {
            return Err(CommitFault::Conflict);
        }
        self.commits.fetch_add(1, Ordering::Relaxed);
        if let (Some(consent), Some(extension)) = (&commit.consent, commit.extension) {
            self.extensions.lock().unwrap().push((consent.id.to_string(), extension));
        }
        self.notices.lock().unwrap().extend(commit.notices);
        consents.extend(commit.consent.map(|consent| (consent.id.to_string(), consent)));
        interactions.extend(commit.interaction.map(|visit| (visit.id.clone(), visit)));
        self.audit.lock().unwrap().extend(commit.audit);
        self.outbox.lock().unwrap().extend(commit.outbox);
        Ok(())
    }
}

#[async_trait]
impl Extensions for Store {
    async fn list(&self, id: &ConsentId, skip: u64, take: u32) -> Result<Vec<Extension>, PortError> {
        let all = self.extensions.lock().unwrap();
        let own = all.iter().rev().filter(|(of, _)| of == id.as_str()).map(|(_, renewal)| renewal.clone());
        let (skip, take) = (usize::try_from(skip).unwrap(), usize::try_from(take).unwrap());
        Ok(own.skip(skip).take(take).collect())
    }
}

#[async_trait]
impl Interactions for Store {
    async fn find(&self, id: &str) -> Result<Option<Interaction>, PortError> {
        Ok(self.interactions.lock().unwrap().get(id).cloned())
    }
    async fn start(&self, interaction: &Interaction) -> Result<(), PortError> {
        self.interactions.lock().unwrap().insert(interaction.id.clone(), interaction.clone());
        Ok(())
    }
}

/// Reports of calls are not looked at here.
pub(super) struct NoReports;

#[async_trait]
impl Outbox for NoReports {
    async fn add(&self, _: &OutboxRow) -> Result<(), PortError> {
        Ok(())
    }
}
