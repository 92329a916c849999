//! T52: every environment of the function uses one token, and one of them alone fetches the next.

use std::time::Duration;

use serde_json::{Value, json};

use super::post::Post;
use crate::stack::Stack;

const ROWS: usize = 4_000;
const PATIENCE: usize = 180;

/// Writes rows and drains them while the platform is slow: several environments are at work at the same time.
async fn crowd(post: &Post) {
    let slow = json!({ "kind": "delay", "milliseconds": 700, "path": "/report-api/", "times": 4 });
    post.control("/sandbox/faults", &slow).await;
    post.write_all(&post.many(ROWS)).await;
    post.drain(PATIENCE).await;
}

#[tokio::test]
async fn t52_one_token_for_every_environment() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let post = Post::of(&stack);
    crowd(&post).await;
    let status = post.status().await;
    let environments = status["functions"]["pcm"]["idle"].as_u64().unwrap_or_default();
    assert!(environments >= 2, "one environment did it all: {status:#}");
    assert_eq!(post.tokens(&post.summary().await), 1);

    // The platform refuses the token of all of them: one fetches the next.
    post.control("/sandbox/tokens", &Value::Null).await;
    crowd(&post).await;
    assert_eq!(post.tokens(&post.summary().await), 2);

    // The token server refuses for a while: nothing is lost, and nobody storms it.
    post.control("/sandbox/tokens", &Value::Null).await;
    let refusal = json!({ "kind": "status", "status": 401, "times": 1 });
    let told = post.participant.control_token_server(&refusal).await.expect("the token server answers");
    assert_eq!(told.status, 200, "{}", told.excerpt());
    crowd(&post).await;
    let summary = post.summary().await;
    assert_eq!(post.tokens(&summary), 3);
    assert_eq!(
        (&summary["private"]["received"], &summary["private"]["repeated"]),
        (&json!(3 * ROWS), &json!(0))
    );
    assert_eq!(post.counts().await.accepted, 3 * ROWS as u64);
}

#[tokio::test]
async fn t52_a_token_is_fetched_again_at_the_end_of_its_life() {
    const LIFE: u64 = 6;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let post = Post::of(&stack);
    post.control("/sandbox/tokens", &json!({ "life": LIFE })).await;
    let mut before = 0;
    for _ in 0..2 {
        post.write_all(&post.many(10)).await;
        post.drain(PATIENCE).await;
        let summary = post.summary().await;
        let tokens = post.tokens(&summary);
        assert!(tokens > before, "{tokens} tokens");
        before = tokens;
        let refused = summary["requests"].as_array().into_iter().flatten().any(|one| one["status"] == 401);
        assert!(!refused, "a token was used after its end: {}", summary["requests"]);
        tokio::time::sleep(Duration::from_secs(LIFE)).await;
    }
}
