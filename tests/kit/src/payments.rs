//! Payment consents and payments in memory, with the conditions of the real tables and a writer that may be faster.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ponte_authorization::customer_listing::{ConsentOwner, Listing, Order};
use ponte_authorization::interaction::Interaction;
use ponte_payment::consent::PaymentConsent;
use ponte_payment::idempotency::{IdempotencyRecord, IdempotencyScope};
use ponte_payment::payment::Payment;
use ponte_payment::ports::{
    Acceptance, ConsentCreation, CreatedPage, PaymentConsentCommit, PaymentConsentDecisions,
    PaymentConsentIndex, PaymentConsentPage, PaymentConsents, PaymentWriteFault, Payments, PaymentsCommit,
    Spending,
};
use ponte_ports::outbox::shard_of;
use ponte_ports::{CommitFault, IndexFault, LegacyId, PortError, Trail};
use ponte_values::{ConsentId, Date, Moment, PaymentId};

use crate::store::Store;

/// Payment consents and payments. Interactions and trails lie in the store beside.
#[derive(Default)]
pub struct PaymentStore {
    /// Interactions, audit rows, reports and notices.
    pub beside: Arc<Store>,
    /// Payment consents by id.
    pub consents: Mutex<HashMap<ConsentId, PaymentConsent>>,
    /// Payments by id.
    pub payments: Mutex<HashMap<PaymentId, Payment>>,
    /// What keys led to, by client, operation, path and key.
    pub keys: Mutex<HashMap<String, IdempotencyRecord>>,
    /// Cents by customer and day.
    pub spent: Mutex<HashMap<(String, Date), i128>>,
    /// Consents that another writer commits just before our next writes, last one first.
    pub faster_consents: Mutex<Vec<PaymentConsent>>,
    /// Payments that another writer commits just before our next writes, last one first.
    pub faster: Mutex<Vec<Payment>>,
    /// How many of the next writes happen without an answer.
    pub lost_replies: AtomicU64,
    /// How many writes happened.
    pub writes: AtomicU64,
    /// How often a consent or payments were read.
    pub reads: AtomicU64,
    /// Ids of the commits that happened.
    written: Mutex<BTreeSet<String>>,
}

/// What one transaction writes.
struct Write {
    consent: Option<PaymentConsent>,
    interaction: Option<Interaction>,
    payments: Vec<Payment>,
    idempotency: Option<(IdempotencyScope, IdempotencyRecord)>,
    spending: Option<Spending>,
    given_back: Vec<Spending>,
    trail: Trail,
}

impl Write {
    const fn of(trail: Trail) -> Self {
        Self {
            consent: None,
            interaction: None,
            payments: Vec::new(),
            idempotency: None,
            spending: None,
            given_back: Vec::new(),
            trail,
        }
    }
}

/// A key as a name.
fn name_of(scope: &IdempotencyScope) -> String {
    format!("{}\n{}\n{}\n{}", scope.client, scope.operation, scope.path, scope.key.as_str())
}

impl PaymentStore {
    /// Beside a store of interactions and trails.
    #[must_use]
    pub fn beside(beside: Arc<Store>) -> Self {
        Self { beside, ..Self::default() }
    }

    /// All or nothing; a repetition of our own is known by its id.
    fn write(&self, write: Write) -> Result<(), PaymentWriteFault> {
        let mut consents = self.consents.lock().unwrap();
        let mut payments = self.payments.lock().unwrap();
        let (mut keys, mut spent) = (self.keys.lock().unwrap(), self.spent.lock().unwrap());
        if let Some(other) = self.faster_consents.lock().unwrap().pop() {
            consents.insert(other.id.clone(), other);
        }
        if let Some(other) = self.faster.lock().unwrap().pop() {
            payments.insert(other.id.clone(), other);
        }
        let mut written = self.written.lock().unwrap();
        if written.contains(&write.trail.id) {
            return Ok(());
        }
        // 24 hours before a key ends is now.
        let used = |(scope, record): &(IdempotencyScope, IdempotencyRecord)| {
            let now = record.expires_at.minus(ponte_payment::idempotency::KEPT);
            keys.get(&name_of(scope)).is_some_and(|stored| stored.counts(now))
        };
        if write.idempotency.as_ref().is_some_and(used) {
            return Err(PaymentWriteFault::KeyUsed);
        }
        let stored = |payment: &Payment| payments.get(&payment.id).map_or(0, |payment| payment.version);
        let moved_on = |consent: &PaymentConsent| {
            consents.get(&consent.id).map_or(0, |consent| consent.version) + 1 != consent.version
        };
        let late = |payment: &&Payment| payment.version != stored(payment) + 1;
        let used = write.payments.iter().find(|payment| payment.version == 1 && stored(payment) > 0);
        let overtaken = write.payments.iter().any(|payment| payment.version > 1 && late(&payment));
        if write.consent.as_ref().is_some_and(moved_on) || overtaken {
            return Err(PaymentWriteFault::Conflict);
        }
        if let Some(payment) = used {
            return Err(PaymentWriteFault::EndToEndIdUsed(payment.id.clone()));
        }
        if let Some(Spending { customer, day, amount, most }) = &write.spending {
            let sum = spent.get(&(customer.clone(), *day)).copied().unwrap_or_default();
            if sum + i128::from(amount.cents()) > i128::from(most.cents()) {
                return Err(PaymentWriteFault::LimitOfDay);
            }
        }
        self.beside.write(None, write.interaction, None, write.trail.clone())?;
        written.insert(write.trail.id);
        consents.extend(write.consent.map(|consent| (consent.id.clone(), consent)));
        payments.extend(write.payments.into_iter().map(|payment| (payment.id.clone(), payment)));
        keys.extend(write.idempotency.map(|(scope, record)| (name_of(&scope), record)));
        if let Some(Spending { customer, day, amount, .. }) = write.spending {
            *spent.entry((customer, day)).or_default() += i128::from(amount.cents());
        }
        for Spending { customer, day, amount, .. } in write.given_back {
            *spent.entry((customer, day)).or_default() -= i128::from(amount.cents());
        }
        self.writes.fetch_add(1, Ordering::Relaxed);
        let less = |lost: u64| lost.checked_sub(1);
        if self.lost_replies.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok() {
            return Err(PortError::timeout("payments table", "the reply was lost").into());
        }
        Ok(())
    }
}

/// Whether a consent, in a commit of it alone, met another.
fn commit_fault(fault: PaymentWriteFault) -> CommitFault {
    match fault {
        PaymentWriteFault::Port(error) => CommitFault::Port(error),
        _ => CommitFault::Conflict,
    }
}

#[async_trait]
impl PaymentConsents for PaymentStore {
    async fn find(&self, id: &ConsentId) -> Result<Option<PaymentConsent>, PortError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        Ok(self.consents.lock().unwrap().get(id).cloned())
    }

    async fn commit(&self, commit: PaymentConsentCommit) -> Result<(), CommitFault> {
        let write = Write { consent: Some(commit.consent), ..Write::of(commit.trail) };
        self.write(write).map_err(commit_fault)
    }
}

#[async_trait]
impl PaymentConsentDecisions for PaymentStore {
    async fn decide(
        &self,
        commit: PaymentConsentCommit,
        interaction: Interaction,
    ) -> Result<(), CommitFault> {
        let (consent, interaction) = (Some(commit.consent), Some(interaction));
        self.write(Write { consent, interaction, ..Write::of(commit.trail) }).map_err(commit_fault)
    }
}

/// Where something stands among those of a listing.
fn place(created: Moment, id: &str) -> String {
    format!("{}~{id}", created.with_millis())
}

/// The moment of a cursor of ours.
fn created_at(cursor: &str) -> Result<Moment, IndexFault> {
    let (at, _) = cursor.split_once('~').ok_or(IndexFault::Cursor)?;
    Moment::parse(at).ok().filter(|moment| moment.with_millis() == at).ok_or(IndexFault::Cursor)
}

fn within(created: Moment, listing: &Listing<'_>) -> bool {
    listing.from.is_none_or(|from| from <= created) && listing.until.is_none_or(|until| created <= until)
}

#[async_trait]
impl PaymentConsentIndex for PaymentStore {
    async fn of_owner(
        &self,
        owner: &ConsentOwner,
        listing: Listing<'_>,
    ) -> Result<PaymentConsentPage, IndexFault> {
        let after = listing.after.map(created_at).transpose()?;
        if after.is_some_and(|after| !within(after, &listing)) {
            return Err(IndexFault::Cursor);
        }
        let own = |consent: &&PaymentConsent| match owner {
            ConsentOwner::Person(key) => consent.search.person == *key,
            ConsentOwner::Company(key) => consent.search.company.as_ref() == Some(key),
            ConsentOwner::Client(client) => consent.client == *client,
            ConsentOwner::Everybody => true,
        };
        let consents = self.consents.lock().unwrap();
        let listed = consents.values().filter(own).filter(|consent| within(consent.created_at, &listing));
        let mut found: Vec<(String, PaymentConsent)> =
            listed.map(|consent| (place(consent.created_at, consent.id.as_str()), consent.clone())).collect();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        if listing.order == Order::Newest {
            found.reverse();
        }
        found.retain(|(place, _)| match (listing.after, listing.order) {
            (None, _) => true,
            (Some(cursor), Order::Newest) => place.as_str() < cursor,
            (Some(cursor), Order::Oldest) => place.as_str() > cursor,
        });
        let limit = usize::from(listing.limit);
        let next = (found.len() > limit).then(|| found.get(limit - 1).map(|(place, _)| place.clone()));
        found.truncate(limit);
        Ok(PaymentConsentPage {
            consents: found.into_iter().map(|(_, consent)| consent).collect(),
            next: next.flatten(),
        })
    }

    fn after(&self, consent: &PaymentConsent) -> String {
        place(consent.created_at, consent.id.as_str())
    }

    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<ConsentId>, PortError> {
        let consents = self.consents.lock().unwrap();
        let entries = consents.values().map(|consent| (consent.next_due(), &consent.id));
        Ok(overdue(entries, ConsentId::as_str, shard, now, limit))
    }
}

/// The due ones of a shard, longest overdue first.
fn overdue<'a, I: Clone + 'a>(
    entries: impl Iterator<Item = (Option<Moment>, &'a I)>,
    name: impl Fn(&I) -> &str,
    shard: u8,
    now: Moment,
    limit: u16,
) -> Vec<I> {
    let due = entries.filter_map(|(due, id)| Some((due?, id)));
    let mut due: Vec<_> = due.filter(|(at, id)| *at <= now && shard_of(name(id)) == shard).collect();
    due.sort_by_key(|(at, id)| (*at, name(id)));
    due.into_iter().take(usize::from(limit)).map(|(_, id)| id.clone()).collect()
}

impl PaymentStore {
    /// A page of the payments of a shard that `wanted` takes, oldest first.
    fn page(
        &self,
        wanted: impl Fn(&Payment) -> bool,
        shard: u8,
        after: Option<&str>,
        limit: u16,
    ) -> Result<CreatedPage, IndexFault> {
        after.map(created_at).transpose()?;
        let payments = self.payments.lock().unwrap();
        let here = payments.values().filter(|payment| shard_of(payment.id.as_str()) == shard);
        let places = here
            .filter(|payment| wanted(payment))
            .map(|payment| (place(payment.created_at, payment.id.as_str()), payment.id.clone()));
        let mut found: Vec<_> =
            places.filter(|(place, _)| after.is_none_or(|after| place.as_str() > after)).collect();
        found.sort();
        let limit = usize::from(limit);
        let next = (found.len() > limit).then(|| found.get(limit - 1).map(|(place, _)| place.clone()));
        found.truncate(limit);
        Ok(CreatedPage { payments: found.into_iter().map(|(_, id)| id).collect(), next: next.flatten() })
    }
}

#[async_trait]
impl Payments for PaymentStore {
    async fn find(&self, id: &PaymentId) -> Result<Option<Payment>, PortError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        Ok(self.payments.lock().unwrap().get(id).cloned())
    }

    async fn find_all(&self, ids: &[PaymentId]) -> Result<Vec<Payment>, PortError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let payments = self.payments.lock().unwrap();
        Ok(ids.iter().filter_map(|id| payments.get(id).cloned()).collect())
    }

    async fn replayed(
        &self,
        scope: &IdempotencyScope,
        now: Moment,
    ) -> Result<Option<IdempotencyRecord>, PortError> {
        let keys = self.keys.lock().unwrap();
        Ok(keys.get(&name_of(scope)).filter(|record| record.counts(now)).cloned())
    }

    async fn create_consent(&self, creation: ConsentCreation) -> Result<(), PaymentWriteFault> {
        let ConsentCreation { consent, idempotency, trail } = creation;
        self.write(Write { consent: Some(consent), idempotency: Some(idempotency), ..Write::of(trail) })
    }

    async fn accept(&self, acceptance: Acceptance) -> Result<(), PaymentWriteFault> {
        let Acceptance { consent, payments, idempotency, spending, trail } = acceptance;
        let (consent, idempotency) = (Some(consent), Some(idempotency));
        self.write(Write { consent, payments, idempotency, spending, ..Write::of(trail) })
    }

    async fn change(&self, commit: PaymentsCommit) -> Result<(), PaymentWriteFault> {
        let PaymentsCommit { payments, idempotency, spending, given_back, trail } = commit;
        self.write(Write { payments, idempotency, spending, given_back, ..Write::of(trail) })
    }

    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<PaymentId>, PortError> {
        let payments = self.payments.lock().unwrap();
        let entries = payments.values().map(|payment| (payment.next_due(), &payment.id));
        Ok(overdue(entries, PaymentId::as_str, shard, now, limit))
    }

    async fn of_core(&self, core_id: &LegacyId) -> Result<Option<PaymentId>, PortError> {
        let payments = self.payments.lock().unwrap();
        let mut found = payments.values().filter(|payment| payment.core_id.as_ref() == Some(core_id));
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(PortError::new("payments table", "two payments have one key of the core")),
            (one, None) => Ok(one.map(|payment| payment.id.clone())),
        }
    }

    async fn created_on(
        &self,
        day: Date,
        shard: u8,
        after: Option<&str>,
        limit: u16,
    ) -> Result<CreatedPage, IndexFault> {
        self.page(|payment| payment.created_at.date_utc() == day, shard, after, limit)
    }

    async fn of_day(
        &self,
        day: Date,
        shard: u8,
        after: Option<&str>,
        limit: u16,
    ) -> Result<CreatedPage, IndexFault> {
        let settles = |payment: &Payment| payment.day.unwrap_or_else(|| payment.created_at.date_brasilia());
        self.page(|payment| settles(payment) == day, shard, after, limit)
    }
}
