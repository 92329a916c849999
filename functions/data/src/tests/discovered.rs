//! Products that no customer chooses: discovered when a client asks, shown with their status, read by their ids (C60 to C62).

mod ageing;
mod at_once;
mod day_border;
pub(super) mod examples;
mod many;
mod records;
mod status;

use std::time::Duration;

use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_ports::{InstitutionFault, Limit, PortError};
use ponte_values::{Moment, Permission, ResourceKind};
use serde_json::json;

use super::RESOURCES;
use examples::{CREDIT, FUND, LOAN, credit, listed, loan, of, resource};

const MINUTE: Duration = Duration::from_mins(1);
const MOMENT: Duration = Duration::from_millis(1);

#[tokio::test]
async fn c60_c62_chosen_and_discovered_products_are_shown_and_asked_for_once() {
    let world = credit(&[Status::Available]);
    world.lists(LOAN, |now| Ok(vec![loan(12, now), loan(11, now)]));
    world.lists(FUND, |now| Ok(vec![listed(21, Status::TemporarilyUnavailable, now)]));
    let reply = world.get(RESOURCES, "").await;
    let expected = json!([
        resource(1, "ACCOUNT", "AVAILABLE"),
        resource(11, "LOAN", "AVAILABLE"),
        resource(12, "LOAN", "AVAILABLE"),
        resource(21, "FUND", "TEMPORARILY_UNAVAILABLE"),
    ]);
    assert_eq!((reply.status, &reply.body["data"]), (200, &expected), "{}", reply.body);
    assert_eq!(reply.body["meta"]["totalRecords"], 4);
    // Every kind of the permissions, within the time of the row; one that is not implemented has no products.
    let asked = world.discovered();
    let kinds: Vec<&str> = asked.iter().map(|(kind, _)| *kind).collect();
    let credit = ["LOAN", "FINANCING", "UNARRANGED_ACCOUNT_OVERDRAFT", "INVOICE_FINANCING", "FUND"];
    assert_eq!(kinds, credit);
    assert!(asked.iter().all(|(_, budget)| *budget == Duration::from_millis(1_500)), "{asked:?}");
    assert_eq!(world.get(RESOURCES, "").await.body["data"], expected);
    assert!(world.discovered().is_empty(), "what was answered counts until its end");
    assert!(world.store.audit.lock().unwrap().is_empty(), "a first answer changes nothing that was seen");
}

#[tokio::test]
async fn a_consent_without_such_permissions_asks_nobody_and_reads_nothing_more() {
    let world = of(&[Permission::AccountsRead, Permission::ResourcesRead], &[Status::Available]);
    assert_eq!(world.get(RESOURCES, "").await.status, 200);
    assert!(world.discovered().is_empty());
    assert_eq!(world.store.discovered_reads.load(std::sync::atomic::Ordering::Relaxed), 0);
}

/// The ends of the products of an answer.
type Ends = fn(Moment) -> Vec<Moment>;

#[tokio::test]
async fn c62_an_answer_counts_until_its_end_within_a_minute_and_a_day_and_new_products_appear() {
    let day = Duration::from_hours(24);
    let cases: [(Ends, Duration); 5] = [
        (|now| vec![now.minus(MINUTE)], MINUTE),
        (|now| vec![now.plus(5 * MINUTE), now.plus(9 * MINUTE)], 5 * MINUTE),
        (|now| vec![now.plus(Duration::from_hours(25))], day),
        (|now| vec![now.plus(Duration::from_hours(24))], day),
        (|_| Vec::new(), Duration::from_hours(1)),
    ];
    for (ends, counts) in cases {
        let world = of(&[Permission::LoansRead, Permission::ResourcesRead], &[]);
        let products = move |now| {
            let until = |(end, number)| ponte_data_consent::ports::ListedResource {
                valid_until: end,
                ..loan(number, now)
            };
            ends(now).into_iter().zip(1..).map(until).collect::<Vec<_>>()
        };
        world.lists(LOAN, move |now| Ok(products(now)));
        let first = world.get(RESOURCES, "").await.body["meta"]["totalRecords"].clone();
        world.lists(LOAN, move |now| {
            Ok(products(now).into_iter().chain([loan(50, now.plus(5 * MINUTE))]).collect())
        });
        world.clock.wait(counts.saturating_sub(MOMENT));
        assert_eq!(world.get(RESOURCES, "").await.body["meta"]["totalRecords"], first);
        assert_eq!(world.discovered().len(), 1, "{counts:?}");
        world.clock.wait(MOMENT);
        let later = world.get(RESOURCES, "").await.body["meta"]["totalRecords"].as_u64();
        assert_eq!((later, world.discovered().len()), (first.as_u64().map(|n| n + 1), 1), "{counts:?}");
    }
}

#[tokio::test]
async fn c61_until_it_is_ready_the_client_is_told_to_ask_again_for_five_minutes() {
    let faults: [fn() -> InstitutionFault; 2] =
        [|| InstitutionFault::NotReady(None), || PortError::timeout("layer", "1.5 s").into()];
    for fault in faults {
        let world = of(&[Permission::LoansRead, Permission::ResourcesRead], &[]);
        world.lists(LOAN, move |_| Err(fault()));
        for _ in 0..5 {
            let reply = world.get(RESOURCES, "").await;
            assert_eq!((reply.status, &reply.body), (202, &json!(null)));
            world.clock.wait(MINUTE.saturating_sub(MOMENT));
        }
        world.clock.wait(5 * MOMENT);
        let reply = world.get(RESOURCES, "").await;
        assert_eq!((reply.status, reply.code()), (504, "TEMPO_ESGOTADO"), "{}", reply.body);
        assert_eq!(world.discovered().len(), 6, "each call asks");
        world.lists(LOAN, |now| Ok(vec![loan(1, now)]));
        let reply = world.get(RESOURCES, "").await;
        assert_eq!((reply.status, &reply.body["data"]), (200, &json!([resource(1, "LOAN", "AVAILABLE")])));
    }
}

#[tokio::test]
async fn lb04_a_clock_that_was_ahead_neither_ends_the_five_minutes_nor_makes_them_hours() {
    for (ahead, status) in [(30, 202), (60, 202), (61, 504), (7_200, 504)] {
        let world = of(&[Permission::LoansRead, Permission::ResourcesRead], &[]);
        world.lists(LOAN, |_| Err(InstitutionFault::NotReady(None)));
        assert_eq!(world.get(RESOURCES, "").await.status, 202);
        world.clock.forward(-ahead);
        assert_eq!(world.get(RESOURCES, "").await.status, status, "{ahead} s");
    }
}

#[tokio::test]
async fn c61_the_202_is_reported_and_has_the_headers_of_the_row() {
    let world = of(&[Permission::LoansRead, Permission::ResourcesRead], &[]);
    world.lists(LOAN, |_| Err(InstitutionFault::NotReady(None)));
    assert_eq!(world.get(RESOURCES, "").await.status, 202);
    assert_eq!(world.report()["statusCode"], 202);
    assert!(ponte_catalog::resources::LIST.codes.contains(&202));
}

#[tokio::test]
async fn c61_after_five_minutes_what_is_known_is_shown_without_what_is_not() {
    let world = credit(&[Status::Available]);
    world.lists(LOAN, |_| Err(InstitutionFault::NotReady(None)));
    world.lists(FUND, |now| Ok(vec![listed(21, Status::Available, now)]));
    assert_eq!(world.get(RESOURCES, "").await.status, 202);
    assert_eq!(world.discovered().len(), CREDIT.len());
    world.clock.wait(5 * MINUTE);
    let reply = world.get(RESOURCES, "").await;
    let known = json!([resource(1, "ACCOUNT", "AVAILABLE"), resource(21, "FUND", "AVAILABLE")]);
    assert_eq!((reply.status, &reply.body["data"]), (200, &known), "{}", reply.body);
    assert_eq!(world.discovered().len(), 1, "the others were answered");
}

#[tokio::test]
async fn t63_a_kind_that_fails_hides_no_other_and_what_was_known_of_it_stays() {
    let world = credit(&[]);
    world.lists(LOAN, |now| Ok(vec![loan(11, now)]));
    world.lists(FUND, |_| Err(PortError::new("layer", "status 500").into()));
    let loans = json!([resource(11, "LOAN", "AVAILABLE")]);
    let reply = world.get(RESOURCES, "").await;
    assert_eq!((reply.status, &reply.body["data"]), (200, &loans));
    // The next day the loans fail too, in every way there is.
    let faults: [fn() -> InstitutionFault; 6] = [
        || PortError::new("layer", "status 500").into(),
        || PortError::timeout("layer", "1.5 s").into(),
        || InstitutionFault::NotReady(None),
        || InstitutionFault::NotFound,
        || InstitutionFault::Refused("CLIENTE_BLOQUEADO".to_owned()),
        || InstitutionFault::Limited(Limit::Traffic, None),
    ];
    for fault in faults {
        world.clock.wait(Duration::from_hours(25));
        world.lists(LOAN, move |_| Err(fault()));
        world.discovered();
        let reply = world.get(RESOURCES, "").await;
        assert_eq!((reply.status, &reply.body["data"]), (200, &loans));
        assert!(world.discovered().iter().any(|(kind, _)| *kind == "LOAN"), "it was asked again");
    }
}

#[tokio::test]
async fn t63_where_nothing_is_known_at_all_a_failure_is_told_as_it_is() {
    type Case = (fn() -> InstitutionFault, i64);
    let cases: [Case; 4] = [
        (|| PortError::new("layer", "status 500").into(), 500),
        (|| PortError::overloaded("layer", "503").into(), 529),
        (|| InstitutionFault::Limited(Limit::Traffic, None), 429),
        (|| InstitutionFault::Refused("CLIENTE_BLOQUEADO".to_owned()), 422),
    ];
    for (fault, status) in cases {
        let world = of(&[Permission::LoansRead, Permission::ResourcesRead], &[]);
        world.lists(LOAN, move |_| Err(fault()));
        let reply = world.get(RESOURCES, "").await;
        assert_eq!(reply.status, status, "{}", reply.body);
        assert!(ponte_catalog::resources::LIST.codes.contains(&u16::try_from(status).unwrap()));
    }
}

#[tokio::test]
async fn c61_z_res_03_nothing_to_share_is_an_empty_list() {
    let world = of(&[Permission::LoansRead, Permission::ResourcesRead], &[]);
    world.lists(LOAN, |_| Ok(Vec::new()));
    for _ in 0..2 {
        let reply = world.get(RESOURCES, "").await;
        assert_eq!((reply.status, &reply.body["data"]), (200, &json!([])));
        assert_eq!(reply.body["meta"]["totalRecords"], 0);
    }
    assert_eq!(world.discovered().len(), 1);
}

#[tokio::test]
async fn c04_an_ended_consent_shows_nothing_of_what_was_discovered() {
    let world = credit(&[]);
    world.lists(LOAN, |now| Ok(vec![loan(11, now)]));
    assert_eq!(world.get(RESOURCES, "").await.status, 200);
    let consent = world.consent();
    let by = ponte_data_consent::consent::RejectedBy::User;
    let ended = consent.revoke(by, ponte_ports::audit::Actor::Ponte, world.now()).unwrap().consent;
    world.put(ended);
    for path in [RESOURCES, examples::LOANS, &format!("{}/public-11", examples::LOANS)] {
        let reply = world.get(path, "").await;
        assert_eq!((reply.status, reply.body["data"].is_null()), (401, true), "{path}");
    }
}

#[test]
fn c60_every_kind_that_no_customer_chooses_is_discovered() {
    assert!(ResourceKind::ALL.iter().filter(|kind| !kind.selectable()).count() >= 9);
}
