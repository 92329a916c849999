//! Modules about the request object and the pushed authorization request: S03, S04, S06, S22.

use ponte_fapi::jws::TokenType;
use serde_json::json;

use crate::testing::forge::{Forger, jws};
use crate::testing::{
    CHALLENGE, CLIENT, CONSENT, Endpoint, Gateway, ISSUER, MTLS, OTHER_CLIENT, World, client_signer, first,
    now, own_certificate, request_claims, stranger,
};

use super::*;

/// The `error` these claims are refused with.
async fn refused(claims: &Value) -> String {
    let request = client_signer().sign(TokenType::RequestObject, claims).unwrap();
    refused_object(&World::new(), &request).await
}

async fn accepted(claims: &Value) {
    let (status, body) = World::new().par(claims).await;
    assert_eq!(status, 201, "{body}");
}

fn minutes(offset: i64) -> Value {
    json!(now().seconds() + offset * 60)
}

#[tokio::test]
async fn negative_ensure_request_object_without_exp_fails_s04() {
    assert_eq!(refused(&request_without("exp")).await, "invalid_request_object");
}

#[tokio::test]
async fn negative_ensure_request_object_without_nbf_fails_s04() {
    assert_eq!(refused(&request_without("nbf")).await, "invalid_request_object");
}

#[tokio::test]
async fn negative_ensure_request_object_without_scope_fails_s04() {
    assert_eq!(refused(&request_without("scope")).await, "invalid_request");
}

#[tokio::test]
async fn negative_ensure_request_object_without_nonce_fails_s04() {
    assert_eq!(refused(&request_without("nonce")).await, "invalid_request");
}

#[tokio::test]
async fn negative_ensure_request_object_without_redirect_uri_fails_s04() {
    assert_eq!(refused(&request_without("redirect_uri")).await, "invalid_request");
}

#[tokio::test]
async fn negative_ensure_expired_request_object_fails_s04() {
    assert_eq!(refused(&request_with("exp", minutes(-5))).await, "invalid_request_object");
}

#[tokio::test]
async fn negative_ensure_request_object_with_bad_aud_fails_s04() {
    for aud in [json!("https://other.example"), json!(["https://other.example"]), json!([]), json!(7)] {
        assert_eq!(refused(&request_with("aud", aud)).await, "invalid_request_object");
    }
    assert_eq!(refused(&request_without("aud")).await, "invalid_request_object");
}

#[tokio::test]
async fn negative_par_pushed_authorization_url_as_audience_in_request_object_s04() {
    for url in [format!("{MTLS}/auth/par"), format!("{MTLS}/auth/token"), format!("{ISSUER}/")] {
        assert_eq!(refused(&request_with("aud", json!(url))).await, "invalid_request_object");
    }
}

#[tokio::test]
async fn negative_ensure_request_object_with_exp_over_60_fails_s04() {
    assert_eq!(refused(&request_with("exp", minutes(70))).await, "invalid_request_object");
    accepted(&request_with("exp", minutes(60))).await;
}

#[tokio::test]
async fn negative_ensure_request_object_with_nbf_over_60_fails_s04() {
    let mut claims = request_with("nbf", minutes(-70));
    claims["exp"] = minutes(-10);
    assert_eq!(refused(&claims).await, "invalid_request_object");
    claims["exp"] = minutes(5);
    assert_eq!(refused(&claims).await, "invalid_request_object");
    let mut claims = request_with("nbf", minutes(-60));
    claims["exp"] = minutes(0);
    accepted(&claims).await;
}

#[tokio::test]
async fn negative_ensure_request_object_with_wrong_iss_or_client_id_fails_s04() {
    for name in ["iss", "client_id"] {
        assert_eq!(refused(&request_with(name, json!(OTHER_CLIENT))).await, "invalid_request_object");
        assert_eq!(refused(&request_without(name)).await, "invalid_request_object");
    }
}

#[tokio::test]
async fn negative_ensure_signed_request_object_with_rs256_fails_s04() {
    let header = r#"{"alg":"RS256","kid":"sig-1"}"#;
    let encoding = &aws_lc_rs::signature::RSA_PKCS1_SHA256;
    let request = jws(header, &request_claims().to_string(), &Forger::ClientWith(encoding));
    assert_eq!(refused_object(&World::new(), &request).await, "invalid_request_object");
}

#[tokio::test]
async fn negative_ensure_request_object_signature_algorithm_is_not_none_s04() {
    let request = jws(r#"{"alg":"none"}"#, &request_claims().to_string(), &Forger::Bytes(b""));
    assert_eq!(refused_object(&World::new(), &request).await, "invalid_request_object");
}

#[tokio::test]
async fn negative_ensure_request_object_with_invalid_signature_fails_s04() {
    let request = client_signer().sign(TokenType::RequestObject, &request_claims()).unwrap();
    let (signed, signature) = request.rsplit_once('.').unwrap();
    let turned: String = signature.chars().rev().collect();
    assert_eq!(refused_object(&World::new(), &format!("{signed}.{turned}")).await, "invalid_request_object");
}

#[tokio::test]
async fn negative_ensure_matching_key_in_authorization_request_s04() {
    let world = World::new();
    world.register_second();
    for signer in [stranger("sig-2"), stranger("sig-1")] {
        let request = signer.sign(TokenType::RequestObject, &request_claims()).unwrap();
        assert_eq!(refused_object(&world, &request).await, "invalid_request_object");
    }
}

#[tokio::test]
async fn negative_ensure_registered_redirect_uri_s04() {
    for uri in [
        "https://receptora.example/cb/x4f9",
        "https://receptora.example/cb?x=1",
        "https://receptora.example/CB",
        "https://receptora.example:443/cb",
        "https://receptora.example/cb#",
        "https://receptora.example/cb/../cb",
        "http://receptora.example/cb",
        "https://receptora.example@evil.example/cb",
        "javascript:alert(1)",
    ] {
        assert_eq!(refused(&request_with("redirect_uri", json!(uri))).await, "invalid_request", "{uri}");
    }
}

#[tokio::test]
async fn negative_ensure_response_type_code_fails_s06() {
    let mut claims = request_with("response_type", json!("code"));
    claims.as_object_mut().unwrap().remove("response_mode");
    assert_eq!(refused(&claims).await, "unsupported_response_type");
    assert_eq!(refused(&request_without("response_type")).await, "invalid_request");
}

#[tokio::test]
async fn negative_ensure_response_mode_query_s06() {
    assert_eq!(refused(&request_with("response_mode", json!("query"))).await, "invalid_request");
}

#[tokio::test]
async fn negative_par_ensure_pkce_required_s06() {
    let mut claims = request_without("code_challenge");
    claims.as_object_mut().unwrap().remove("code_challenge_method");
    assert_eq!(refused(&claims).await, "invalid_request");
    assert_eq!(refused(&request_without("code_challenge")).await, "invalid_request");
    assert_eq!(
        refused(&request_without("code_challenge_method")).await,
        "invalid_request",
        "plain by default"
    );
}

#[tokio::test]
async fn negative_par_plain_pkce_rejected_s06() {
    let mut claims = request_with("code_challenge_method", json!("plain"));
    assert_eq!(refused(&claims).await, "invalid_request");
    claims["code_challenge"] = json!("plain-verifier-of-at-least-forty-three-characters");
    assert_eq!(refused(&claims).await, "invalid_request");
    assert_eq!(
        refused(&request_with("code_challenge", json!(format!("{CHALLENGE}A")))).await,
        "invalid_request"
    );
}

#[tokio::test]
async fn negative_par_authorization_request_containing_request_uri_s03() {
    let claims = request_with("request_uri", json!("urn:ietf:params:oauth:request_uri:x"));
    assert_eq!(refused(&claims).await, "invalid_request_object");
    assert_eq!(refused(&request_with("request", json!("eyJ"))).await, "invalid_request_object");
}

#[tokio::test]
async fn negative_par_authorization_request_containing_request_uri_form_param_s03() {
    let world = World::new();
    let request = client_signer().sign(TokenType::RequestObject, &request_claims()).unwrap();
    let parameters =
        [("request", request.as_str()), ("request_uri", "https://receptora.example/request.jwt")];
    let (status, body) = world.ask(Endpoint::Par, first(), &parameters, now()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")));
    assert_eq!(world.fetches(), 1, "the client's keys; nothing else was fetched");
}

#[tokio::test]
async fn negative_par_attempt_invalid_http_method_s03() {
    let gateway = Gateway::over(&World::new().memory);
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let reply = gateway.call(method, "/auth/par", json!({}), "", Some(own_certificate())).await;
        assert_eq!(reply.status, 405, "{method}");
    }
}

#[tokio::test]
async fn negative_parameters_beside_the_request_object_do_not_count_rfc9126() {
    let world = World::new();
    let without = client_signer().sign(TokenType::RequestObject, &request_without("nonce")).unwrap();
    let parameters = [("request", without.as_str()), ("nonce", "outside"), ("client_id", CLIENT)];
    let (status, body) = world.ask(Endpoint::Par, first(), &parameters, now()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")));

    let request = client_signer().sign(TokenType::RequestObject, &request_without("state")).unwrap();
    let parameters = [
        ("request", request.as_str()),
        ("state", "outside"),
        ("scope", "openid payments"),
        ("redirect_uri", "https://evil.example/cb"),
        ("nonce", "outside"),
    ];
    let (status, body) = world.ask(Endpoint::Par, first(), &parameters, now()).await;
    assert_eq!(status, 201, "{body}");
    let stored = world.memory.pushed.lock().unwrap()[body["request_uri"].as_str().unwrap()].clone();
    assert_eq!((stored.state, stored.nonce.as_str()), (None, "nonce-1"));
    assert_eq!(stored.redirect_uri, crate::testing::CALLBACK);

    let parameters = [("request", request.as_str()), ("client_id", OTHER_CLIENT)];
    let (status, body) = world.ask(Endpoint::Par, first(), &parameters, now()).await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")), "client_id beside must match");
}

#[tokio::test]
async fn s22_an_id_token_as_a_hint_is_refused() {
    assert_eq!(refused(&request_with("id_token_hint", json!("eyJ"))).await, "invalid_request");
}

#[tokio::test]
async fn nobody_decides_without_being_asked() {
    assert_eq!(refused(&request_with("prompt", json!("none"))).await, "interaction_required");
    accepted(&request_with("prompt", json!("consent"))).await;
}

#[tokio::test]
async fn ensure_request_object_with_multiple_aud_succeeds_s04() {
    accepted(&request_with("aud", json!(["https://other.example", ISSUER]))).await;
}

#[tokio::test]
async fn ensure_request_object_with_long_nonce_and_long_state_s04() {
    for length in [64, 384] {
        accepted(&request_with("nonce", json!("n".repeat(length)))).await;
    }
    accepted(&request_with("state", json!("s".repeat(1_000)))).await;
}

#[tokio::test]
async fn ensure_other_scope_order_succeeds_s50() {
    accepted(&request_with("scope", json!(format!("consent:{CONSENT} accounts openid")))).await;
}
