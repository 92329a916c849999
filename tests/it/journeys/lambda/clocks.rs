//! Clocks of environments that differ from the world's: no token is refused for it, and nothing is done that cannot be undone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};
use ponte_kit::intermediary::{Exchange, Intermediary};
use ponte_kit::stub::{Reply, Request};
use ponte_machine::clock;
use ponte_values::Moment;
use serde_json::json;

use super::directory::DIRECTORY;
use super::environment::{CLOUD, ENDPOINT, Environment, address, code, schedule};
use super::gateway::Gateway;
use super::moved_clock;
use crate::journeys::steps::World;
use crate::stack::Stack;

/// The header that names the operation of AWS.
const TARGET: &str = "x-amz-target";
const LOOK: &str = "secretsmanager.GetSecretValue";

#[tokio::test]
async fn lb03_t12_a_token_just_issued_opens_where_the_clock_is_a_minute_behind() {
    if !moved_clock::or_skipped("lb03") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let data = Environment::of(&stack, "data").await;
    for (behind, status) in [(0, 200), (1, 200), (50, 200), (90, 401)] {
        data.clock.set(-behind);
        let consent = world.create_consent(&world.client_token().await).await;
        let tokens = world.agree(&world.log_in(&consent).await).await;
        // Right after it was issued.
        let answer = data.answer(Gateway::of(&stack).accounts(&tokens.access).to_string()).await;
        assert_eq!(code(&answer).0, status, "{behind} s behind: {answer}");
    }
}

#[tokio::test]
async fn lb05_a_schedule_by_a_clock_hours_ahead_ends_no_consent() {
    if !moved_clock::or_skipped("lb05") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let consents = Environment::of(&stack, "consents").await;
    let token = world.client_token().await;
    let consent = world.create_consent(&token).await;
    let tick = |ahead: i64| {
        let time = Moment::from_seconds(clock::now().seconds() + ahead);
        schedule("expiry", &time.to_string())
    };

    consents.clock.set(7_200);
    let fault = consents.fault(tick(0)).await;
    assert!(fault.contains("clock"), "{fault}");
    assert_eq!(consents.said(r#""alarm":"clock-ahead""#), 1, "{}", consents.log());
    assert_eq!(consents.process(), None, "the environment ends");
    assert_eq!(world.status(&token, &consent).await, "AWAITING_AUTHORISATION");

    // A late event is no fault of the clock, and a clock that is right again does its work.
    consents.clock.set(0);
    // As late as scheduler and Lambda may be together.
    for late in [0, 30, 110] {
        consents.answer(tick(-late)).await;
    }
    assert_eq!(consents.said("clock-ahead"), 1, "{}", consents.log());
    assert_eq!(world.status(&token, &consent).await, "AWAITING_AUTHORISATION");

    // Two hours later indeed: by the same clock, with an event of that time.
    consents.clock.set(7_200);
    consents.answer(tick(7_200)).await;
    assert_eq!(world.status(&token, &consent).await, "REJECTED");
}

#[tokio::test]
async fn lb05_a_call_by_a_clock_an_hour_ahead_is_answered_by_the_gateway_s_and_is_the_environment_s_last() {
    if !moved_clock::or_skipped("lb05") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let consent = world.create_consent(&world.client_token().await).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    let data = Environment::of(&stack, "data").await;
    let call = async || data.answer(Gateway::of(&stack).accounts(&tokens.access).to_string()).await;
    assert_eq!(code(&call().await).0, 200);
    let first = data.process();
    assert_eq!((code(&call().await).0, data.process()), (200, first), "one process serves on");

    data.clock.set(3_600);
    let answer = call().await;
    assert_eq!(code(&answer).0, 200, "{answer}");
    assert_eq!(data.said("our clock is ahead"), 1, "{}", data.log());
    assert_eq!(data.process(), None, "the environment ends");

    data.clock.set(0);
    assert_eq!(code(&call().await).0, 200);
    assert!(data.process().is_some() && data.process() != first);
    assert_eq!(data.said("our clock is ahead"), 1);
}

#[tokio::test]
async fn lb04_a_process_whose_clock_was_a_day_ahead_once_looks_at_secrets_and_key_sets_again() {
    if !moved_clock::or_skipped("lb04") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let cloud = Intermediary::before(address(&stack, CLOUD), |_, _| Exchange::Pass).await;
    let looks = || cloud.requests().iter().filter(|request| request.header(TARGET) == LOOK).count();
    // A fault that does nothing but count.
    world.order(DIRECTORY, &json!({ "kind": "delay", "milliseconds": 0, "times": 1_000 })).await;
    let fetches = async || 1_000 - world.faults(DIRECTORY).await[0]["times"].as_u64().unwrap_or_default();
    let oauth = Environment::calling(&stack, "oauth", &[(ENDPOINT, cloud.url())]).await;
    let process = oauth.process();
    let mut seen = (looks(), fetches().await);
    for (ahead, looked, fetched) in [
        (0, false, true),
        // Whatever is older than a day is looked at again.
        (86_400, true, true),
        // So is what is from tomorrow, and only once.
        (0, true, true),
        (1, false, false),
        (3_600, true, true),
        (0, true, true),
        (1, false, false),
    ] {
        oauth.clock.set(ahead);
        let answer = oauth.answer(Gateway::of(&stack).later(ahead).client_token().to_string()).await;
        assert_eq!(code(&answer).0, 200, "{ahead} s ahead: {answer}: {}", oauth.log());
        let now = (looks(), fetches().await);
        assert_eq!((now.0 > seen.0, now.1 > seen.1), (looked, fetched), "{ahead} s ahead: {seen:?} {now:?}");
        seen = now;
    }
    assert_eq!(oauth.process(), process, "one process served all of them");
}

#[tokio::test]
async fn lb06_a_process_whose_clock_goes_wrong_and_comes_right_again_fails_no_call() {
    if !moved_clock::or_skipped("lb06") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let refused = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&refused);
    let judge = move |_, request: &Request| match refusal_of_time(request, clock::now().seconds()) {
        Some(refusal) => {
            count.fetch_add(1, Ordering::Relaxed);
            Exchange::Answer(refusal)
        }
        None => Exchange::Pass,
    };
    let cloud = Intermediary::before(address(&stack, CLOUD), judge).await;
    let oauth = Environment::calling(&stack, "oauth", &[(ENDPOINT, cloud.url())]).await;
    let process = oauth.process();
    for (off, told) in
        [(0, false), (400, true), (400, false), (0, true), (0, false), (-400, true), (400, true), (0, true)]
    {
        oauth.clock.set(off);
        let before = refused.load(Ordering::Relaxed);
        let answer = oauth.answer(Gateway::of(&stack).later(off).client_token().to_string()).await;
        assert_eq!(code(&answer).0, 200, "{off} s off: {answer}: {}", oauth.log());
        assert_eq!(refused.load(Ordering::Relaxed) > before, told, "{off} s off");
    }
    assert_eq!(oauth.process(), process, "one process served all of them");
}

/// What AWS says to a signature whose time is more than five minutes off, with its own time.
fn refusal_of_time(request: &Request, now: i64) -> Option<Reply> {
    let signed = request.header("x-amz-date");
    let (d, t) = signed.split_once('T').expect("a signed request");
    let signed = format!("{}-{}-{}T{}:{}:{}Z", &d[..4], &d[4..6], &d[6..], &t[..2], &t[2..4], &t[4..6]);
    let signed = Moment::parse(&signed).expect("a time").seconds();
    if (signed - now).abs() <= 300 {
        return None;
    }
    let body =
        r#"{"__type":"com.amazon.coral.service#InvalidSignatureException","message":"Signature expired"}"#;
    let date = DateTime::from_secs(now).fmt(DateTimeFormat::HttpDate).expect("a date");
    let head = "content-type: application/x-amz-json-1.0\r\nconnection: close";
    let reply =
        format!("HTTP/1.1 400 X\r\ndate: {date}\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    Some(Reply::Raw(reply.into_bytes()))
}
