//! What each host serves, and what a look at a link does there: nothing (T62).

use serde_json::{Value, json};

use crate::testing::{CLIENT, Gateway, Reply, TICKET, World, own_certificate};

const DOCUMENTS: [&str; 2] = ["/.well-known/openid-configuration", "/auth/jwks"];
const CLIENTS: [&str; 6] =
    ["/auth/par", "/auth/token", "/auth/userinfo", "/auth/introspect", "/auth/revoke", "/auth/register"];
const BROWSERS: [&str; 2] = ["/auth/authorize", "/auth/resume"];

async fn head(gateway: &Gateway, target: &str, headers: Value) -> Reply {
    gateway.call("HEAD", target, headers, "", None).await
}

#[tokio::test]
async fn t62_each_host_serves_its_own_operations_and_no_others() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let not_here = async |public: bool, path: &str| {
        for method in ["GET", "POST", "HEAD"] {
            let certificate = (!public).then(own_certificate);
            let reply = gateway.call_on(public, (method, path), json!({}), "", certificate).await;
            assert_eq!(reply.status, 404, "{method} {path}");
        }
    };
    for path in CLIENTS {
        not_here(true, path).await;
    }
    for path in DOCUMENTS.into_iter().chain(BROWSERS) {
        not_here(false, path).await;
    }
}

#[tokio::test]
async fn rfc6749_every_refusal_of_both_hosts_has_the_body_of_a_protocol_error() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let form = "application/x-www-form-urlencoded";
    let posts = ["/auth/par", "/auth/token", "/auth/introspect", "/auth/revoke", "/auth/register"];
    let refused = async |method: &str, path: &str, headers: Value, body: &str, status: i64| {
        let reply = gateway.call(method, path, headers.clone(), body, Some(own_certificate())).await;
        let said = reply.json();
        assert_eq!(reply.status, status, "{method} {path} {headers}: {said}");
        assert!(said["error"].is_string() && said.get("errors").is_none(), "{method} {path}: {said}");
        assert!(reply.headers["x-fapi-interaction-id"].is_string());
        reply
    };
    for path in posts {
        for content_type in [json!({}), json!({"content-type": "text/plain"}), json!({"content-type": ""})] {
            refused("POST", path, content_type, "a=1", 415).await;
        }
        let of_path = if path == "/auth/register" { "application/json" } else { form };
        let gzip = json!({"content-type": of_path, "content-encoding": "gzip"});
        let reply = refused("POST", path, gzip, "a", 415).await;
        assert_eq!(reply.headers["accept-encoding"], "identity");
        let reply = refused("BREW", path, json!({}), "", 405).await;
        assert_eq!(reply.headers["allow"], "POST", "{path}");
    }
    let reply = refused("DELETE", "/auth/userinfo", json!({}), "", 405).await;
    assert_eq!(reply.headers["allow"], "GET, HEAD, POST");
    let reply = refused("PATCH", "/auth/register/client-1", json!({}), "", 405).await;
    assert_eq!(reply.headers["allow"], "GET, HEAD, PUT, DELETE");
    refused("GET", "/auth/nothing", json!({}), "", 404).await;
    refused("POST", "/auth/authorize", json!({"content-type": "text/plain"}), "a=1", 415).await;
    refused("PUT", "/auth/jwks", json!({}), "", 405).await;
}

#[tokio::test]
async fn rfc6749_rfc9110_a_client_that_is_not_known_gets_a_challenge_of_the_scheme_that_it_tried() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    for path in ["/auth/par", "/auth/token", "/auth/introspect", "/auth/revoke"] {
        for (authorization, challenge) in [
            (None, "Bearer"),
            (Some("Basic eDp4"), r#"Basic realm="oauth""#),
            (Some("basic"), r#"Basic realm="oauth""#),
            (Some("Bearer abc"), "Bearer"),
            (Some("a\u{1}b"), "Bearer"),
        ] {
            let mut headers = json!({"content-type": "application/x-www-form-urlencoded"});
            if let Some(authorization) = authorization {
                headers["authorization"] = authorization.into();
            }
            let reply = gateway.call("POST", path, headers, "a=1", Some(own_certificate())).await;
            assert_eq!((reply.status, &reply.json()["error"]), (401, &json!("invalid_client")), "{path}");
            assert_eq!(reply.headers["www-authenticate"], challenge, "{path} {authorization:?}");
        }
    }
}

#[tokio::test]
async fn t62_documents_may_be_kept_and_answer_head_like_get_without_a_body() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    for (document, kept) in DOCUMENTS.into_iter().zip(["public, max-age=3600", "public, max-age=300"]) {
        let whole = gateway.public("GET", document, "").await;
        let mut looked = head(&gateway, document, json!({})).await;
        assert_eq!((whole.status, looked.status), (200, 200), "{document}");
        assert!(!whole.body.is_empty() && looked.body.is_empty(), "{document}");
        assert_eq!(whole.headers["cache-control"], kept);
        // The id is fresh for each call.
        looked.headers["x-fapi-interaction-id"] = whole.headers["x-fapi-interaction-id"].clone();
        assert_eq!(whole.headers, looked.headers, "{document}");
    }
    let missing = head(&gateway, "/.well-known/assetlinks.json", json!({})).await;
    assert_eq!((missing.status, missing.body.as_str()), (404, ""));
}

#[tokio::test]
async fn t62_head_neither_begins_nor_ends_an_interaction() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let interactions = || serde_json::to_string(&*world.memory.store.interactions.lock().unwrap()).unwrap();
    let link = |uri: &str| format!("/auth/authorize?client_id={CLIENT}&request_uri={uri}");
    let uri = world.pushed().await;
    for headers in [json!({}), json!({"accept": "*/*"}), json!({"accept": "application/json"})] {
        let looked = head(&gateway, &link(&uri), headers).await;
        assert_eq!((looked.status, looked.body.as_str()), (200, ""));
        assert!(looked.headers.get("location").is_none());
    }
    assert_eq!(interactions(), "{}", "nothing began");
    let id = world.granted_interaction_again().await;
    let before = interactions();
    let cookie = world.cookie(&id).unwrap();
    let name = ponte_authorization::interaction::arrival_cookie(&id);
    let headers = json!({"cookie": format!("{name}={cookie}")});
    let back = format!("/auth/resume?ticket={id}.{TICKET}");
    assert_eq!(head(&gateway, &back, headers.clone()).await.status, 200);
    assert_eq!(interactions(), before, "nothing ended");
    let ended = gateway.call("GET", &back, headers, "", None).await;
    assert_eq!(ended.status, 303, "{}", ended.body);
    assert_ne!(interactions(), before);
}
