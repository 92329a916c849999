//! What becomes of an operation.

use std::time::Duration;

use ponte_values::Moment;
use serde_json::{Map, Value, json};

use super::*;
use crate::audit::{OperatorIdentity, OperatorReason};

const SPAN: Duration = Duration::from_mins(1);

fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => panic!("no object"),
    }
}

fn sender(name: &str) -> OperatorIdentity {
    OperatorIdentity::sender(name).unwrap()
}

fn why() -> OperatorReason {
    OperatorReason::parse("why").unwrap()
}

fn order() -> NewOperation {
    NewOperation {
        id: OperationId::parse("one").unwrap(),
        function: "pcm".to_owned(),
        command: "pcm.resend-day".to_owned(),
        members: object(json!({"day": "2026-02-28"})),
        requested_by: sender("ana"),
        reason: Some(why()),
    }
}

fn waiting() -> Operation {
    Operation::new(order(), OperationState::WaitingApproval, now())
}

#[test]
fn an_id_is_1_to_64_plain_characters() {
    for id in ["a", "resend-2026.06_14", &"x".repeat(64)] {
        assert_eq!(OperationId::parse(id).unwrap().as_str(), id);
    }
    for id in ["", "a b", "a#b", "a/b", "á", &"x".repeat(65)] {
        assert!(OperationId::parse(id).is_err() && serde_json::from_value::<OperationId>(json!(id)).is_err());
    }
}

#[test]
fn t47_another_operator_approves_within_24_hours_and_nobody_else() {
    let before = now().plus(APPROVAL_TIME).minus(Duration::from_millis(1));
    let approved = waiting().approved(sender("bruno"), why(), before).unwrap();
    assert_eq!((approved.state, approved.version), (OperationState::Running, 2));
    let action = approved.action();
    assert_eq!((action.by, action.approved_by), (Some(sender("ana")), Some(sender("bruno"))));
    let fault = |name, at| waiting().approved(sender(name), why(), at).unwrap_err();
    assert_eq!(fault("ana", before), ApprovalFault::SameOperator);
    assert_eq!(fault("bruno", now().plus(APPROVAL_TIME)), ApprovalFault::Expired);
    assert_eq!(approved.approved(sender("carla"), why(), before), Err(ApprovalFault::NotWaiting));
    assert_eq!(waiting().at(before).state, OperationState::WaitingApproval);
    let over = waiting().at(now().plus(APPROVAL_TIME));
    assert_eq!((over.state, over.version), (OperationState::Expired, 1), "reading writes nothing");
    assert_eq!(waiting().expired(now().plus(APPROVAL_TIME)).state, OperationState::Expired);
}

#[test]
fn t12_a_lease_ends_and_one_from_a_clock_far_ahead_does_not_count() {
    let running = Operation::new(order(), OperationState::Running, now());
    assert!(!running.is_run(now()));
    let taken = running.taken_by("a", SPAN, now());
    assert!(taken.is_run(now()) && taken.is_run(now().plus(SPAN).minus(Duration::from_millis(1))));
    assert!(!taken.is_run(now().plus(SPAN)) && !taken.let_go(now()).is_run(now()));
    assert!(!running.taken_by("a", SPAN, now().plus(Duration::from_hours(9))).is_run(now()));
}

#[test]
fn parts_are_counted_and_their_answers_added_up() {
    let running = Operation::new(order(), OperationState::Running, now()).run_by("a", SPAN);
    let part = running.advanced(json!({"resent": 2, "left": 1}), object(json!({"after": "x"})), now());
    assert_eq!((part.part, part.lease.clone(), part.state), (2, None, OperationState::Running));
    assert_eq!(part.members_of_part(), object(json!({"day": "2026-02-28", "after": "x"})));
    let done = part.done(json!({"resent": 3, "left": 0}), now());
    assert_eq!(done.answer, Some(json!({"resent": 5, "left": 1})));
    assert_eq!(done.progress.map(|done| done.parts), Some(2));
    assert_eq!((done.state, done.rest), (OperationState::Done, None));
    assert_eq!((part.nonce.as_deref(), part.at(now()).nonce), (Some("a"), None), "it is shown to nobody");
    let third = part.taken_by("b", SPAN, now()).advanced(json!({}), object(json!({"after": "y"})), now());
    assert_eq!((third.nonce.as_deref(), third.tries), (Some("a"), None));
    let failed = part.failed(&"á".repeat(600), now());
    assert_eq!(failed.fault.map(|fault| fault.chars().count()), Some(500));
    assert!(failed.progress.is_some(), "what was done stays");
}

#[test]
fn t23_work_of_too_many_parts_ends_and_says_so() {
    let running =
        Operation { part: MOST_PARTS - 1, ..Operation::new(order(), OperationState::Running, now()) };
    let last = running.advanced(json!({"moved": 1}), object(json!({"after": "x"})), now());
    assert_eq!((last.state, last.part), (OperationState::Running, 2_000));
    let failed = last.advanced(json!({"moved": 1}), object(json!({"after": "y"})), now());
    assert_eq!((failed.state, failed.rest, failed.version), (OperationState::Failed, None, 3));
    assert_eq!(failed.fault.as_deref(), Some("it takes more than 2000 parts: order what is left"));
    assert_eq!(failed.progress.map(|done| done.sum), Some(json!({"moved": 2})), "what was done stays");
}

#[test]
fn t23_a_record_is_kept_if_it_is_short_enough_and_can_be_read_again() {
    let with = |value: Value| {
        let order = NewOperation { members: Map::from_iter([("a".to_owned(), value)]), ..order() };
        Operation::new(order, OperationState::Running, now())
    };
    assert!(
        with(json!("x".repeat(149_000))).can_be_kept() && !with(json!("x".repeat(150_000))).can_be_kept()
    );
    let deep = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    assert!(with(deep(100)).can_be_kept() && !with(deep(126)).can_be_kept());
    // An answer is there once, whatever its length.
    let sum = json!({"a": "x".repeat(90_000), "b": 1});
    let first = with(json!("x".repeat(149_000))).advanced(sum, Map::new(), now());
    let done = first.done(json!({"b": 1}), now());
    assert!(done.fits() && serde_json::to_string(&done).unwrap().len() < 250_000);
    assert_eq!(done.answer.as_ref().map(|answer| &answer["b"]), Some(&json!(2)));
    let rest = Map::from_iter([("continue".to_owned(), json!("x".repeat(300_000)))]);
    assert!(!first.advanced(json!({}), rest, now()).fits());
}

#[test]
fn answers_are_added_by_member_and_what_is_too_long_is_cut_by_name() {
    let first = json!({"day": "d", "seals": 2, "findings": [1], "reasons": {"a": 1}, "done": false});
    let second = json!({"day": "d", "seals": 3, "findings": [2], "reasons": {"a": 1, "b": 1}, "done": true});
    let both = json!({"day": "d", "seals": 5, "findings": [1, 2], "reasons": {"a": 2, "b": 1}, "done": true});
    assert_eq!(sum(Some(&first), second), both);
    let long: Vec<_> = (0..30_000).collect();
    let cut = sum(Some(&json!({"seals": 1})), json!({"seals": 1, "findings": long}));
    assert_eq!(cut, json!({"seals": 2, "cut": ["findings"]}));
    assert_eq!(sum(None, json!("x".repeat(100_001))), json!({"cut": ["answer"]}));
}

#[test]
fn the_same_order_is_the_same_command_with_the_same_members_whoever_sends_it() {
    let one = waiting();
    let of = |order| Operation::new(order, OperationState::Running, now());
    assert!(one.is_same_order(&of(NewOperation { requested_by: sender("bruno"), reason: None, ..order() })));
    let others = [
        NewOperation { command: "pcm.rebuild".to_owned(), ..order() },
        NewOperation { function: "audit".to_owned(), ..order() },
        NewOperation { members: object(json!({"day": "2026-02-27"})), ..order() },
    ];
    assert!(others.into_iter().all(|other| !one.is_same_order(&of(other))));
}

#[test]
fn commands_that_need_two_operators_are_named_one_by_one() {
    let two = TwoOperators::parse("client.remove, pcm.correct").unwrap();
    assert!(two.need("client.remove") && two.need("pcm.correct") && !two.need("client.block"));
    assert_eq!(TwoOperators::parse("").unwrap(), TwoOperators::default());
    for wrong in ["client", "client.", ".remove", "Client.remove", "client.remove pcm.correct", "*"] {
        assert!(TwoOperators::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_listing_names_what_it_does_not_understand() {
    let parse = |day, state, after: Option<&str>| Listing::parse(day, state, after.map(str::to_owned));
    assert_eq!(parse(Some("today"), None, None), Err(ListFault::Day));
    assert_eq!(parse(None, Some("done"), None), Err(ListFault::State));
    assert_eq!(parse(None, None, Some("x")), Err(ListFault::After));
    let place = waiting().place();
    assert_eq!(place, "2026-03-01T12:00:00.000Z#one");
    assert_eq!(parse(Some("2026-02-28"), None, Some(&place)), Err(ListFault::After));
    let listing = parse(Some("2026-03-01"), Some("WAITING_APPROVAL"), Some(&place)).unwrap();
    assert_eq!(listing.state, Some(OperationState::WaitingApproval));
}
