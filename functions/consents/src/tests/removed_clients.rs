//! The consents of removed clients end: all of them, once, whatever happens in between (T60).

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ponte_authorization::removed_client::Removal;
use ponte_data_consent::consent::{Consent, EffectiveStatus, RejectedBy, RejectionReason};
use ponte_data_consent::ports::{ConsentCommit, ConsentScan, Consents, Removals, ScannedPage};
use ponte_data_consent::removal::{MOST_CLIENTS, Place, RemovalRound, Turns};
use ponte_edge::Tick as _;
use ponte_kit::clock::ManualClock;
use ponte_kit::store::Store;
use ponte_ports::audit::Actor;
use ponte_ports::outbox::{NoticeKind, shard_of};
use ponte_ports::{CommitFault, PortError};
use ponte_values::{ClientId, ConsentId, Moment};

use super::world::{World, asked};
use crate::RemovedClients;

fn removal(client: &str, at: Moment) -> Removal {
    Removal { client: ClientId::parse(client).unwrap(), at, organisation: None, by: None }
}

/// The stores as the sweep finds them.
struct Seen {
    store: Arc<Store>,
    clock: Arc<ManualClock>,
    waiting: Mutex<Vec<Removal>>,
    round: Mutex<Option<RemovalRound>>,
    /// Consents of a page.
    page: usize,
    /// How long a commit takes.
    slowness: Duration,
    /// Whether no step of the round is stored any more, as after a crash before it.
    crashed: AtomicBool,
    /// Whether no page can be read.
    unlisted: AtomicBool,
    unread: Mutex<Option<String>>,
    pages: AtomicU32,
}

impl Seen {
    fn of(world: &World) -> Self {
        Self {
            store: world.store.clone(),
            clock: world.clock.clone(),
            waiting: Mutex::default(),
            round: Mutex::default(),
            page: 3,
            slowness: Duration::ZERO,
            crashed: AtomicBool::new(false),
            unlisted: AtomicBool::new(false),
            unread: Mutex::default(),
            pages: AtomicU32::new(0),
        }
    }

    /// Client `client-1` was removed now, and the guards have heard of it.
    fn removed(self, world: &World) -> Arc<Self> {
        let removal = removal("client-1", world.now());
        self.waiting.lock().unwrap().push(removal);
        world.wait(Duration::from_secs(90));
        Arc::new(self)
    }

    /// An environment of the function.
    fn sweep(self: &Arc<Self>) -> RemovedClients {
        RemovedClients {
            removals: self.clone(),
            scan: self.clone(),
            consents: self.clone(),
            clock: self.clock.clone(),
            pauses: self.clock.clone(),
            ids: self.clock.clone(),
        }
    }

    async fn tick(self: &Arc<Self>) -> Result<(), PortError> {
        self.sweep().tick().await
    }

    fn is_idle(&self) -> bool {
        self.round.lock().unwrap().is_none() && self.waiting.lock().unwrap().is_empty()
    }
}

#[async_trait]
impl Removals for Seen {
    async fn round(&self) -> Result<Option<RemovalRound>, PortError> {
        Ok(self.round.lock().unwrap().clone())
    }

    async fn waiting(&self, until: Moment, limit: usize) -> Result<Vec<Removal>, PortError> {
        let waiting = self.waiting.lock().unwrap();
        let mut turns = Turns::new(limit);
        for removal in waiting.iter().filter(|removal| removal.at <= until) {
            turns.offer(removal.clone());
        }
        Ok(turns.chosen())
    }

    async fn advance(&self, round: &RemovalRound) -> Result<(), CommitFault> {
        if self.crashed.load(Ordering::Relaxed) {
            return Err(PortError::new("removed clients", "killed").into());
        }
        let mut stored = self.round.lock().unwrap();
        if stored.as_ref().map_or(0, |stored| stored.version) + 1 != round.version {
            return Err(CommitFault::Conflict);
        }
        *stored = Some(round.clone());
        Ok(())
    }

    async fn finish(&self, round: &RemovalRound) -> Result<(), CommitFault> {
        let mut stored = self.round.lock().unwrap();
        if stored.as_ref().map(|stored| stored.version) != Some(round.version) {
            return Err(CommitFault::Conflict);
        }
        *stored = None;
        self.waiting.lock().unwrap().retain(|removal| !round.removals.contains(removal));
        Ok(())
    }
}

#[async_trait]
impl ConsentScan for Seen {
    async fn of_clients(&self, clients: &[&ClientId], place: &Place) -> Result<ScannedPage, PortError> {
        assert!(clients.len() <= MOST_CLIENTS);
        self.pages.fetch_add(1, Ordering::Relaxed);
        if self.unlisted.load(Ordering::Relaxed) {
            return Err(PortError::timeout("consents table", "1 s"));
        }
        let found = {
            let consents = self.store.consents.lock().unwrap();
            let here = |id: &&String| usize::from(shard_of(id)) == place.segment;
            let mut ids: Vec<String> = consents.keys().filter(here).cloned().collect();
            ids.sort();
            let rest = ids.into_iter().filter(|id| place.after.as_ref().is_none_or(|after| id > after));
            let rest: Vec<String> = rest.take(self.page + 1).collect();
            let next = (rest.len() > self.page).then(|| rest[self.page - 1].clone());
            let alive = |id: &&String| {
                let consent = &consents[id.as_str()];
                clients.contains(&&consent.client) && !is_over(consent)
            };
            let page = rest.iter().take(self.page).filter(alive);
            ScannedPage { ids: page.map(|id| ConsentId::parse(id).unwrap()).collect(), next }
        };
        // Whoever else sweeps gets as far before either commits.
        tokio::task::yield_now().await;
        Ok(found)
    }
}

#[async_trait]
impl Consents for Seen {
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError> {
        if self.unread.lock().unwrap().as_deref() == Some(id.as_str()) {
            return Err(PortError::new("consents table", "not the expected JSON"));
        }
        let found = self.store.find(id).await;
        tokio::task::yield_now().await;
        found
    }

    async fn commit(&self, commit: ConsentCommit) -> Result<(), CommitFault> {
        self.clock.wait(self.slowness);
        self.store.commit(commit).await
    }
}

fn is_over(consent: &Consent) -> bool {
    matches!(consent.at(consent.status_updated_at), EffectiveStatus::Rejected(_))
}

/// Consents of `client-1` in every part, waiting and authorised; and one of another client.
async fn consents(world: &World) -> (Vec<String>, String) {
    let (mut ids, mut parts) = (Vec::new(), BTreeSet::new());
    while parts.len() < 4 || ids.len() < 30 {
        let id = world.consent(&asked()).await;
        parts.insert(shard_of(&id));
        ids.push(id);
        ids.push(world.authorised(&asked(), Vec::new()).await);
    }
    let other = world.client("client-2", "POST", "/consents", Some(asked())).await;
    let other = other.data()["consentId"].as_str().unwrap().to_owned();
    world.store.notices.lock().unwrap().clear();
    (ids, other)
}

/// How often each consent was ended, by its audit rows.
fn ends(world: &World) -> usize {
    world.store.audit.lock().unwrap().iter().filter(|row| row.action == "consent.withdrawn").count()
}

#[tokio::test]
async fn t60_the_consents_of_a_removed_client_end_with_reason_notice_and_audit() {
    let world = World::new();
    let (ids, other) = consents(&world).await;
    let seen = Seen::of(&world).removed(&world);
    seen.tick().await.unwrap();
    for id in &ids {
        let consent = world.stored(id);
        let EffectiveStatus::Rejected(end) = consent.at(world.now()) else { panic!("{id} stands") };
        assert_eq!((end.by, end.reason), (RejectedBy::Aspsp, RejectionReason::InternalSecurityReason));
    }
    assert!(!is_over(&world.stored(&other)));
    let audit = world.store.audit.lock().unwrap();
    let rows: Vec<_> = audit.iter().filter(|row| row.action == "consent.withdrawn").collect();
    assert_eq!(rows.len(), ids.len());
    assert!(rows.iter().all(|row| row.actor == Actor::Ponte
        && row.reason.as_deref() == Some("INTERNAL_SECURITY_REASON")));
    let notices = world.store.notices.lock().unwrap();
    assert_eq!(notices.len(), ids.len());
    assert!(notices.iter().all(|notice| notice.kind == NoticeKind::Status
        && notice.body.contains(r#""rejectedBy":"ASPSP","reason":"INTERNAL_SECURITY_REASON""#)));
    assert!(seen.is_idle(), "nothing is left to do");
}

#[tokio::test]
async fn t60_no_round_begins_before_every_guard_has_heard() {
    let world = World::new();
    let (ids, _) = consents(&world).await;
    let seen = Seen::of(&world);
    let removal = removal("client-1", world.now());
    seen.waiting.lock().unwrap().push(removal);
    let seen = Arc::new(seen);
    world.wait(Duration::from_millis(89_999));
    seen.tick().await.unwrap();
    assert_eq!((ends(&world), seen.pages.load(Ordering::Relaxed)), (0, 0));
    // Created with a token that a guard still took: it ends too.
    let late = world.consent(&asked()).await;
    world.wait(Duration::from_millis(1));
    seen.tick().await.unwrap();
    assert_eq!(ends(&world), ids.len() + 1);
    assert!(is_over(&world.stored(&late)));
}

#[tokio::test]
async fn t60_a_sweep_ends_in_time_and_the_next_environment_goes_on() {
    let world = World::new();
    let (ids, _) = consents(&world).await;
    let seen = Seen { slowness: Duration::from_secs(4), ..Seen::of(&world) }.removed(&world);
    let mut sweeps = 0;
    while !seen.is_idle() {
        let began = world.now();
        seen.tick().await.unwrap();
        let lasted = Duration::from_millis(u64::try_from(world.now().millis() - began.millis()).unwrap());
        // What was begun before the budget was over: four parts, four side by side.
        assert!(lasted <= Duration::from_secs(20 + 16 * 4), "{lasted:?}");
        sweeps += 1;
        assert!(sweeps <= ids.len());
    }
    assert!(sweeps > 1);
    assert_eq!(ends(&world), ids.len(), "each once");
}

#[tokio::test]
async fn t60_a_crash_before_the_step_is_stored_repeats_a_page_and_ends_nothing_twice() {
    let world = World::new();
    let (ids, _) = consents(&world).await;
    let seen = Seen::of(&world).removed(&world);
    // The round is begun; then each environment dies with its first pages done.
    let begun = RemovalRound::begin(seen.waiting.lock().unwrap().clone());
    seen.advance(&begun).await.unwrap();
    seen.crashed.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        assert!(seen.tick().await.is_err());
    }
    let done = ends(&world);
    assert!((1..ids.len()).contains(&done), "{done}");
    seen.crashed.store(false, Ordering::Relaxed);
    seen.tick().await.unwrap();
    assert_eq!(ends(&world), ids.len());
    assert!(ids.iter().all(|id| is_over(&world.stored(id))) && seen.is_idle());
}

#[tokio::test]
async fn t60_two_sweeps_at_once_end_everything_once() {
    let world = World::new();
    let (ids, _) = consents(&world).await;
    let seen = Seen::of(&world).removed(&world);
    let (one, two) = futures_util::future::join(seen.tick(), seen.tick()).await;
    assert!(one.is_ok() && two.is_ok());
    seen.tick().await.unwrap();
    assert_eq!(ends(&world), ids.len());
    assert!(ids.iter().all(|id| is_over(&world.stored(id))) && seen.is_idle());
}

#[tokio::test]
async fn t60_a_change_by_somebody_else_goes_before() {
    let world = World::new();
    let (ids, _) = consents(&world).await;
    let seen = Seen::of(&world).removed(&world);
    let revoked = world.stored(&ids[1]).revoke(RejectedBy::User, Actor::Ponte, world.now()).unwrap();
    world.store.faster.lock().unwrap().push(revoked.consent);
    seen.tick().await.unwrap();
    assert!(ids.iter().all(|id| is_over(&world.stored(id))));
    let EffectiveStatus::Rejected(end) = world.stored(&ids[1]).at(world.now()) else { panic!("it stands") };
    assert_eq!(end.by, RejectedBy::User, "the customer was faster");
    assert_eq!(ends(&world), ids.len() - 1);
}

#[tokio::test]
async fn t60_a_consent_that_cannot_be_read_holds_up_nothing_for_long() {
    let world = World::new();
    let (ids, _) = consents(&world).await;
    let seen = Seen::of(&world).removed(&world);
    *seen.unread.lock().unwrap() = Some(ids[0].clone());
    let mut sweeps = 0;
    while !seen.is_idle() {
        seen.tick().await.unwrap();
        sweeps += 1;
        assert!(sweeps < 10, "without end");
    }
    assert_eq!((ends(&world), sweeps), (ids.len() - 1, 6), "five tries, a minute apart, then the rest");
}

#[tokio::test]
async fn t60_pages_that_cannot_be_read_are_read_when_they_can() {
    let world = World::new();
    let (ids, _) = consents(&world).await;
    let seen = Seen::of(&world).removed(&world);
    seen.unlisted.store(true, Ordering::Relaxed);
    for _ in 0..20 {
        seen.tick().await.unwrap();
    }
    assert_eq!(ends(&world), 0);
    seen.unlisted.store(false, Ordering::Relaxed);
    seen.tick().await.unwrap();
    assert_eq!(ends(&world), ids.len(), "no page was given up");
}

#[tokio::test]
async fn t60_one_round_serves_forty_clients() {
    let world = World::new();
    let (ids, _) = consents(&world).await;
    let seen = Seen { page: 1_000, ..Seen::of(&world) };
    let removal = |number: usize| removal(&format!("client-{number}"), world.now());
    seen.waiting.lock().unwrap().extend((100..160).chain([1]).map(removal));
    let seen = Arc::new(seen);
    world.wait(Duration::from_secs(90));
    seen.tick().await.unwrap();
    assert_eq!(seen.pages.load(Ordering::Relaxed), 8, "two rounds of four parts for 61 clients");
    assert_eq!(ends(&world), ids.len());
    assert!(seen.is_idle());
}
