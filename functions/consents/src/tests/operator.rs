//! Operator commands: what time made of consents is written at once, notices go out once more, each by name and reason.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use ponte_data_consent::consent::{Consent, InstitutionReason};
use ponte_data_consent::ports::{ConsentCommit, Consents};
use ponte_edge::Operator as _;
use ponte_kit::clock::ManualClock;
use ponte_kit::port_failures::is_of_a_port;
use ponte_kit::store::Store;
use ponte_ports::audit::{Actor, OperatorAction, OperatorIdentity, OperatorReason};
use ponte_ports::{Clock as _, CommitFault, IndexFault, PortError, StatusChangePage, StatusChanges};
use ponte_values::{ConsentId, Moment};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::world::{World, asked};
use crate::commands::{Expired, Resent};
use crate::{ConsentOperator, Sweeper};

const HOUR: Duration = Duration::from_hours(1);

/// Consents whose every read takes time.
struct Slow {
    store: Arc<Store>,
    clock: Arc<ManualClock>,
    each: Duration,
}

#[async_trait]
impl Consents for Slow {
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError> {
        self.clock.wait(self.each);
        self.store.find(id).await
    }

    async fn commit(&self, commit: ConsentCommit) -> Result<(), CommitFault> {
        self.store.commit(commit).await
    }
}

/// Rows that cannot be read.
struct Down;

#[async_trait]
impl StatusChanges for Down {
    async fn between(
        &self,
        _: Moment,
        _: Moment,
        _: Option<&str>,
        _: u8,
    ) -> Result<StatusChangePage, IndexFault> {
        Err(PortError::new("audit rows", "down").into())
    }
}

fn operator(world: &World, each: Duration) -> ConsentOperator {
    let (store, clock) = (world.store.clone(), world.clock.clone());
    let consents = Arc::new(Slow { store: store.clone(), clock: clock.clone(), each });
    let sweeper = Sweeper { consents, index: store.clone(), clock: clock.clone(), ids: clock };
    ConsentOperator { sweeper, changes: store.clone(), trails: store }
}

fn ana() -> OperatorAction {
    OperatorAction {
        by: OperatorIdentity::stated("ana").ok(),
        reason: OperatorReason::parse("the schedule was off").ok(),
        ..OperatorAction::default()
    }
}

async fn send(operator: &ConsentOperator, command: Value) -> Result<Value, String> {
    let command = serde_json::value::to_raw_value(&command).unwrap();
    operator.run(&command, &ana()).await.map_err(|error| error.to_string())
}

/// The answer by its type, which loses nothing of it.
async fn typed<A: Serialize + DeserializeOwned>(operator: &ConsentOperator, command: Value) -> A {
    let answer = send(operator, command).await.unwrap();
    let typed: A = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(serde_json::to_value(&typed).unwrap(), answer);
    typed
}

async fn waiting(world: &World, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(world.consent(&asked()).await);
    }
    ids
}

/// Actions and subjects of the audit rows that name an operator; all of them name her and her reason.
fn ordered(world: &World) -> Vec<(&'static str, String)> {
    let audit = world.store.audit.lock().unwrap();
    let rows = audit.iter().filter(|row| row.operator.is_some());
    rows.map(|row| {
        assert_eq!(row.operator, Some(ana()));
        (row.action, row.subject.clone())
    })
    .collect()
}

#[tokio::test]
async fn c03_what_is_due_is_written_at_once_and_by_order() {
    let world = World::new();
    let ids = waiting(&world, 9).await;
    let operator = operator(&world, Duration::ZERO);
    let early: Expired = typed(&operator, json!({"operator": "consents.expire-now"})).await;
    assert_eq!(early, Expired::default(), "nothing is due");
    world.wait(HOUR);
    let done: Expired = typed(&operator, json!({"operator": "consents.expire-now"})).await;
    assert_eq!(done, Expired { changed: 9, ..Expired::default() });
    let mut subjects: Vec<_> = ordered(&world)
        .into_iter()
        .map(|(action, subject)| {
            assert_eq!(action, "consent.expired");
            subject
        })
        .collect();
    let mut ids = ids;
    subjects.sort();
    ids.sort();
    assert_eq!(subjects, ids);
    assert_eq!(world.store.notices.lock().unwrap().len(), 9);
    let again: Expired = typed(&operator, json!({"operator": "consents.expire-now"})).await;
    assert_eq!(again, Expired::default(), "once");
}

#[tokio::test]
async fn c04_no_consent_ends_before_its_time_whoever_orders_it() {
    let world = World::new();
    let (due, early) = (world.consent(&asked()).await, world.authorised(&asked(), Vec::new()).await);
    world.wait(HOUR);
    let unknown = "urn:banco:none";
    let command = json!({"operator": "consents.expire-now", "consents": [early, due, due, unknown]});
    let done: Expired = typed(&operator(&world, Duration::ZERO), command).await;
    let left = [(unknown.to_owned(), "there is no such consent".to_owned())].into();
    assert_eq!(done, Expired { changed: 1, unchanged: 1, left, next: None });
    assert_eq!(ordered(&world), [("consent.expired", due)]);
    assert_eq!(world.stored(&early).version, 2, "as it was");
}

#[tokio::test]
async fn d8_one_that_cannot_be_read_is_named_and_holds_up_no_other() {
    let world = World::new();
    let ids = waiting(&world, 5).await;
    world.store.unreadable.lock().unwrap().insert(ids[1].clone());
    world.wait(HOUR);
    let left: std::collections::BTreeMap<_, _> =
        [(ids[1].clone(), "not readable by this release".to_owned())].into();
    let operator = operator(&world, Duration::ZERO);
    let done: Expired = typed(&operator, json!({"operator": "consents.expire-now"})).await;
    assert_eq!(done, Expired { changed: 4, left: left.clone(), ..Expired::default() });
    let named: Expired = typed(&operator, json!({"operator": "consents.expire-now", "consents": ids})).await;
    assert_eq!(named, Expired { unchanged: 4, left, ..Expired::default() });
}

#[tokio::test]
async fn t19_a_long_expiry_hands_on_what_is_left() {
    let world = World::new();
    let ids = waiting(&world, 24).await;
    world.wait(HOUR);
    let operator = operator(&world, Duration::from_secs(5));
    let mut command = json!({"operator": "consents.expire-now"});
    let (mut changed, mut answers) = (0, 0);
    loop {
        let done: Expired = typed(&operator, command.clone()).await;
        (changed, answers) = (changed + done.changed, answers + 1);
        let Some(next) = done.next else { break };
        command["after"] = next.into();
        assert!(answers < 20);
    }
    assert_eq!(changed, 24);
    assert!(answers > 1, "eighteen seconds are over after a few");
    let mut named = json!({"operator": "consents.expire-now", "consents": ids});
    let (mut unchanged, mut answers) = (0, 0);
    loop {
        let done: Expired = typed(&operator, named.clone()).await;
        (unchanged, answers) = (unchanged + done.unchanged, answers + 1);
        let Some(next) = done.next else { break };
        named["after"] = next.into();
    }
    assert_eq!((unchanged, answers), (24, 6), "four of five seconds each");
}

#[tokio::test]
async fn t47_a_notice_goes_out_once_more_by_order_and_marked_as_repeated() {
    let world = World::new();
    let (ended, waits) = (world.authorised(&asked(), Vec::new()).await, world.consent(&asked()).await);
    let change = world.stored(&ended).withdraw(InstitutionReason::Security, Actor::Ponte, world.now());
    world.store.commit(change.unwrap().commit("1".to_owned(), None)).await.unwrap();
    let first = world.store.notices.lock().unwrap().pop().unwrap();
    world.wait(HOUR);
    let before = world.stored(&ended).version;
    let command =
        json!({"operator": "consents.resend-notices", "consents": [ended, waits, "urn:banco:none"]});
    let done: Resent = typed(&operator(&world, Duration::ZERO), command).await;
    let left = [("urn:banco:none".to_owned(), "there is no such consent".to_owned())].into();
    assert_eq!(done, Resent { resent: 1, untold: 1, left, next: None });
    let notices = world.store.notices.lock().unwrap();
    let [again] = &notices[..] else { panic!("one notice: {notices:?}") };
    assert_eq!((again.kind, &again.body), (first.kind, &first.body), "word for word");
    assert_ne!(again.id, first.id);
    assert_eq!((again.at, world.stored(&ended).version), (world.clock.now(), before));
    assert_eq!(world.store.repeated.load(Ordering::Relaxed), 1);
    assert_eq!(ordered(&world), [("consent.notice_resent", ended)]);
}

#[tokio::test]
async fn t47_the_notices_of_a_period_go_out_once_each() {
    let world = World::new();
    let early = waiting(&world, 2).await;
    world.wait(HOUR);
    let (operator, quick) = (operator(&world, Duration::from_secs(7)), operator(&world, Duration::ZERO));
    let done: Expired = typed(&quick, json!({"operator": "consents.expire-now"})).await;
    assert_eq!(done.changed, 2);
    world.wait(HOUR);
    let from = world.now();
    // Created in the period, and ended in it.
    let late = waiting(&world, 6).await;
    world.wait(HOUR);
    typed::<Expired>(&quick, json!({"operator": "consents.expire-now"})).await;
    world.store.notices.lock().unwrap().clear();
    world.wait(HOUR);
    let mut command = json!({"operator": "consents.resend-notices", "from": from.with_millis()});
    command["until"] = world.now().with_millis().into();
    let (mut resent, mut answers) = (0, 0);
    loop {
        let done: Resent = typed(&operator, command.clone()).await;
        (resent, answers) = (resent + done.resent, answers + 1);
        assert!(done.left.is_empty());
        let Some(next) = done.next else { break };
        command["after"] = next.into();
        assert!(answers < 20);
    }
    let notices = world.store.notices.lock().unwrap();
    let told = |id: &String| notices.iter().filter(|notice| notice.body.contains(id.as_str())).count();
    assert!(answers > 1);
    assert_eq!(resent, 6);
    assert!(late.iter().all(|id| told(id) == 1) && early.iter().all(|id| told(id) == 0));
}

#[tokio::test]
async fn what_is_no_command_about_consents_is_named() {
    let world = World::new();
    world.wait(HOUR);
    let operator = operator(&world, Duration::ZERO);
    let expire = |consents: Value| json!({"operator": "consents.expire-now", "consents": consents});
    let resend = |from: &str, until: &str| json!({"operator": "consents.resend-notices", "from": from, "until": until});
    let which = "either consents or a period";
    for (command, fault) in [
        (json!({"operator": "consents.expire"}), "not understood: there is no such command"),
        (
            json!({"operator": "consents.expire-now", "client": "x"}),
            "not understood: a member that the command does not have",
        ),
        (expire(json!([])), "consents: 1 to 500"),
        (expire(json!(vec!["urn:banco:1"; 501])), "consents: 1 to 500"),
        (expire(json!(["urn:banco:1", "123.456.789-09"])), "consents[1] is not the id"),
        (json!({"operator": "consents.expire-now", "after": "soon"}), "after:"),
        (json!({"operator": "consents.expire-now", "after": "2030-01-01T00:00:00Z"}), "after:"),
        (
            json!({"operator": "consents.expire-now", "consents": ["urn:banco:1"], "after": "urn:banco:2"}),
            "after:",
        ),
        (json!({"operator": "consents.resend-notices"}), which),
        (json!({"operator": "consents.resend-notices", "until": "2026-03-01T00:00:00Z"}), which),
        (json!({"operator": "consents.resend-notices", "consents": ["urn:banco:1"], "from": "x"}), which),
        (resend("yesterday", "2026-03-01T00:00:00Z"), "from and until"),
        (resend("2026-03-01T00:00:01Z", "2026-03-01T00:00:00Z"), "from and until"),
        (resend("2026-01-28T00:00:00Z", "2026-03-01T00:00:00Z"), "from and until"),
        (resend("2026-03-01T00:00:00Z", "2026-03-01T13:00:01Z"), "from and until"),
    ] {
        let refused = send(&operator, command.clone()).await.unwrap_err();
        assert!(refused.starts_with(fault), "{command}: {refused}");
    }
    let unsigned = serde_json::value::to_raw_value(&json!({"operator": "consents.expire-now"})).unwrap();
    let refused = operator.run(&unsigned, &OperatorAction::default()).await.unwrap_err().to_string();
    assert!(refused.starts_with("by.name and by.reason"), "{refused}");
    assert_eq!(world.commits(), 0);
}

#[tokio::test]
async fn t23_a_store_that_fails_is_told_from_a_refusal_so_that_the_queue_tries_again() {
    let world = World::new();
    let operator = ConsentOperator { changes: Arc::new(Down), ..operator(&world, Duration::ZERO) };
    let period = |from: &str| json!({"operator": "consents.resend-notices", "from": from});
    for (from, tried_again) in [("2026-03-01T00:00:00Z", true), ("yesterday", false)] {
        let command = serde_json::value::to_raw_value(&period(from)).unwrap();
        let error = operator.run(&command, &ana()).await.unwrap_err();
        assert_eq!(is_of_a_port(error.as_ref()), tried_again, "{error}");
    }
}

#[test]
fn t47_a_command_with_a_value_of_the_wrong_form_is_none_that_a_queue_records() {
    let world = World::new();
    let operator = operator(&world, Duration::ZERO);
    let kind = |command: &Value| operator.kind(&serde_json::value::to_raw_value(command).unwrap());
    let moment = "2026-03-01T00:00:00Z";
    for command in [
        json!({"operator": "consents.expire-now", "consents": ["urn:banco:1"]}),
        json!({"operator": "consents.expire-now", "consents": ["urn:banco:1"], "after": "urn:banco:1"}),
        json!({"operator": "consents.expire-now", "after": moment}),
        json!({"operator": "consents.resend-notices", "consents": ["urn:banco:1"]}),
        json!({"operator": "consents.resend-notices", "from": moment, "until": moment, "after": "x"}),
    ] {
        assert!(kind(&command).is_some_and(|kind| kind.changes && kind.goes_on), "{command}");
    }
    let person = "Ana, 123.456.789-09";
    for command in [
        json!({"operator": "consents.expire-now", "consents": ["urn:banco:1", person]}),
        json!({"operator": "consents.expire-now", "consents": []}),
        json!({"operator": "consents.expire-now", "consents": ["urn:banco:1"], "after": person}),
        json!({"operator": "consents.expire-now", "after": person}),
        json!({"operator": "consents.resend-notices", "consents": [person]}),
        json!({"operator": "consents.resend-notices", "from": person}),
        json!({"operator": "consents.resend-notices", "from": moment, "until": person}),
        json!({"operator": "consents.resend-notices", "consents": ["urn:banco:1"], "from": moment}),
        json!({"operator": "consents.resend-notices"}),
    ] {
        assert_eq!(kind(&command), None, "{command}");
    }
}

#[tokio::test]
async fn t23_a_period_that_ends_now_ends_with_the_first_command_however_long_the_rest_takes() {
    let world = World::new();
    let (operator, quick) = (operator(&world, Duration::from_secs(7)), operator(&world, Duration::ZERO));
    let from = world.now();
    let told = waiting(&world, 6).await;
    world.wait(HOUR);
    typed::<Expired>(&quick, json!({"operator": "consents.expire-now"})).await;
    let end = world.now().with_millis();
    world.store.notices.lock().unwrap().clear();
    let mut command = json!({"operator": "consents.resend-notices", "from": from.with_millis()});
    let first: Resent = typed(&operator, command.clone()).await;
    let mut next = first.next;
    assert!(next.as_deref().is_some_and(|next| next.starts_with(&format!("{end} "))), "{next:?}");
    // What changes from now on has its own notice, and is of no period that was over before.
    let later = world.authorised(&asked(), Vec::new()).await;
    let change = world.stored(&later).withdraw(InstitutionReason::Security, Actor::Ponte, world.now());
    world.store.commit(change.unwrap().commit("1".to_owned(), None)).await.unwrap();
    let own = world.store.notices.lock().unwrap().len();
    while let Some(after) = next {
        for other in ["2026-03-01T12:00:00Z", &world.now().with_millis()] {
            let mut moved = command.clone();
            (moved["after"], moved["until"]) = (after.clone().into(), other.into());
            assert!(send(&operator, moved).await.unwrap_err().starts_with("after:"), "{other}");
        }
        command["after"] = after.into();
        next = typed::<Resent>(&operator, command.clone()).await.next;
    }
    let notices = world.store.notices.lock().unwrap();
    let of = |id: &String| notices.iter().filter(|notice| notice.body.contains(id.as_str())).count();
    assert!(told.iter().all(|id| of(id) == 1));
    assert_eq!((of(&later), notices.len()), (1, told.len() + 1), "{own}");
}
