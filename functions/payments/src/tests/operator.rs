//! What operators order about payments.

use std::time::Duration;

use ponte_edge::Operator as _;
use ponte_payment::connector::Dedupe;
use ponte_ports::TakenLetter;
use ponte_ports::audit::{OperatorAction, OperatorIdentity, OperatorReason};
use ponte_values::{Date, PaymentId};
use serde_json::{Value, json};

use super::world::World;
use ponte_kit::payment_core::Met;

fn ana() -> OperatorAction {
    OperatorAction {
        by: Some(OperatorIdentity::stated("ana").unwrap()),
        reason: Some(OperatorReason::parse("o banco confirmou").unwrap()),
        ..OperatorAction::default()
    }
}

async fn order(world: &World, command: Value) -> Result<Value, String> {
    let raw = serde_json::value::to_raw_value(&command).unwrap();
    world.operator().run(&raw, &ana()).await.map_err(|error| error.to_string())
}

async fn parked(world: &World, met: Met) -> PaymentId {
    let id = world.paid(1, None).await;
    world.core.meets([met]);
    world.settle(3).await;
    assert!(world.stored(&id).is_parked());
    id
}

#[tokio::test]
async fn t08_two_people_say_what_became_of_a_parked_payment_once_nothing_is_on_its_way() {
    let world = World::new(Dedupe::None);
    let id = parked(&world, Met::ExecutesAndHangs).await;
    let executed = json!({"operator": "payments.resolve", "payment": id, "outcome": "EXECUTED",
        "coreKey": [{"key": "id", "value": "core-1"}]});
    let answer = order(&world, executed.clone()).await.unwrap();
    assert_eq!((&answer["status"], &answer["changed"]), (&json!("ACSC"), &json!(true)));
    assert_eq!((world.status(&id), world.core.debits(id.as_str())), ("ACSC", 1));
    let audit = world.beside.audit.lock().unwrap().last().cloned().unwrap();
    assert_eq!((audit.action, audit.operator.is_some()), ("payment.resolved_executed", true));
    let version = world.stored(&id).version;
    assert_eq!(order(&world, executed).await.unwrap()["changed"], false, "again it is nothing");
    assert_eq!(world.stored(&id).version, version);

    let world = World::new(Dedupe::None);
    let id = parked(&world, Met::Hangs).await;
    let again = json!({"operator": "payments.resolve", "payment": id, "outcome": "SEND_AGAIN"});
    order(&world, again.clone()).await.unwrap_err();
    world.clock.wait(Duration::from_mins(7));
    order(&world, again.clone()).await.unwrap();
    world.turn().await;
    assert_eq!((world.status(&id), world.core.debits(id.as_str())), ("ACSC", 1));
    order(&world, again).await.unwrap_err();

    let world = World::new(Dedupe::None);
    let id = parked(&world, Met::Hangs).await;
    world.clock.wait(Duration::from_mins(7));
    let never = json!({"operator": "payments.resolve", "payment": id, "outcome": "NOT_EXECUTED"});
    order(&world, never).await.unwrap();
    assert_eq!((world.status(&id), world.core.debits(id.as_str())), ("RJCT", 0));
}

#[tokio::test]
async fn t08_a_payment_of_which_all_is_known_is_not_resolved_by_anybody() {
    let world = World::new(Dedupe::ByKey);
    let id = world.paid(1, None).await;
    for outcome in ["EXECUTED", "NOT_EXECUTED", "SEND_AGAIN"] {
        let command = json!({"operator": "payments.resolve", "payment": id, "outcome": outcome});
        order(&world, command).await.unwrap_err();
    }
    assert_eq!(world.stored(&id).version, 1);
}

#[tokio::test]
async fn t23_dead_letters_go_out_again_with_an_audit_row_each_and_pay_nothing_twice() {
    let world = World::new(Dedupe::ByKey);
    let mut ids = Vec::new();
    for number in 1..=25 {
        ids.push(world.paid(number, None).await);
    }
    world.turn().await;
    for round in 0..2 {
        for (number, id) in ids.iter().enumerate() {
            let id_of_letter = format!("00000000-0000-4000-9000-{:012}", round * 100 + number);
            let body = json!({"payment": id}).to_string();
            let letter = TakenLetter { id: id_of_letter, body, receipt: String::new() };
            world.queue.letters.lock().unwrap().push(letter);
        }
        let wrong = TakenLetter { id: "wrong".to_owned(), body: "{}".to_owned(), receipt: String::new() };
        world.queue.letters.lock().unwrap().push(wrong);
        let answer = order(&world, json!({"operator": "payments.redrive"})).await.unwrap();
        assert_eq!((&answer["sent"], answer["left"].as_object().unwrap().len()), (&json!(25), 1));
        world.turn().await;
    }
    let rows =
        world.beside.audit.lock().unwrap().iter().filter(|row| row.action == "payment.redriven").count();
    assert_eq!((rows, world.core.calls.lock().unwrap().len()), (50, 25));
    assert!(!world.queue.removed.lock().unwrap().contains(&"wrong".to_owned()), "it stays a dead letter");
    assert!(ids.iter().all(|id| world.core.debits(id.as_str()) == 1));
}

#[tokio::test]
async fn t19_a_day_is_run_again_only_while_it_is_today() {
    let world = World::new(Dedupe::ByKey);
    let day = Date::parse("2026-03-02").unwrap();
    let id = world.paid(1, Some(day)).await;
    world.turn().await;
    let run = |day: &str| json!({"operator": "payments.run-day", "day": day});
    order(&world, run("2026-03-02")).await.unwrap_err();
    world.clock.wait(Duration::from_hours(20));
    let answer = order(&world, run("2026-03-02")).await.unwrap();
    assert_eq!(answer["sent"], 1);
    world.turn().await;
    assert_eq!((world.status(&id), world.core.debits(id.as_str())), ("ACSC", 1));
    assert_eq!(order(&world, run("2026-03-02")).await.unwrap()["sent"], 0);
    world.clock.wait(Duration::from_hours(24));
    order(&world, run("2026-03-02")).await.unwrap_err();
    order(&world, run("2026-03-01")).await.unwrap_err();
}

#[tokio::test]
async fn t15_an_operator_asks_about_a_day_or_a_payment_at_once() {
    let world = World::new(Dedupe::QueryOnly);
    let id = world.paid(1, None).await;
    world.core.meets([Met::ExecutesAndHangs]);
    world.turn().await;
    let answer = order(&world, json!({"operator": "payments.reconcile", "payment": id})).await.unwrap();
    assert_eq!((&answer["status"], &answer["changed"]), (&json!("ACSC"), &json!(true)));
    let answer = order(&world, json!({"operator": "payments.reconcile", "day": "2026-03-01"})).await.unwrap();
    assert_eq!((&answer["ours"], &answer["different"]), (&json!(1), &json!(0)));
    order(&world, json!({"operator": "payments.reconcile", "day": "2026-03-05"})).await.unwrap_err();
    assert!(world.actions(id.as_str()).contains(&"payment.reconciled"));
}

#[test]
fn t47_what_moves_money_always_needs_two_and_what_is_malformed_is_no_command() {
    let world = World::new(Dedupe::ByKey);
    let kind = |command: Value| {
        let raw = serde_json::value::to_raw_value(&command).unwrap();
        world.operator().kind(&raw).map(|kind| (kind.changes, kind.needs_two))
    };
    let id = "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01";
    let resolve = json!({"operator": "payments.resolve", "payment": id, "outcome": "NOT_EXECUTED"});
    assert_eq!(kind(resolve.clone()), Some((true, true)));
    assert_eq!(kind(json!({"operator": "payments.redrive"})), Some((true, true)));
    assert_eq!(kind(json!({"operator": "payments.run-day", "day": "2026-03-01"})), Some((true, false)));
    assert_eq!(kind(json!({"operator": "payments.reconcile", "payment": id})), Some((true, false)));
    let mut wrong = vec![
        json!({"operator": "payments.reconcile"}),
        json!({"operator": "payments.reconcile", "payment": id, "day": "2026-03-01"}),
        json!({"operator": "payments.resolve", "payment": "12345678909", "outcome": "EXECUTED"}),
        json!({"operator": "payments.run-day", "day": "yesterday"}),
        json!({"operator": "payments.pay"}),
    ];
    let mut keyed = resolve;
    keyed["coreKey"] = json!([{"key": "id", "value": "1"}]);
    wrong.push(keyed);
    for command in wrong {
        assert_eq!(kind(command.clone()), None, "{command}");
    }
}
