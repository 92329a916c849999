//! Calls of the channel's pages from a browser: one origin and no other.

use serde_json::{Value, json};

use super::world::{INTERACTION, ORIGIN, World, asked};

fn path() -> String {
    format!("/api/banco-app/consents/v1/interactions/{INTERACTION}/login")
}

async fn preflight(world: &World, origin: &str) -> (i64, Value) {
    let headers = json!({"origin": origin, "access-control-request-method": "POST"});
    let reply = world.send("OPTIONS", &path(), headers, None).await;
    (reply.status, reply.headers)
}

#[tokio::test]
async fn the_channel_s_origin_may_call_and_read_refusals() {
    let world = World::with_origin(Some(ORIGIN));
    world.begin(&asked()).await;
    let (status, headers) = preflight(&world, ORIGIN).await;
    assert_eq!((status, &headers["access-control-allow-origin"]), (204, &json!(ORIGIN)));
    assert_eq!(headers["access-control-allow-methods"], "GET, POST, PUT");
    assert_eq!(headers["vary"], "origin");
    let headers = json!({"origin": ORIGIN, "content-type": "application/json"});
    let reply = world.send("POST", &path(), headers, Some("{".to_owned())).await;
    assert_eq!((reply.status, &reply.headers["access-control-allow-origin"]), (400, &json!(ORIGIN)));
}

#[tokio::test]
async fn no_other_origin_may() {
    let world = World::with_origin(Some(ORIGIN));
    world.begin(&asked()).await;
    for origin in ["https://evil.example", "https://app.banco.example.evil.example", "null"] {
        let (status, headers) = preflight(&world, origin).await;
        assert_eq!((status, headers.get("access-control-allow-origin")), (204, None));
        let path = path().replace("/login", "");
        let reply = world.send("GET", &path, json!({"origin": origin}), None).await;
        assert_eq!((reply.status, reply.headers.get("access-control-allow-origin")), (200, None));
    }
}

#[tokio::test]
async fn without_an_origin_in_the_settings_browsers_are_kept_out() {
    let world = World::new();
    world.begin(&asked()).await;
    let (status, headers) = preflight(&world, ORIGIN).await;
    assert_eq!((status, headers.get("access-control-allow-origin")), (405, None));
}
