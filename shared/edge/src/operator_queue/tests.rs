//! Orders from a queue, done once.

mod deaths;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ponte_kit::clock::ManualClock;
use ponte_kit::operations::{DeadLettersInMemory, OperationsInMemory, PartsInMemory, RECEIPT};
use ponte_ports::Clock as _;
use ponte_ports::audit::OperatorAction;
use ponte_ports::operation::{APPROVAL_TIME, Operations as _, TwoOperators};
use ponte_values::Moment;
use serde_json::json;
use serde_json::value::RawValue;

use super::*;
use crate::operator::Operator;
use crate::operator_source::OperatorSource;

/// What the commands of a test did, and how often one still fails.
#[derive(Default)]
struct Done {
    runs: Mutex<Vec<(Value, OperatorAction)>>,
    failing: AtomicU32,
}

#[async_trait]
impl Operator for Arc<Done> {
    fn kind(&self, command: &RawValue) -> Option<CommandKind> {
        match serde_json::from_str::<Value>(command.get()).ok()?["operator"].as_str()? {
            "x.look" | "x.page" => Some(CommandKind::LOOKS),
            "x.change" | "x.panic" => Some(CommandKind::CHANGES),
            "x.money" => Some(CommandKind::CHANGES.by_two()),
            "x.long" => Some(CommandKind::CHANGES.going_on()),
            "x.secret" => Some(CommandKind::CHANGES.answering_a_secret()),
            _ => None,
        }
    }

    async fn run(&self, command: &RawValue, action: &OperatorAction) -> Result<Value, OperatorError> {
        let command: Value = serde_json::from_str(command.get())?;
        self.runs.lock().unwrap().push((command.clone(), action.clone()));
        if self.failing.load(Ordering::Relaxed) > 0 {
            self.failing.fetch_sub(1, Ordering::Relaxed);
            return Err(PortError::new("store", "down").into());
        }
        match command["operator"].as_str() {
            Some("x.panic") => panic!("on purpose"),
            Some("x.page") => Ok(json!({"found": [1], "next": "b"})),
            Some("x.long") => match command["after"].as_str() {
                None => Ok(json!({"moved": 2, "next": "b"})),
                Some("b") => Ok(json!({"moved": 3, "next": "c"})),
                _ => Ok(json!({"moved": 1})),
            },
            _ if command["fails"] == true => Err("no such day".into()),
            _ => Ok(json!({"moved": 1})),
        }
    }
}

struct Scene {
    done: Arc<Done>,
    operations: Arc<OperationsInMemory>,
    parts: Arc<PartsInMemory>,
    clock: Arc<ManualClock>,
    queue: OperatorQueue,
}

const ANA: &str = "AROAINVENTED:ana";
const BRUNO: &str = "AROAINVENTED:bruno";

impl Scene {
    fn new() -> Self {
        Self::where_two_must("")
    }

    fn where_two_must(commands: &str) -> Self {
        let clock = Arc::new(ManualClock::at(Moment::parse("2026-03-01T12:00:00Z").unwrap()));
        let (done, operations, parts) = (Arc::<Done>::default(), Arc::default(), Arc::default());
        let source = OperatorSource::new(
            ("x", "XOperatorQueue"),
            Arc::<OperationsInMemory>::clone(&operations),
            Arc::<PartsInMemory>::clone(&parts),
            Arc::<DeadLettersInMemory>::default(),
            clock.clone(),
        );
        let source = Arc::new(source.approving(TwoOperators::parse(commands).unwrap()));
        let commands = OperatorCommands::new(Arc::new(Arc::clone(&done)), source, clock.clone());
        Self { done, operations, parts, clock, queue: OperatorQueue::new(commands) }
    }

    async fn send(&self, sender: &str, body: Value) -> Verdict {
        self.queue.work(&message(sender, &named(sender, body))).await
    }

    async fn again(&self, sender: &str, body: Value) -> Verdict {
        self.queue.work(&Message { receives: 2, ..message(sender, &named(sender, body)) }).await
    }

    async fn operation(&self, id: &str) -> Operation {
        self.operations.find(&OperationId::parse(id).unwrap()).await.unwrap().unwrap()
    }

    fn runs(&self) -> usize {
        self.done.runs.lock().unwrap().len()
    }

    /// Takes the parts that were handed on, as messages.
    fn handed_on(&self) -> Vec<Value> {
        let sent = std::mem::take(&mut *self.parts.sent.lock().unwrap());
        sent.iter().map(|part| serde_json::to_value(part).unwrap()).collect()
    }
}

fn message(sender: &str, body: &Value) -> Message {
    Message {
        id: "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01".to_owned(),
        body: body.to_string(),
        receipt: RECEIPT.to_owned(),
        sender: Some(sender.to_owned()),
        receives: 1,
        ..Message::default()
    }
}

/// A command or an approval as the command line sends it: with its sender.
fn named(sender: &str, mut body: Value) -> Value {
    if body.get("operator").is_some() {
        body["sender"] = sender.into();
    }
    body
}

fn change() -> Value {
    json!({"operator": "x.change", "operationId": "one", "reason": "why", "day": "2026-02-28"})
}

fn long() -> Value {
    json!({"operator": "x.long", "operationId": "long", "by": {"reason": "why"}})
}

fn approval(id: &str) -> Value {
    json!({"operator": "ops.approve", "operation": id, "reason": "seen"})
}

fn reason(verdict: Verdict) -> String {
    let Verdict::Drop(reason) = verdict else { panic!("{verdict:?}") };
    reason.into_owned()
}

#[tokio::test]
async fn t23_t47_an_order_is_done_once_by_its_sender_and_the_first_answer_stays() {
    let scene = Scene::new();
    for _ in 0..3 {
        assert_eq!(scene.send(ANA, change()).await, Verdict::Done);
    }
    // Somebody else who sends the very same changes nothing either.
    assert_eq!(scene.send(BRUNO, change()).await, Verdict::Done);
    let runs = scene.done.runs.lock().unwrap().clone();
    let [(command, action)] = &runs[..] else { panic!("{runs:?}") };
    assert_eq!(
        *command,
        json!({"operator": "x.change", "day": "2026-02-28"}),
        "the very event of an invocation"
    );
    let by = OperatorIdentity::sender(ANA).ok();
    let operation = OperationId::parse("one").ok();
    let reason = OperatorReason::parse("why").ok();
    let ordered_at = Some(scene.clock.now());
    assert_eq!(*action, OperatorAction { by, reason, operation, ordered_at, ..OperatorAction::default() });
    let operation = scene.operation("one").await;
    assert_eq!((operation.state, operation.answer), (OperationState::Done, Some(json!({"moved": 1}))));
    assert_eq!(operation.lease, None);
}

#[tokio::test]
async fn t23_another_order_under_the_same_id_is_refused() {
    let scene = Scene::new();
    scene.send(ANA, change()).await;
    let mut other = change();
    other["day"] = "2026-02-27".into();
    assert_eq!(reason(scene.send(ANA, other).await), "another order has this operationId");
    assert_eq!(scene.runs(), 1);
}

#[tokio::test]
async fn an_order_without_an_id_has_that_of_its_message() {
    let scene = Scene::new();
    scene.send(ANA, json!({"operator": "x.look"})).await;
    assert_eq!(scene.operation("0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01").await.state, OperationState::Done);
    assert_eq!(scene.again(ANA, json!({"operator": "x.look"})).await, Verdict::Done);
    assert_eq!(scene.runs(), 1);
}

#[tokio::test]
async fn t68_what_is_no_order_is_refused_with_a_reason_that_repeats_nothing() {
    let scene = Scene::new();
    let canary = "12345678909";
    for body in [
        json!("text"),
        json!({"operator": 7}),
        json!({"day": canary}),
        json!({"operator": canary}),
        json!({"operator": "y.change", "reason": "why", "day": canary}),
        json!({"operator": "x.change", "operationId": format!("a {canary}"), "reason": "why"}),
        json!({"operator": "x.change", "reason": "why", "by": {"reason": canary}}),
        json!({"operator": "x.change", "by": {"team": canary}}),
        json!({"operator": "x.change", "by": canary}),
        json!({"operator": "x.change", "reason": format!("{canary}\n")}),
        json!({"operator": "ops.show", "id": canary}),
        json!({"operator": "ops.approve", "operation": "one", "also": canary}),
        json!({"operator": "ops.approve", "operation": canary, "reason": "why"}),
        json!({"operation": canary, "part": 1, "nonce": canary}),
        json!({"operation": "one", "part": 1}),
        json!({"operation": "one", "part": 1, "nonce": "a", "also": canary}),
    ] {
        let told = reason(scene.send(ANA, body.clone()).await);
        assert!(!told.contains(canary) && told.len() <= 256 && !told.is_empty(), "{body}: {told}");
    }
    let garbled = Message { body: canary.to_owned(), ..message(ANA, &json!({})) };
    assert_eq!(reason(scene.queue.work(&garbled).await), "the message is no JSON object");
    let long = Message { body: " ".repeat(262_145), ..garbled };
    assert_eq!(reason(scene.queue.work(&long).await), "the message is longer than 262144 bytes");
    assert_eq!((scene.runs(), scene.operations.stored.lock().unwrap().len()), (0, 0));
}

#[tokio::test]
async fn t47_nobody_orders_without_a_sender_or_in_the_name_of_another_or_for_no_reason() {
    let scene = Scene::new();
    let nobody = Message { sender: None, ..message(ANA, &change()) };
    assert_eq!(reason(scene.queue.work(&nobody).await), "the queue names no sender");
    let moved = Message { was_dead: true, ..message(ANA, &change()) };
    assert!(reason(scene.queue.work(&moved).await).starts_with("the message was refused or given up before"));
    let named =
        json!({"operator": "x.change", "operationId": "named", "by": {"name": "bruno", "reason": "why"}});
    assert!(reason(scene.send(ANA, named).await).starts_with("by.name is not taken"));
    let unsigned = json!({"operator": "x.change", "operationId": "unsigned"});
    assert!(reason(scene.send(ANA, unsigned.clone()).await).starts_with("reason is missing"));
    assert!(
        reason(scene.again(ANA, unsigned).await).starts_with("reason is missing"),
        "also when shown again"
    );
    assert_eq!(
        scene.operation("unsigned").await.state,
        OperationState::Refused,
        "whoever follows it is told"
    );
    assert_eq!(scene.runs(), 0);
}

#[tokio::test]
async fn t47_a_message_that_the_queue_has_not_shown_orders_approves_and_hands_on_nothing() {
    let scene = Scene::where_two_must("x.change");
    scene.send(ANA, change()).await;
    for body in [
        named(BRUNO, approval("one")),
        long(),
        json!({"operation": "one", "part": 1, "nonce": "a"}),
        json!("text"),
    ] {
        for receipt in ["", "placeholder"] {
            let forged = Message { receipt: receipt.to_owned(), ..message(BRUNO, &body) };
            assert_eq!(scene.queue.work(&forged).await, Verdict::Retry, "{body}");
        }
    }
    let stored = scene.operations.stored.lock().unwrap().len();
    assert_eq!((scene.operation("one").await.state, stored), (OperationState::WaitingApproval, 1));
    assert_eq!(scene.runs(), 0);
}

#[tokio::test]
async fn t47_a_message_names_its_sender_where_two_operators_must_and_never_another() {
    let scene = Scene::where_two_must("x.change");
    let nameless = message(ANA, &change());
    assert!(reason(scene.queue.work(&nameless).await).starts_with("sender is missing"));
    assert_eq!(scene.operation("one").await.state, OperationState::Refused);
    let mut two = change();
    two["operationId"] = "two".into();
    // Ana's letter, moved back by Bruno, is no order of his.
    let moved = message(BRUNO, &named(ANA, two.clone()));
    assert!(reason(scene.queue.work(&moved).await).starts_with("sender is not who sent"));
    assert_eq!(scene.send(ANA, two).await, Verdict::Done);
    let approvals = [(approval("two"), "sender is missing"), (named(ANA, approval("two")), "sender is not")];
    for (body, told) in approvals {
        assert!(reason(scene.queue.work(&message(BRUNO, &body)).await).starts_with(told), "{body}");
    }
    assert_eq!((scene.operation("two").await.state, scene.runs()), (OperationState::WaitingApproval, 0));
    // Where one is enough it may be missing, but not be another's.
    let look = json!({"operator": "x.look", "operationId": "look"});
    assert_eq!(scene.queue.work(&message(ANA, &look)).await, Verdict::Done);
    let moved = message(BRUNO, &named(ANA, look));
    assert!(reason(scene.queue.work(&moved).await).starts_with("sender is not who sent"));
}

#[tokio::test]
async fn t47_a_command_that_answers_a_secret_is_refused_and_no_record_holds_one() {
    let scene = Scene::new();
    let order = json!({"operator": "x.secret", "operationId": "key", "reason": "why"});
    assert!(reason(scene.send(ANA, order).await).starts_with("its answer holds a secret"));
    let operation = scene.operation("key").await;
    assert_eq!((operation.state, operation.answer, scene.runs()), (OperationState::Refused, None, 0));
}

#[tokio::test]
async fn t23_long_work_hands_itself_on_and_is_added_up() {
    let scene = Scene::new();
    assert_eq!(scene.send(ANA, long()).await, Verdict::Done);
    let [second] = &scene.handed_on()[..] else { panic!("one part") };
    let nonce = scene.operation("long").await.nonce.unwrap();
    assert_eq!(*second, json!({"operation": "long", "part": 2, "nonce": nonce}));
    let progress = scene.operation("long").await.progress.unwrap();
    assert_eq!((progress.parts, progress.sum), (1, json!({"moved": 2})));
    // Parts that are over, or to come, say nothing new.
    for part in [1, 3, 9] {
        let part = json!({"operation": "long", "part": part, "nonce": nonce});
        assert_eq!(scene.send("stack", part).await, Verdict::Done);
    }
    for nonce in ["", "made up"] {
        let part = json!({"operation": "long", "part": 2, "nonce": nonce});
        assert!(reason(scene.send(ANA, part).await).starts_with("the function has sent no such part"));
    }
    assert_eq!((scene.runs(), scene.handed_on().len()), (1, 0));
    assert_eq!(scene.send("stack", second.clone()).await, Verdict::Done);
    let [third] = &scene.handed_on()[..] else { panic!("one part") };
    assert_eq!(scene.send("stack", third.clone()).await, Verdict::Done);
    assert_eq!(scene.send("stack", third.clone()).await, Verdict::Done);
    let operation = scene.operation("long").await;
    assert_eq!((operation.state, operation.answer), (OperationState::Done, Some(json!({"moved": 6}))));
    assert_eq!((scene.runs(), scene.handed_on().len()), (3, 0));
    let by = scene.done.runs.lock().unwrap().iter().map(|(_, action)| action.by.clone()).collect::<Vec<_>>();
    assert_eq!(by, vec![OperatorIdentity::sender(ANA).ok(); 3], "the operator stays whoever sends the parts");
    // A list that has pages is done with one of them.
    scene.send(ANA, json!({"operator": "x.page", "operationId": "page"})).await;
    assert_eq!(scene.operation("page").await.answer, Some(json!({"found": [1], "next": "b"})));
}

#[tokio::test]
async fn t23_an_order_does_not_begin_in_the_middle_of_its_work() {
    for (number, place) in ["after", "continue"].into_iter().enumerate() {
        let scene = Scene::new();
        let mut order = long();
        order[place] = json!("b");
        order["operationId"] = json!(format!("inside-{number}"));
        assert!(reason(scene.send(ANA, order).await).starts_with("after and continue are not taken"));
        assert_eq!(scene.runs(), 0);
    }
    // A page of a list is no such place.
    let scene = Scene::new();
    let page = json!({"operator": "x.page", "operationId": "page", "after": "b"});
    assert_eq!(scene.send(ANA, page).await, Verdict::Done);
}

#[tokio::test]
async fn t23_an_order_that_no_record_can_keep_is_refused_and_nothing_is_stored() {
    let scene = Scene::new();
    let deep = (0..126).fold(json!(1), |inner, _| json!([inner]));
    for long in [json!("x".repeat(150_000)), deep] {
        let order = json!({"operator": "x.change", "operationId": "one", "reason": "why", "day": long});
        assert!(reason(scene.send(ANA, order).await).starts_with("its record would be longer"));
    }
    assert_eq!((scene.runs(), scene.operations.stored.lock().unwrap().len()), (0, 0));
}

#[tokio::test]
async fn t47_where_two_operators_must_nothing_runs_until_another_one_approves() {
    let scene = Scene::where_two_must("x.change");
    assert_eq!(scene.send(ANA, change()).await, Verdict::Done);
    assert_eq!(scene.again(ANA, change()).await, Verdict::Done);
    let made_up = json!({"operation": "one", "part": 1, "nonce": ""});
    assert!(reason(scene.send(ANA, made_up).await).starts_with("the function has sent no such part"));
    assert_eq!((scene.operation("one").await.state, scene.runs()), (OperationState::WaitingApproval, 0));
    assert!(reason(scene.send(ANA, approval("one")).await).contains("by the same operator"));
    assert!(
        reason(scene.send(BRUNO, json!({"operator": "ops.approve", "operation": "one"})).await)
            .starts_with("reason")
    );
    assert_eq!(scene.runs(), 0);
    assert_eq!(scene.send(BRUNO, approval("one")).await, Verdict::Done);
    let action = scene.done.runs.lock().unwrap()[0].1.clone();
    let [ana, bruno] = [ANA, BRUNO].map(|name| OperatorIdentity::sender(name).ok());
    assert_eq!((action.by, action.approved_by), (ana, bruno));
    let seen = OperatorReason::parse("seen").ok();
    assert_eq!((action.approval_reason, action.operation), (seen, OperationId::parse("one").ok()));
    let operation = scene.operation("one").await;
    assert_eq!((operation.state, operation.lease), (OperationState::Done, None));
    // Again, and by a third one.
    assert_eq!(scene.again(BRUNO, approval("one")).await, Verdict::Done);
    assert!(reason(scene.send("carla", approval("one")).await).contains("waits for no approval"));
    // What is not listed runs at once.
    scene.send(ANA, json!({"operator": "x.look", "operationId": "look"})).await;
    assert_eq!(scene.runs(), 2);
}

#[tokio::test]
async fn t47_an_approval_comes_within_24_hours_or_the_order_is_over() {
    let scene = Scene::where_two_must("x.change");
    scene.send(ANA, change()).await;
    scene.clock.wait(APPROVAL_TIME);
    assert!(reason(scene.send(BRUNO, approval("one")).await).contains("has expired"));
    let operation = scene.operation("one").await;
    assert_eq!((operation.state, scene.runs()), (OperationState::Expired, 0));
    assert!(operation.fault.unwrap().contains("24 hours"));
    assert!(reason(scene.again(BRUNO, approval("one")).await).contains("has expired"));
    assert_eq!(scene.runs(), 0);
}

#[tokio::test]
async fn an_operation_of_another_function_is_not_touched() {
    let scene = Scene::new();
    scene.operations.begin(&ponte_kit::contract::operations::example("foreign", 0)).await.unwrap();
    for body in [approval("foreign"), json!({"operation": "foreign", "part": 1, "nonce": "a"})] {
        assert!(reason(scene.send(BRUNO, body).await).contains("of another function"));
    }
    let same = json!({"operator": "x.look", "operationId": "foreign"});
    assert_eq!(reason(scene.send(ANA, same).await), "another order has this operationId");
}

#[tokio::test]
async fn t47_a_command_that_moves_money_waits_for_a_second_operator_whatever_the_institution_says() {
    let scene = Scene::new();
    let money = json!({"operator": "x.money", "operationId": "money", "reason": "why"});
    assert_eq!(scene.send(ANA, money.clone()).await, Verdict::Done);
    assert_eq!(scene.operation("money").await.state, OperationState::WaitingApproval);
    assert_eq!(scene.runs(), 0);
    let approval = |by: &str| json!({"operator": "ops.approve", "operation": "money", "reason": "looked at it", "sender": by});
    assert!(matches!(scene.send(ANA, approval(ANA)).await, Verdict::Drop(_)));
    assert_eq!(scene.runs(), 0);
    assert_eq!(scene.send(BRUNO, approval(BRUNO)).await, Verdict::Done);
    assert_eq!((scene.runs(), scene.operation("money").await.state), (1, OperationState::Done));
    assert_eq!(scene.again(ANA, money).await, Verdict::Done);
    assert_eq!(scene.runs(), 1, "the same order again does nothing");
}
