//! What time does is written down: once, for every shard, whatever happens to single consents (C03, C04, C07, C60).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ponte_authorization::approval::{Approvals, Approver};
use ponte_authorization::customer_listing::{ConsentOwner, Listing};
use ponte_data_consent::consent::{
    Consent, EffectiveStatus, RejectedBy, RejectionReason, Resource, ResourceStatus,
};
use ponte_data_consent::ports::{ConsentCommit, ConsentIndex, ConsentPage, Consents};
use ponte_edge::Tick as _;
use ponte_ports::LegacyId;
use ponte_ports::audit::Actor;
use ponte_ports::outbox::{SHARDS, shard_of};
use ponte_ports::{CommitFault, IndexFault, PortError};
use ponte_values::{ConsentId, Cpf, Moment, ResourceKind};
use serde_json::json;

use super::world::{ANA, BRUNO, World, asked};
use crate::Sweeper;
use ponte_kit::clock::ManualClock;
use ponte_kit::store::Store;

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// The store as the sweep finds it: an index that may be behind, consents that cannot be read, calls that take time.
struct Seen {
    store: Arc<Store>,
    clock: Arc<ManualClock>,
    /// Lists every consent, due or not, as an index that has not heard of the last changes might.
    behind: bool,
    unread: Vec<String>,
    unlisted: Option<u8>,
    slowness: Duration,
    looked: Mutex<Vec<String>>,
}

impl Seen {
    fn of(world: &World) -> Self {
        Self {
            store: world.store.clone(),
            clock: world.clock.clone(),
            behind: false,
            unread: Vec::new(),
            unlisted: None,
            slowness: Duration::ZERO,
            looked: Mutex::new(Vec::new()),
        }
    }

    fn sweeper(self) -> (Sweeper, Arc<Self>) {
        let seen = Arc::new(self);
        let (consents, index) = (seen.clone(), seen.clone());
        let sweeper = Sweeper { consents, index, clock: seen.clock.clone(), ids: seen.clock.clone() };
        (sweeper, seen)
    }

    fn take_time(&self) {
        self.clock.wait(self.slowness);
    }

    async fn sweep(self) -> Result<(), PortError> {
        self.sweeper().0.tick().await
    }
}

#[async_trait]
impl Consents for Seen {
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError> {
        self.looked.lock().unwrap().push(id.to_string());
        self.take_time();
        if self.unread.iter().any(|broken| broken == id.as_str()) {
            return Err(PortError::new("consents table", "not the expected JSON"));
        }
        let found = self.store.find(id).await;
        // Whoever else sweeps gets as far before either commits.
        tokio::task::yield_now().await;
        found
    }

    async fn commit(&self, commit: ConsentCommit) -> Result<(), CommitFault> {
        self.store.commit(commit).await
    }
}

#[async_trait]
impl ConsentIndex for Seen {
    async fn of_owner(&self, _: &ConsentOwner, _: Listing<'_>) -> Result<ConsentPage, IndexFault> {
        Ok(ConsentPage::default())
    }

    fn after(&self, consent: &Consent) -> String {
        self.store.after(consent)
    }

    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<ConsentId>, PortError> {
        if self.unlisted == Some(shard) {
            return Err(PortError::timeout("consents table", "1 s"));
        }
        let consents = self.store.consents.lock().unwrap();
        let due = |consent: &&Consent| self.behind || consent.next_due().is_some_and(|due| due <= now);
        let listed = consents.values().filter(|consent| shard_of(consent.id.as_str()) == shard).filter(due);
        let mut listed: Vec<&Consent> = listed.collect();
        listed.sort_by_key(|consent| (consent.next_due(), consent.id.to_string()));
        Ok(listed.into_iter().take(usize::from(limit)).map(|consent| consent.id.clone()).collect())
    }
}

/// One consent more than a shard could hold alone: all of them are hit.
async fn waiting_in_every_shard(world: &World) -> Vec<String> {
    let mut ids = Vec::new();
    let mut shards = BTreeSet::new();
    while shards.len() < usize::from(SHARDS) || ids.len() < 12 {
        let id = world.consent(&asked()).await;
        shards.insert(shard_of(&id));
        ids.push(id);
    }
    ids
}

/// Names of the audit rows since the first `skip`, and of the notices.
fn written(world: &World, skip: usize) -> (Vec<&'static str>, Vec<&'static str>) {
    let audit = world.store.audit.lock().unwrap();
    assert!(audit.iter().skip(skip).all(|row| row.actor == Actor::Ponte && row.interaction.is_none()));
    let notices = world.store.notices.lock().unwrap();
    let actions = audit.iter().skip(skip).map(|row| row.action).collect();
    (actions, notices.iter().map(|notice| notice.kind.as_str()).collect())
}

/// Whether the store itself says so, without help from the clock.
fn ended(world: &World, id: &str) -> Option<RejectionReason> {
    let beginning = Moment::parse("2026-03-01T12:00:00Z").unwrap();
    match world.stored(id).at(beginning) {
        EffectiveStatus::Rejected(rejection) => Some(rejection.reason),
        EffectiveStatus::Awaiting | EffectiveStatus::Authorised(_) => None,
    }
}

#[tokio::test]
async fn c03_an_hour_without_a_decision_is_written_down_in_every_shard() {
    let world = World::new();
    let ids = waiting_in_every_shard(&world).await;
    world.store.notices.lock().unwrap().clear();
    world.wait(HOUR.checked_sub(Duration::from_millis(1)).unwrap());
    Seen::of(&world).sweep().await.unwrap();
    assert_eq!(world.commits(), ids.len() as u64, "not a moment too early");
    world.wait(Duration::from_millis(1));
    Seen::of(&world).sweep().await.unwrap();
    for id in &ids {
        assert_eq!(ended(&world, id), Some(RejectionReason::ConsentExpired));
        let consent = world.stored(id);
        assert_eq!((consent.version, consent.next_due()), (2, None));
    }
    let (audit, notices) = written(&world, ids.len());
    assert_eq!(audit, vec!["consent.expired"; ids.len()]);
    assert_eq!(notices, vec!["consent.status"; ids.len()]);
    Seen::of(&world).sweep().await.unwrap();
    assert_eq!(world.commits(), 2 * ids.len() as u64, "a second sweep has nothing to do");
}

#[tokio::test]
async fn c04_others_hear_of_a_near_end_once_and_then_of_the_end() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    world.store.notices.lock().unwrap().clear();
    let end = Moment::parse("2026-09-01T12:00:00Z").unwrap();
    let until = |moment: Moment| {
        let mut now = world.clock.now.lock().unwrap();
        *now = moment;
    };
    until(end.minus(DAY).minus(MINUTE));
    Seen::of(&world).sweep().await.unwrap();
    assert!(world.store.notices.lock().unwrap().is_empty());
    for minute in 0..5 {
        until(end.minus(DAY).plus(MINUTE * minute));
        Seen::of(&world).sweep().await.unwrap();
    }
    assert_eq!(written(&world, 1), (vec!["consent.expiring"], vec!["consent.expiring"]));
    assert_eq!(ended(&world, &id), None, "it still is in force");
    for minute in 0..5 {
        until(end.plus(MINUTE * minute));
        Seen::of(&world).sweep().await.unwrap();
    }
    let names = vec!["consent.expiring", "consent.expired"];
    assert_eq!(written(&world, 1), (names, vec!["consent.expiring", "consent.status"]));
    assert_eq!(ended(&world, &id), Some(RejectionReason::ConsentMaxDateReached));
    assert_eq!(world.stored(&id).status_updated_at, end, "when it ended, not when it was swept");
}

#[tokio::test]
async fn c07_an_indefinite_consent_is_left_alone() {
    let world = World::new();
    let mut body = asked();
    body["data"].as_object_mut().unwrap().remove("expirationDateTime");
    let id = world.authorised(&body, Vec::new()).await;
    world.wait(DAY * 36_500);
    Seen { behind: true, ..Seen::of(&world) }.sweep().await.unwrap();
    assert_eq!((ended(&world, &id), world.commits()), (None, 1));
}

#[tokio::test]
async fn c60_an_approval_that_did_not_come_closes_the_product_alone() {
    let world = World::new();
    let deadline = world.now().plus(DAY * 5);
    let bruno = Approver::new(Cpf::parse(BRUNO).unwrap(), None);
    let approvals = Approvals::besides(&Cpf::parse(ANA).unwrap(), vec![bruno], deadline);
    let key: LegacyId = serde_json::from_value(json!([{"key": "account", "value": "1"}])).unwrap();
    let kind = ResourceKind::Account;
    let resources = vec![
        Resource::awaiting("public-1".to_owned(), kind, key.clone(), approvals),
        Resource::new("public-2".to_owned(), kind, ResourceStatus::Available, key),
    ];
    let id = world.authorised(&asked(), resources).await;
    world.store.notices.lock().unwrap().clear();
    world.wait(DAY * 5);
    for _ in 0..3 {
        Seen::of(&world).sweep().await.unwrap();
    }
    assert_eq!(written(&world, 1), (vec!["consent.approvals_lapsed"], vec!["consent.resources"]));
    let beginning = deadline.minus(DAY);
    let consent = world.stored(&id);
    let stored: Vec<_> = consent.resources().iter().map(|resource| resource.at(beginning)).collect();
    assert_eq!(stored, [ResourceStatus::Unavailable, ResourceStatus::Available]);
    assert!(matches!(consent.at(world.now()), EffectiveStatus::Authorised(_)));
}

#[tokio::test]
async fn a_consent_that_cannot_be_read_stops_no_other() {
    let world = World::new();
    let ids = waiting_in_every_shard(&world).await;
    world.wait(HOUR);
    let broken = ids[..3].to_vec();
    Seen { unread: broken.clone(), ..Seen::of(&world) }.sweep().await.unwrap();
    for id in &ids {
        assert_eq!(ended(&world, id).is_none(), broken.contains(id), "{id}");
    }
    Seen::of(&world).sweep().await.unwrap();
    assert!(ids.iter().all(|id| ended(&world, id).is_some()), "mended, it is swept");
}

#[tokio::test]
async fn a_shard_that_cannot_be_listed_fails_the_sweep_after_the_others() {
    let world = World::new();
    let ids = waiting_in_every_shard(&world).await;
    world.wait(HOUR);
    let fault = Seen { unlisted: Some(0), ..Seen::of(&world) }.sweep().await.unwrap_err();
    assert!(fault.is_timeout());
    for id in &ids {
        assert_eq!(ended(&world, id).is_none(), shard_of(id) == 0, "{id}");
    }
}

#[tokio::test]
async fn c04_a_change_by_somebody_else_goes_before() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let end = Moment::parse("2026-09-01T12:00:00Z").unwrap();
    *world.clock.now.lock().unwrap() = end.minus(HOUR);
    let other = world.consent(&asked()).await;
    let by_customer = world.stored(&id).revoke(RejectedBy::User, Actor::Ponte, world.now()).unwrap();
    world.store.notices.lock().unwrap().clear();
    world.store.faster.lock().unwrap().push(by_customer.consent);
    Seen::of(&world).sweep().await.unwrap();
    assert_eq!(written(&world, 2), (vec![], vec![]), "the notice of the end met the revocation");
    world.wait(HOUR);
    Seen::of(&world).sweep().await.unwrap();
    assert_eq!(ended(&world, &id), Some(RejectionReason::CustomerManuallyRevoked));
    assert_eq!(ended(&world, &other), Some(RejectionReason::ConsentExpired));
    assert_eq!(written(&world, 2), (vec!["consent.expired"], vec!["consent.status"]));
}

#[tokio::test]
async fn two_sweeps_at_once_write_every_change_once() {
    let world = World::new();
    let ids = waiting_in_every_shard(&world).await;
    world.store.notices.lock().unwrap().clear();
    world.wait(HOUR);
    let ((one, first), (two, second)) = (Seen::of(&world).sweeper(), Seen::of(&world).sweeper());
    let (one, two) = futures_util::future::join(one.tick(), two.tick()).await;
    assert!(one.is_ok() && two.is_ok());
    let looked = first.looked.lock().unwrap().len() + second.looked.lock().unwrap().len();
    assert!(looked > ids.len(), "they met");
    let (audit, notices) = written(&world, ids.len());
    assert_eq!((audit.len(), notices.len()), (ids.len(), ids.len()));
    assert!(ids.iter().all(|id| world.stored(id).version == 2));
}

#[tokio::test]
async fn an_index_that_is_behind_does_no_harm() {
    let world = World::new();
    let ids = waiting_in_every_shard(&world).await;
    world.wait(HOUR);
    for _ in 0..2 {
        Seen { behind: true, ..Seen::of(&world) }.sweep().await.unwrap();
    }
    assert_eq!(world.commits(), 2 * ids.len() as u64);
}

#[tokio::test]
async fn a_sweep_begins_nothing_after_its_time_and_the_next_one_goes_on() {
    let world = World::new();
    let ids = waiting_in_every_shard(&world).await;
    world.wait(HOUR);
    let (sweeper, seen) = Seen { slowness: Duration::from_secs(5), ..Seen::of(&world) }.sweeper();
    sweeper.tick().await.unwrap();
    let looked = seen.looked.lock().unwrap().len();
    assert_eq!(looked, 4, "four calls of five seconds fill the twenty of a sweep");
    assert_eq!(ids.iter().filter(|id| ended(&world, id).is_some()).count(), looked);
    let mut sweeps = 1;
    while ids.iter().any(|id| ended(&world, id).is_none()) {
        sweeper.tick().await.unwrap();
        sweeps += 1;
        assert!(sweeps <= ids.len());
    }
}
