//! The proof of the nights.

use std::time::Duration;

use ponte_edge::Tick as _;
use ponte_kit::audit_chain::ChainInMemory;
use ponte_ports::Clock as _;
use ponte_ports::audit_chain::AuditPart;
use ponte_ports::outbox::SHARDS;
use ponte_values::Moment;
use serde_json::{Value, json};

use super::world::{World, faults, now};

/// Lines of proven days.
fn proven(lines: &[Value]) -> Vec<&str> {
    let proven = lines.iter().map(|line| &line["fields"]);
    let days = proven.filter(|fields| fields["message"] == "audit rows proven");
    days.filter_map(|fields| fields["day"].as_str()).collect()
}

impl World {
    /// Sweeps and proves at 01:30 of the days from `first` to `last` after the first of March; the lines of the proofs.
    async fn nights(&self, first: i64, last: i64) -> Vec<(String, Vec<Value>)> {
        let mut nights = Vec::new();
        for day in first..=last {
            let date = now().date_utc().plus_days(day);
            self.clock.set(Moment::parse(&format!("{date}T01:30:00Z")).unwrap());
            self.sealer.tick().await.unwrap();
            nights.push((date.to_string(), self.told(&self.nightly).await.0));
        }
        nights
    }
}

#[tokio::test]
async fn t48_t67_the_day_before_is_proven_every_night_and_a_fault_is_told_with_its_row() {
    let world = World::new();
    let key = world.memory.add(now(), 1, "commit");
    let nights = world.nights(1, 1).await;
    let told = &nights[0].1;
    assert_eq!(faults(told), 0, "{told:?}");
    assert_eq!((&told[0]["fields"]["day"], &told[0]["fields"]["rows"]), (&json!("2026-03-01"), &json!(1)));
    let ends = told.iter().filter(|line| line["fields"]["message"] == "end of the audit seals");
    assert_eq!(ends.count(), 1, "of the shard that has seals");
    assert_eq!(world.told(&world.nightly).await, (Vec::new(), true), "a night is proven once");

    let world = World::new();
    world.memory.add(now(), 1, "commit");
    world.clock.wait(Duration::from_hours(13));
    world.sealer.tick().await.unwrap();
    world.memory.rows.lock().unwrap().clear();
    let told = &world.nights(1, 1).await[0].1;
    assert_eq!((&told[0]["fields"]["row"], faults(told)), (&json!(key), 1));
}

#[tokio::test]
async fn t48_t67_rows_that_nobody_sealed_are_no_proven_day() {
    let world = World::new();
    world.sealer.tick().await.unwrap();
    for name in ["first", "second"] {
        world.memory.add(now(), 1, name);
    }
    // The schedule that seals has stopped.
    world.clock.wait(Duration::from_hours(13) + Duration::from_mins(30));
    let (told, _) = world.told(&world.nightly).await;
    assert_eq!(faults(&told), 2, "{told:?}");
}

#[tokio::test]
async fn t67_what_is_taken_from_a_day_that_was_proven_is_found_within_thirty_nights_without_being_asked() {
    for taken in ["row", "seals", "everything"] {
        let world = World::new();
        for shard in 0..SHARDS {
            world.memory.add(now(), shard, "commit");
        }
        let first = world.nights(1, 40).await;
        assert!(first.iter().all(|(_, told)| faults(told) == 0), "{first:?}");
        let of = ChainInMemory::part(now(), 2);
        if taken != "seals" {
            world.memory.rows.lock().unwrap().retain(|(part, _), _| *part != of);
        }
        if taken != "row" {
            world.memory.seals.lock().unwrap().retain(|(part, _), _| *part != of);
        }
        let later = world.nights(41, 70).await;
        let telling = later.iter().filter(|(_, told)| faults(told) > 0).collect::<Vec<_>>();
        // A chain without its first seal is told every night.
        assert_eq!(telling.len(), if taken == "row" { 1 } else { 30 }, "{taken}");
        let of_it = |fields: &Value| {
            let fault = fields["fault"].as_str().is_some_and(|fault| fault != "BeginningChanged");
            fault && fields["day"] == "2026-03-01" && fields["shard"] == 2
        };
        let named = |lines: &[Value]| lines.iter().any(|line| of_it(&line["fields"]));
        let naming = telling.iter().filter(|(_, told)| named(told)).count();
        assert_eq!(naming, 1, "{taken}: {telling:?}");
    }
}

#[tokio::test]
async fn t67_a_missing_end_of_a_chain_is_told_the_same_night_and_a_later_beginning_every_night() {
    let world = World::new();
    world.nights(1, 3).await;
    world.memory.heads.lock().unwrap().remove(&3);
    world.clock.set(Moment::parse("2026-03-05T01:30:00Z").unwrap());
    let (told, _) = world.told(&world.nightly).await;
    assert!(told.iter().any(|line| line["fields"]["fault"] == "HeadRemoved"), "{told:?}");
    // All of them taken away, and the seals: the sweep begins again, a day before its now.
    world.memory.heads.lock().unwrap().clear();
    for (_, told) in world.nights(5, 7).await {
        let later = "a chain of audit seals begins later than it did";
        assert!(told.iter().any(|line| line["fields"]["message"] == later), "{told:?}");
    }
}

/// Forty nights of a chain with a row in every shard of its first day.
async fn forty_nights() -> World {
    let world = World::new();
    for shard in 0..SHARDS {
        world.memory.add(now(), shard, "commit");
    }
    assert!(world.nights(1, 40).await.iter().all(|(_, told)| faults(told) == 0));
    world
}

/// The kinds of faults that lines name.
fn kinds(lines: &[Value]) -> Vec<&str> {
    let mut kinds = lines.iter().filter_map(|line| line["fields"]["fault"].as_str()).collect::<Vec<_>>();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[tokio::test]
async fn t67_a_beginning_that_was_moved_is_told_the_same_night_whatever_became_of_the_standing() {
    let yesterday = now().date_utc().plus_days(40);
    for standing in ["kept", "raised", "removed"] {
        let world = forty_nights().await;
        for head in world.memory.heads.lock().unwrap().values_mut() {
            head.since = yesterday;
        }
        match standing {
            "raised" => world.memory.standing.lock().unwrap().as_mut().unwrap().since = yesterday,
            "removed" => *world.memory.standing.lock().unwrap() = None,
            _ => {}
        }
        let told = &world.nights(41, 41).await[0].1;
        assert_eq!(kinds(told), ["BeginningChanged"], "{standing}: {told:?}");
        let shards = told.iter().filter(|line| line["fields"]["fault"] == "BeginningChanged").count();
        assert!(shards >= usize::from(SHARDS), "{standing}: {told:?}");
    }
    // An end that says that there never was a seal on the days before it, and one with a number and no day.
    for (sealed_day, number) in [(Some(now().date_utc()), 0), (None, 1)] {
        let world = forty_nights().await;
        let mut heads = world.memory.heads.lock().unwrap().clone();
        let head = heads.get_mut(&2).unwrap();
        (head.sealed_day, head.number) = (sealed_day, number);
        *world.memory.heads.lock().unwrap() = heads;
        assert!(kinds(&world.nights(41, 41).await[0].1).contains(&"BeginningChanged"), "{sealed_day:?}");
    }
}

#[tokio::test]
async fn t67_a_standing_that_is_gone_is_told_where_there_must_have_been_one() {
    let gone = |told: &[Value]| {
        let gone = "where the proof of the nights stands is gone";
        told.iter().filter(|line| line["fields"]["message"] == gone).count()
    };
    let world = forty_nights().await;
    *world.memory.standing.lock().unwrap() = None;
    let nights = world.nights(41, 42).await;
    assert_eq!(
        nights.iter().map(|(_, told)| (gone(told), faults(told))).collect::<Vec<_>>(),
        [(1, 1), (0, 0)]
    );
    // The first night of a stack, also of one that began just after midnight.
    for (began, night) in
        [("01T12:00:00", "02"), ("01T00:03:00", "01"), ("01T01:31:00", "02"), ("01T23:59:00", "02")]
    {
        let world = World::new();
        world.clock.set(Moment::parse(&format!("2026-03-{began}Z")).unwrap());
        world.sealer.tick().await.unwrap();
        world.clock.set(Moment::parse(&format!("2026-03-{night}T01:30:00Z")).unwrap());
        let (told, _) = world.told(&world.nightly).await;
        assert_eq!((gone(&told), faults(&told)), (0, 0), "{began}: {told:?}");
    }
}

#[tokio::test]
async fn t67_an_end_that_cannot_be_read_is_told_and_ends_neither_the_night_nor_the_other_shards() {
    let world = forty_nights().await;
    let gone = world.memory.add(world.clock.now(), 2, "gone");
    world.clock.set(Moment::parse("2026-04-11T01:30:00Z").unwrap());
    world.sealer.tick().await.unwrap();
    world.memory.rows.lock().unwrap().retain(|(_, key), _| *key != gone);
    *world.memory.unreadable_head.lock().unwrap() = Some(1);
    assert!(world.sealer.tick().await.is_err(), "a chain whose end is there does not begin anew");
    assert_eq!(world.memory.heads.lock().unwrap()[&1].number, 1);
    let (told, held) = world.told(&world.nightly).await;
    assert!(held && told.iter().any(|line| line["fields"]["row"] == gone), "{told:?}");
    assert_eq!(kinds(&told), ["HeadRemoved", "RowRemoved"], "{told:?}");
}

#[tokio::test]
async fn t67_rows_outside_the_shards_are_looked_for_whatever_one_end_says() {
    for shard in 0..SHARDS {
        let world = forty_nights().await;
        let day = now().date_utc().plus_days(40);
        let forged = (AuditPart { day, shard: None }, format!("{day}T10:00:00.000Z#forged#0"));
        world.memory.rows.lock().unwrap().insert(forged, "forged".to_owned());
        world.memory.heads.lock().unwrap().get_mut(&shard).unwrap().since = day;
        let told = &world.nights(41, 41).await[0].1;
        assert!(kinds(told).contains(&"RowInserted"), "{shard}: {told:?}");
    }
}

#[tokio::test]
async fn t67_a_fault_does_not_keep_a_night_from_the_rest_of_its_day() {
    let world = World::new();
    let keys = (0..SHARDS).map(|shard| world.memory.add(now(), shard, "commit")).collect::<Vec<_>>();
    world.clock.set(Moment::parse("2026-03-02T01:30:00Z").unwrap());
    world.sealer.tick().await.unwrap();
    world.memory.rows.lock().unwrap().clear();
    // A step or two, and the time of a stretch is over.
    *world.clock.step.lock().unwrap() = Duration::from_secs(40);
    let mut named = Vec::new();
    for _ in 0..20 {
        let (told, held) = world.told(&world.nightly).await;
        assert!(held);
        named.extend(told.iter().filter_map(|line| line["fields"]["row"].as_str().map(str::to_owned)));
        world.clock.set(Moment::parse("2026-03-02T02:30:00Z").unwrap());
        if world.memory.standing.lock().unwrap().as_ref().is_some_and(|standing| standing.day.is_none()) {
            break;
        }
    }
    assert_eq!(named, keys, "each of them, once");
}

#[tokio::test]
async fn t67_a_night_that_is_interrupted_goes_on_where_it_was() {
    let world = World::new();
    for day in 0..3 {
        for shard in 0..SHARDS {
            world.memory.add(now().plus(Duration::from_hours(24 * day)), shard, "commit");
        }
    }
    // Five steps, and the time of a run is over.
    world.clock.set(Moment::parse("2026-03-04T01:30:00Z").unwrap());
    world.sealer.tick().await.unwrap();
    *world.clock.step.lock().unwrap() = Duration::from_secs(40);
    let (mut runs, mut rows) = (0, 0);
    loop {
        runs += 1;
        let (told, held) = world.told(&world.nightly).await;
        assert!(held && faults(&told) == 0, "{told:?}");
        rows += told.iter().filter_map(|line| line["fields"]["rows"].as_u64()).sum::<u64>();
        world.clock.set(Moment::parse("2026-03-04T02:30:00Z").unwrap());
        if world.memory.standing.lock().unwrap().as_ref().is_some_and(|standing| standing.day.is_none()) {
            break;
        }
        assert!(runs < 20, "it comes to an end");
    }
    assert!(runs > 1, "one run was not enough");
    assert_eq!(rows, u64::from(SHARDS), "each row of the day before once");
}

#[tokio::test]
async fn t67_nights_that_were_missed_are_told_and_made_up_for() {
    let world = World::new();
    world.memory.add(now(), 0, "commit");
    world.nights(1, 1).await;
    let told = &world.nights(4, 4).await[0].1;
    assert_eq!(proven(told), ["2026-03-02", "2026-03-03", "2026-03-04"]);
    assert_eq!(faults(told), 1, "{told:?}");
    assert_eq!(faults(&world.nights(5, 5).await[0].1), 0);

    // Whoever notes nights as proven that are still to come does not stop the proof.
    world.memory.standing.lock().unwrap().as_mut().unwrap().night = now().date_utc().plus_days(900);
    let told = &world.nights(6, 6).await[0].1;
    assert_eq!((proven(told), faults(told)), (vec!["2026-03-06"], 1));
}

#[tokio::test]
async fn t67_a_proof_that_cannot_be_made_raises_the_alarm() {
    let world = World::new();
    world.nights(1, 1).await;
    *world.memory.broken.lock().unwrap() = Some(1);
    world.clock.wait(Duration::from_hours(24));
    let (told, held) = world.told(&world.nightly).await;
    assert!(!held && faults(&told) == 1, "{told:?}");
    *world.memory.broken.lock().unwrap() = None;
    let (told, held) = world.told(&world.nightly).await;
    assert!(held && faults(&told) == 0 && proven(&told) == ["2026-03-02"], "{told:?}");
}

#[test]
fn lb05_a_night_that_is_an_hour_late_is_no_sign_of_a_wrong_clock() {
    // As the rule over the template has it.
    assert_eq!(World::new().nightly.event_age(), Duration::from_mins(61));
}
