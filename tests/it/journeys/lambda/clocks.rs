//! Clocks of environments that differ from the world's: no token is refused for it, and nothing is done that cannot be undone.

use ponte_kit::gateway::GatewayCall;
use ponte_machine::clock;
use ponte_values::Moment;
use serde_json::{Value, json};

use super::environment::{Environment, code, schedule};
use crate::journeys::steps::{ACCOUNTS, World};
use crate::stack::Stack;

/// `GET /accounts` with a customer's token as the gateway hands it over, arriving now.
pub(super) fn accounts(stack: &Stack, token: &str) -> Value {
    let host = stack.text("/hosts/mtls").trim_start_matches("https://").split(':').next().unwrap_or_default();
    let certificate =
        std::fs::read_to_string(stack.text("/clients/0/transport_cert")).expect("a certificate");
    let headers = json!({
        "authorization": format!("Bearer {token}"),
        "x-fapi-interaction-id": clock::new_id(),
        "accept": "application/json",
    });
    let at = clock::now().millis();
    GatewayCall {
        method: "GET",
        path: ACCOUNTS,
        host,
        certificate: Some(&certificate),
        headers,
        body: None,
        at,
    }
    .event()
}

#[tokio::test]
async fn lb03_t12_a_token_just_issued_opens_where_the_clock_is_a_minute_behind() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let data = Environment::of(&stack, "data").await;
    for (behind, status) in [(0, 200), (1, 200), (50, 200), (90, 401)] {
        data.clock.set(-behind);
        let consent = world.create_consent(&world.client_token().await).await;
        let tokens = world.agree(&world.log_in(&consent).await).await;
        // Right after it was issued.
        let answer = data.answer(accounts(&stack, &tokens.access).to_string()).await;
        assert_eq!(code(&answer).0, status, "{behind} s behind: {answer}");
    }
}

#[tokio::test]
async fn lb05_a_schedule_by_a_clock_hours_ahead_ends_no_consent() {
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
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let consent = world.create_consent(&world.client_token().await).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    let data = Environment::of(&stack, "data").await;
    let call = async || data.answer(accounts(&stack, &tokens.access).to_string()).await;
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
