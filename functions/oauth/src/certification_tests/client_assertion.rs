//! Modules about client authentication, at every endpoint that asks for it: S02, S10, S84.

use ponte_fapi::jws::TokenType;
use serde_json::json;

use crate::client_authentication::ClientRequest;
use crate::testing::forge::{Forger, jws};
use crate::testing::{
    CLIENT, Endpoint, ISSUER, MTLS, OTHER_CLIENT, World, client_request, client_signer, first, now,
    other_certificate, second, with_assertion,
};

use super::*;

const ENDPOINTS: [Endpoint; 4] = [Endpoint::Token, Endpoint::Par, Endpoint::Introspect, Endpoint::Revoke];
/// Parameters that give every endpoint something to do.
const PARAMETERS: [(&str, &str); 3] =
    [("grant_type", "client_credentials"), ("scope", "consents"), ("token", "invented")];

/// Every endpoint refuses this assertion as `invalid_client`, and remembers nothing of it.
async fn refused(world: &World, assertion: &str) {
    for endpoint in ENDPOINTS {
        let body = with_assertion(&PARAMETERS, assertion);
        let (status, answer) = world.send(endpoint, &client_request(&body, now())).await;
        assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{endpoint:?} {answer}");
        assert!(answer["error_description"].as_str().unwrap().is_ascii());
    }
    assert!(world.memory.jtis.lock().unwrap().is_empty());
}

async fn accepted(world: &World, claims: &Value) {
    let assertion = client_signer().sign(TokenType::Jwt, claims).unwrap();
    let body = with_assertion(&PARAMETERS, &assertion);
    let (status, answer) = world.send(Endpoint::Token, &client_request(&body, now())).await;
    assert_eq!(status, 200, "{answer}");
}

/// The usual assertion with one claim set to something else, signed by the client; `Null` takes it away.
async fn refused_with(name: &str, value: Value) {
    let world = World::new();
    world.register_second();
    let mut claims = world.assertion_claims();
    claims[name] = value.clone();
    if value.is_null() {
        claims.as_object_mut().unwrap().remove(name);
    }
    refused(&world, &client_signer().sign(TokenType::Jwt, &claims).unwrap()).await;
}

#[tokio::test]
async fn negative_ensure_signed_client_assertion_with_rs256_fails_s02() {
    let world = World::new();
    let claims = world.assertion_claims().to_string();
    let encoding = &aws_lc_rs::signature::RSA_PKCS1_SHA256;
    refused(&world, &jws(r#"{"alg":"RS256","kid":"sig-1"}"#, &claims, &Forger::ClientWith(encoding))).await;
}

#[tokio::test]
async fn negative_ensure_client_assertion_in_token_endpoint_s02() {
    let world = World::new();
    for endpoint in ENDPOINTS {
        let body =
            serde_urlencoded::to_string([PARAMETERS[0], PARAMETERS[1], ("client_id", CLIENT)]).unwrap();
        let (status, answer) = world.send(endpoint, &client_request(&body, now())).await;
        assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{endpoint:?}");
    }
}

#[tokio::test]
async fn negative_ensure_client_assertion_with_exp_is_5_minutes_in_past_fails_s02() {
    refused_with("exp", json!(now().seconds() - 300)).await;
    refused_with("exp", Value::Null).await;
    refused_with("exp", json!(now().seconds() + 4_200)).await;
}

#[tokio::test]
async fn negative_ensure_client_assertion_with_wrong_aud_fails_s02() {
    for aud in
        ["https://other.example", "https://as.example/", "https://mtls.example/auth", "https://mtls.example"]
    {
        refused_with("aud", json!(aud)).await;
    }
    refused_with("aud", Value::Null).await;
}

#[tokio::test]
async fn negative_ensure_client_assertion_with_no_sub_fails_s02() {
    refused_with("sub", Value::Null).await;
}

#[tokio::test]
async fn negative_ensure_client_assertion_with_wrong_sub_fails_s02() {
    refused_with("sub", json!(OTHER_CLIENT)).await;
    refused_with("sub", json!("invented")).await;
}

#[tokio::test]
async fn negative_ensure_client_assertion_with_wrong_iss_fails_s02() {
    refused_with("iss", json!(OTHER_CLIENT)).await;
    refused_with("iss", json!("invented")).await;
    refused_with("iss", Value::Null).await;
}

#[tokio::test]
async fn negative_ensure_client_assertion_without_jti_fails_s02() {
    refused_with("jti", Value::Null).await;
    refused_with("jti", json!("")).await;
}

#[tokio::test]
async fn negative_ensure_client_id_in_token_endpoint_s02() {
    // The suite's mixture: the id and the claims of the second client, the key and the certificate of the first.
    let world = World::new();
    world.register_second();
    let mut claims = world.assertion_claims();
    claims["iss"] = json!(OTHER_CLIENT);
    claims["sub"] = json!(OTHER_CLIENT);
    refused(&world, &client_signer().sign(TokenType::Jwt, &claims).unwrap()).await;
}

#[tokio::test]
async fn negative_ensure_mtls_holder_of_key_required_s10() {
    let world = World::new();
    world.register_second();
    for endpoint in ENDPOINTS {
        let body = world.body(&PARAMETERS);
        for certificate in [None, Some(""), Some(other_certificate())] {
            let request = ClientRequest { certificate, ..client_request(&body, now()) };
            let (status, answer) = world.send(endpoint, &request).await;
            assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{endpoint:?}");
        }
    }
    assert!(world.memory.jtis.lock().unwrap().is_empty(), "the assertion is still worth something");
}

#[tokio::test]
async fn negative_an_assertion_counts_once_at_all_endpoints_together_s62() {
    let world = World::new();
    let body = world.body(&PARAMETERS);
    assert_eq!(world.send(Endpoint::Introspect, &client_request(&body, now())).await.0, 200);
    for endpoint in ENDPOINTS {
        let (status, answer) = world.send(endpoint, &client_request(&body, now())).await;
        assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{endpoint:?}");
    }
}

#[tokio::test]
async fn t37_the_clocks_of_clients_may_differ_by_a_minute() {
    let world = World::new();
    for name in ["iat", "nbf"] {
        let mut claims = world.assertion_claims();
        claims[name] = json!(now().seconds() + 60);
        accepted(&world, &claims).await;
        refused_with(name, json!(now().seconds() + 61)).await;
    }
    let mut claims = world.assertion_claims();
    claims["exp"] = json!(now().seconds() - 59);
    accepted(&world, &claims).await;
    refused_with("exp", json!(now().seconds() - 60)).await;
}

#[tokio::test]
async fn s62_the_jti_of_one_client_is_free_for_another() {
    let world = World::new();
    world.register_second();
    for party in [first(), second()] {
        let seconds = now().seconds();
        let claims =
            json!({ "iss": party.id, "sub": party.id, "aud": ISSUER, "exp": seconds + 60, "jti": "same" });
        let assertion = (party.signer)().sign(TokenType::Jwt, &claims).unwrap();
        let body = with_assertion(&PARAMETERS, &assertion);
        let request = ClientRequest { certificate: Some(party.certificate), ..client_request(&body, now()) };
        assert_eq!(world.send(Endpoint::Token, &request).await.0, 200, "{}", party.id);
    }
}

#[tokio::test]
async fn ensure_client_assertion_with_iss_aud_succeeds_s02() {
    let world = World::new();
    accepted(&world, &world.assertion_claims()).await;
}

#[tokio::test]
async fn test_array_and_endpoint_urls_as_audience_for_client_jwt_assertion_s02() {
    let world = World::new();
    for aud in [
        json!([ISSUER, "https://other.example"]),
        json!(format!("{MTLS}/auth/token")),
        json!(format!("{MTLS}/auth/par")),
        json!(format!("{MTLS}/auth/introspect")),
        json!(format!("{MTLS}/auth/revoke")),
    ] {
        let mut claims = world.assertion_claims();
        claims["aud"] = aud;
        accepted(&world, &claims).await;
    }
}
