//! A product that is asked for by its id alone, by a client that lists nothing: its status is as old as the answer it is from, and no
//! older (C60, C62).

use std::sync::atomic::Ordering;
use std::time::Duration;

use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_data_consent::ports::{DiscoveredResources as _, DiscoveryCommit, ListedResource};
use ponte_ports::{InstitutionFault, Limit, PortError, Trail};
use ponte_values::Moment;
use serde_json::json;

use super::super::RESOURCES;
use super::super::world::World;
use super::examples::{LOAN, LOANS, credit, listed, loan};

const HOUR: Duration = Duration::from_hours(1);
const MOMENT: Duration = Duration::from_millis(1);

/// A loan that was listed and may be read.
async fn world() -> World {
    let world = credit(&[]);
    world.lists(LOAN, |now| Ok(vec![loan(11, now)]));
    world.answers(&json!({"contractNumber": "11"}), None);
    assert_eq!(world.get(RESOURCES, "").await.status, 200);
    world.discovered();
    world
}

/// Status and code of the loan by its id, and how often its kind was asked for.
async fn read(world: &World) -> (i64, String, usize) {
    let reply = world.get(&format!("{LOANS}/public-11"), "").await;
    let asked = world.discovered();
    assert!(asked.iter().all(|known| *known == ("LOAN", Duration::from_millis(1_500))), "{asked:?}");
    (reply.status, reply.code().to_owned(), asked.len())
}

/// The institution announces that its loans changed.
async fn announce(world: &World) {
    let consent = world.consent().id;
    let state = world.store.state(&consent).await.unwrap().unwrap().announced(LOAN);
    let (kept_until, trail) = (world.now(), Trail::new("a push".to_owned()));
    let commit = DiscoveryCommit { consent, state, kept_until, resources: Vec::new(), trail };
    world.store.commit(commit).await.unwrap();
}

fn served(asked: usize) -> (i64, String, usize) {
    (200, String::new(), asked)
}

fn refused(code: &str, asked: usize) -> (i64, String, usize) {
    (403, code.to_owned(), asked)
}

#[tokio::test]
async fn c62_an_id_is_served_by_its_old_status_until_the_answer_ends_and_no_longer() {
    type Listing = fn(Moment) -> Vec<ListedResource>;
    let blocked = "STATUS_RESOURCE_TEMPORARILY_UNAVAILABLE";
    let cases: [(Listing, &str); 3] = [
        (|now| vec![listed(11, Status::Unavailable, now)], "STATUS_RESOURCE_UNAVAILABLE"),
        (|now| vec![listed(11, Status::TemporarilyUnavailable, now)], blocked),
        (|now| vec![loan(12, now)], blocked),
    ];
    for (listing, code) in cases {
        let world = world().await;
        world.lists(LOAN, move |now| Ok(listing(now)));
        world.clock.wait(HOUR.saturating_sub(MOMENT));
        assert_eq!(read(&world).await, served(0));
        world.clock.wait(MOMENT);
        assert_eq!(read(&world).await, refused(code, 1));
        assert_eq!(read(&world).await, refused(code, 0), "the new answer counts too");
        assert_eq!(world.asked().len(), 1, "the layer is not asked for records of it again");
        assert_eq!(world.store.notices.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn c60_after_an_announcement_the_next_read_of_an_id_asks_again() {
    let world = world().await;
    assert_eq!(read(&world).await, served(0));
    announce(&world).await;
    assert_eq!(read(&world).await, served(1));
    world.lists(LOAN, |now| Ok(vec![listed(11, Status::TemporarilyUnavailable, now)]));
    assert_eq!(read(&world).await, served(0));
    announce(&world).await;
    assert_eq!(read(&world).await, refused("STATUS_RESOURCE_TEMPORARILY_UNAVAILABLE", 1));
    world.lists(LOAN, |now| Ok(vec![loan(11, now)]));
    announce(&world).await;
    assert_eq!(read(&world).await, served(1), "it is open again without a list");
}

#[tokio::test]
async fn t63_an_institution_that_does_not_answer_leaves_the_status_that_is_known() {
    let faults: [fn() -> InstitutionFault; 6] = [
        || PortError::new("layer", "status 500").into(),
        || PortError::timeout("layer", "1.5 s").into(),
        || InstitutionFault::NotReady(None),
        || InstitutionFault::NotFound,
        || InstitutionFault::Refused("CLIENTE_BLOQUEADO".to_owned()),
        || InstitutionFault::Limited(Limit::Traffic, None),
    ];
    for fault in faults {
        let world = world().await;
        world.lists(LOAN, move |_| Err(fault()));
        world.clock.wait(HOUR);
        assert_eq!(read(&world).await, served(1));
        assert_eq!(read(&world).await, served(1), "it is asked until it answers");
        let other = world.get(&format!("{LOANS}/public-12"), "").await;
        assert_eq!((other.status, other.code()), (404, "NAO_ENCONTRADO"));
    }
}

#[tokio::test]
async fn c60_a_product_that_is_unavailable_for_ever_is_not_asked_for_again() {
    let world = world().await;
    world.lists(LOAN, |now| Ok(vec![listed(11, Status::Unavailable, now)]));
    world.clock.wait(HOUR);
    assert_eq!(read(&world).await, refused("STATUS_RESOURCE_UNAVAILABLE", 1));
    world.clock.wait(HOUR);
    assert_eq!(read(&world).await, refused("STATUS_RESOURCE_UNAVAILABLE", 0));
}

#[tokio::test]
async fn a_product_by_its_id_costs_two_reads_and_none_of_them_waits_for_the_institution() {
    let world = world().await;
    let reads = || world.store.discovered_reads.load(Ordering::Relaxed);
    let before = reads();
    assert_eq!(read(&world).await, served(0));
    assert_eq!(reads() - before, 2, "it and the state");
    world.clock.wait(HOUR);
    let before = reads();
    assert_eq!(read(&world).await, served(1));
    assert_eq!(reads() - before, 4, "those of the kind, and it once more");
}
