//! Leases of calls a second and a minute, by a clock that is set: what environments serve together, exactly (T55).

use std::sync::atomic::Ordering;

use ponte_catalog::{Meta, Reach};
use ponte_kit::call_counts::CallCountsInMemory;
use ponte_kit::lines::Lines;
use ponte_ports::limits::{CallsAMinute, CallsAMonth, CallsASecond};
use ponte_values::{ClientId, ConsentId};

use super::*;
use crate::sample;

static LOW: Row =
    Row { limits: Limits::Operational { a_month: 8 }, ..sample::row(Meta::Time, &[], Reach::None) };
static HIGH: Row =
    Row { template: "/open-banking/things/v1/others", frequency: Frequency::High, ..copy(&LOW) };
static CONSENTS: Row = sample::row(Meta::Time, &[], Reach::None);

/// A row like another.
const fn copy(row: &Row) -> Row {
    let like = sample::row(Meta::Time, &[], Reach::None);
    Row { limits: row.limits, ..like }
}

const ONE: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
const OTHER: &str = "d770aef3-6784-41f7-8e0e-ff5f97bddb3a";

fn client(organisation: &str) -> Client {
    let id = ClientId::parse("client-1").unwrap();
    Client { id, organisation: OrganisationId::parse(organisation).unwrap() }
}

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

/// Settings under which no limit a second is met.
fn minutes() -> CallLimitSettings {
    CallLimitSettings { a_second: CallsASecond::parse("1000000").unwrap(), ..CallLimitSettings::default() }
}

fn environments(
    counts: &Arc<CallCountsInMemory>,
    settings: CallLimitSettings,
    number: u32,
) -> Vec<CallLimits> {
    (0..number).map(|_| CallLimits::new(counts.clone(), settings)).collect()
}

async fn call(limits: &CallLimits, row: &Row, organisation: &str, now: Moment) -> Result<(), LimitReached> {
    let uncounted = limits.admit(row, &client(organisation), now)?;
    limits.count(uncounted).await
}

/// Calls until each environment has refused one, all at once; how many were served.
async fn exhaust(environments: &[CallLimits], row: &Row, organisation: &str, now: Moment) -> u64 {
    let served = environments.iter().map(async |limits| {
        let mut served = 0_u64;
        while call(limits, row, organisation, now).await.is_ok() {
            served += 1;
            tokio::task::yield_now().await;
        }
        served
    });
    join_all(served).await.into_iter().sum()
}

#[tokio::test]
async fn t55_l03_a_minute_is_counted_to_its_last_moment_and_the_next_from_its_first() {
    let counts = Arc::new(CallCountsInMemory::default());
    let one = &environments(&counts, minutes(), 1);
    let (last, first) = (at("2026-03-01T12:00:59.999Z"), at("2026-03-01T12:01:00.000Z"));
    assert_eq!(exhaust(one, &LOW, ONE, at("2026-03-01T12:00:00.000Z")).await, 1_000);
    let reached = Reached { limit: 1_000, resets_at: first, now: last };
    assert_eq!(call(&one[0], &LOW, ONE, last).await, Err(LimitReached::Minute(reached)));
    assert_eq!(exhaust(one, &LOW, ONE, first).await, 1_000, "the next minute has its own");
    assert_eq!(exhaust(one, &LOW, ONE, at("2026-03-01T12:01:59.999Z")).await, 0);
    assert_eq!(exhaust(one, &LOW, ONE, at("2026-03-01T12:02:00.000Z")).await, 1_000);
}

#[tokio::test]
async fn t55_l03_what_is_called_at_the_last_moment_is_not_counted_in_the_next_minute() {
    let counts = Arc::new(CallCountsInMemory::default());
    let all = &environments(&counts, minutes(), 64);
    for limits in all {
        for _ in 0..10 {
            call(limits, &LOW, ONE, at("2026-03-01T12:00:59.999Z")).await.unwrap();
        }
    }
    let served = exhaust(all, &LOW, ONE, at("2026-03-01T12:01:00.000Z")).await;
    assert!((1_000..=1_064).contains(&served), "{served}");
}

#[tokio::test]
async fn t55_l03_64_environments_serve_the_floor_and_no_more_than_what_is_out_on_lease() {
    let counts = Arc::new(CallCountsInMemory::default());
    let all = &environments(&counts, minutes(), 64);
    for minute in ["2026-03-01T12:00:59.999Z", "2026-03-01T12:01:00.000Z", "2026-03-01T12:02:30Z"] {
        let now = at(minute);
        let served = exhaust(all, &LOW, ONE, now).await;
        let told =
            counts.of(|count| count.of.starts_with("minute") && count.ends == Window::minute(now).ends);
        assert!(served >= 1_000, "{minute}: {served}");
        assert!(served <= 1_000 + 64, "{minute}: {served}, near the limit a lease is one call");
        // Each environment tells of one call more, the one that is refused.
        assert!(told <= served + 64, "{minute}: {told} told of {served}");
    }
}

#[tokio::test]
async fn t55_l03_another_participant_another_row_and_another_class_have_their_own() {
    let counts = Arc::new(CallCountsInMemory::default());
    let one = &environments(&counts, minutes(), 1);
    let now = at("2026-03-01T12:00:10Z");
    assert_eq!(exhaust(one, &LOW, ONE, now).await, 1_000);
    assert_eq!(exhaust(one, &LOW, OTHER, now).await, 1_000, "nobody uses up another's");
    assert_eq!(exhaust(one, &HIGH, ONE, now).await, 2_500);
    for _ in 0..3_000 {
        call(&one[0], &CONSENTS, ONE, now).await.unwrap();
    }
    let raised =
        CallLimitSettings { a_minute: CallsAMinute::parse("2500 2000 1500 1200").unwrap(), ..minutes() };
    let counts = Arc::new(CallCountsInMemory::default());
    assert_eq!(exhaust(&environments(&counts, raised, 1), &LOW, ONE, now).await, 1_200);
}

#[tokio::test]
async fn l04_64_environments_serve_300_a_second_of_all_rows_and_participants_and_what_is_out_on_lease() {
    let counts = Arc::new(CallCountsInMemory::default());
    let all = &environments(&counts, CallLimitSettings::default(), 64);
    let (now, next) = (at("2026-03-01T12:00:00.999Z"), at("2026-03-01T12:00:01.000Z"));
    let (consents, data) = all.split_at(32);
    let served = exhaust(consents, &CONSENTS, OTHER, now).await + exhaust(data, &LOW, ONE, now).await;
    assert!((300..=300 + 32 * 4 + 32).contains(&served), "{served}: half of them began when it was over");
    let reached = Reached { limit: 300, resets_at: next, now };
    assert_eq!(call(&all[0], &LOW, ONE, now).await, Err(LimitReached::Second(reached)));
    let served = exhaust(all, &LOW, ONE, next).await;
    assert!((300..=364).contains(&served), "{served}");
}

/// A call takes a second: no environment serves two in one, and the limit holds all the same.
#[tokio::test]
async fn l04_where_each_environment_serves_one_call_a_second_the_limit_is_met_too() {
    let counts = Arc::new(CallCountsInMemory::default());
    let all = environments(&counts, CallLimitSettings::default(), 600);
    let mut by_second = Vec::new();
    for second in 0..30 {
        let mut served = 0;
        for (number, limits) in all.iter().enumerate() {
            let now =
                Moment::from_millis(1_772_366_400_000 + second * 1_000 + i64::try_from(number).unwrap());
            served += u32::from(call(limits, &CONSENTS, ONE, now).await.is_ok());
        }
        by_second.push(served);
    }
    assert!(by_second.iter().all(|served| *served >= 300), "{by_second:?}");
    let settled = &by_second[8..];
    assert!(settled.iter().all(|served| *served <= 450), "{by_second:?}");
}

#[tokio::test]
async fn l03_l04_calls_far_from_a_limit_are_told_of_four_at_a_time_and_a_row_without_minutes_in_seconds_alone()
 {
    let counts = Arc::new(CallCountsInMemory::default());
    let one = &environments(&counts, CallLimitSettings::default(), 1)[0];
    let now = at("2026-03-01T12:00:10Z");
    for _ in 0..3 {
        call(one, &LOW, ONE, now).await.unwrap();
    }
    assert_eq!(counts.writes.load(Ordering::Relaxed), 0, "the first calls cost nothing");
    call(one, &LOW, ONE, now).await.unwrap();
    assert_eq!(counts.writes.load(Ordering::Relaxed), 2, "a second and a minute");
    for _ in 0..4 {
        call(one, &CONSENTS, ONE, now).await.unwrap();
    }
    assert_eq!(counts.writes.load(Ordering::Relaxed), 3);
    assert_eq!(counts.of(|count| count.of == "second"), 8);
    assert_eq!(counts.of(|count| count.of.starts_with("minute")), 4);
}

#[tokio::test]
async fn t55_an_environment_that_ends_is_held_against_nobody() {
    let counts = Arc::new(CallCountsInMemory::default());
    let now = at("2026-03-01T12:00:10Z");
    for limits in environments(&counts, minutes(), 64) {
        for _ in 0..3 {
            call(&limits, &LOW, ONE, now).await.unwrap();
        }
    }
    assert_eq!(exhaust(&environments(&counts, minutes(), 1), &LOW, ONE, now).await, 1_000);
}

#[tokio::test]
async fn l03_l04_counts_that_fail_or_hang_refuse_nobody_and_raise_an_alarm() {
    let counts = Arc::new(CallCountsInMemory::default());
    let one = &environments(&counts, CallLimitSettings::default(), 1)[0];
    let now = at("2026-03-01T12:00:10Z");
    counts.fails.store(true, Ordering::Relaxed);
    let lines = Lines::default();
    let listening = lines.listen();
    for _ in 0..5_000 {
        call(one, &LOW, ONE, now).await.unwrap();
    }
    drop(listening);
    assert!(
        lines.read().iter().all(|line| line["fields"]["uncounted"] == "traffic" && line["level"] == "ERROR")
    );
    assert!(!lines.read().is_empty());
    // What could have been written before the answer was lost is not told again.
    counts.fails.store(false, Ordering::Relaxed);
    assert_eq!(exhaust(std::slice::from_ref(one), &CONSENTS, ONE, now).await, 300);
    counts.hangs.store(true, Ordering::Relaxed);
    let next = now.plus(Duration::from_secs(1));
    for _ in 0..2 {
        call(one, &CONSENTS, ONE, next).await.unwrap();
    }
}

#[tokio::test]
async fn lb04_a_clock_that_is_put_back_holds_nobody_up() {
    let counts = Arc::new(CallCountsInMemory::default());
    let one = &environments(&counts, minutes(), 1);
    assert_eq!(exhaust(one, &LOW, ONE, at("2036-03-01T12:00:10Z")).await, 1_000);
    assert_eq!(exhaust(one, &LOW, ONE, at("2026-03-01T12:00:10Z")).await, 1_000);
}

#[test]
fn l03_leases_of_minutes_that_are_over_are_forgotten() {
    let limits = CallLimits::new(Arc::new(CallCountsInMemory::default()), minutes());
    for minute in 0..100 {
        let organisation = format!("c770aef3-6784-41f7-8e0e-ff5f97bd{minute:04}");
        limits.admit(&LOW, &client(&organisation), Moment::from_seconds(minute * 60)).unwrap();
    }
    assert_eq!(limits.lock().len(), 3, "the second, this minute and the last");
}

#[test]
fn l06_every_row_that_counts_a_month_has_a_class_that_the_setting_names() {
    let off_by_one = CallsAMonth::parse("9 31 121 241 421").unwrap();
    for row in ponte_catalog::ALL.iter().flat_map(|rows| rows.iter()) {
        if let Limits::Operational { a_month } = row.limits {
            assert_eq!(off_by_one.of(a_month), Some(a_month + 1), "{}", row.operation);
        }
    }
}

/// The count of a call of this row by this client, customer, consent and thing.
fn counted(row: &'static Row, client: &str, customer: &str, consent: &str, thing: &str) -> CallCount {
    let call = sample::call(Some(row), "");
    let request = sample::request("", &serde_json::json!({}), "");
    let call = crate::call::Call { request: request.with_ids(vec![("thingId", thing.to_owned())]), ..call };
    let client = Client { id: ClientId::parse(client).unwrap(), ..self::client(ONE) };
    let target = &ConsentId::parse(consent).unwrap();
    monthly(row, &call, &Whose { client: &client, customer, target }, 8).unwrap().count
}

static CONSENT_WIDE: Row = Row { template: "/open-banking/things/v1/things", ids: &[], ..copy(&LOW) };
static PARTS: Row = Row { template: "/open-banking/things/v1/things/{thingId}/parts", ..copy(&LOW) };

#[test]
fn t56_another_customer_object_receiver_and_row_have_their_own_count() {
    let own = counted(&LOW, "client-1", "sub-1", "urn:banco:1", "1");
    assert_eq!(
        counted(&LOW, "client-1", "sub-1", "urn:banco:2", "1"),
        own,
        "a product is one in every consent"
    );
    let others = [
        counted(&LOW, "client-2", "sub-1", "urn:banco:1", "1"),
        counted(&LOW, "client-1", "sub-2", "urn:banco:1", "1"),
        counted(&LOW, "client-1", "sub-1", "urn:banco:1", "2"),
        counted(&PARTS, "client-1", "sub-1", "urn:banco:1", "1"),
        counted(&CONSENT_WIDE, "client-1", "sub-1", "urn:banco:1", "1"),
        counted(&CONSENT_WIDE, "client-1", "sub-1", "urn:banco:2", "1"),
        // Texts do not run together.
        counted(&LOW, "client-1", "sub-1", "urn:banco:1", "11"),
        counted(&LOW, "client-1", "sub-11", "urn:banco:1", "1"),
    ];
    for (at, other) in others.iter().enumerate() {
        assert!(*other != own && !others[..at].contains(other), "{other:?}");
    }
}

#[tokio::test]
async fn t56_what_is_used_up_is_remembered_for_its_month_and_within_bounds() {
    let limits = CallLimits::new(Arc::new(CallCountsInMemory::default()), CallLimitSettings::default());
    let call = |of: &str, text: &str| {
        let sample = sample::call(Some(&LOW), "");
        let sample = crate::call::Call { now: at(text), ..sample };
        let target = &ConsentId::parse("urn:banco:1").unwrap();
        let whose = Whose { client: &client(ONE), customer: of, target };
        monthly(&LOW, &sample, &whose, 1).unwrap()
    };
    let (march, april) = ("2026-04-01T02:59:59.999Z", "2026-04-01T03:00:00Z");
    assert!(limits.count_month(&call("a", march)).await.is_ok());
    assert!(limits.check_month(&call("a", march)).is_ok(), "the last one that is served uses nothing up yet");
    let reached = Reached { limit: 1, resets_at: at(april), now: at(march) };
    assert_eq!(limits.count_month(&call("a", march)).await, Err(LimitReached::Month(reached)));
    assert_eq!(limits.check_month(&call("a", march)), Err(LimitReached::Month(reached)));
    assert!(limits.check_month(&call("b", march)).is_ok());
    assert!(limits.check_month(&call("a", april)).is_ok(), "the month turns at midnight in Brasília");
    assert!(limits.count_month(&call("a", april)).await.is_ok());
    for number in 0..3_000 {
        limits.used_up().note(&call(&number.to_string(), april));
        assert!(limits.used_up().len() <= 1_024);
    }
    assert!(limits.check_month(&call("2999", april)).is_err());
}
