//! A thousand contracts of one customer: written once, in steps that may be cut off, and read in bounds.

use std::sync::atomic::Ordering;
use std::time::Duration;

use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_values::Permission;
use serde_json::{Value, json};

use super::super::RESOURCES;
use super::super::world::World;
use super::examples::{FUND, LOAN, LOANS, contract, listed, loan, of};

fn world_of(count: u32) -> World {
    let world = of(&[Permission::LoansRead, Permission::ResourcesRead], &[]);
    world.lists(LOAN, move |now| Ok((1..=count).map(|number| loan(number, now)).collect()));
    world
}

fn writes(world: &World) -> usize {
    world.store.discovered_writes.swap(0, Ordering::Relaxed)
}

#[tokio::test]
async fn a_thousand_contracts_are_written_once_and_shown_in_pages() {
    let world = world_of(1_000);
    let mut seen: Vec<String> = Vec::new();
    for page in 1..=40 {
        let reply = world.get(RESOURCES, &format!("page={page}")).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(reply.body["meta"]["totalRecords"], 1_000);
        let data = reply.body["data"].as_array().unwrap();
        assert_eq!(data.len(), 25);
        seen.extend(data.iter().map(|product| product["resourceId"].as_str().unwrap().to_owned()));
    }
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), writes(&world)), (1_000, 1_000));
    assert_eq!(world.get(RESOURCES, "page=41").await.code(), "PAGE_NOT_FOUND");
    let whole = world.get(RESOURCES, "page-size=1000").await;
    assert_eq!(whole.body["data"].as_array().map(Vec::len), Some(1_000));
    assert_eq!(world.discovered().len(), 1);
    // The next day one of them is closed: one is written.
    world.lists(LOAN, |now| {
        let status = |number| if number == 500 { Status::Unavailable } else { Status::Available };
        Ok((1..=1_000).map(|number| listed(number, status(number), now)).collect())
    });
    world.clock.wait(Duration::from_hours(25));
    let reply = world.get(RESOURCES, "page-size=1000").await;
    let closed = json!({"resourceId": "public-500", "type": "LOAN", "status": "UNAVAILABLE"});
    assert!(reply.body["data"].as_array().unwrap().contains(&closed));
    assert_eq!((writes(&world), world.store.notices.lock().unwrap().len()), (1, 1));
}

#[tokio::test]
async fn t01_an_answer_that_is_cut_off_between_its_steps_is_shown_as_a_whole_or_not_at_all() {
    let world = world_of(1_000);
    world.store.discoveries_until.store(6, Ordering::Relaxed);
    assert_eq!(world.get(RESOURCES, "").await.status, 500, "the store failed in the middle");
    let cut = writes(&world);
    assert_eq!(cut, 400);
    // Before the rest is there nobody takes the beginning for the whole.
    world.store.discoveries_until.store(0, Ordering::Relaxed);
    world.lists(LOAN, |_| Err(ponte_ports::InstitutionFault::NotReady(None)));
    assert_eq!(world.get(RESOURCES, "").await.status, 202);
    assert_eq!(world.get(LOANS, "").await.status, 504);
    writes(&world);
    world.lists(LOAN, |now| Ok((1..=1_000).map(|number| loan(number, now)).collect()));
    let reply = world.get(RESOURCES, "").await;
    assert_eq!(reply.body["meta"]["totalRecords"], 1_000);
    assert_eq!(writes(&world), 600, "what was there already is not written again");
}

#[tokio::test]
async fn a_list_of_a_thousand_contracts_shows_each_under_its_own_id() {
    let world = world_of(1_000);
    let all: Vec<Value> = (1..=1_000).map(contract).collect();
    world.answers(&Value::from(all), Some(1_000));
    let reply = world.get(LOANS, "page-size=1000").await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let data = reply.body["data"].as_array().unwrap();
    assert!(
        data.iter()
            .all(|record| record["contractId"] == format!("public-{}", record["ipocCode"].as_str().unwrap()))
    );
    assert_eq!((data.len(), world.told().len()), (1_000, 1_000));
}

#[tokio::test]
async fn one_of_a_thousand_contracts_is_found_by_two_reads() {
    let world = world_of(1_000);
    world.get(RESOURCES, "").await;
    world.answers(&json!({"contractNumber": "7"}), None);
    let before = world.store.discovered_reads.load(Ordering::Relaxed);
    let reply = world.get(&format!("{LOANS}/public-777"), "").await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(world.store.discovered_reads.load(Ordering::Relaxed) - before, 2, "it and the state");
    assert_eq!(world.told(), ["public-777"], "the layer is told of no other");
}

/// The table cleans these away, as its items say from when on it may.
fn cleaned(world: &World, numbers: std::ops::RangeInclusive<u32>) {
    let mut discovered = world.store.discovered.lock().unwrap();
    for number in numbers {
        let id = format!("public-{number}");
        let products = &mut discovered.get_mut("urn:banco:1").unwrap().products;
        let before = products.len();
        products.retain(|_, product| product.resource.id != id || product.kept_until > world.now());
        assert_eq!(products.len(), before - 1, "{id} is kept for longer");
    }
}

#[tokio::test]
async fn c61_closed_products_that_are_forgotten_are_counted_no_more() {
    let world = world_of(3);
    world.get(RESOURCES, "").await;
    world.lists(LOAN, |now| Ok((1..=3).map(|number| listed(number, Status::Unavailable, now)).collect()));
    world.clock.wait(Duration::from_hours(25));
    world.get(RESOURCES, "").await;
    let notices = world.store.notices.lock().unwrap().len();
    for days in [150, 150, 70] {
        world.lists(LOAN, |now| Ok(vec![listed(1, Status::Unavailable, now)]));
        world.clock.wait(Duration::from_hours(24 * days));
        assert_eq!(world.get(RESOURCES, "").await.body["meta"]["totalRecords"], 3);
    }
    cleaned(&world, 2..=3);
    world.clock.wait(Duration::from_hours(25));
    let reply = world.get(RESOURCES, "").await;
    assert_eq!((reply.status, &reply.body["meta"]["totalRecords"]), (200, &json!(1)), "{}", reply.body);
    assert_eq!(world.store.notices.lock().unwrap().len(), notices, "nobody is told");
    // Where all are gone the institution may say that it has none.
    world.lists(LOAN, |_| Ok(Vec::new()));
    world.clock.wait(Duration::from_hours(24 * 366));
    cleaned(&world, 1..=1);
    world.lists(LOAN, |_| Err(ponte_ports::InstitutionFault::NotFound));
    let reply = world.get(RESOURCES, "").await;
    assert_eq!((reply.status, &reply.body["data"]), (200, &json!([])), "{}", reply.body);
}

#[tokio::test]
async fn c61_a_client_that_comes_back_after_a_year_finds_each_product_once() {
    let world = world_of(30);
    assert_eq!(world.get(RESOURCES, "").await.body["meta"]["totalRecords"], 30);
    world.clock.wait(Duration::from_hours(24 * 366));
    cleaned(&world, 1..=30);
    // Nothing of it is known any more, and that there is nothing would be a lie.
    world.lists(LOAN, |_| Err(ponte_ports::InstitutionFault::NotReady(None)));
    assert_eq!(world.get(RESOURCES, "").await.status, 202);
    world.lists(LOAN, |now| Ok((1..=30).map(|number| loan(number, now)).collect()));
    let reply = world.get(RESOURCES, "page-size=1000").await;
    assert_eq!(reply.body["meta"]["totalRecords"], 30);
    assert_eq!(reply.body["data"].as_array().map(Vec::len), Some(30));
    assert!(world.store.notices.lock().unwrap().is_empty() && world.store.audit.lock().unwrap().is_empty());
}

#[tokio::test]
async fn c61_what_is_cleaned_away_between_two_pages_repeats_and_hides_no_other() {
    let world = of(&[Permission::LoansRead, Permission::FundsRead, Permission::ResourcesRead], &[]);
    world.lists(LOAN, |now| Ok((1..=10).map(|number| loan(number, now)).collect()));
    world.lists(FUND, |now| Ok((21..=60).map(|number| loan(number, now)).collect()));
    world.get(RESOURCES, "").await;
    {
        let mut discovered = world.store.discovered.lock().unwrap();
        let products = &mut discovered.get_mut("urn:banco:1").unwrap().products;
        products.retain(|_, product| product.resource.id != "public-3");
    }
    let mut seen = Vec::new();
    for page in 1..=2 {
        let reply = world.get(RESOURCES, &format!("page={page}")).await;
        assert_eq!(reply.body["meta"]["totalRecords"], 50);
        let data = reply.body["data"].as_array().unwrap();
        seen.extend(data.iter().map(|product| product["resourceId"].as_str().unwrap().to_owned()));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 49);
}

#[tokio::test]
async fn products_are_kept_for_as_long_as_they_are_listed_and_renewed_twice_a_year() {
    let world = world_of(3);
    world.get(RESOURCES, "").await;
    assert_eq!(writes(&world), 3);
    let days = |days: u64| Duration::from_hours(24 * days);
    for (passed, written) in [(30, 0), (150, 0), (10, 3), (30, 0)] {
        world.clock.wait(days(passed));
        assert_eq!(world.get(RESOURCES, "").await.status, 200);
        assert_eq!(writes(&world), written, "after {passed} days more");
    }
    assert!(world.store.notices.lock().unwrap().is_empty(), "nobody is told");
    // A closed one that is not listed any more may be forgotten.
    world.lists(LOAN, |now| Ok(vec![loan(1, now), listed(2, Status::Unavailable, now)]));
    world.clock.wait(days(1));
    world.get(RESOURCES, "").await;
    assert_eq!(writes(&world), 2, "the second is closed, the third is gone");
    world.lists(LOAN, |now| Ok(vec![loan(1, now)]));
    world.clock.wait(days(200));
    world.get(RESOURCES, "").await;
    assert_eq!(writes(&world), 2, "the first and the third");
}
