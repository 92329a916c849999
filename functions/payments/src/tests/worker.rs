//! The worker over a core that fails as cores fail: one debit per payment, none lost, books that are equal.

use std::time::Duration;

use ponte_payment::connector::Dedupe;
use ponte_payment::payment::{Payment, PaymentStatus};
use ponte_ports::Clock as _;
use ponte_values::{Amount, Cpf, Date, PaymentId};

use super::world::{Random, World};
use crate::reconcile::{DifferenceKind, reconcile};
use ponte_edge::Verdict;
use ponte_kit::payment_core::Met;
use ponte_kit::people::ANA;
use ponte_payment::payment::CancelledFrom;
use ponte_ports::audit::Actor;

/// The books of both sides: the sum of what is settled here is the sum of what was debited there.
fn books_are_equal(world: &World) {
    let payments = world.store.payments.lock().unwrap();
    let settled = payments.values().filter(|payment| payment.status() == PaymentStatus::Acsc);
    let sum = settled.fold(Amount::default(), |sum, payment| sum.plus(payment.amount()).unwrap());
    assert_eq!(sum, world.core.debited());
}

fn one_debit(world: &World, id: &PaymentId) {
    assert_eq!((world.status(id), world.core.debits(id.as_str())), ("ACSC", 1), "{:?}", world.stored(id));
}

#[tokio::test]
async fn t05_a_process_that_dies_at_any_write_debits_once_and_loses_nothing() {
    let mut deaths = 0;
    for met in [Met::Settles, Met::Holds, Met::ExecutesAndHangs, Met::Hangs, Met::Unreachable] {
        for write in 1..=6 {
            for after in [false, true] {
                let world = World::lagging(Dedupe::ByKey, Duration::from_secs(20));
                let id = world.paid(1, None).await;
                world.core.meets([met]);
                world.dying.dies_at(write, after);
                world.turn().await;
                deaths += u32::from(world.dying.revive());
                // The message is shown again, and the sweep finds what is due.
                world.work(&id).await;
                world.settle(90).await;
                world.core.settle(id.as_str());
                world.settle(90).await;
                one_debit(&world, &id);
                books_are_equal(&world);
            }
        }
    }
    assert!(deaths >= 25, "the process died {deaths} times");
}

#[tokio::test]
async fn t07_a_core_that_executes_and_does_not_answer_is_asked_and_never_sent_to_blindly() {
    for dedupe in [Dedupe::ByKey, Dedupe::QueryOnly] {
        let world = World::lagging(dedupe, Duration::from_secs(30));
        let id = world.paid(1, None).await;
        world.core.meets([Met::ExecutesAndHangs]);
        world.settle(30).await;
        one_debit(&world, &id);
        assert_eq!(world.core.calls.lock().unwrap().len(), 1);
        books_are_equal(&world);
    }
}

#[tokio::test]
async fn t08_a_core_that_recognises_nothing_gets_nothing_twice_and_a_person_decides() {
    for (dedupe, met) in [(Dedupe::QueryOnly, Met::Hangs), (Dedupe::None, Met::ExecutesAndHangs)] {
        let world = World::new(dedupe);
        let id = world.paid(1, None).await;
        world.core.meets([met]);
        world.settle(60).await;
        assert!(world.stored(&id).is_parked());
        assert_eq!((world.core.calls.lock().unwrap().len(), world.status(&id)), (1, "RCVD"));
        assert!(world.actions(id.as_str()).contains(&"payment.parked"));
    }
}

#[tokio::test]
async fn t09_late_writes_of_a_worker_that_was_overtaken_are_refused() {
    let world = World::new(Dedupe::ByKey);
    let id = world.paid(1, None).await;
    let zombie = world.stored(&id).claim("zombie".to_owned(), world.clock.now()).unwrap();
    world.store.payments.lock().unwrap().insert(id.clone(), zombie.payment.clone());
    // Its lease ends, and another worker takes the payment over and pays it.
    world.clock.wait(Duration::from_mins(7));
    assert_eq!(world.work(&id).await, Verdict::Done);
    one_debit(&world, &id);
    let now = world.clock.now();
    assert!(zombie.payment.clone().sent("zombie", now.plus(Duration::from_secs(10)), now).is_err());
    let early = zombie.payment.created_at.plus(Duration::from_secs(10));
    let late = zombie.payment.sent("zombie", early.plus(Duration::from_secs(10)), early).unwrap();
    assert!(crate::commit::commit(&world.ports, vec![late], None).await.is_err());
    one_debit(&world, &id);
}

#[tokio::test]
async fn t10_messages_that_come_many_times_and_in_any_order_pay_each_payment_once() {
    let seed = 0x5eed_0010;
    println!("seed {seed:#x}");
    let mut random = Random(seed);
    let world = World::new(Dedupe::ByKey);
    let mut ids = Vec::new();
    for number in 1..=40 {
        ids.push(world.paid(number, None).await);
    }
    world.queue.sent.lock().unwrap().clear();
    world.core.meets((0..40).map(|place| match place % 4 {
        0 => Met::ExecutesAndHangs,
        1 => Met::Hangs,
        2 => Met::Unreachable,
        _ => Met::Settles,
    }));
    let mut messages: Vec<_> = ids.iter().cycle().take(400).cloned().collect();
    random.shuffle(&mut messages);
    for id in &messages {
        world.work(id).await;
    }
    world.settle(60).await;
    for id in &ids {
        one_debit(&world, id);
    }
    books_are_equal(&world);
}

/// What a cancellation and the worker, at the same time, leave: one of both.
async fn race(seed: u64, day: Date) -> (World, PaymentId) {
    let mut random = Random(seed);
    let world = World::new(Dedupe::ByKey);
    let id = world.paid(1, Some(day)).await;
    world.turn().await;
    assert_eq!(world.status(&id), "SCHD");
    let held: Payment = world.stored(&id);
    let cancel =
        held.cancel(Cpf::parse(ANA).unwrap(), CancelledFrom::Iniciadora, Actor::Ponte, world.clock.now());
    let cancel = cancel.unwrap();
    world.clock.set(ponte_values::Moment::start_of_day_brasilia(day).plus(Duration::from_mins(6)));
    // Read before midnight, written while the worker is at one of its writes.
    let writes = i64::try_from(random.below(5)).unwrap();
    if writes > 0 {
        world.dying.dies_at(writes, random.below(2) == 1);
        world.work(&id).await;
        world.dying.revive();
    }
    let cancelled = crate::commit::commit(&world.ports, vec![cancel], None).await.is_ok();
    world.settle(80).await;
    let debits = world.core.debits(id.as_str());
    assert_eq!(debits, usize::from(!cancelled), "seed {seed:#x}: {}", world.status(&id));
    assert_eq!(world.status(&id), if cancelled { "CANC" } else { "ACSC" }, "seed {seed:#x}");
    (world, id)
}

#[tokio::test]
async fn t13_a_payment_is_cancelled_or_debited_and_never_both() {
    let (mut cancelled, mut debited) = (0, 0);
    for number in 1..=1_000_u64 {
        let seed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let (world, id) = race(seed, Date::parse("2026-03-02").unwrap()).await;
        if world.status(&id) == "CANC" {
            cancelled += 1;
        } else {
            debited += 1;
        }
        books_are_equal(&world);
    }
    println!("seeds 1 to 1000 times 0x9e3779b97f4a7c15: {cancelled} cancelled, {debited} debited");
    assert!(cancelled > 100 && debited > 100);
}

#[tokio::test]
async fn t15_a_difference_between_the_books_is_found_and_what_the_core_knows_is_taken_over() {
    let world = World::new(Dedupe::ByKey);
    let (settled, lost, parked) =
        (world.paid(1, None).await, world.paid(2, None).await, world.paid(3, None).await);
    world.turn().await;
    world.core.forget(lost.as_str());
    let day = world.clock.now().date_brasilia();
    let found = reconcile(&world.ports, day).await.unwrap();
    assert_eq!((found.ours, found.core, found.different), (3, 2, 1));
    assert_eq!(found.differences[0].payment, lost.as_str());
    assert_eq!(found.differences[0].kind, DifferenceKind::MissingAtCore);
    one_debit(&world, &settled);
    one_debit(&world, &parked);
    // One whose answer was lost is taken over from the books.
    let world = World::new(Dedupe::QueryOnly);
    let id = world.paid(1, None).await;
    world.core.meets([Met::ExecutesAndHangs]);
    world.turn().await;
    let found = reconcile(&world.ports, day).await.unwrap();
    assert_eq!((found.taken_over, found.different), (1, 0));
    assert_eq!(found.settled_here, found.settled_at_core);
    one_debit(&world, &id);
}

#[tokio::test]
async fn pb_g01_no_rejection_while_the_outcome_is_unknown_and_the_payment_is_settled_once() {
    let world = World::lagging(Dedupe::ByKey, Duration::from_mins(1));
    let id = world.paid(1, None).await;
    world.core.meets([Met::ExecutesAndHangs]);
    for _ in 0..30 {
        assert!(["RCVD", "ACSC"].contains(&world.status(&id)));
        world.settle(1).await;
    }
    one_debit(&world, &id);
    assert_eq!(world.core.calls.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn pb_g03_a_message_that_cannot_be_read_is_dropped_with_a_reason_and_its_neighbours_are_paid_once() {
    let world = World::new(Dedupe::ByKey);
    let ids = [world.paid(1, None).await, world.paid(2, None).await];
    let wrong = ponte_edge::Message { body: r#"{"paymnt":"1"}"#.to_owned(), ..Default::default() };
    world.work(&ids[0]).await;
    let worker = crate::PaymentWorker::new(world.ports.clone());
    let verdict = ponte_edge::Worker::work(&worker, &wrong).await;
    assert!(matches!(verdict, Verdict::Drop(reason) if !reason.contains("paymnt")));
    world.work(&ids[1]).await;
    world.turn().await;
    for id in &ids {
        one_debit(&world, id);
    }
}
