//! Requests that may be pushed, and others: S03, S04, S06, S19, S22, S51.

use ponte_fapi::jws::TokenType;
use serde_json::{Value, json};

use crate::testing::{
    CALLBACK, CHALLENGE, CLIENT, CONSENT, World, after, client_request, client_signer, decrypter, now,
    outcome, request_claims, stranger,
};

use super::*;

async fn error_with(name: &str, value: Value) -> String {
    let mut claims = request_claims();
    claims[name] = value;
    let (status, body) = World::new().par(&claims).await;
    assert_eq!(status, 400, "{name}: {body}");
    body["error"].as_str().unwrap().to_owned()
}

async fn error_of_request(world: &World, request: &str) -> String {
    let body = world.body(&[("request", request)]);
    let answer = for_client(&world.ports, &client_request(&body, now()), push).await.unwrap();
    outcome(&answer).1["error"].as_str().unwrap_or("").to_owned()
}

#[tokio::test]
async fn s03_s05_a_request_is_remembered_for_ten_minutes_under_a_random_name() {
    let world = World::new();
    let (status, body) = world.par(&request_claims()).await;
    assert_eq!((status, &body["expires_in"]), (201, &json!(600)));
    let request_uri = body["request_uri"].as_str().unwrap();
    assert_eq!(request_uri.strip_prefix(PREFIX).unwrap().len(), 43);
    let stored = world.memory.pushed.lock().unwrap()[request_uri].clone();
    assert_eq!((stored.client.as_str(), stored.target.id.as_str()), (CLIENT, CONSENT));
    assert_eq!((stored.redirect_uri.as_str(), stored.code_challenge.as_str()), (CALLBACK, CHALLENGE));
    assert_eq!((stored.state.as_deref(), stored.nonce.as_str()), (Some("state-1"), "nonce-1"));
    assert_eq!(stored.expires_at, after(600));
    assert_ne!(world.pushed().await, request_uri);
}

#[tokio::test]
async fn s04_only_a_request_object_signed_by_this_client_counts() {
    let world = World::new();
    let forged = stranger("sig-1").sign(TokenType::RequestObject, &request_claims()).unwrap();
    assert_eq!(error_of_request(&world, &forged).await, "invalid_request_object");
    let unsigned = "eyJhbGciOiJub25lIiwia2lkIjoic2lnLTEifQ.e30.";
    assert_eq!(error_of_request(&world, unsigned).await, "invalid_request_object");
    let plain = world.body(&[("response_type", "code id_token"), ("client_id", CLIENT)]);
    let answer = for_client(&world.ports, &client_request(&plain, now()), push).await.unwrap();
    assert_eq!(outcome(&answer).1["error_description"], "request is missing");
    let request = client_signer().sign(TokenType::RequestObject, &request_claims()).unwrap();
    let twice = world.body(&[("request", &request), ("request_uri", "urn:x")]);
    let answer = for_client(&world.ports, &client_request(&twice, now()), push).await.unwrap();
    assert_eq!(outcome(&answer).1["error_description"], "request_uri cannot be pushed");
    assert!(world.memory.pushed.lock().unwrap().is_empty());
}

#[tokio::test]
async fn each_broken_claim_has_its_error_code() {
    for (name, value, error) in [
        ("response_type", json!("code"), "unsupported_response_type"),
        ("response_mode", json!("query"), "invalid_request"),
        ("code_challenge_method", json!("plain"), "invalid_request"),
        ("code_challenge", Value::Null, "invalid_request"),
        ("nonce", Value::Null, "invalid_request"),
        ("redirect_uri", Value::Null, "invalid_request"),
        ("scope", Value::Null, "invalid_request"),
        ("prompt", json!("none"), "interaction_required"),
        ("request", json!("eyJ"), "invalid_request_object"),
        ("request_uri", json!("urn:x"), "invalid_request_object"),
        ("redirect_uri", json!("https://receptora.example/cb/"), "invalid_request"),
        ("redirect_uri", json!("https://evil.example/cb"), "invalid_request"),
        ("id_token_hint", json!("eyJ"), "invalid_request"),
        ("scope", json!("openid accounts"), "invalid_scope"),
        ("scope", json!("accounts consent:urn:banco:C1"), "invalid_scope"),
        ("scope", json!("openid consent:urn:banco:C9"), "invalid_scope"),
        ("scope", json!("openid recurring-consent:urn:banco:R1"), "invalid_scope"),
        ("scope", json!("openid consent:urn:banco:C1 recurring-consent:urn:banco:R1"), "invalid_scope"),
        ("aud", json!("https://other.example"), "invalid_request_object"),
        ("iss", json!("client-2"), "invalid_request_object"),
        ("client_id", json!("client-2"), "invalid_request_object"),
        ("exp", Value::Null, "invalid_request_object"),
        ("nbf", Value::Null, "invalid_request_object"),
        ("exp", json!(1.5), "invalid_request_object"),
        ("exp", json!(now().seconds() + 3_601), "invalid_request_object"),
        ("nbf", json!(now().seconds() - 4_200), "invalid_request_object"),
    ] {
        assert_eq!(error_with(name, value.clone()).await, error, "{name} {value}");
    }
}

#[tokio::test]
async fn s15_a_level_that_cannot_be_promised_is_refused() {
    let acr = |value: &str| json!({ "id_token": { "acr": { "essential": true, "values": [value] } } });
    assert_eq!(error_with("claims", acr("urn:brasil:openbanking:loa3")).await, "invalid_request");
    assert_eq!(error_with("claims", acr("urn:x")).await, "invalid_request");
    let mut claims = request_claims();
    claims["claims"] = acr("urn:brasil:openbanking:loa2");
    assert_eq!(World::new().par(&claims).await.0, 201);
}

#[tokio::test]
async fn s19_scopes_too_wide_are_narrowed_not_refused() {
    let world = World::new();
    let mut claims = request_claims();
    claims["scope"] = json!(format!("openid loans accounts payments consents consent:{CONSENT} unheard-of"));
    let (status, body) = world.par(&claims).await;
    assert_eq!(status, 201);
    let stored = world.memory.pushed.lock().unwrap()[body["request_uri"].as_str().unwrap()].clone();
    assert_eq!(stored.scope, format!("openid accounts consent:{CONSENT}"), "S85: what its roles allow");
}

#[tokio::test]
async fn s85_rfc6749_3_3_of_the_data_asked_for_something_must_be_registered() {
    let world = World::new();
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().scopes =
        vec!["openid".to_owned(), "resources".to_owned()];
    let push = async |scope: &str| {
        let mut claims = request_claims();
        claims["scope"] = json!(format!("{scope} consent:{CONSENT}"));
        let (status, body) = world.par(&claims).await;
        (status, body["error"].as_str().map(str::to_owned))
    };
    assert_eq!(push("openid accounts loans").await, (400, Some("invalid_scope".to_owned())));
    assert_eq!(push("openid accounts resources").await, (201, None), "S19: narrowed");
    assert_eq!(push("openid").await, (201, None), "no data asked for");
}

#[tokio::test]
async fn rfc7591_2_rfc9126_2_3_a_client_pushes_what_it_registered_alone() {
    let texts = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    let (grants, responses) = (["authorization_code", "refresh_token"], ["code id_token"]);
    for (grant_types, response_types, status) in [
        (texts(&grants), texts(&responses), 201),
        (None, None, 201),
        (texts(&["client_credentials"]), texts(&responses), 400),
        (texts(&["client_credentials"]), texts(&[]), 400),
        (texts(&grants), texts(&[]), 400),
    ] {
        let world = World::new();
        {
            let mut clients = world.memory.clients.lock().unwrap();
            let client = clients.get_mut(CLIENT).unwrap();
            (client.grant_types, client.response_types) = (grant_types, response_types);
        }
        let (got, body) = world.par(&request_claims()).await;
        assert_eq!(got, status, "{body}");
        if got == 400 {
            assert_eq!(body["error"], "unauthorized_client");
            assert!(world.memory.pushed.lock().unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn c05_c09_the_consent_is_its_own_and_waits() {
    let world = World::new();
    world.authorise_consent();
    assert_eq!(world.par(&request_claims()).await.1["error"], "invalid_request");
    world.create_consent("client-2");
    assert_eq!(world.par(&request_claims()).await.1["error"], "invalid_scope");
    world.create_consent(CLIENT);
    world.revoke_consent();
    assert_eq!(world.par(&request_claims()).await.1["error"], "invalid_request");
}

#[tokio::test]
async fn s82_a_client_without_an_encryption_key_is_told_at_once() {
    let world = World::new();
    world.publish(&[client_signer().public_jwk()]);
    let (status, body) = world.par(&request_claims()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")));
    let world = World::new();
    world.publish(&[client_signer().public_jwk(), decrypter().public_jwk()]);
    assert_eq!(world.par(&request_claims()).await.0, 201);
}

#[tokio::test]
async fn a_body_that_is_no_form_of_single_parameters_is_refused() {
    let world = World::new();
    for body in ["request=a&request=b", &"x".repeat(70_000)] {
        let answer = for_client(&world.ports, &client_request(body, now()), push).await.unwrap();
        let (status, body) = outcome(&answer);
        assert_eq!((status, &body["error"]), (400, &json!("invalid_request")));
    }
}
