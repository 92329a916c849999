//! Breakers of several environments over one store, in virtual time (T63).

use std::future::{pending, ready};
use std::sync::atomic::{AtomicU32, Ordering};

use ponte_kit::breakers::BreakersInMemory;
use ponte_kit::clock::ManualClock;
use ponte_ports::breaker::{PAUSE, PROBE, SLOTS};

use super::*;

const OPERATION: &str = "/accounts/balances";

/// What the environments of a test have in common: the time, the store, and a bank.
#[derive(Default)]
struct World {
    clock: Arc<ManualClock>,
    shared: Arc<BreakersInMemory>,
    asked: AtomicU32,
    silent: Mutex<bool>,
    environments: AtomicU32,
}

#[derive(PartialEq, Eq, Debug)]
enum Got {
    Answer,
    Silence,
    /// Turned away because the breaker is open, for so many seconds.
    Open(u64),
    Full,
}

impl World {
    fn environment(&self) -> Breaker {
        let number = self.environments.fetch_add(1, Ordering::Relaxed);
        Breaker::new(number.to_string(), self.shared.clone(), self.clock.clone())
    }

    fn bank_is(&self, silent: bool) {
        *self.silent.lock().unwrap() = silent;
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }

    fn writes(&self) -> u32 {
        self.shared.writes.load(Ordering::Relaxed)
    }

    async fn call(&self, breaker: &Breaker) -> Got {
        self.call_of(breaker, OPERATION).await
    }

    async fn call_of(&self, breaker: &Breaker, operation: &'static str) -> Got {
        let before = self.asked();
        let bank = async {
            self.asked.fetch_add(1, Ordering::Relaxed);
            if *self.silent.lock().unwrap() {
                Err(PortError::timeout("bank", "1.5 s").into())
            } else {
                Ok(())
            }
        };
        let silent = |outcome: &Result<(), InstitutionFault>| outcome.is_err();
        match breaker.guard(operation, bank, silent).await {
            Ok(()) => Got::Answer,
            Err(InstitutionFault::Port(error)) if self.asked() > before => {
                assert!(error.is_timeout());
                Got::Silence
            }
            Err(InstitutionFault::Port(error)) if error.is_overloaded() => Got::Full,
            Err(InstitutionFault::Port(error)) => Got::Open(error.retry_after().unwrap().as_secs()),
            Err(other) => panic!("{other:?}"),
        }
    }

    /// Calls until the breaker is open.
    async fn open(&self, breaker: &Breaker) {
        self.bank_is(true);
        for _ in 0..FAILURES {
            assert_eq!(self.call(breaker).await, Got::Silence);
        }
    }
}

#[tokio::test]
async fn t63_the_breaker_opens_half_opens_and_closes_for_every_environment() {
    let world = World::default();
    let (one, other) = (world.environment(), world.environment());
    assert_eq!(world.call(&other).await, Got::Answer);
    world.open(&one).await;
    assert_eq!(world.call(&one).await, Got::Open(PAUSE.as_secs()));
    // One that was born later, and one whose look is over.
    assert_eq!(world.call(&world.environment()).await, Got::Open(PAUSE.as_secs()));
    world.clock.wait(PAUSE);
    world.bank_is(false);
    assert_eq!(world.call(&other).await, Got::Answer, "the probe");
    assert_eq!(world.call(&one).await, Got::Answer, "it read again before it asked for a probe of its own");
    assert_eq!(world.call(&world.environment()).await, Got::Answer);
}

#[tokio::test]
async fn t63_one_probe_at_a_time_and_a_silent_one_makes_the_pause_longer() {
    let world = World::default();
    let (one, other) = (world.environment(), world.environment());
    world.open(&one).await;
    world.clock.wait(PAUSE);
    let hanging = one.guard(OPERATION, pending::<Result<(), InstitutionFault>>(), |_| true);
    tokio::select! {
        biased;
        _ = hanging => panic!("it hangs"),
        () = ready(()) => {}
    }
    // The environment with the probe died; until its time is over nobody else asks.
    assert_eq!(world.call(&other).await, Got::Open(PROBE.as_secs()));
    world.clock.wait(PROBE);
    assert_eq!(world.call(&other).await, Got::Silence, "the next probe");
    assert_eq!(world.call(&other).await, Got::Open(2 * PAUSE.as_secs()));
    assert_eq!(world.call(&world.environment()).await, Got::Open(2 * PAUSE.as_secs()));
}

#[tokio::test]
async fn t63_a_warm_environment_pays_for_one_call_and_knows_then() {
    let world = World::default();
    let warm = world.environment();
    assert_eq!(world.call(&warm).await, Got::Answer);
    let one = world.environment();
    world.open(&one).await;
    world.clock.wait(Duration::from_secs(1));
    assert_eq!(world.call(&warm).await, Got::Silence, "its look at the rows is not over");
    assert_eq!(world.call(&warm).await, Got::Open(4));
}

#[tokio::test]
async fn t63_other_operations_are_asked_as_ever() {
    let world = World::default();
    let one = world.environment();
    world.open(&one).await;
    world.bank_is(false);
    assert_eq!(world.call_of(&one, "/accounts/find").await, Got::Answer);
    assert!(matches!(world.call(&one).await, Got::Open(_)));
}

#[tokio::test]
async fn t63_an_answer_between_them_starts_the_count_again() {
    let world = World::default();
    let one = world.environment();
    for _ in 0..20 {
        for _ in 1..FAILURES {
            world.bank_is(true);
            assert_eq!(world.call(&one).await, Got::Silence);
        }
        world.bank_is(false);
        assert_eq!(world.call(&one).await, Got::Answer);
    }
    // Silences that lie far apart are none in a row.
    world.bank_is(true);
    for _ in 0..20 {
        world.clock.wait(MEMORY);
        assert_eq!(world.call(&one).await, Got::Silence);
    }
}

#[tokio::test]
async fn t63_a_bank_that_hangs_holds_so_many_environments_and_of_the_others_two_calls_each() {
    let world = World::default();
    world.bank_is(true);
    let environments: Vec<Breaker> = (0..3 * SLOTS).map(|_| world.environment()).collect();
    // Two rounds of all of them, as if all were busy at once.
    for _ in 0..SUSPECT {
        for environment in &environments {
            assert_eq!(world.call(environment).await, Got::Silence);
        }
        world.clock.wait(Duration::from_millis(1_500));
    }
    let before = world.asked();
    let mut turned_away = 0;
    for environment in &environments {
        turned_away += usize::from(world.call(environment).await == Got::Full);
    }
    assert_eq!(turned_away, 2 * SLOTS);
    assert_eq!(world.asked() - before, u32::try_from(SLOTS).unwrap());
    assert!(world.writes() <= u32::try_from(SLOTS).unwrap(), "{} writes", world.writes());
}

#[tokio::test]
async fn t63_an_environment_that_gets_answers_needs_no_slot() {
    let world = World::default();
    world.bank_is(true);
    for _ in 0..SLOTS {
        let environment = world.environment();
        for _ in 0..SUSPECT {
            assert_eq!(world.call(&environment).await, Got::Silence);
        }
    }
    world.bank_is(false);
    for _ in 0..3 {
        assert_eq!(world.call(&world.environment()).await, Got::Answer);
    }
}

#[tokio::test]
async fn t63_while_the_bank_answers_the_rows_are_read_as_often_as_the_keys_and_never_written() {
    let world = World::default();
    let one = world.environment();
    for _ in 0..900 {
        assert_eq!(world.call(&one).await, Got::Answer);
        world.clock.wait(Duration::from_millis(100));
    }
    assert_eq!((world.shared.reads.load(Ordering::Relaxed), world.writes()), (2, 0), "90 s");
}

#[tokio::test]
async fn t63_an_outage_of_ten_minutes_costs_few_writes_and_reads() {
    let world = World::default();
    let environments: Vec<Breaker> = (0..5).map(|_| world.environment()).collect();
    world.open(&environments[0]).await;
    for _ in 0..600 {
        for environment in &environments {
            world.call(environment).await;
        }
        world.clock.wait(Duration::from_secs(1));
    }
    // Opened, then a probe and its end for each pause: 5, 10, 20, 40 and then 60 s.
    assert!(world.writes() < 40, "{} writes", world.writes());
    let reads = world.shared.reads.load(Ordering::Relaxed);
    assert!(reads <= 5 * 330, "{reads} reads: one in two seconds and environment, and one more a pause");
    assert!(world.asked() < 30, "{} calls of 3,000", world.asked());
}

#[tokio::test]
async fn t63_a_store_that_fails_or_hangs_leaves_each_environment_to_itself() {
    for (fails, hangs) in [(true, false), (false, true)] {
        let world = World::default();
        world.shared.fails.store(fails, Ordering::Relaxed);
        world.shared.hangs.store(hangs, Ordering::Relaxed);
        let (mut one, mut other) = (world.environment(), world.environment());
        assert_eq!(one.patience, PATIENCE);
        (one.patience, other.patience) = (Duration::from_millis(2), Duration::from_millis(2));
        assert_eq!(world.call(&one).await, Got::Answer, "nobody waits for it");
        world.open(&one).await;
        assert!(matches!(world.call(&one).await, Got::Open(_)), "it knows by itself");
        assert_eq!(world.call(&other).await, Got::Silence);
        world.clock.wait(PAUSE);
        world.bank_is(false);
        assert_eq!(world.call(&one).await, Got::Answer, "and closes by itself");
        assert_eq!(world.call(&one).await, Got::Answer);
    }
}

#[tokio::test]
async fn t63_lb04_clocks_that_jump_hold_nobody_back_for_ever() {
    let world = World::default();
    let one = world.environment();
    // A call a day ahead: the look at the rows lies in the future afterwards, and so does what was opened then.
    world.clock.forward(86_400);
    world.open(&one).await;
    world.clock.forward(-86_400);
    world.bank_is(false);
    assert_eq!(world.call(&one).await, Got::Answer, "a row from the future is old");
    assert_eq!(world.call(&world.environment()).await, Got::Answer);
    world.open(&one).await;
    world.clock.forward(-3_600);
    world.bank_is(false);
    assert_eq!(world.call(&one).await, Got::Answer, "the clock went back");
}
