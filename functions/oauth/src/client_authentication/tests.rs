//! Callers that are authenticated as a client, and others: S02, S10, S84, T35, T40.

use ponte_fapi::jws::TokenType;
use ponte_fapi::revocation::CertificateStatus;
use serde_json::{Value, json};

use crate::testing::{
    CLIENT, Endpoint, MTLS, ORGANISATION, SOFTWARE, World, brcac, client_request, client_signer, first, now,
    outcome, second, stranger,
};

use super::*;
use crate::token;

const GRANT: [(&str, &str); 2] = [("grant_type", "client_credentials"), ("scope", "consents")];

async fn answered(world: &World, request: ClientRequest<'_>) -> (u16, Value) {
    let answer = for_client(&world.ports, &request, token::issue).await.unwrap();
    outcome(&answer)
}

async fn refused(world: &World, request: ClientRequest<'_>) -> String {
    let (status, body) = answered(world, request).await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")), "{body}");
    body["error_description"].as_str().unwrap().to_owned()
}

/// The body with whatever stands in the place of the assertion.
fn body_with(assertion: &str, more: &[(&str, &str)]) -> String {
    let mut parameters = GRANT.to_vec();
    parameters.push(("client_assertion_type", JWT_BEARER));
    parameters.push(("client_assertion", assertion));
    parameters.extend(more);
    serde_urlencoded::to_string(parameters).unwrap()
}

async fn refused_with_claim(name: &str, value: Value) -> String {
    let world = World::new();
    let mut claims = world.assertion_claims();
    claims[name] = value;
    let body = body_with(&client_signer().sign(TokenType::Jwt, &claims).unwrap(), &[]);
    refused(&world, client_request(&body, now())).await
}

#[tokio::test]
async fn s02_a_client_proves_itself_by_key_and_certificate() {
    let world = World::new();
    assert_eq!(world.token(&GRANT, now()).await.0, 200);
    for audience in [format!("{MTLS}/auth/token"), format!("{MTLS}/auth/par")] {
        let mut claims = world.assertion_claims();
        claims["aud"] = json!(audience);
        let body =
            body_with(&client_signer().sign(TokenType::Jwt, &claims).unwrap(), &[("client_id", CLIENT)]);
        assert_eq!(answered(&world, client_request(&body, now())).await.0, 200);
    }
}

#[tokio::test]
async fn t40_without_a_certificate_nobody_is_a_client() {
    let world = World::new();
    let body = world.body(&GRANT);
    let without = ClientRequest { certificate: None, ..client_request(&body, now()) };
    assert_eq!(refused(&world, without).await, "client certificate missing");
    let broken =
        ClientRequest { certificate: Some("-----BEGIN CERTIFICATE-----"), ..client_request(&body, now()) };
    assert_eq!(refused(&world, broken).await, "client certificate: not a certificate");
}

#[tokio::test]
async fn s84_the_certificate_is_of_the_same_organisation_and_software() {
    let world = World::new();
    let other = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
    for certificate in [brcac(other, SOFTWARE), brcac(ORGANISATION, other)] {
        let body = world.body(&GRANT);
        let foreign = ClientRequest { certificate: Some(&certificate), ..client_request(&body, now()) };
        assert_eq!(refused(&world, foreign).await, "client unknown, or not of this certificate");
    }
    let renewed = brcac(&ORGANISATION.to_uppercase(), SOFTWARE);
    let body = world.body(&GRANT);
    let renewed = ClientRequest { certificate: Some(&renewed), ..client_request(&body, now()) };
    assert_eq!(answered(&world, renewed).await.0, 200, "another certificate of the same client");
}

#[tokio::test]
async fn t41_a_certificate_out_of_time_opens_nothing() {
    let world = World::new();
    let body = world.body(&GRANT);
    let late = Moment::parse("2027-01-02T00:00:00Z").unwrap();
    assert_eq!(refused(&world, client_request(&body, late)).await, "client certificate: certificate expired");
}

#[tokio::test]
async fn s02_other_ways_to_authenticate_are_refused() {
    let world = World::new();
    let body = world.body(&GRANT);
    let basic = ClientRequest { authorization: Some("Basic eDp4"), ..client_request(&body, now()) };
    assert_eq!(refused(&world, basic).await, "only private_key_jwt is accepted");
    let secret = body_with(&world.assertion(), &[("client_secret", "s")]);
    assert_eq!(refused(&world, client_request(&secret, now())).await, "only private_key_jwt is accepted");
    let none = serde_urlencoded::to_string([GRANT[0], GRANT[1], ("client_id", CLIENT)]).unwrap();
    assert_eq!(refused(&world, client_request(&none, now())).await, "client_assertion missing");
    let saml = body.replace("jwt-bearer", "saml2-bearer");
    assert_eq!(refused(&world, client_request(&saml, now())).await, "client_assertion_type not supported");
}

#[tokio::test]
async fn an_assertion_counts_once() {
    let world = World::new();
    let body = world.body(&GRANT);
    assert_eq!(answered(&world, client_request(&body, now())).await.0, 200);
    assert_eq!(refused(&world, client_request(&body, now())).await, "client_assertion: jti was used before");
}

#[tokio::test]
async fn t35_assertions_of_others_are_refused() {
    let world = World::new();
    let forged = stranger("sig-1").sign(TokenType::Jwt, &world.assertion_claims()).unwrap();
    let body = body_with(&forged, &[]);
    assert_eq!(
        refused(&world, client_request(&body, now())).await,
        "client_assertion: signature does not verify"
    );
    let unknown_key = stranger("sig-9").sign(TokenType::Jwt, &world.assertion_claims()).unwrap();
    let body = body_with(&unknown_key, &[]);
    assert_eq!(refused(&world, client_request(&body, now())).await, "client_assertion: key id unknown");
    let access = client_signer().sign(TokenType::AccessToken, &world.assertion_claims()).unwrap();
    let body = body_with(&access, &[]);
    assert_eq!(
        refused(&world, client_request(&body, now())).await,
        "client_assertion: type of token not accepted here"
    );
    let body = body_with("not.a.token", &[]);
    assert_eq!(refused(&world, client_request(&body, now())).await, "client_assertion: not a compact JWS");
    assert!(world.memory.jtis.lock().unwrap().is_empty(), "nothing refused leaves a trace");
}

#[tokio::test]
async fn claims_of_an_assertion_must_hold_t36() {
    assert_eq!(
        refused_with_claim("iss", json!("client-2")).await,
        "client unknown, or not of this certificate"
    );
    assert_eq!(refused_with_claim("iss", json!(7)).await, "client_assertion: iss is missing");
    assert_eq!(
        refused_with_claim("iss", json!("client 2")).await,
        "client unknown, or not of this certificate"
    );
    let expected = "client_assertion: sub has another value than expected";
    assert_eq!(refused_with_claim("sub", json!("client-2")).await, expected);
    let expected = "client_assertion: aud has another value than expected";
    assert_eq!(refused_with_claim("aud", json!("https://other.example")).await, expected);
    assert_eq!(refused_with_claim("exp", json!("never")).await, "client_assertion: claims malformed");
    assert_eq!(refused_with_claim("exp", json!(1)).await, "client_assertion: the token has expired");
    assert_eq!(refused_with_claim("exp", Value::Null).await, "client_assertion: exp is missing");
}

#[tokio::test]
async fn the_client_id_beside_an_assertion_is_the_same() {
    let world = World::new();
    let body = body_with(&world.assertion(), &[("client_id", "client-2")]);
    assert_eq!(
        refused(&world, client_request(&body, now())).await,
        "client_id is not the issuer of the client_assertion"
    );
}

#[tokio::test]
async fn lb02_a_silent_directory_is_our_trouble_not_the_clients() {
    let world = World::new();
    world.memory.key_sets.fall_silent();
    for (second, retry_after) in [(0, "1"), (1, "2"), (2, "1")] {
        let request = world.body(&GRANT);
        let at = now().plus(std::time::Duration::from_secs(second));
        let answer = for_client(&world.ports, &client_request(&request, at), token::issue).await.unwrap();
        let (status, body) = outcome(&answer);
        assert_eq!((status, &body["error"]), (503, &json!("temporarily_unavailable")), "{body}");
        assert_eq!(answer.header_value("retry-after"), Some(retry_after), "after {second} s");
    }
}

#[tokio::test]
async fn lb02_one_lost_answer_of_the_directory_costs_no_token() {
    let world = World::new();
    world.memory.key_sets.fail(1);
    assert_eq!(world.token(&GRANT, now()).await.0, 200);
}

#[tokio::test]
async fn t41_a_revoked_certificate_gets_the_answer_of_a_stranger() {
    for endpoint in [Endpoint::Par, Endpoint::Token, Endpoint::Introspect, Endpoint::Revoke] {
        let mut world = World::new();
        let stranger = world.ask(endpoint, second(), &[], now()).await;
        assert_eq!((stranger.0, &stranger.1["error"]), (401, &json!("invalid_client")));
        world.look_up(Some(CertificateStatus::Revoked)).await;
        assert_eq!(world.ask(endpoint, first(), &[], now()).await, stranger, "{endpoint:?}");
        assert_eq!(world.ask(endpoint, second(), &[], now()).await, stranger, "{endpoint:?}");
        world.look_up(None).await;
        let (status, body) = world.ask(endpoint, first(), &[], now()).await;
        assert_eq!((status, &body["error"]), (503, &json!("temporarily_unavailable")), "{endpoint:?}");
        world.look_up(Some(CertificateStatus::Good)).await;
        assert_eq!(
            world.ask(endpoint, first(), &[], now()).await.0,
            400,
            "{endpoint:?} lacks its parameters"
        );
    }
}

#[tokio::test]
async fn t41_an_assertion_is_not_used_up_by_a_look_that_nobody_answers() {
    let mut world = World::new();
    world.look_up(None).await;
    let body = body_with(&world.assertion(), &[]);
    assert_eq!(answered(&world, client_request(&body, now())).await.0, 503);
    world.look_up(Some(CertificateStatus::Good)).await;
    assert_eq!(answered(&world, client_request(&body, now())).await.0, 200);
}
