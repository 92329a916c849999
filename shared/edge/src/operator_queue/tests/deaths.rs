//! Processes that end, failures behind ports, lost messages: nothing is done twice or never ends.

use super::*;

#[tokio::test]
async fn t19_a_death_before_the_next_part_is_sent_is_mended_by_the_message_that_comes_again() {
    let scene = Scene::new();
    scene.parts.failing.store(1, Ordering::Relaxed);
    assert_eq!(scene.send(ANA, long()).await, Verdict::Retry);
    assert_eq!((scene.operation("long").await.part, scene.handed_on().len()), (2, 0));
    // As long as the part may be under way, the message is not sent twice.
    assert_eq!(scene.again(ANA, long()).await, Verdict::Done);
    assert_eq!(scene.handed_on().len(), 0);
    scene.clock.wait(Duration::from_mins(6));
    assert_eq!(scene.again(ANA, long()).await, Verdict::Done);
    let nonce = scene.operation("long").await.nonce;
    assert_eq!(scene.handed_on(), [json!({"operation": "long", "part": 2, "nonce": nonce})]);
    assert_eq!(scene.runs(), 1);
}

#[tokio::test]
async fn t19_an_operation_that_lost_its_message_goes_on_by_the_same_order_sent_again() {
    let scene = Scene::new();
    scene.send(ANA, long()).await;
    let [second] = &scene.handed_on()[..] else { panic!("one part") };
    scene.send("stack", second.clone()).await;
    let [third] = &scene.handed_on()[..] else { panic!("one part") };
    // Its message is lost, with all of its repetitions.
    assert_eq!(scene.send(ANA, long()).await, Verdict::Done);
    assert_eq!(scene.handed_on().len(), 0, "it may still come");
    scene.clock.wait(Duration::from_mins(6));
    assert_eq!(scene.send(ANA, long()).await, Verdict::Done);
    assert_eq!(scene.handed_on(), std::slice::from_ref(third));
    scene.send("stack", third.clone()).await;
    assert_eq!((scene.operation("long").await.state, scene.runs()), (OperationState::Done, 3));
}

#[tokio::test]
async fn t19_a_command_in_which_the_process_ends_three_times_has_failed() {
    let scene = Scene::new();
    // What a process that dies leaves: the lease, and nothing of the command.
    scene.operations.failing_changes.store(1, Ordering::Relaxed);
    scene.send(ANA, change()).await;
    let died = scene.operation("one").await;
    assert_eq!(died.tries, Some(1));
    let third = Operation { tries: Some(3), ..died };
    scene.operations.stored.lock().unwrap().insert(third.id.clone(), third);
    assert_eq!(scene.again(ANA, change()).await, Verdict::Retry, "it may still run");
    scene.clock.wait(Duration::from_mins(6));
    assert_eq!(scene.again(ANA, change()).await, Verdict::Done);
    let failed = scene.operation("one").await;
    assert_eq!((failed.state, scene.runs()), (OperationState::Failed, 1));
    assert_eq!(failed.fault.as_deref(), Some("the process ended while it ran, three times"));
}

#[tokio::test]
async fn t19_a_command_that_a_release_has_lost_fails_and_approves_nothing() {
    let scene = Scene::where_two_must("x.change");
    scene.send(ANA, change()).await;
    let lost = |operation: Operation| Operation { command: "x.lost".to_owned(), ..operation };
    let waiting = lost(scene.operation("one").await);
    scene.operations.stored.lock().unwrap().insert(waiting.id.clone(), waiting);
    assert!(reason(scene.send(BRUNO, approval("one")).await).starts_with("not a command of this function"));
    assert_eq!(scene.operation("one").await.state, OperationState::WaitingApproval);
    scene.send(ANA, long()).await;
    let [second] = &scene.handed_on()[..] else { panic!("one part") };
    let running = lost(scene.operation("long").await);
    scene.operations.stored.lock().unwrap().insert(running.id.clone(), running);
    assert_eq!(scene.send("stack", second.clone()).await, Verdict::Done);
    let failed = scene.operation("long").await;
    assert_eq!((failed.state, scene.runs()), (OperationState::Failed, 1));
    assert!(failed.fault.unwrap().starts_with("this release has no such command"));
}

#[tokio::test]
async fn t19_a_death_before_the_answer_is_recorded_lets_the_part_run_again_when_its_lease_is_over() {
    let scene = Scene::new();
    scene.operations.failing_changes.store(1, Ordering::Relaxed);
    assert_eq!(scene.send(ANA, change()).await, Verdict::Retry);
    // Another delivery meanwhile: somebody is at it.
    assert_eq!(scene.again(ANA, change()).await, Verdict::Retry);
    assert_eq!(scene.runs(), 1);
    scene.clock.wait(Duration::from_mins(6));
    assert_eq!(scene.again(ANA, change()).await, Verdict::Done);
    assert_eq!((scene.runs(), scene.operation("one").await.state), (2, OperationState::Done));
}

#[tokio::test]
async fn t19_a_failure_behind_a_port_is_tried_three_times_and_any_other_once() {
    let scene = Scene::new();
    scene.done.failing.store(9, Ordering::Relaxed);
    assert_eq!(scene.send(ANA, change()).await, Verdict::Retry);
    assert_eq!(scene.again(ANA, change()).await, Verdict::Retry);
    assert_eq!(scene.again(ANA, change()).await, Verdict::Done);
    let operation = scene.operation("one").await;
    assert_eq!(
        (operation.state, operation.fault.as_deref()),
        (OperationState::Failed, Some("store failed: down"))
    );
    scene.done.failing.store(0, Ordering::Relaxed);
    let wrong = json!({"operator": "x.change", "operationId": "wrong", "reason": "why", "fails": true});
    assert_eq!(scene.send(ANA, wrong).await, Verdict::Done);
    assert_eq!(scene.operation("wrong").await.fault.as_deref(), Some("no such day"));
    let panics = json!({"operator": "x.panic", "operationId": "panics", "reason": "why"});
    assert_eq!(scene.send(ANA, panics).await, Verdict::Done);
    assert_eq!(scene.operation("panics").await.state, OperationState::Failed);
}

#[tokio::test]
async fn t19_a_death_after_an_approval_is_mended_by_the_approval_that_comes_again() {
    let scene = Scene::where_two_must("x.change");
    scene.send(ANA, change()).await;
    let waiting = scene.operation("one").await;
    let by = OperatorIdentity::sender(BRUNO).unwrap();
    let why = OperatorReason::parse("seen").unwrap();
    let approved = waiting.approved(by, why, scene.clock.now()).unwrap();
    assert!(scene.operations.replace(&approved).await.unwrap());
    assert_eq!(scene.again(BRUNO, approval("one")).await, Verdict::Done);
    assert_eq!((scene.operation("one").await.state, scene.runs()), (OperationState::Done, 1));
}
