//! The description of a token for a client: RFC 7662, S10, S13, S21.

use ponte_authorization::target::TargetStatus;
use ponte_values::TargetKind;
use serde_json::{Value, json};

use crate::testing::{
    CLIENT, CONSENT, Endpoint, ISSUER, RECURRING, SUBJECT, World, after, first, now, own_thumbprint, second,
};

use super::*;

async fn described(world: &World, token: &str, at: Moment) -> Value {
    let (status, body) = world.ask(Endpoint::Introspect, first(), &[("token", token)], at).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// Access token and refresh token of a customer.
async fn tokens(world: &World) -> (String, String) {
    let code = world.code().await;
    let (_, body) = world.redeem(&code, now()).await;
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

fn inactive() -> Value {
    json!({ "active": false })
}

#[tokio::test]
async fn s10_an_access_token_is_described_with_its_certificate_rfc7662() {
    let world = World::new();
    let (access, _) = tokens(&world).await;
    let body = described(&world, &access, now()).await;
    let seconds = now().seconds();
    assert_eq!(body["active"], true);
    assert_eq!((&body["client_id"], &body["sub"]), (&json!(CLIENT), &json!(SUBJECT)));
    assert_eq!(body["scope"], format!("openid accounts resources consent:{CONSENT}"));
    assert_eq!(
        (&body["token_type"], &body["iss"], &body["aud"]),
        (&json!("Bearer"), &json!(ISSUER), &json!(ISSUER))
    );
    assert_eq!((&body["iat"], &body["exp"]), (&json!(seconds), &json!(seconds + 900)));
    assert_eq!(body["cnf"]["x5t#S256"], own_thumbprint().to_text());
    assert!(body["jti"].is_string());
}

#[tokio::test]
async fn s11_a_refresh_token_has_no_end() {
    let world = World::new();
    let (_, refresh) = tokens(&world).await;
    let body = described(&world, &refresh, after(86_400 * 30)).await;
    assert_eq!((&body["active"], &body["sub"]), (&json!(true), &json!(SUBJECT)));
    assert!(body.get("exp").is_none() && body.get("cnf").is_none() && body.get("token_type").is_none());
    assert_eq!(body["iat"], now().seconds());
}

#[tokio::test]
async fn a_token_in_the_clients_own_name_is_described_too() {
    let world = World::new();
    let parameters = [("grant_type", "client_credentials"), ("scope", "consents")];
    let (_, body) = world.token(&parameters, now()).await;
    let token = body["access_token"].as_str().unwrap().to_owned();
    let body = described(&world, &token, after(899)).await;
    assert_eq!((&body["active"], &body["sub"]), (&json!(true), &json!(CLIENT)));
    assert_eq!(described(&world, &token, after(900)).await, inactive());
}

#[tokio::test]
async fn s21_a_token_ends_with_its_consent() {
    let world = World::new();
    let (access, refresh) = tokens(&world).await;
    world.revoke_consent();
    assert_eq!(described(&world, &access, now()).await, inactive());
    assert_eq!(described(&world, &refresh, now()).await, inactive());
}

#[tokio::test]
async fn s13_a_token_of_two_consents_ends_with_the_second_one() {
    let world = World::new();
    let (access, refresh) = world.linked_tokens().await;
    world.revoke_consent();
    for token in [&access, &refresh] {
        assert_eq!(described(&world, token, now()).await["active"], true);
    }
    world.set_target(TargetKind::RecurringConsent, RECURRING, TargetStatus::Ended);
    for token in [&access, &refresh] {
        assert_eq!(described(&world, token, now()).await, inactive());
    }
}

#[tokio::test]
async fn nothing_is_told_of_a_token_of_another_client_or_of_nobody() {
    let world = World::new();
    world.register_second();
    let (access, refresh) = tokens(&world).await;
    for token in [access.as_str(), refresh.as_str()] {
        let (_, body) = world.ask(Endpoint::Introspect, second(), &[("token", token)], now()).await;
        assert_eq!(body, inactive());
    }
    let (signed, signature) = access.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    for token in [forged.as_str(), "invented", "a.b.c", "...", &"x".repeat(20_000)] {
        assert_eq!(described(&world, token, now()).await, inactive());
    }
    assert_eq!(described(&world, &access, after(900)).await, inactive(), "expired");
}

#[tokio::test]
async fn s02_only_a_client_is_told_anything() {
    let world = World::new();
    let (access, _) = tokens(&world).await;
    let body = serde_urlencoded::to_string([("token", &access)]).unwrap();
    let request = crate::testing::client_request(&body, now());
    let (status, body) = world.send(Endpoint::Introspect, &request).await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
    let (status, body) = world.ask(Endpoint::Introspect, first(), &[], now()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")));
}
