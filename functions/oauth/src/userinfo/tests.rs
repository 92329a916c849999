//! Tokens that open userinfo, and others: S08, S10, S16, S17, S30, S32, T39, RFC 6750.

use ponte_fapi::revocation::CertificateStatus;
use serde_json::json;

use crate::testing::{
    Gateway, INTERACTION, ORGANISATION, SOFTWARE, SUBJECT, World, after, brcac, now, other_certificate,
    own_certificate,
};

use super::*;

async fn access_token(world: &World) -> String {
    let code = world.code().await;
    world.redeem(&code, now()).await.1["access_token"].as_str().unwrap().to_owned()
}

async fn told(world: &World, token: Option<&str>, certificate: Option<&str>, now: Moment) -> (u16, String) {
    let answer = answer_claims(&world.ports, &BearerRequest { now, token, certificate }).await.unwrap();
    let challenge = answer.header_value("www-authenticate").unwrap_or_default();
    (answer.status(), if answer.status() == 200 { answer.body() } else { challenge }.to_owned())
}

const INVALID: &str = r#"Bearer error="invalid_token""#;

#[tokio::test]
async fn s08_s16_s17_the_pseudonym_and_nothing_personal() {
    let world = World::new();
    let token = access_token(&world).await;
    let (status, body) = told(&world, Some(&token), Some(own_certificate()), now()).await;
    assert_eq!((status, body), (200, json!({ "sub": SUBJECT }).to_string()));
}

#[tokio::test]
async fn s10_s32_t39_a_token_over_another_certificate_tells_nothing() {
    let world = World::new();
    let token = access_token(&world).await;
    let twin = brcac(&ORGANISATION.to_uppercase(), SOFTWARE);
    for certificate in [None, Some(other_certificate()), Some(twin.as_str()), Some("no certificate")] {
        let answer = told(&world, Some(&token), certificate, now()).await;
        assert_eq!(answer, (401, INVALID.to_owned()));
    }
}

#[tokio::test]
async fn s30_a_token_without_a_consent_in_force_tells_nothing() {
    let world = World::new();
    let token = access_token(&world).await;
    let own = Some(own_certificate());
    assert_eq!(told(&world, Some(&token), own, after(900)).await.0, 401, "expired");
    world.revoke_consent();
    assert_eq!(told(&world, Some(&token), own, now()).await, (401, INVALID.to_owned()));
}

#[tokio::test]
async fn challenges_are_those_of_rfc6750() {
    let world = World::new();
    let own = Some(own_certificate());
    assert_eq!(told(&world, None, own, now()).await, (401, "Bearer".to_owned()));
    assert_eq!(told(&world, Some("invented"), own, now()).await, (401, INVALID.to_owned()));
    let parameters = [("grant_type", "client_credentials"), ("scope", "consents")];
    let (_, body) = world.token(&parameters, now()).await;
    let (status, challenge) = told(&world, body["access_token"].as_str(), own, now()).await;
    assert_eq!((status, challenge.contains("insufficient_scope")), (403, true));
    let code = world.code_again().await;
    let refresh = world.redeem(&code, now()).await.1["refresh_token"].as_str().unwrap().to_owned();
    let parameters =
        [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("scope", "accounts")];
    let (_, body) = world.token(&parameters, now()).await;
    assert_eq!(told(&world, body["access_token"].as_str(), own, now()).await.0, 403, "openid left out");
}

#[tokio::test]
async fn get_and_post_read_the_header_and_nothing_else() {
    let world = World::new();
    let token = access_token(&world).await;
    let gateway = Gateway::over(&world.memory);
    let path = "/auth/userinfo";
    for method in ["GET", "POST"] {
        let headers =
            json!({ "authorization": format!("bearer {token}"), "x-fapi-interaction-id": INTERACTION });
        let reply = gateway.call(method, path, headers, "", Some(own_certificate())).await;
        assert_eq!((reply.status, &reply.json()["sub"]), (200, &json!(SUBJECT)));
        assert_eq!(reply.headers["x-fapi-interaction-id"], INTERACTION);
        assert_eq!(reply.headers["cache-control"], "no-store");
        let elsewhere = format!("access_token={token}");
        let reply = gateway
            .call(method, &format!("{path}?{elsewhere}"), json!({}), &elsewhere, Some(own_certificate()))
            .await;
        assert_eq!((reply.status, &reply.headers["www-authenticate"]), (401, &json!("Bearer")));
    }
    assert!(world.memory.reports.rows.lock().unwrap().is_empty(), "M35 has no such endpoint");
}

#[tokio::test]
async fn t41_a_token_over_a_revoked_certificate_tells_nothing() {
    let mut world = World::new();
    let token = access_token(&world).await;
    let own = Some(own_certificate());
    for (known, expected) in [(Some(CertificateStatus::Revoked), (401, INVALID)), (None, (503, ""))] {
        world.look_up(known).await;
        let (status, challenge) = told(&world, Some(&token), own, now()).await;
        assert_eq!((status, challenge.as_str()), expected);
    }
    world.look_up(Some(CertificateStatus::Good)).await;
    assert_eq!(told(&world, Some(&token), own, now()).await.0, 200);
}
