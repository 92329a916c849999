//! A directory that fails at the first call of a process: where no key set is held, one lost answer costs no token.

use serde_json::{Value, json};

use super::environment::Environment;
use super::gateway::Gateway;
use super::moved_clock;
use crate::journeys::steps::World;
use crate::stack::Stack;

pub(super) const DIRECTORY: &str = "/directory";
/// More requests than any of these tests makes.
const ALL: u64 = 1_000;

/// Requests that a fault for all of them has met.
async fn met(world: &World) -> u64 {
    let faults = world.faults(DIRECTORY).await;
    ALL - faults[0]["times"].as_u64().expect("a fault that counts")
}

/// Status, error and `Retry-After` of a token call that arrives so many seconds later.
async fn token(stack: &Stack, oauth: &Environment, later: i64) -> (u64, String, bool) {
    let answer = oauth.answer(Gateway::of(stack).later(later).client_token().to_string()).await;
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap_or("{}")).unwrap_or_default();
    let error = body["error"].as_str().unwrap_or_default().to_owned();
    (answer["statusCode"].as_u64().unwrap_or_default(), error, answer["headers"]["retry-after"].is_string())
}

#[tokio::test]
async fn lb02_a_directory_that_fails_once_costs_a_fresh_process_no_token() {
    if !moved_clock::or_skipped("lb02") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    for fault in [json!({ "kind": "close" }), json!({ "kind": "status", "status": 503 })] {
        let oauth = Environment::of(&stack, "oauth").await;
        let mut once = fault.clone();
        once["times"] = json!(1);
        world.order(DIRECTORY, &once).await;
        assert_eq!(token(&stack, &oauth, 0).await.0, 200, "{fault}");
        assert!(world.faults(DIRECTORY).await.is_empty(), "{fault}: met");
    }

    // A token call every five seconds while the directory is down: six requests in thirty seconds, then one.
    let oauth = Environment::of(&stack, "oauth").await;
    world.order(DIRECTORY, &json!({ "kind": "status", "status": 503, "times": ALL })).await;
    let unavailable = (503, "temporarily_unavailable".to_owned(), true);
    for later in (0..=50).step_by(5) {
        oauth.clock.set(later);
        assert_eq!(token(&stack, &oauth, later).await, unavailable, "{later} s");
        let requests = met(&world).await;
        assert!((2..=6).contains(&requests), "{later} s: {requests} requests");
    }
    assert_eq!(met(&world).await, 6);
    world.clear(DIRECTORY).await;
    oauth.clock.set(60);
    assert_eq!(token(&stack, &oauth, 60).await.0, 200);
}
