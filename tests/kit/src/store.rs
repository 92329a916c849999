//! The store in memory, with the conditions of the real one and another writer that may be faster.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use ponte_authorization::interaction::{Interaction, ShortCode};
use ponte_authorization::ports::{Handoffs, InteractionChanges, InteractionCommit, Interactions};
use ponte_data_consent::consent::{Consent, Extension};
use ponte_data_consent::ports::{
    ConsentCommit, ConsentDecisions, ConsentIndex, ConsentPage, Consents, Extensions, Holder, Listing, Order,
};
use ponte_ports::audit::{AuditEntry, Recorded};
use ponte_ports::outbox::{Notice, OutboxRow};
use ponte_ports::{CommitFault, History, HistoryPage, IndexFault, Outbox, PortError, Trail};
use ponte_values::{ConsentId, Moment};

/// Consents, interactions, audit and outbox.
#[derive(Default)]
pub struct Store {
    /// Consents by id.
    pub consents: Mutex<HashMap<String, Consent>>,
    /// Interactions by id.
    pub interactions: Mutex<HashMap<String, Interaction>>,
    /// Audit rows, oldest first.
    pub audit: Mutex<Vec<AuditEntry>>,
    /// Reports, oldest first.
    pub outbox: Mutex<Vec<OutboxRow>>,
    /// Notices, oldest first.
    pub notices: Mutex<Vec<Notice>>,
    /// Renewals with the id of their consent, oldest first.
    pub extensions: Mutex<Vec<(String, Extension)>>,
    /// How many commits happened.
    pub commits: AtomicU64,
    /// Short codes and the visits they stand for.
    pub codes: Mutex<HashMap<String, String>>,
    /// How often the index by customer was read.
    pub reads: AtomicU64,
    /// Commits of another writer just before our next commits, the last one first.
    pub faster: Mutex<Vec<Consent>>,
}

#[async_trait]
impl Consents for Store {
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError> {
        Ok(self.consents.lock().unwrap().get(id.as_str()).cloned())
    }

    async fn commit(&self, commit: ConsentCommit) -> Result<(), CommitFault> {
        self.write(Some(commit.consent), None, commit.extension, commit.trail)
    }
}

#[async_trait]
impl ConsentDecisions for Store {
    async fn decide(&self, commit: ConsentCommit, interaction: Interaction) -> Result<(), CommitFault> {
        self.write(Some(commit.consent), Some(interaction), commit.extension, commit.trail)
    }
}

#[async_trait]
impl InteractionChanges for Store {
    async fn commit(&self, commit: InteractionCommit) -> Result<(), CommitFault> {
        self.write(None, Some(commit.interaction), None, commit.trail)
    }
}

impl Store {
    /// One transaction: both versions are conditions, and the trail is written with them.
    fn write(
        &self,
        consent: Option<Consent>,
        interaction: Option<Interaction>,
        extension: Option<Extension>,
        trail: Trail,
    ) -> Result<(), CommitFault> {
        let mut consents = self.consents.lock().unwrap();
        let mut interactions = self.interactions.lock().unwrap();
        if let Some(other) = self.faster.lock().unwrap().pop() {
            consents.insert(other.id.to_string(), other);
        }
        let expected = |consent: &Consent| consents.get(consent.id.as_str()).map_or(0, |c| c.version) + 1;
        let fresh = |visit: &Interaction| interactions.get(&visit.id).map_or(0, |i| i.version) + 1;
        let applies = consent.as_ref().is_none_or(|c| c.version == expected(c))
            && interaction.as_ref().is_none_or(|i| i.version == fresh(i));
        if !applies {
            return Err(CommitFault::Conflict);
        }
        self.commits.fetch_add(1, Ordering::Relaxed);
        if let (Some(consent), Some(extension)) = (&consent, extension) {
            self.extensions.lock().unwrap().push((consent.id.to_string(), extension));
        }
        consents.extend(consent.map(|consent| (consent.id.to_string(), consent)));
        interactions.extend(interaction.map(|visit| (visit.id.clone(), visit)));
        self.notices.lock().unwrap().extend(trail.notices);
        self.audit.lock().unwrap().extend(trail.audit);
        self.outbox.lock().unwrap().extend(trail.outbox);
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

/// Where a consent stands among those of its customer.
fn place(consent: &Consent) -> String {
    format!("{}~{}", consent.created_at.with_millis(), consent.id)
}

#[async_trait]
impl ConsentIndex for Store {
    async fn of_holder(&self, holder: &Holder, listing: Listing<'_>) -> Result<ConsentPage, IndexFault> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        assert!((1..=100).contains(&listing.limit), "{}", listing.limit);
        if listing.after.is_some_and(|cursor| !cursor.contains('~')) {
            return Err(IndexFault::Cursor);
        }
        let consents = self.consents.lock().unwrap();
        let own = |consent: &&Consent| match holder {
            Holder::Person(key) => consent.search.person == *key,
            Holder::Company(key) => consent.search.company.as_ref() == Some(key),
        };
        let within = |consent: &&Consent| {
            listing.from.is_none_or(|from| from <= consent.created_at)
                && listing.until.is_none_or(|until| consent.created_at <= until)
        };
        let mut found: Vec<&Consent> = consents.values().filter(own).filter(within).collect();
        found.sort_by_key(|consent| place(consent));
        if listing.order == Order::Newest {
            found.reverse();
        }
        let passed = |consent: &&&Consent| match (listing.after, listing.order) {
            (None, _) => false,
            (Some(cursor), Order::Newest) => place(consent).as_str() >= cursor,
            (Some(cursor), Order::Oldest) => place(consent).as_str() <= cursor,
        };
        let mut left = found.iter().skip_while(passed);
        let page: Vec<Consent> =
            left.by_ref().take(usize::from(listing.limit)).map(|consent| (*consent).clone()).collect();
        let next = left.next().and(page.last()).map(place);
        Ok(ConsentPage { consents: page, next })
    }

    fn after(&self, consent: &Consent) -> String {
        place(consent)
    }

    async fn due(&self, _: u8, _: Moment, _: u16) -> Result<Vec<ConsentId>, PortError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl History for Store {
    async fn of(&self, subject: &str, after: Option<&str>, limit: u8) -> Result<HistoryPage, IndexFault> {
        let skip = after.map_or(Ok(0), str::parse).map_err(|_| IndexFault::Cursor)?;
        let rows = self.audit.lock().unwrap();
        let own: Vec<&AuditEntry> = rows.iter().rev().filter(|row| row.subject == subject).collect();
        let told = |row: &&AuditEntry| -> Recorded {
            serde_json::from_str(&serde_json::to_string(row).unwrap()).unwrap()
        };
        let entries: Vec<Recorded> = own.iter().skip(skip).take(usize::from(limit)).map(told).collect();
        let end = skip + entries.len();
        Ok(HistoryPage { next: (end < own.len()).then(|| end.to_string()), entries })
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

#[async_trait]
impl Handoffs for Store {
    async fn open(&self, interaction: &Interaction, code: &ShortCode, _: &str) -> Result<(), CommitFault> {
        let mut interactions = self.interactions.lock().unwrap();
        let mut codes = self.codes.lock().unwrap();
        let stored = interactions.get(&interaction.id).map_or(0, |stored| stored.version);
        if stored + 1 != interaction.version || codes.contains_key(code.as_str()) {
            return Err(CommitFault::Conflict);
        }
        codes.insert(code.as_str().to_owned(), interaction.id.clone());
        interactions.insert(interaction.id.clone(), interaction.clone());
        Ok(())
    }

    async fn interaction_of(&self, code: &ShortCode) -> Result<Option<String>, PortError> {
        Ok(self.codes.lock().unwrap().get(code.as_str()).cloned())
    }
}

#[async_trait]
impl Outbox for Store {
    async fn add(&self, row: &OutboxRow) -> Result<(), PortError> {
        self.outbox.lock().unwrap().push(row.clone());
        Ok(())
    }
}

/// An outbox that forgets: for tests that do not look at the reports of calls.
pub struct NoReports;

#[async_trait]
impl Outbox for NoReports {
    async fn add(&self, _: &OutboxRow) -> Result<(), PortError> {
        Ok(())
    }
}
