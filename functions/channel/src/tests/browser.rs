//! Calls of the channel's pages from a browser: one origin and no other.

use serde_json::{Value, json};

use super::world::{COOKIE, INTERACTION, ORIGIN, World, asked, device, login, secret_in};

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
    let sent = "content-type, x-fapi-interaction-id, x-session-secret";
    assert_eq!(headers["access-control-allow-headers"], sent);
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

const SAME_SITE: &str = "https://app.banco.b.br";

/// Pages of the same site prove themselves by cookies, which no script sees; pages of another site by the header alone.
#[tokio::test]
async fn t59_pages_of_the_same_site_get_the_secret_of_a_login_as_a_cookie() {
    for (origin, same) in [(ORIGIN, true), (SAME_SITE, false)] {
        let world = World::with_origin(Some(origin));
        world.begin(&asked()).await;
        let (_, headers) = preflight(&world, origin).await;
        let credentials = headers.get("access-control-allow-credentials");
        assert_eq!(credentials, same.then(|| json!("true")).as_ref(), "{origin}");
        let json = json!({"origin": origin, "content-type": "application/json"});
        let body = Some(login("ana").to_string());
        let reply = world.send("POST", &path(), json.clone(), body.clone()).await;
        assert_eq!((reply.status, reply.headers.get("access-control-allow-credentials")), (200, credentials));
        let secret = secret_in(&reply).unwrap();
        if !same {
            assert_eq!(reply.cookies, json!([]), "a browser would not keep it");
            continue;
        }
        let cookie = reply.cookies[0].as_str().unwrap();
        let wanted = format!(
            "__Host-session-AvoOgpBuPOXCCcYyXRCt={secret}; Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Strict"
        );
        assert_eq!(cookie, wanted);
        let yes = json!({"resources": ["public-1"], "device": device()}).to_string();
        let consent = path().replace("/login", "/consent");
        let mut without = json.clone();
        without["cookie"] = json!(COOKIE);
        let refused = world.send("POST", &consent, without, Some(yes.clone())).await;
        assert_eq!((refused.status, refused.code()), (404, "INVALID_SESSION"));
        let mut with = json;
        with["cookie"] = json!(cookie.split(';').next().unwrap());
        assert_eq!(world.send("POST", &consent, with, Some(yes)).await.status, 200);
    }
}

#[tokio::test]
async fn t59_who_is_no_page_gets_no_cookie() {
    let world = World::with_origin(Some(ORIGIN));
    world.begin(&asked()).await;
    let json = json!({"content-type": "application/json"});
    let reply = world.send("POST", &path(), json, Some(login("ana").to_string())).await;
    assert_eq!((reply.status, &reply.cookies), (200, &json!([])));
}
