//! The store in memory, with the conditions of the real one and a writer that may be faster.

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use async_trait::async_trait;
use ponte_authorization::count_window::CountWindow;
use ponte_authorization::customer_listing::{ConsentOwner, Listing, Order};
use ponte_authorization::interaction::{ArrivalId, Interaction, ShortCode};
use ponte_authorization::ports::{
    Attempts, Handoffs, InteractionChanges, InteractionCommit, Interactions, ReportedArrivals, SignedCalls,
};
use ponte_data_consent::consent::{Consent, Extension};
use ponte_data_consent::ports::{
    ConsentCommit, ConsentDecisions, ConsentIndex, ConsentPage, Consents, DiscoveryCommit, Extensions,
};
use ponte_ports::audit::{AuditEntry, AuditRecord};
use ponte_ports::outbox::{Notice, OutboxRow, shard_of};
use ponte_ports::{
    CommitFault, History, HistoryPage, IndexFault, PortError, StatusChange, StatusChangePage, StatusChanges,
    Trail, Trails,
};
use ponte_values::{ConsentId, Moment};

use crate::discovered::Discovered;

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
    /// Ids of the reports of arrivals, by consent.
    pub arrivals: Mutex<HashMap<String, String>>,
    /// Notices, oldest first.
    pub notices: Mutex<Vec<Notice>>,
    /// Renewals with the id of their consent, oldest first.
    pub extensions: Mutex<Vec<(String, Extension)>>,
    /// How many commits happened.
    pub commits: AtomicU64,
    /// How many of them were marked as repeated.
    pub repeated: AtomicU64,
    /// Short codes, the arrivals whose pages show them, and their end.
    pub codes: Mutex<HashMap<String, (String, Moment)>>,
    /// Attempts, by who made them and the start of the window.
    pub attempts: Mutex<HashMap<(String, CountWindow), u32>>,
    /// Used ids of signed calls: the call, and until when it is remembered.
    pub jtis: Mutex<HashMap<String, (String, Moment)>>,
    /// How often a consent, an interaction or a code for one was read.
    pub finds: AtomicU64,
    /// How often the index by customer was read.
    pub reads: AtomicU64,
    /// Consents that another writer commits just before our next commits, last one first.
    pub faster: Mutex<Vec<Consent>>,
    /// Discovered products, by consent.
    pub discovered: Mutex<HashMap<String, Discovered>>,
    /// How often they or their state were read.
    pub discovered_reads: AtomicU64,
    /// How many of them were written.
    pub discovered_writes: AtomicUsize,
    /// Changes of them that another writer commits just before our next ones, last one first.
    pub faster_discoveries: Mutex<Vec<DiscoveryCommit>>,
    /// Which of the next changes of them is the first that fails, from 1 on; none does at 0.
    pub discoveries_until: AtomicU64,
    /// Consents whose rows a later release wrote in a way that this one cannot read, by id.
    pub unreadable: Mutex<BTreeSet<String>>,
    /// Ids of the trails that were written alone.
    trails: Mutex<BTreeSet<String>>,
    /// Id of the write that each consent, interaction and code is from.
    owners: Mutex<HashMap<String, String>>,
}

#[async_trait]
impl Consents for Store {
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError> {
        self.finds.fetch_add(1, Ordering::Relaxed);
        if self.unreadable.lock().unwrap().contains(id.as_str()) {
            return Err(PortError::unreadable("consents table", "not as expected"));
        }
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
    /// A store with these consents.
    pub fn of(consents: impl IntoIterator<Item = Consent>) -> Self {
        let consents = consents.into_iter().map(|consent| (consent.id.to_string(), consent)).collect();
        Self { consents: Mutex::new(consents), ..Self::default() }
    }

    /// One transaction: both versions are conditions, and the trail is written with them. A repetition of our own is
    /// known by what it wrote.
    pub(crate) fn write(
        &self,
        consent: Option<Consent>,
        interaction: Option<Interaction>,
        extension: Option<Extension>,
        trail: Trail,
    ) -> Result<(), CommitFault> {
        let mut consents = self.consents.lock().unwrap();
        let mut interactions = self.interactions.lock().unwrap();
        if let Some(other) = self.faster.lock().unwrap().pop() {
            self.owners.lock().unwrap().remove(other.id.as_str());
            consents.insert(other.id.to_string(), other);
        }
        let expected = |consent: &Consent| consents.get(consent.id.as_str()).map_or(0, |c| c.version) + 1;
        let fresh =
            |interaction: &Interaction| interactions.get(&interaction.id).map_or(0, |i| i.version) + 1;
        let applies = consent.as_ref().is_none_or(|c| c.version == expected(c))
            && interaction.as_ref().is_none_or(|i| i.version == fresh(i));
        let names = consent.iter().map(|c| c.id.to_string()).chain(interaction.iter().map(|i| i.id.clone()));
        self.own(applies, names.collect(), &trail.id)?;
        if !applies {
            return Ok(());
        }
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.repeated.fetch_add(u64::from(trail.repeated.is_some()), Ordering::Relaxed);
        if let (Some(consent), Some(extension)) = (&consent, extension) {
            self.extensions.lock().unwrap().push((consent.id.to_string(), extension));
        }
        consents.extend(consent.map(|consent| (consent.id.to_string(), consent)));
        interactions.extend(interaction.map(|interaction| (interaction.id.clone(), interaction)));
        self.notices.lock().unwrap().extend(trail.notices);
        self.audit.lock().unwrap().extend(trail.audit);
        self.outbox.lock().unwrap().extend(trail.outbox);
        Ok(())
    }

    /// Takes down whose write it is; one that does not apply is a conflict, unless it was written before.
    fn own(&self, applies: bool, names: Vec<String>, owner: &str) -> Result<(), CommitFault> {
        let mut owners = self.owners.lock().unwrap();
        if applies {
            owners.extend(names.into_iter().map(|name| (name, owner.to_owned())));
            return Ok(());
        }
        let own = names.iter().any(|name| owners.get(name).is_some_and(|stored| stored == owner));
        if own { Ok(()) } else { Err(CommitFault::Conflict) }
    }
}

#[async_trait]
impl Extensions for Store {
    async fn list(&self, id: &ConsentId, skip: u64, take: u32) -> Result<Vec<Extension>, PortError> {
        let all = self.extensions.lock().unwrap();
        let own = all.iter().filter(|(of, _)| of == id.as_str()).map(|(_, renewal)| renewal.clone());
        let mut own: Vec<Extension> = own.collect();
        own.sort_by_key(|renewal| renewal.requested_at);
        let (skip, take) = (usize::try_from(skip).unwrap(), usize::try_from(take).unwrap());
        Ok(own.into_iter().rev().skip(skip).take(take).collect())
    }
}

/// Where a consent stands among those of its customer.
fn place(consent: &Consent) -> String {
    format!("{}~{}", consent.created_at.with_millis(), consent.id)
}

/// Whether a cursor is one of ours, and of this listing.
fn fits(cursor: &str, listing: &Listing<'_>) -> bool {
    let Some((at, id)) = cursor.split_once('~') else { return false };
    let created = Moment::parse(at).ok().filter(|moment| moment.with_millis() == at);
    ConsentId::parse(id).is_ok() && created.is_some_and(|created| within(created, listing))
}

fn within(created: Moment, listing: &Listing<'_>) -> bool {
    listing.from.is_none_or(|from| from <= created) && listing.until.is_none_or(|until| created <= until)
}

#[async_trait]
impl ConsentIndex for Store {
    async fn of_owner(&self, owner: &ConsentOwner, listing: Listing<'_>) -> Result<ConsentPage, IndexFault> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        assert!((1..=100).contains(&listing.limit), "{}", listing.limit);
        if listing.from.zip(listing.until).is_some_and(|(from, until)| from > until) {
            return Ok(ConsentPage::default());
        }
        if listing.after.is_some_and(|cursor| !fits(cursor, &listing)) {
            return Err(IndexFault::Cursor);
        }
        let consents = self.consents.lock().unwrap();
        let own = |consent: &&Consent| match owner {
            ConsentOwner::Person(key) => consent.search.person == *key,
            ConsentOwner::Company(key) => consent.search.company.as_ref() == Some(key),
            ConsentOwner::Client(client) => consent.client == *client,
            ConsentOwner::Everybody => true,
        };
        let listed = |consent: &&Consent| within(consent.created_at, &listing);
        let mut found: Vec<&Consent> = consents.values().filter(own).filter(listed).collect();
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
        let mut page: Vec<Consent> =
            left.by_ref().take(usize::from(listing.limit)).map(|consent| (*consent).clone()).collect();
        let next = left.next().and(page.last()).map(place);
        let unreadable = self.unreadable.lock().unwrap();
        page.retain(|consent| !unreadable.contains(consent.id.as_str()));
        Ok(ConsentPage { consents: page, next })
    }

    fn after(&self, consent: &Consent) -> String {
        place(consent)
    }

    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<ConsentId>, PortError> {
        let consents = self.consents.lock().unwrap();
        let here = consents.values().filter(|consent| shard_of(consent.id.as_str()) == shard);
        let mut due: Vec<(Moment, &ConsentId)> =
            here.filter_map(|consent| Some((consent.next_due()?, &consent.id))).collect();
        due.retain(|(at, _)| *at <= now);
        due.sort_by_key(|(at, id)| (*at, id.as_str()));
        Ok(due.into_iter().take(usize::from(limit)).map(|(_, id)| id.clone()).collect())
    }
}

#[async_trait]
impl History for Store {
    async fn of(&self, subject: &str, after: Option<&str>, limit: u8) -> Result<HistoryPage, IndexFault> {
        let skip = after.map_or(Some(0), skipped).ok_or(IndexFault::Cursor)?;
        let rows = self.audit.lock().unwrap();
        let mut own: Vec<&AuditEntry> = rows.iter().filter(|row| row.subject == subject).collect();
        own.sort_by_key(|row| row.at);
        let told = |row: &&AuditEntry| -> AuditRecord {
            serde_json::from_str(&serde_json::to_string(row).unwrap()).unwrap()
        };
        let entries: Vec<AuditRecord> =
            own.iter().rev().skip(skip).take(usize::from(limit.clamp(1, 100))).map(told).collect();
        let end = skip + entries.len();
        let next = entries.last().filter(|_| end < own.len());
        Ok(HistoryPage { next: next.map(|last| format!("{}~{end}", last.at.with_millis())), entries })
    }
}

#[async_trait]
impl StatusChanges for Store {
    async fn between(
        &self,
        from: Moment,
        until: Moment,
        after: Option<&str>,
        limit: u8,
    ) -> Result<StatusChangePage, IndexFault> {
        let skip = after.map_or(Some(0), skipped).ok_or(IndexFault::Cursor)?;
        let rows = self.audit.lock().unwrap();
        let within = rows.iter().filter(|row| from <= row.at && row.at <= until);
        let page: Vec<_> = within.clone().enumerate().skip(skip).take(usize::from(limit)).collect();
        let place = |number: usize, row: &AuditEntry| format!("{}~{}", row.at.with_millis(), number + 1);
        let next = page.last().filter(|(number, _)| number + 1 < within.count());
        let moved = page.iter().filter(|(_, row)| row.before != Some(row.after));
        let changes = moved.map(|(number, row)| StatusChange {
            place: place(*number, row),
            subject: row.subject.clone(),
            action: row.action.to_owned(),
            after: row.after.to_owned(),
        });
        Ok(StatusChangePage {
            changes: changes.collect(),
            next: next.map(|(number, row)| place(*number, row)),
        })
    }
}

#[async_trait]
impl Trails for Store {
    async fn write(&self, trail: &Trail) -> Result<(), PortError> {
        if self.trails.lock().unwrap().insert(trail.id.clone()) {
            let written = self.write(None, None, None, trail.clone());
            written.map_err(|fault| PortError::new("trail of an order", format!("{fault:?}")))?;
        }
        Ok(())
    }
}

/// How many rows a cursor of ours leaves out.
fn skipped(cursor: &str) -> Option<usize> {
    let (at, count) = cursor.split_once('~')?;
    Moment::parse(at).ok().and(count.parse().ok())
}

#[async_trait]
impl Interactions for Store {
    async fn find(&self, id: &str) -> Result<Option<Interaction>, PortError> {
        self.finds.fetch_add(1, Ordering::Relaxed);
        Ok(self.interactions.lock().unwrap().get(id).cloned())
    }
    async fn start(
        &self,
        interaction: &Interaction,
        arrival: Option<&OutboxRow>,
    ) -> Result<Option<Interaction>, PortError> {
        let mut interactions = self.interactions.lock().unwrap();
        if let Some(stored) = interactions.get(&interaction.id) {
            return Ok(Some(stored.clone()));
        }
        interactions.insert(interaction.id.clone(), interaction.clone());
        if let Some(arrival) = arrival {
            self.outbox.lock().unwrap().push(arrival.clone());
            let consent = interaction.target.id.to_string();
            self.arrivals.lock().unwrap().insert(consent, arrival.id.clone());
        }
        Ok(None)
    }
    async fn begin_again(&self, interaction: &Interaction) -> Result<bool, PortError> {
        let mut interactions = self.interactions.lock().unwrap();
        let stored = interactions.get(&interaction.id).map_or(0, |stored| stored.version);
        let applies = stored + 1 == interaction.version;
        if applies {
            interactions.insert(interaction.id.clone(), interaction.clone());
        }
        Ok(applies)
    }
}

#[async_trait]
impl ReportedArrivals for Store {
    async fn arrival_at(&self, consent: &ConsentId) -> Result<Option<String>, PortError> {
        Ok(self.arrivals.lock().unwrap().get(consent.as_str()).cloned())
    }
}

#[async_trait]
impl Handoffs for Store {
    async fn open(
        &self,
        interaction: &Interaction,
        (arrival, code): (&ArrivalId, &ShortCode),
        id: &str,
    ) -> Result<(), CommitFault> {
        let mut interactions = self.interactions.lock().unwrap();
        let mut codes = self.codes.lock().unwrap();
        let stored = interactions.get(&interaction.id).map_or(0, |stored| stored.version);
        let applies = stored + 1 == interaction.version && !codes.contains_key(code.as_str());
        self.own(applies, vec![interaction.id.clone()], id)?;
        if applies {
            let shown = (arrival.as_str().to_owned(), interaction.expires_at());
            codes.insert(code.as_str().to_owned(), shown);
            interactions.insert(interaction.id.clone(), interaction.clone());
        }
        Ok(())
    }

    async fn arrival_of(&self, code: &ShortCode, now: Moment) -> Result<Option<ArrivalId>, PortError> {
        self.finds.fetch_add(1, Ordering::Relaxed);
        let codes = self.codes.lock().unwrap();
        let shown = codes.get(code.as_str()).filter(|(_, until)| now.seconds() < until.seconds());
        Ok(shown.and_then(|(arrival, _)| ArrivalId::parse(arrival)))
    }
}

#[async_trait]
impl SignedCalls for Store {
    async fn claim(&self, jti: &str, now: Moment, until: Moment, owner: &str) -> Result<bool, PortError> {
        let mut jtis = self.jtis.lock().unwrap();
        let free = jtis.get(jti).is_none_or(|(by, kept)| by == owner || kept.seconds() <= now.seconds());
        if free {
            jtis.insert(jti.to_owned(), (owner.to_owned(), until));
        }
        Ok(free)
    }
}

#[async_trait]
impl Attempts for Store {
    async fn counted(&self, who: &str, window: CountWindow) -> Result<u32, PortError> {
        let counts = self.attempts.lock().unwrap();
        Ok(counts.get(&(who.to_owned(), window)).copied().unwrap_or_default())
    }

    async fn count(&self, who: &str, window: CountWindow, limit: u32) -> Result<bool, PortError> {
        let mut counts = self.attempts.lock().unwrap();
        let count = counts.entry((who.to_owned(), window)).or_default();
        let counted = *count < limit;
        *count += u32::from(counted);
        Ok(counted)
    }
}
