//! Limits at the edge: 64 environments that share the counts, each with a call at the same time (T55, T56); and what goes on with
//! a list that was counted (C53).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_kit::call_counts::CallCountsInMemory;
use ponte_ports::limits::{CallLimitSettings, CallsAMonth, CallsASecond};
use ponte_ports::{InstitutionFault, PortError};
use ponte_values::Moment;
use serde_json::{Value, json};

use super::world::{Reply, World};
use super::{ACCOUNTS, RESOURCES};

const ONE: &str = "/open-banking/accounts/v2/accounts/public-1";
const BALANCES: &str = "/open-banking/accounts/v2/accounts/public-1/balances";
const TRANSACTIONS: &str = "/open-banking/accounts/v2/accounts/public-1/transactions";

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

/// One environment over two accounts, with the limits that the regulation leaves.
fn environment(counts: &Arc<CallCountsInMemory>, settings: CallLimitSettings) -> World {
    let world = World::sharing(&[Status::Available, Status::Available]).limited(counts, settings);
    world.answers(&json!([{"transactionId": "t1"}]), Some(51));
    world.answers_objects(&json!({}));
    world
}

fn alone() -> (Arc<CallCountsInMemory>, World) {
    let counts = Arc::new(CallCountsInMemory::default());
    let world = environment(&counts, CallLimitSettings::default());
    (counts, world)
}

fn many(settings: CallLimitSettings) -> (Arc<CallCountsInMemory>, Vec<World>) {
    let counts = Arc::new(CallCountsInMemory::default());
    let worlds = (0..64).map(|_| environment(&counts, settings)).collect();
    (counts, worlds)
}

/// Settings under which no limit a month is met.
fn no_months() -> CallLimitSettings {
    CallLimitSettings { a_month: CallsAMonth::parse("off").unwrap(), ..CallLimitSettings::default() }
}

/// One call of each environment at the same time; how many had each status.
async fn at_once(worlds: &[World], path: &str) -> (usize, Vec<Reply>) {
    let replies = join_all(worlds.iter().map(|world| world.get(path, ""))).await;
    let (served, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
    (served.len(), refused)
}

/// Calls of every environment at this moment, so often; how many were served, and what the others got.
async fn rounds(worlds: &[World], path: &str, now: &str, times: usize) -> (usize, Vec<Reply>) {
    let (mut served, mut refused) = (0, Vec::new());
    for _ in 0..times {
        // Reading the clock moves it by nothing: what is called at the last moment of a minute is counted there.
        for world in worlds {
            world.clock.set(at(now));
        }
        let (more, others) = at_once(worlds, path).await;
        served += more;
        refused.extend(others);
    }
    (served, refused)
}

fn detail(reply: &Reply) -> &str {
    reply.body["errors"][0]["detail"].as_str().unwrap()
}

/// Lists and objects that were counted for the month.
fn months(counts: &CallCountsInMemory) -> u64 {
    counts.of(|count| !count.of.starts_with("second") && !count.of.starts_with("minute"))
}

#[tokio::test]
async fn t56_of_64_calls_at_once_the_limit_of_the_month_is_served_exactly() {
    let (counts, worlds) = many(CallLimitSettings::default());
    let (served, refused) = at_once(&worlds, ONE).await;
    assert_eq!((served, refused.len(), months(&counts)), (8, 56, 8));
    for reply in &refused {
        assert_eq!((reply.status, reply.code()), (423, "LIMITE_OPERACIONAL_EXCEDIDO"));
        assert!(detail(reply).contains("limite de 8 consultas por mês"), "{}", detail(reply));
        assert!(detail(reply).contains("2026-04-01T03:00:00Z"), "{}", detail(reply));
        // From noon UTC on the first of March to midnight in Brasília on the first of April.
        assert_eq!(reply.retry_after.as_deref(), Some("2646000"));
    }
    for (path, limit) in [(BALANCES, 64), ("/open-banking/accounts/v2/accounts/public-2", 8), (ACCOUNTS, 8)] {
        assert_eq!(at_once(&worlds, path).await.0, limit, "{path} has its own count");
    }
    let (served, _) = rounds(&worlds, RESOURCES, "2026-03-01T12:00:01Z", 1).await;
    assert_eq!(served, 64, "what counts no months is served");
}

#[tokio::test]
async fn t56_the_month_turns_at_midnight_in_brasilia() {
    let (counts, worlds) = many(CallLimitSettings::default());
    for (now, served) in [
        ("2026-04-01T02:59:59.999Z", 8),
        ("2026-04-01T02:59:59.999Z", 0),
        ("2026-04-01T03:00:00.000Z", 8),
        ("2026-04-30T23:00:00Z", 0),
        ("2026-05-01T03:00:00Z", 8),
    ] {
        assert_eq!(rounds(&worlds, ONE, now, 1).await.0, served, "{now}");
    }
    assert_eq!(months(&counts), 24);
}

#[tokio::test]
async fn t56_a_call_that_fails_is_not_counted() {
    let (counts, world) = alone();
    world.fails(|| PortError::timeout("layer", "4 s").into());
    for _ in 0..20 {
        assert_eq!(world.get(ONE, "").await.status, 504);
    }
    world.fails(|| InstitutionFault::NotFound);
    assert_eq!(world.get(ONE, "").await.status, 404);
    let (_, other) = alone();
    let world_of = |query: &'static str| other.get(TRANSACTIONS, query);
    for (query, status) in [("page=4", 422), ("page-size=1001", 422), ("page=0", 400)] {
        assert_eq!(world_of(query).await.status, status, "{query}");
    }
    other.answers(&json!([{"transactionId": "x".repeat(6 * 1024 * 1024)}]), Some(1));
    assert_eq!(world_of("").await.status, 500, "above what the gateway takes");
    assert_eq!(months(&counts), 0);
    other.answers(&json!([]), Some(0));
    for call in 0..9 {
        assert_eq!(world_of("").await.status, if call < 8 { 200 } else { 423 }, "call {call}");
    }
}

#[tokio::test]
async fn c53_pages_that_go_on_by_the_key_are_not_counted_and_are_served_beyond_the_limit() {
    let (counts, world) = alone();
    let mut first = world.get(TRANSACTIONS, "page-size=10&creditDebitIndicator=CREDITO").await;
    for _ in 1..8 {
        first = world.get(TRANSACTIONS, "page-size=10&creditDebitIndicator=CREDITO").await;
    }
    assert_eq!((first.status, months(&counts)), (200, 8));
    let links = &first.body["links"];
    let key = links["self"].as_str().unwrap().split_once("pagination-key=").unwrap().1.split('&').next();
    let mut next = links["next"].clone();
    let mut page = 1;
    while next.is_string() {
        let reply = world.follow(&next).await;
        page += 1;
        assert_eq!(reply.status, 200, "page {page}: {}", reply.body);
        for link in reply.body["links"].as_object().unwrap().values() {
            let link = link.as_str().unwrap();
            assert_eq!(link.split_once("pagination-key=").unwrap().1.split('&').next(), key, "{link}");
            assert!(
                link.contains("creditDebitIndicator=CREDITO") && link.ends_with("&page-size=10"),
                "{link}"
            );
        }
        next = reply.body["links"]["next"].clone();
    }
    assert_eq!((page, months(&counts)), (6, 8), "the pages of one list are one call");
    let asked = world.asked().len();
    for query in ["", "page=2", "page=3&page-size=1", "page=2&pagination-key=AAAA"] {
        assert_eq!(world.get(TRANSACTIONS, query).await.status, 423, "{query}");
    }
    assert!(world.asked().len() <= asked + 1, "the layer is not asked in vain");
    // What the key was made for is all that it is good for.
    let key = key.unwrap();
    for (path, query, status) in [
        (TRANSACTIONS, format!("page=2&pagination-key={key}"), 423),
        (TRANSACTIONS, format!("page=2&creditDebitIndicator=DEBITO&pagination-key={key}"), 423),
        (ACCOUNTS, format!("pagination-key={key}"), 200),
    ] {
        assert_eq!(world.get(path, &query).await.status, status, "{path} {query}");
    }
    assert_eq!(months(&counts), 9, "a borrowed key is as good as none");
}

#[tokio::test]
async fn c53_a_page_without_a_key_with_another_s_or_after_an_hour_is_counted_and_gets_a_new_one() {
    let (counts, world) = alone();
    let first = world.get(TRANSACTIONS, "page-size=10").await;
    let next = first.body["links"]["next"].clone();
    for (query, counted) in [("page=2", 2), ("page=2&pagination-key=invented", 3), ("page=3&page-size=1", 4)]
    {
        let reply = world.get(TRANSACTIONS, query).await;
        assert_eq!((reply.status, months(&counts)), (200, counted), "{query}");
        assert!(reply.body["links"]["self"].as_str().unwrap().contains("pagination-key="), "{query}");
    }
    world.clock.wait(Duration::from_mins(59));
    assert_eq!((world.follow(&next).await.status, months(&counts)), (200, 4));
    world.clock.wait(Duration::from_mins(1));
    let late = world.follow(&next).await;
    assert_eq!((late.status, months(&counts)), (200, 5));
    assert_ne!(late.body["links"]["self"], next, "with a new key");
    assert_eq!((world.follow(&late.body["links"]["next"]).await.status, months(&counts)), (200, 5));
}

#[tokio::test]
async fn c53_c57_a_list_without_dates_is_about_the_day_on_which_it_began() {
    let (_, world) = alone();
    world.clock.set(at("2026-03-02T02:59:00Z"));
    let first = world.get(TRANSACTIONS, "page-size=10").await;
    world.clock.wait(Duration::from_mins(2));
    world.follow(&first.body["links"]["next"]).await;
    world.get(TRANSACTIONS, "page=2&page-size=10").await;
    let days: Vec<_> = world.asked().into_iter().map(|asked| asked.filters[0].1.clone()).collect();
    assert_eq!(days, ["2026-03-01", "2026-03-01", "2026-03-02"]);
}

#[tokio::test]
async fn c53_a_row_without_keys_counts_its_first_pages_alone() {
    let (counts, world) = alone();
    world.answers(&json!([{"reservedName": "a", "reservedIdentification": "b"}]), Some(51));
    let path = format!("{ONE}/reserved-balances");
    for (query, counted) in [("", 1), ("page=2", 1), ("page=1", 2), ("page=3&pagination-key=x", 2)] {
        let reply = world.get(&path, query).await;
        assert_eq!((reply.status, months(&counts)), (200, counted), "{query}");
        assert!(!reply.body["links"].to_string().contains("pagination-key"));
    }
}

#[tokio::test]
async fn t55_l03_64_environments_serve_the_calls_of_a_minute_to_its_last_moment() {
    let raised = CallLimitSettings { a_second: CallsASecond::parse("1000000").unwrap(), ..no_months() };
    let (_, worlds) = many(raised);
    for (now, resets, wait) in [
        ("2026-03-01T12:00:59.999Z", "2026-03-01T12:01:00Z", "1"),
        ("2026-03-01T12:01:00.000Z", "2026-03-01T12:02:00Z", "60"),
    ] {
        let (served, refused) = rounds(&worlds, ACCOUNTS, now, 18).await;
        assert!((1_000..=1_064).contains(&served), "{now}: {served} of 1,152");
        for reply in &refused {
            assert_eq!((reply.status, reply.code()), (429, "LIMITE_TRAFEGO_EXCEDIDO"));
            assert_eq!(reply.retry_after.as_deref(), Some(wait));
            assert!(detail(reply).contains("1000 requisições por minuto"), "{}", detail(reply));
            assert!(detail(reply).contains(resets), "{}", detail(reply));
        }
    }
}

#[tokio::test]
async fn l04_64_environments_serve_the_calls_of_a_second_and_then_refuse_all_rows_alike() {
    let (_, worlds) = many(no_months());
    let (served, _) = rounds(&worlds, ACCOUNTS, "2026-03-01T12:00:00.999Z", 8).await;
    assert!((300..=300 + 64).contains(&served), "{served} of 512");
    let (served, refused) = rounds(&worlds, RESOURCES, "2026-03-01T12:00:00.999Z", 1).await;
    assert_eq!(served, 0, "of all rows together");
    for reply in &refused {
        assert_eq!((reply.status, reply.code()), (529, "SOBRECARGA"));
        assert_eq!(reply.retry_after.as_deref(), Some("1"));
        assert!(detail(reply).contains("300 requisições por segundo"), "{}", detail(reply));
    }
    let (served, _) = rounds(&worlds, RESOURCES, "2026-03-01T12:00:01.000Z", 8).await;
    assert!((300..=364).contains(&served), "{served} of 512");
}

#[tokio::test]
async fn l03_l04_l06_counts_that_do_not_answer_refuse_nobody() {
    let (counts, worlds) = many(CallLimitSettings::default());
    counts.fails.store(true, Ordering::Relaxed);
    let (served, _) = rounds(&worlds, ONE, "2026-03-01T12:00:00.999Z", 20).await;
    assert_eq!(served, 20 * 64);
    counts.fails.store(false, Ordering::Relaxed);
    counts.hangs.store(true, Ordering::Relaxed);
    assert_eq!(worlds[0].get(ONE, "").await.status, 200);
}

#[tokio::test]
async fn l06_what_is_not_limited_costs_no_write_far_from_the_limits() {
    let (counts, world) = alone();
    for second in 0..30 {
        world.clock.set(at("2026-03-01T12:00:00Z").plus(Duration::from_secs(second)));
        assert_eq!(world.get(RESOURCES, "").await.status, 200);
    }
    assert_eq!(
        counts.writes.load(Ordering::Relaxed),
        7,
        "one for four calls, where each is in a second of its own"
    );
    assert_eq!(world.get("/open-banking/accounts/v2/unknown", "").await.status, 404);
    assert_eq!(counts.writes.load(Ordering::Relaxed), 7);
}

#[tokio::test]
async fn l03_l04_l06_a_first_page_far_from_the_limits_costs_a_write_and_a_half_and_one_by_its_key_half_a_write()
 {
    let (counts, world) = alone();
    let mut next = Value::Null;
    for second in 0..40 {
        world.clock.set(at("2026-03-01T12:00:00Z").plus(Duration::from_secs(second)));
        let reply = world.get(&format!("{TRANSACTIONS}-current"), "").await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        next = reply.body["links"]["next"].clone();
    }
    assert_eq!(
        counts.writes.load(Ordering::Relaxed),
        40 + 10 + 10,
        "the months, and every fourth second and minute"
    );
    for second in 40..60 {
        world.clock.set(at("2026-03-01T12:00:00Z").plus(Duration::from_secs(second)));
        assert_eq!(world.follow(&next).await.status, 200);
    }
    assert_eq!(
        counts.writes.load(Ordering::Relaxed),
        60 + 5 + 5,
        "no month for the page of a list that was counted"
    );
}

#[tokio::test]
async fn c52_a_cap_lowers_the_page_before_the_layer_is_asked_and_self_shows_it() {
    let sharing = || World::sharing(&[Status::Available]);
    let world = sharing().capped("accountsGetAccountsAccountIdTransactions=100").unwrap();
    world.answers(&json!([{"transactionId": "t1"}]), Some(1_000));
    for (query, size) in [("page-size=1000", 100), ("page-size=101", 100), ("page-size=7", 7), ("", 25)] {
        let reply = world.get(TRANSACTIONS, query).await;
        let own = reply.body["links"]["self"].as_str().unwrap().to_owned();
        assert_eq!(own, format!("https://mtls.banco.example{TRANSACTIONS}?page=1&page-size={size}"));
        assert_eq!(world.asked().pop().unwrap().page, Some((1, size)), "{query}");
    }
    let reply = world.get(TRANSACTIONS, "page=10&page-size=1000").await;
    assert_eq!(
        (reply.status, &reply.body["links"]["next"]),
        (200, &Value::Null),
        "the pages are those of the cap"
    );
    assert_eq!(world.get(TRANSACTIONS, "page=11&page-size=1000").await.status, 422);
    assert_eq!(world.get(TRANSACTIONS, "page-size=1001").await.status, 422);
    world.get(&format!("{TRANSACTIONS}-current"), "page-size=1000").await;
    assert_eq!(world.asked().pop().unwrap().page, Some((1, 1_000)), "no other row");
    for wrong in [
        "accountsGetNothing=100",
        "accountsGetAccountsAccountIdBalances=100",
        "resourcesGetResources=24",
        "accountsGetAccounts=1001",
        "accountsGetAccounts=0",
    ] {
        assert!(sharing().capped(wrong).is_err(), "{wrong}");
    }
    assert!(sharing().capped("resourcesGetResources=25,accountsGetAccounts=1").is_ok());
}
