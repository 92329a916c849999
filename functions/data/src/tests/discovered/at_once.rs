//! Several environments, and a push of the institution, at the same time: nothing wrong is ever shown.

use std::time::Duration;

use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_data_consent::discovery::{DiscoveryState, KEPT, KindAnswer, StoredResources, steps};
use ponte_data_consent::ports::{DiscoveredResources as _, DiscoveryCommit};
use ponte_ports::{InstitutionFault, Trail};
use ponte_values::{Moment, Permission};
use serde_json::json;

use super::super::RESOURCES;
use super::super::world::{World, discovered_resource};
use super::examples::{LOAN, LOANS, contract, credit, listed, loan, of, resource};

const LATER: Duration = Duration::from_hours(2);

fn loans() -> World {
    of(&[Permission::LoansRead, Permission::ResourcesRead], &[])
}

/// What another environment writes of the consent: an answer for loans on this state.
fn answered(
    world: &World,
    state: DiscoveryState,
    products: &[(u32, Status)],
    now: Moment,
) -> DiscoveryCommit {
    let consent = world.consent();
    let listed = products.iter().map(|(number, status)| discovered_resource(LOAN, *number, *status));
    let (kind, round, valid_until) = (LOAN, state.round(LOAN), now.plus(Duration::from_hours(1)));
    let answer = KindAnswer { kind, round, listed: listed.collect(), valid_until };
    let [step] = &steps(&consent, state, &StoredResources::default(), &[answer], now)[..] else {
        panic!("one step")
    };
    DiscoveryCommit {
        consent: consent.id.clone(),
        state: step.state.clone(),
        kept_until: now.plus(KEPT),
        resources: step.resources.clone(),
        trail: Trail::new("another environment".to_owned()),
    }
}

#[tokio::test]
async fn c60_of_two_answers_to_questions_asked_at_once_the_first_that_is_stored_counts() {
    let world = loans();
    let other = answered(&world, DiscoveryState::default(), &[(1, Status::Unavailable)], world.now());
    world.store.faster_discoveries.lock().unwrap().push(other);
    // Ours was asked before that was stored: older, for all we know.
    world.lists(LOAN, |now| Ok(vec![loan(1, now), loan(2, now)]));
    let reply = world.get(RESOURCES, "").await;
    assert_eq!(reply.body["data"], json!([resource(1, "LOAN", "UNAVAILABLE")]));
    assert_eq!(world.get(RESOURCES, "").await.body["meta"]["totalRecords"], 1);
}

#[tokio::test]
async fn c60_an_answer_does_not_undo_what_the_institution_said_while_it_was_on_its_way() {
    for said in [Status::Unavailable, Status::TemporarilyUnavailable] {
        let world = loans();
        world.lists(LOAN, |now| Ok(vec![loan(1, now)]));
        world.get(RESOURCES, "").await;
        world.clock.wait(LATER);
        let consent = world.consent();
        let state = world.store.state(&consent.id).await.unwrap().unwrap();
        let product = world.store.find(&consent.id, LOAN, "public-1").await.unwrap().unwrap();
        let told = DiscoveryCommit {
            consent: consent.id.clone(),
            state: state.notified(LOAN),
            kept_until: world.now(),
            resources: vec![product.to(said, world.now()).unwrap()],
            trail: Trail::new("a push".to_owned()),
        };
        world.store.faster_discoveries.lock().unwrap().push(told);
        let reply = world.get(RESOURCES, "").await;
        assert_eq!(reply.body["data"], json!([resource(1, "LOAN", said.as_str())]));
        // The next question is asked after the push: its answer counts, but for what is final.
        let reply = world.get(RESOURCES, "").await;
        let next = if said == Status::Unavailable { said } else { Status::Available };
        assert_eq!(reply.body["data"], json!([resource(1, "LOAN", next.as_str())]));
    }
}

#[tokio::test]
async fn c60_an_announcement_while_the_first_question_is_on_its_way_has_it_asked_again() {
    let world = loans();
    let consent = world.consent();
    let announced = DiscoveryCommit {
        consent: consent.id.clone(),
        state: DiscoveryState::default().announced(LOAN),
        kept_until: world.now(),
        resources: Vec::new(),
        trail: Trail::new("a push".to_owned()),
    };
    world.store.faster_discoveries.lock().unwrap().push(announced);
    world.lists(LOAN, |now| Ok(vec![loan(1, now)]));
    assert_eq!(world.get(RESOURCES, "").await.status, 202, "what was answered may be old");
    assert_eq!(world.get(RESOURCES, "").await.body["data"], json!([resource(1, "LOAN", "AVAILABLE")]));
    assert_eq!(world.discovered().len(), 2);
}

#[tokio::test]
async fn c60_a_change_of_another_kind_in_between_costs_nothing_but_a_second_try() {
    let world = credit(&[]);
    let consent = world.consent();
    let state = DiscoveryState::default().announced(ponte_values::ResourceKind::TreasureTitle);
    let other = DiscoveryCommit {
        consent: consent.id.clone(),
        state,
        kept_until: world.now(),
        resources: Vec::new(),
        trail: Trail::new("another kind".to_owned()),
    };
    world.store.faster_discoveries.lock().unwrap().push(other);
    world.lists(LOAN, |now| Ok(vec![loan(1, now)]));
    let reply = world.get(RESOURCES, "").await;
    assert_eq!(reply.body["data"], json!([resource(1, "LOAN", "AVAILABLE")]));
    assert_eq!(world.store.state(&consent.id).await.unwrap().unwrap().version, 2);
}

#[tokio::test]
async fn c60_two_clients_calls_at_once_show_the_same_products() {
    let world = loans();
    world.answers_together(2);
    world.lists(LOAN, |now| Ok((1..=30).map(|number| loan(number, now)).collect()));
    let (one, other) =
        futures_util::future::join(world.get(RESOURCES, ""), world.get(RESOURCES, "page=1")).await;
    assert_eq!((one.status, other.status), (200, 200));
    assert_eq!(one.body["data"], other.body["data"]);
    assert_eq!(one.body["meta"]["totalRecords"], 30);
    assert_eq!(world.discovered().len(), 2);
    assert_eq!(world.store.discovered_writes.load(std::sync::atomic::Ordering::Relaxed), 30);
}

#[tokio::test]
async fn c60_a_consent_revoked_while_its_products_are_discovered_shows_them_to_nobody_afterwards() {
    let world = loans();
    let ended = world
        .consent()
        .revoke(ponte_data_consent::consent::RejectedBy::User, ponte_ports::audit::Actor::Ponte, world.now())
        .unwrap()
        .consent;
    let store = world.store.clone();
    world.lists(LOAN, move |now| {
        store.consents.lock().unwrap().insert("urn:banco:1".to_owned(), ended.clone());
        Ok(vec![loan(1, now)])
    });
    // The call that was let in before the end is answered; the next one is not.
    assert_eq!(world.get(RESOURCES, "").await.status, 200);
    for path in [RESOURCES, LOANS] {
        assert_eq!(world.get(path, "").await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn c60_a_list_whose_kind_is_closed_meanwhile_shows_no_closed_product() {
    let world = loans();
    world.lists(LOAN, |now| Ok(vec![loan(1, now), listed(2, Status::Unavailable, now)]));
    world.answers(&json!([contract(1), contract(2)]), Some(2));
    let reply = world.get(LOANS, "").await;
    assert_eq!(reply.body["data"], json!([{"contractId": "public-1", "ipocCode": "1"}]));
    world.lists(LOAN, |_| Err(InstitutionFault::NotReady(None)));
    world.clock.wait(LATER);
    assert_eq!(world.get(LOANS, "").await.body["data"][0]["contractId"], "public-1");
}
