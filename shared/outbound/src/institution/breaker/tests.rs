//! Breakers of several environments over one store, in virtual time (T63).

use std::future::{pending, ready};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

use ponte_kit::breakers::BreakersInMemory;
use ponte_kit::clock::ManualClock;
use ponte_ports::InstitutionFault;
use ponte_ports::breaker::{PAUSE, PROBE, SLOTS, SLOTS_OF_CLIENT};

use super::*;
use crate::institution::silences::MEMORY;

const OPERATION: &str = "/accounts/balances";
/// The client of calls that name none.
const ANA: &str = "ana";

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
        self.waiting_for_the_store(PATIENCE)
    }

    fn waiting_for_the_store(&self, patience: Duration) -> Breaker {
        let number = self.environments.fetch_add(1, Ordering::Relaxed);
        Breaker::with(number.to_string(), self.shared.clone(), self.clock.clone(), patience)
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
        self.ask(breaker, asked(OPERATION, ANA)).await
    }

    async fn call_of(&self, breaker: &Breaker, operation: &'static str) -> Got {
        self.ask(breaker, asked(operation, ANA)).await
    }

    async fn call_by(&self, breaker: &Breaker, client: &str) -> Got {
        self.ask(breaker, asked(OPERATION, client)).await
    }

    async fn ask(&self, breaker: &Breaker, asked: Asked<'_>) -> Got {
        let before = self.asked();
        let bank = async {
            self.asked.fetch_add(1, Ordering::Relaxed);
            if *self.silent.lock().unwrap() {
                Err(PortError::timeout("bank", "1.5 s").into())
            } else {
                Ok(())
            }
        };
        let hear = |outcome: &Result<(), InstitutionFault>| match (outcome, asked.has_time) {
            (Ok(()), _) => Heard::Answer,
            (Err(_), true) => Heard::Silence,
            (Err(_), false) => Heard::Nothing,
        };
        match breaker.guard(asked, bank, hear).await.unwrap_or_else(|held| Err(held.into())) {
            Ok(()) => Got::Answer,
            Err(InstitutionFault::Port(error)) if self.asked() > before => {
                assert!(error.is_timeout() && !error.is_unasked());
                Got::Silence
            }
            Err(InstitutionFault::Port(error)) => {
                assert!(error.is_unasked(), "{error}");
                let full = error.is_overloaded();
                if full { Got::Full } else { Got::Open(error.retry_after().unwrap().as_secs()) }
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    /// Calls of one client until it is held back: for a world with no other this is an open breaker.
    async fn open(&self, breaker: &Breaker) {
        self.bank_is(true);
        for _ in 0..FAILURES {
            assert_eq!(self.call(breaker).await, Got::Silence);
        }
    }

    /// Calls of two clients until the breaker is open for everybody.
    async fn open_for_all(&self, breaker: &Breaker) {
        self.bank_is(true);
        for number in 0..FAILURES {
            let client = if number % 2 == 0 { "one" } else { "two" };
            assert_eq!(self.call_by(breaker, client).await, Got::Silence);
        }
    }
}

/// A call that has all the time of its operation.
fn asked<'a>(operation: &'static str, client: &'a str) -> Asked<'a> {
    Asked { what: "integration layer", operation, client, has_time: true }
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
    // The probe of an environment that dies at it: nobody gives it back.
    std::mem::forget(hanging(&one).await);
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
    // Two rounds of all of them, as if all were busy at once, each for another client.
    let clients = (0..environments.len()).map(|number| format!("client-{number}")).collect::<Vec<_>>();
    for _ in 0..SUSPECT {
        for (environment, client) in environments.iter().zip(&clients) {
            assert_eq!(world.call_by(environment, client).await, Got::Silence);
        }
        world.clock.wait(Duration::from_millis(1_500));
    }
    let before = world.asked();
    let mut turned_away = 0;
    for (environment, client) in environments.iter().zip(&clients) {
        turned_away += usize::from(world.call_by(environment, client).await == Got::Full);
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
        assert_eq!(world.environment().0.patience, PATIENCE);
        let short = Duration::from_millis(2);
        let (one, other) = (world.waiting_for_the_store(short), world.waiting_for_the_store(short));
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

/// A call of the probe on its way, which hangs.
async fn hanging(
    breaker: &Breaker,
) -> Pin<Box<dyn Future<Output = Result<Result<(), InstitutionFault>, PortError>> + '_>> {
    let call =
        breaker.guard(asked(OPERATION, ANA), pending::<Result<(), InstitutionFault>>(), |_| Heard::Silence);
    let mut call = Box::pin(call);
    tokio::select! {
        biased;
        _ = &mut call => panic!("it hangs"),
        () = ready(()) => {}
    }
    call
}

#[tokio::test]
async fn t63_one_client_whose_own_questions_are_slow_is_held_back_alone() {
    let world = World::default();
    let (one, other) = (world.environment(), world.environment());
    for environment in [&one, &other] {
        for _ in 0..3 * FAILURES {
            world.bank_is(true);
            world.call_by(environment, "slow").await;
            world.bank_is(false);
            // Nobody else notices, not even where the slow client went before.
            assert_eq!(world.call_by(environment, "quick").await, Got::Answer);
            assert_eq!(world.call_by(&world.environment(), "third").await, Got::Answer);
        }
        assert!(matches!(world.call_by(environment, "slow").await, Got::Open(_)));
    }
    let stored = world.shared.stored.lock().unwrap()[OPERATION].clone();
    assert_eq!((stored.open_until, stored.clients.len()), (None, 1));
}

#[tokio::test]
async fn t63_silences_of_two_clients_open_the_breaker_for_all() {
    let world = World::default();
    world.open_for_all(&world.environment()).await;
    for client in ["one", "two", "third"] {
        assert!(matches!(world.call_by(&world.environment(), client).await, Got::Open(_)), "{client}");
    }
    // Each at an environment of its own: the second one reads of the first.
    let world = World::default();
    world.bank_is(true);
    let (one, other) = (world.environment(), world.environment());
    for (environment, client) in [(&one, "one"), (&other, "two")] {
        for _ in 0..FAILURES {
            assert_eq!(world.call_by(environment, client).await, Got::Silence);
        }
    }
    assert_eq!(world.call_by(&world.environment(), "third").await, Got::Open(PAUSE.as_secs()));
}

#[tokio::test]
async fn t63_the_probe_is_not_for_a_client_that_is_held_back() {
    let world = World::default();
    let one = world.environment();
    world.open_for_all(&one).await;
    world.clock.wait(PAUSE);
    // `one` opened it: another comes first.
    assert_eq!(world.call_by(&one, "one").await, Got::Open(PAUSE.as_secs()));
    assert_eq!(world.call_by(&one, "third").await, Got::Silence, "the probe");
    world.clock.wait(2 * PAUSE);
    for held in ["one", "third"] {
        assert_eq!(world.call_by(&one, held).await, Got::Open(2 * PAUSE.as_secs()), "{held}");
    }
    world.bank_is(false);
    assert_eq!(world.call_by(&world.environment(), "two").await, Got::Answer, "it is not held back");
    for client in ["one", "two", "third", "fourth"] {
        assert_eq!(world.call_by(&world.environment(), client).await, Got::Answer, "{client}");
    }
}

#[tokio::test]
async fn t63_two_participants_in_turns_do_not_keep_the_breaker_open() {
    let world = World::default();
    let one = world.environment();
    world.open_for_all(&one).await;
    // Every second both of them ask before the third does, whose questions alone the bank would answer.
    for second in 0..120 {
        world.bank_is(true);
        for client in ["one", "two"] {
            world.call_by(&one, client).await;
        }
        world.bank_is(false);
        if world.call_by(&one, "third").await == Got::Answer {
            assert!(second < 30, "{second} s");
            return;
        }
        world.clock.wait(Duration::from_secs(1));
    }
    panic!("the third participant never had an answer");
}

#[tokio::test]
async fn t63_a_call_that_is_late_itself_says_nothing_of_the_bank_and_takes_no_probe() {
    let world = World::default();
    let one = world.environment();
    let late = |client| Asked { has_time: false, ..asked(OPERATION, client) };
    world.bank_is(true);
    for number in 0..4 * FAILURES {
        let client = if number % 2 == 0 { "one" } else { "two" };
        assert_eq!(world.ask(&one, late(client)).await, Got::Silence);
    }
    assert_eq!(world.writes(), 0, "nothing is held back");
    world.open(&one).await;
    world.clock.wait(PAUSE);
    let before = world.asked();
    assert_eq!(world.ask(&one, late(ANA)).await, Got::Open(SOON.as_secs()));
    assert_eq!(world.asked(), before);
    world.bank_is(false);
    assert_eq!(world.call(&one).await, Got::Answer, "the probe is there for a call that has time");
}

#[tokio::test]
async fn t63_a_probe_that_is_given_up_is_free_for_the_next_call() {
    for all in [false, true] {
        let world = World::default();
        let (one, other) = (world.environment(), world.environment());
        if all {
            world.open_for_all(&one).await;
        } else {
            world.open(&one).await;
        }
        world.clock.wait(PAUSE);
        // The deadline of the call ends it, and the environment goes on.
        drop(hanging(&one).await);
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
        world.bank_is(false);
        assert_eq!(world.call(&other).await, Got::Answer, "{all}");
        assert_eq!(world.call(&one).await, Got::Answer, "{all}");
    }
}

#[tokio::test]
async fn t63_a_slow_client_takes_half_of_the_slots_at_most() {
    let world = World::default();
    world.bank_is(true);
    let environments: Vec<Breaker> = (0..2 * SLOTS).map(|_| world.environment()).collect();
    for environment in &environments {
        for _ in 0..SUSPECT {
            world.call_by(environment, "slow").await;
        }
    }
    let mut asked = 0;
    for environment in &environments {
        asked += usize::from(world.call_by(environment, "slow").await == Got::Silence);
    }
    assert_eq!(asked, SLOTS_OF_CLIENT);
    for environment in &environments {
        assert_eq!(
            world.call_by(environment, "other").await,
            Got::Silence,
            "there is room for its questions"
        );
    }
}
