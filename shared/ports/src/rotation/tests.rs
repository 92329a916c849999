//! A rotating value in virtual time: when it reads, what it takes, what it ignores and what it reports (T45).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ponte_values::{Moment, SecretText};
use tokio::sync::Semaphore;

use super::*;
use crate::{Alarm, Alarms, PortError, SecretVersion, SecretVersions, chain};

/// One secret in memory, with the two stages and a switch for each way to fail.
struct Store {
    current: Mutex<Option<SecretVersion>>,
    previous: Mutex<Option<SecretVersion>>,
    down: Mutex<bool>,
    /// Permits to answer; a test that wants callers to meet takes them away.
    gate: Semaphore,
    reads: AtomicUsize,
    previous_reads: AtomicUsize,
    told: Mutex<Vec<(bool, Alarm)>>,
}

impl Store {
    fn holding(text: &str) -> Arc<Self> {
        Arc::new(Self {
            current: Mutex::new(Some(version("v1", text, 0))),
            previous: Mutex::default(),
            down: Mutex::new(false),
            gate: Semaphore::new(1_000),
            reads: AtomicUsize::new(0),
            previous_reads: AtomicUsize::new(0),
            told: Mutex::default(),
        })
    }

    /// `put-secret-value`: what was current becomes the previous one.
    fn put(&self, id: &str, text: &str, at: u64) {
        let before = self.current.lock().unwrap().replace(version(id, text, at));
        *self.previous.lock().unwrap() = before;
    }

    fn alarms(&self) -> usize {
        self.told.lock().unwrap().iter().filter(|(raised, _)| *raised).count()
    }

    fn warnings(&self) -> usize {
        self.told.lock().unwrap().iter().filter(|(raised, _)| !raised).count()
    }

    fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }

    fn answer(&self, stage: &Mutex<Option<SecretVersion>>) -> Result<Option<SecretVersion>, PortError> {
        if *self.down.lock().unwrap() {
            return Err(PortError::timeout("secrets", "no answer before the deadline"));
        }
        Ok(stage.lock().unwrap().clone())
    }
}

#[async_trait]
impl SecretVersions for Store {
    async fn current(&self) -> Result<Option<SecretVersion>, PortError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let _permit = self.gate.acquire().await.unwrap();
        self.answer(&self.current)
    }

    async fn previous(&self) -> Result<Option<SecretVersion>, PortError> {
        self.previous_reads.fetch_add(1, Ordering::SeqCst);
        self.answer(&self.previous)
    }
}

impl Alarms for Store {
    fn raise(&self, alarm: &Alarm) {
        self.told.lock().unwrap().push((true, alarm.clone()));
    }

    fn warn(&self, alarm: &Alarm) {
        self.told.lock().unwrap().push((false, alarm.clone()));
    }
}

fn version(id: &str, text: &str, at: u64) -> SecretVersion {
    SecretVersion { id: id.to_owned(), created_at: after(at), text: SecretText::from(text.to_owned()) }
}

fn after(seconds: u64) -> Moment {
    Moment::parse("2026-06-01T12:00:00Z").unwrap().plus(Duration::from_secs(seconds))
}

/// Takes numbers only.
async fn started(store: &Arc<Store>, now: Moment) -> Result<Rotating<u32>, PortError> {
    let secret = WatchedSecret { name: "NumberSecret", versions: store.clone(), alarms: store.clone() };
    let check: Check<u32> = Box::new(|versions, _| {
        versions.current.text.expose().parse().map_err(|_| InvalidSecret::new("not a number"))
    });
    Rotating::start(secret, check, now).await
}

async fn numbers(store: &Arc<Store>) -> Rotating<u32> {
    started(store, after(0)).await.unwrap()
}

#[tokio::test]
async fn t45_a_new_version_is_in_use_within_60_seconds_and_costs_one_look_in_45() {
    let store = Store::holding("1");
    let rotating = numbers(&store).await;
    store.put("v2", "2", 1);
    let mut seen_at = None;
    // Ten calls a second, before, during and after the swap: each of them gets a value.
    for tenth in 0..1_200_u64 {
        let now = after(0).plus(Duration::from_millis(tenth * 100));
        if *rotating.at(now).await == 2 {
            seen_at.get_or_insert(now);
        }
    }
    assert_eq!(seen_at, Some(after(45)));
    assert_eq!(store.reads(), 3, "at the start, after 45 and after 90 seconds");
    assert_eq!(store.previous_reads.load(Ordering::SeqCst), 2, "at the start and at the swap");
    assert_eq!((store.alarms(), store.warnings()), (0, 0));
}

#[tokio::test]
async fn a_function_that_slept_looks_at_its_first_call() {
    let store = Store::holding("1");
    let rotating = numbers(&store).await;
    store.put("v2", "2", 100);
    assert_eq!(*rotating.at(after(10_000)).await, 2);
}

#[tokio::test]
async fn t45_a_broken_version_is_ignored_and_reported_once() {
    let store = Store::holding("1");
    let rotating = numbers(&store).await;
    store.put("v2", "segredo-quebrado", 1);
    for seconds in 1..300 {
        assert_eq!(*rotating.at(after(seconds)).await, 1);
    }
    assert_eq!((store.alarms(), store.warnings()), (1, 0));
    let (_, alarm) = store.told.lock().unwrap()[0].clone();
    assert_eq!(alarm, Alarm { secret: "NumberSecret", reason: "not a number".to_owned() });
    store.put("v3", "ainda-quebrado", 300);
    rotating.at(after(400)).await;
    assert_eq!(store.alarms(), 2, "another version, another alarm");
    store.put("v4", "4", 400);
    assert_eq!(*rotating.at(after(500)).await, 4);
}

#[tokio::test]
async fn t45_a_start_while_the_current_version_is_broken_uses_the_one_before() {
    let store = Store::holding("1");
    store.put("v2", "x", 1);
    let rotating = started(&store, after(2)).await.unwrap();
    assert_eq!(*rotating.at(after(2)).await, 1);
    rotating.at(after(100)).await;
    assert_eq!(store.alarms(), 1, "told at the start, not again at a look");
    store.put("v3", "3", 100);
    assert_eq!(*rotating.at(after(200)).await, 3);
}

#[tokio::test]
async fn a_start_without_any_good_version_fails_without_repeating_the_secret() {
    let store = Store::holding("segredo");
    let text = chain(&started(&store, after(0)).await.err().unwrap());
    assert!(text.contains("NumberSecret: not a number") && !text.contains("segredo"), "{text}");
    *store.current.lock().unwrap() = None;
    assert!(started(&store, after(0)).await.is_err());
    *store.down.lock().unwrap() = true;
    assert!(started(&store, after(0)).await.is_err());
}

#[tokio::test]
async fn t45_a_deleted_secret_is_reported_once_and_the_value_serves_on() {
    let store = Store::holding("1");
    let rotating = numbers(&store).await;
    *store.current.lock().unwrap() = None;
    for seconds in 0..200 {
        assert_eq!(*rotating.at(after(seconds)).await, 1);
    }
    assert_eq!((store.alarms(), store.warnings()), (1, 0));
}

#[tokio::test]
async fn t45_reads_that_fail_are_tried_again_warned_of_and_reported_once() {
    let store = Store::holding("1");
    let rotating = numbers(&store).await;
    *store.down.lock().unwrap() = true;
    rotating.at(after(45)).await;
    assert_eq!((store.alarms(), store.warnings()), (0, 1), "one failure may pass by itself");
    for seconds in 46..226 {
        assert_eq!(*rotating.at(after(seconds)).await, 1);
        rotating.refresh(after(seconds)).await;
    }
    assert_eq!(store.alarms(), 1);
    assert!(store.warnings() <= 1 + 180 / 45, "{} in 225 seconds", store.warnings());
    *store.down.lock().unwrap() = false;
    store.put("v2", "2", 226);
    assert_eq!(*rotating.at(after(300)).await, 2, "and what was put meanwhile is found");
}

#[tokio::test]
async fn t38_looking_again_is_bounded() {
    let store = Store::holding("1");
    let rotating = numbers(&store).await;
    store.put("v2", "2", 1);
    assert_eq!(*rotating.refresh(after(29)).await, 1, "too soon");
    for _ in 0..1_000 {
        assert_eq!(*rotating.refresh(after(30)).await, 2);
    }
    assert_eq!(store.reads(), 2);
}

#[tokio::test]
async fn lb04_a_clock_that_was_ahead_once_stops_no_look() {
    for ahead in [3_600, 86_400] {
        let store = Store::holding("1");
        let rotating = numbers(&store).await;
        rotating.at(after(ahead)).await;
        assert_eq!(store.reads(), 2);
        store.put("v2", "2", 100);
        assert_eq!(*rotating.at(after(101)).await, 2, "the look of {ahead} is none");
        store.put("v3", "3", 102);
        assert_eq!(*rotating.refresh(after(130)).await, 2, "from now on by the right clock");
        assert_eq!(*rotating.refresh(after(131)).await, 3);
        rotating.at(after(ahead)).await;
        store.put("v4", "4", 140);
        assert_eq!(*rotating.refresh(after(141)).await, 4, "a key that is unknown looks too");
    }
}

#[tokio::test]
async fn lb04_a_warning_of_a_clock_that_was_ahead_does_not_silence_the_next() {
    let store = Store::holding("1");
    let rotating = numbers(&store).await;
    *store.down.lock().unwrap() = true;
    rotating.at(after(86_400)).await;
    rotating.at(after(100)).await;
    assert_eq!((store.alarms(), store.warnings()), (1, 1));
    rotating.at(after(150)).await;
    assert_eq!((store.alarms(), store.warnings()), (1, 2), "warned again by the right clock");
}

#[tokio::test]
async fn of_sixty_four_callers_one_looks_and_the_others_go_on() {
    let store = Store::holding("1");
    let rotating = Arc::new(numbers(&store).await);
    store.put("v2", "2", 1);
    store.gate.forget_permits(1_000);
    let callers = (0..64).map(|_| {
        let rotating = Arc::clone(&rotating);
        tokio::spawn(async move { *rotating.at(after(45)).await })
    });
    let callers = callers.collect::<Vec<_>>();
    while store.reads() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(*rotating.at(after(46)).await, 1, "while one looks, the others have the old value");
    store.gate.add_permits(1);
    let mut values = Vec::new();
    for caller in callers {
        values.push(caller.await.unwrap());
    }
    assert_eq!(values.iter().filter(|value| **value == 2).count(), 1);
    assert_eq!(store.reads(), 2);
    assert_eq!(*rotating.at(after(47)).await, 2);
}

#[tokio::test]
async fn a_version_taken_back_is_the_one_in_use() {
    let store = Store::holding("1");
    let rotating = numbers(&store).await;
    store.put("v2", "x", 1);
    rotating.at(after(45)).await;
    *store.current.lock().unwrap() = Some(version("v1", "1", 0));
    assert_eq!(*rotating.at(after(90)).await, 1);
    assert_eq!(store.alarms(), 1);
}

#[tokio::test]
async fn t45_the_version_before_is_one_that_was_in_use() {
    let store = Store::holding("1");
    let secret = WatchedSecret { name: "NumberSecret", versions: store.clone(), alarms: store.clone() };
    let check: Check<(u32, Option<u32>)> = Box::new(|versions, _| {
        let number = |version: &SecretVersion| version.text.expose().parse::<u32>().ok();
        let current = number(&versions.current).ok_or_else(|| InvalidSecret::new("not a number"))?;
        Ok((current, versions.previous.as_ref().and_then(number)))
    });
    let rotating = Rotating::start(secret, check, after(0)).await.unwrap();
    store.put("v2", "x", 1);
    assert_eq!(*rotating.at(after(45)).await, (1, None));
    store.put("v3", "3", 46);
    assert_eq!(*rotating.at(after(90)).await, (3, Some(1)), "the broken one was never in use");
    store.put("v4", "4", 91);
    store.put("v5", "5", 92);
    assert_eq!(*rotating.at(after(135)).await, (5, Some(4)), "others used the one we did not see");
}

#[tokio::test]
async fn a_fixed_value_is_never_looked_for() {
    let rotating = Rotating::from(7);
    assert_eq!((*rotating.at(after(0)).await, *rotating.refresh(after(1_000)).await), (7, 7));
}
