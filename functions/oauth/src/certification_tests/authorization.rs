//! Modules about the authorization endpoint, and where a browser is never sent: S03, S05, S20.

use ponte_fapi::jws::TokenType;
use serde_json::json;

use crate::authorize;
use crate::testing::{
    CALLBACK, CLIENT, Gateway, ISSUER, OTHER_CLIENT, StoreFault, TICKET, World, after, arriving,
    client_signer, fragment, now, request_claims,
};

use super::*;

fn query(parameters: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(parameters).unwrap()
}

async fn arrived(world: &World, parameters: &[(&str, &str)], seconds: u64) -> ponte_edge::Answer {
    authorize::authorize_browser(&world.public, &query(parameters), &|_| None, &arriving(after(seconds)))
        .await
}

fn is_page(answer: &ponte_edge::Answer) -> bool {
    answer.status() == 400
        && answer.header_value("location").is_none()
        && answer.body().starts_with("<!doctype html>")
}

#[tokio::test]
async fn negative_par_attempt_reuse_request_uri_s05() {
    let world = World::new();
    let interaction = world.granted_interaction().await;
    let request_uri = world.memory.store.interactions.lock().unwrap()[&interaction].request_uri.clone();
    fragment(&world.come_back(&interaction, now()).await);
    let again = [("client_id", CLIENT), ("request_uri", request_uri.as_str())];
    assert!(is_page(&arrived(&world, &again, 1).await));
}

#[tokio::test]
async fn negative_par_attempt_to_use_expired_request_uri_s05() {
    let world = World::new();
    let request_uri = world.pushed().await;
    let parameters = [("client_id", CLIENT), ("request_uri", request_uri.as_str())];
    assert!(is_page(&arrived(&world, &parameters, 600).await));
    assert_eq!(arrived(&world, &parameters, 599).await.status(), 303, "S05: at least 120 s");
}

#[tokio::test]
async fn negative_par_attempt_to_use_request_uri_for_different_client_s05() {
    let world = World::new();
    world.register_second();
    let request_uri = world.pushed().await;
    let parameters = [("client_id", OTHER_CLIENT), ("request_uri", request_uri.as_str())];
    assert!(is_page(&arrived(&world, &parameters, 0).await));
}

#[tokio::test]
async fn negative_ensure_authorization_request_without_request_object_fails_s03() {
    let world = World::new();
    let claims = request_claims();
    let plain: Vec<_> =
        claims.as_object().unwrap().iter().filter_map(|(k, v)| Some((k.as_str(), v.as_str()?))).collect();
    assert!(is_page(&arrived(&world, &plain, 0).await));
    let request = client_signer().sign(TokenType::RequestObject, &request_claims()).unwrap();
    let request_uri = world.pushed().await;
    for parameters in [
        vec![("client_id", CLIENT), ("request", request.as_str())],
        vec![("client_id", CLIENT), ("request", request.as_str()), ("request_uri", request_uri.as_str())],
        vec![("client_id", CLIENT), ("redirect_uri", CALLBACK)],
        vec![("client_id", CLIENT), ("request_uri", "https://receptora.example/request.jwt")],
        vec![("client_id", CLIENT), ("request_uri", "")],
        vec![("request_uri", request_uri.as_str())],
        vec![("client_id", CLIENT), ("client_id", CLIENT), ("request_uri", request_uri.as_str())],
        vec![("client_id", CLIENT), ("request_uri", "urn:x"), ("request_uri", request_uri.as_str())],
        vec![],
    ] {
        assert!(is_page(&arrived(&world, &parameters, 0).await), "{parameters:?}");
    }
    assert!(world.memory.store.interactions.lock().unwrap().is_empty());
    assert_eq!(world.fetches(), 1, "the client's keys; no request was fetched");
}

#[tokio::test]
async fn negative_no_open_redirect_and_no_echo_ever() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let evil = "https://evil.example/<script>alert(1)</script>";
    for (path, parameters) in [
        ("/auth/authorize", vec![("redirect_uri", evil), ("state", evil), ("client_id", evil)]),
        ("/auth/authorize", vec![("request_uri", evil), ("client_id", evil)]),
        ("/auth/authorize", vec![("request_uri", evil), ("client_id", CLIENT), ("redirect_uri", CALLBACK)]),
        ("/auth/resume", vec![("ticket", evil), ("redirect_uri", evil)]),
        ("/auth/resume", vec![("ticket", "a.b"), ("next", evil)]),
        ("/auth/resume", vec![]),
        ("/auth/resume", vec![("ticket", "a.b"), ("ticket", "c.d")]),
    ] {
        let reply = gateway.public("GET", path, &query(&parameters)).await;
        assert!(reply.is_page(400), "{path} {parameters:?} {reply:?}");
        assert!(!reply.body.contains("evil") && !reply.body.contains("script"), "{reply:?}");
        assert_eq!(reply.headers["cache-control"], "no-store");
        assert_eq!(reply.headers["referrer-policy"], "no-referrer");
        assert!(reply.headers["content-security-policy"].as_str().unwrap().contains("default-src 'none'"));
        assert!(reply.headers["content-type"].as_str().unwrap().starts_with("text/html"));
    }
}

#[tokio::test]
async fn what_broke_behind_the_endpoints_is_a_page_too() {
    let world = World::new();
    let interaction = world.granted_interaction().await;
    let request_uri = world.pushed_again().await;
    let gateway = Gateway::over(&world.memory);
    let arrive = query(&[("client_id", CLIENT), ("request_uri", &request_uri)]);
    let resume = query(&[("ticket", &format!("{interaction}.{TICKET}"))]);
    for (fault, status) in [(StoreFault::Fails, 500), (StoreFault::Hangs, 503)] {
        *world.memory.fault.lock().unwrap() = Some(fault);
        for (path, query) in [("/auth/authorize", &arrive), ("/auth/resume", &resume)] {
            let reply = gateway.public("GET", path, query).await;
            assert!(reply.is_page(status), "{path} {reply:?}");
        }
    }
    *world.memory.fault.lock().unwrap() = None;
    assert_eq!(gateway.public("GET", "/auth/authorize", &arrive).await.status, 303, "nothing was lost");
}

#[tokio::test]
async fn par_without_duplicate_parameters_s03() {
    let world = World::new();
    let request_uri = world.pushed().await;
    let parameters = [("client_id", CLIENT), ("request_uri", request_uri.as_str())];
    assert_eq!(arrived(&world, &parameters, 0).await.status(), 303);
}

#[tokio::test]
async fn par_ensure_reused_request_uri_prior_to_auth_completion_succeeds_s05() {
    let world = World::new();
    let request_uri = world.pushed().await;
    let parameters = [("client_id", CLIENT), ("request_uri", request_uri.as_str())];
    for seconds in [0, 1, 60] {
        assert_eq!(arrived(&world, &parameters, seconds).await.status(), 303);
    }
}

#[tokio::test]
async fn the_request_may_come_as_a_form_openid_connect_3_1_2_1() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let request_uri = world.pushed().await;
    let body = query(&[("client_id", CLIENT), ("request_uri", &request_uri)]);
    let headers = json!({ "content-type": "application/x-www-form-urlencoded" });
    let reply = gateway.call("POST", "/auth/authorize", headers.clone(), &body, None).await;
    let target = format!("/auth/authorize?{body}");
    assert_eq!((reply.status, &reply.headers["location"]), (303, &json!(format!("{ISSUER}{target}"))));
    let arrived = gateway.call("GET", &target, json!({}), "", None).await;
    let channel = arrived.headers["location"].as_str().unwrap();
    assert!(arrived.status == 303 && channel.starts_with("https://channel.example/login?i="), "{arrived:?}");
    assert!(gateway.call("POST", &format!("/auth/authorize?{body}"), headers, "", None).await.is_page(400));
}

#[tokio::test]
async fn ensure_different_nonce_and_state_outside_the_request_object_do_not_count_s03() {
    let world = World::new();
    let request = request_without("state");
    let (_, body) = world.par(&request).await;
    let request_uri = body["request_uri"].as_str().unwrap();
    let parameters = [
        ("client_id", CLIENT),
        ("request_uri", request_uri),
        ("nonce", "outside"),
        ("state", "outside"),
        ("scope", "openid"),
        ("response_type", "code"),
        ("redirect_uri", "https://evil.example/cb"),
    ];
    assert_eq!(arrived(&world, &parameters, 0).await.status(), 303);
    let interaction = &world.arrive(request_uri).await;
    world.authorise_consent();
    world.say_yes(interaction, ponte_authorization::interaction::Assurance::Loa2);
    let back = fragment(&world.come_back(interaction, now()).await);
    assert!(!back.contains_key("state"));
    let claims = crate::testing::id_token_claims(&back["id_token"]);
    assert_eq!(claims["nonce"], "nonce-1");
    assert!(claims.get("s_hash").is_none() && claims["c_hash"].is_string());
}

#[tokio::test]
async fn user_rejects_authentication_s20() {
    let world = World::new();
    let interaction = world.interaction().await;
    world.change_interaction(&interaction, |interaction| {
        interaction.deny(ponte_fapi::secret::hash(TICKET), now()).unwrap()
    });
    let back = fragment(&world.come_back(&interaction, now()).await);
    assert_eq!((back["error"].as_str(), back["state"].as_str()), ("access_denied", "state-1"));
    let mut names: Vec<_> = back.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["error", "error_description", "state"]);
}
