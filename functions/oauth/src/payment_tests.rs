//! Tokens for payments: their scope, their consent, and the time both have (P03, P05, P07, S12, S15, S18, S30, S50, S51).

use ponte_authorization::interaction::Assurance;
use ponte_authorization::target::TargetStatus;
use ponte_values::{Moment, TargetKind};
use serde_json::{Value, json};

use crate::testing::{
    CLIENT, CONSENT, ENROLLMENT, Endpoint, SUBJECT, World, after, claims_of, first, fragment,
    id_token_claims, now, own_certificate, request_claims,
};
use crate::userinfo::{BearerRequest, answer_claims};

const PAYMENT: &str = "urn:banco:payment:P1";

/// A server of an institution with payments, and a client that registered their scope.
fn world() -> World {
    let world = World::serving_payments(Assurance::Loa3);
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().scopes.push("payments".to_owned());
    world.set_target(TargetKind::PaymentConsent, PAYMENT, TargetStatus::Awaiting);
    world
}

fn authorised() -> TargetStatus {
    TargetStatus::Authorised { subject: SUBJECT.to_owned() }
}

fn request(scope: &str) -> Value {
    let mut claims = request_claims();
    claims["scope"] = json!(scope);
    claims
}

fn paying() -> Value {
    request(&format!("openid payments consent:{PAYMENT}"))
}

/// The answer to the code after the customer said yes to the payment.
async fn tokens(world: &World) -> Value {
    let interaction = world.interaction_with(&paying()).await;
    world.set_target(TargetKind::PaymentConsent, PAYMENT, authorised());
    world.say_yes(&interaction, Assurance::Loa2);
    let answer = world.come_back(&interaction, now()).await;
    let code = fragment(&answer).remove("code").unwrap();
    let (status, body) = world.redeem(&code, now()).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn refreshed(world: &World, body: &Value, at: Moment) -> (u16, Value) {
    let token = body["refresh_token"].as_str().unwrap();
    let parameters = [("grant_type", "refresh_token"), ("refresh_token", token)];
    world.ask(Endpoint::Token, first(), &parameters, at).await
}

async fn in_its_own_name(world: &World, scope: &str) -> (u16, Value) {
    world.token(&[("grant_type", "client_credentials"), ("scope", scope)], now()).await
}

#[tokio::test]
async fn p03_z_pay_15_the_grant_of_the_client_and_that_of_the_customer_are_two_tokens() {
    let world = world();
    let (status, own) = in_its_own_name(&world, "payments").await;
    assert_eq!((status, &own["scope"]), (200, &json!("payments")));
    let claims = claims_of(own["access_token"].as_str().unwrap());
    assert_eq!((&claims["sub"], claims.get("consent_id")), (&json!(CLIENT), None));
    let scope = format!("openid payments consent:{PAYMENT}");
    assert_eq!(in_its_own_name(&world, &scope).await.1["error"], "invalid_scope", "it has no customer");
    let body = tokens(&world).await;
    let claims = claims_of(body["access_token"].as_str().unwrap());
    assert_eq!((&claims["scope"], &claims["consent_id"]), (&json!(scope), &json!(PAYMENT)));
    assert_eq!(claims["sub"], SUBJECT);
}

#[tokio::test]
async fn p03_s18_where_payments_are_not_served_they_are_nobodys_scope() {
    let world = World::new();
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().scopes.push("payments".to_owned());
    assert_eq!(in_its_own_name(&world, "payments").await.1["error"], "invalid_scope");
    let (status, body) = world.par(&paying()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_scope")), "such a consent is not found");
    for (served, world) in [(false, world), (true, self::world())] {
        let document: Value = serde_json::from_str(world.public.site.discovery()).unwrap();
        let scopes = document["scopes_supported"].as_array().unwrap();
        assert_eq!(scopes.contains(&json!("payments")), served);
        assert!(scopes.contains(&json!("consents")));
    }
}

#[tokio::test]
async fn p03_s51_the_scope_of_payments_goes_with_a_payment_consent_alone() {
    let world = world();
    world.set_target(TargetKind::Enrollment, ENROLLMENT, TargetStatus::Awaiting);
    for (scope, granted) in [
        (format!("openid payments consent:{PAYMENT}"), Some(format!("openid payments consent:{PAYMENT}"))),
        // What is too wide is left out (S19).
        (
            format!("openid payments accounts consent:{PAYMENT}"),
            Some(format!("openid payments consent:{PAYMENT}")),
        ),
        (
            format!("openid payments accounts consent:{CONSENT}"),
            Some(format!("openid accounts consent:{CONSENT}")),
        ),
        (format!("openid accounts consent:{PAYMENT}"), None),
        (format!("openid payments consent:{CONSENT}"), None),
        (format!("openid payments enrollment:{ENROLLMENT}"), None),
        (format!("openid payments consent:{CONSENT} consent:{PAYMENT}"), None),
        (format!("openid payments consent:{PAYMENT} enrollment:{ENROLLMENT}"), None),
        ("openid payments".to_owned(), None),
    ] {
        let (status, body) = world.par(&request(&scope)).await;
        let pushed = body["request_uri"].as_str().map(|uri| world.memory.pushed.lock().unwrap()[uri].clone());
        assert_eq!(pushed.map(|pushed| pushed.scope), granted, "{scope}");
        assert_eq!(status, if granted.is_some() { 201 } else { 400 }, "{scope}: {body}");
    }
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().scopes.retain(|scope| scope != "payments");
    assert_eq!(world.par(&paying()).await.1["error"], "invalid_scope", "without the role PAGTO (S85)");
}

#[tokio::test]
async fn s12_a_used_payment_consent_refreshes_nothing() {
    let world = world();
    let body = tokens(&world).await;
    assert_eq!(refreshed(&world, &body, after(60)).await.0, 200);
    world.set_target(TargetKind::PaymentConsent, PAYMENT, TargetStatus::Ended);
    let (status, refused) = refreshed(&world, &body, after(60)).await;
    assert_eq!((status, &refused["error"]), (400, &json!("invalid_grant")));
    assert_eq!(in_its_own_name(&world, "payments").await.0, 200, "then only client_credentials");
}

#[tokio::test]
async fn s12_a_code_of_a_consent_that_was_used_meanwhile_brings_nothing() {
    let world = world();
    let interaction = world.interaction_with(&paying()).await;
    world.set_target(TargetKind::PaymentConsent, PAYMENT, authorised());
    world.say_yes(&interaction, Assurance::Loa2);
    let code = fragment(&world.come_back(&interaction, now()).await).remove("code").unwrap();
    world.set_target(TargetKind::PaymentConsent, PAYMENT, TargetStatus::Ended);
    assert_eq!(world.redeem(&code, now()).await.1["error"], "invalid_grant");
    assert!(
        !world.memory.refresh_tokens.lock().unwrap().values().any(|token| token.client.as_str() == CLIENT)
    );
}

#[tokio::test]
async fn s30_an_access_token_for_payments_does_not_look_at_their_consent() {
    for ended in [TargetStatus::Ended, authorised()] {
        let world = world();
        let body = tokens(&world).await;
        world.set_target(TargetKind::PaymentConsent, PAYMENT, ended.clone());
        let token = body["access_token"].as_str().unwrap();
        let introspect = async |token: &str, at| {
            world.ask(Endpoint::Introspect, first(), &[("token", token)], at).await.1["active"].clone()
        };
        assert_eq!(introspect(token, after(60)).await, true);
        assert_eq!(introspect(token, after(900)).await, false, "its own end counts");
        let refresh = body["refresh_token"].as_str().unwrap();
        assert_eq!(introspect(refresh, after(60)).await, ended != TargetStatus::Ended, "S12");
        let (token, certificate) = (Some(token), Some(own_certificate()));
        let told = answer_claims(&world.ports, &BearerRequest { now: now(), token, certificate }).await;
        assert_eq!(told.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn p07_a_token_of_fifteen_minutes_and_three_refreshes_reach_the_end_of_the_hour() {
    let world = world();
    let body = tokens(&world).await;
    assert_eq!(body["expires_in"], 900);
    for minutes in [14, 28, 42] {
        let (status, again) = refreshed(&world, &body, after(minutes * 60)).await;
        assert_eq!((status, &again["expires_in"]), (200, &json!(900)), "{minutes}");
    }
    // The store tells that the hour is over (TEMPO_EXPIRADO_CONSUMO).
    world.set_target(TargetKind::PaymentConsent, PAYMENT, TargetStatus::Ended);
    assert_eq!(refreshed(&world, &body, after(3_600)).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn p05_who_arrives_when_the_consent_does_not_wait_any_more_goes_back_with_an_error() {
    let world = world();
    let (_, body) = world.par(&paying()).await;
    let request_uri = body["request_uri"].as_str().unwrap();
    world.set_target(TargetKind::PaymentConsent, PAYMENT, TargetStatus::Ended);
    let answer = world.opened(request_uri, None, after(300)).await;
    assert_eq!(fragment(&answer)["error"], "access_denied");
    assert!(world.memory.store.interactions.lock().unwrap().is_empty());
    assert_eq!(world.par(&paying()).await.1["error"], "invalid_request", "nor is it pushed again");
}

#[tokio::test]
async fn s50_the_interaction_is_about_the_payment_consent() {
    let world = world();
    let interaction = world.interaction_with(&paying()).await;
    let target = world.memory.store.interactions.lock().unwrap()[&interaction].target.clone();
    assert_eq!((target.kind, target.id.as_str()), (TargetKind::PaymentConsent, PAYMENT));
}

#[tokio::test]
async fn s15_a_payment_may_demand_two_factors_and_says_which_were_there() {
    let (loa2, loa3) = ("urn:brasil:openbanking:loa2", "urn:brasil:openbanking:loa3");
    for (demanded, required, reached) in [(None, Assurance::Loa2, loa2), (Some(loa3), Assurance::Loa3, loa3)]
    {
        let world = world();
        let mut request = paying();
        if let Some(acr) = demanded {
            request["claims"] = json!({"id_token": {"acr": {"essential": true, "values": [acr]}}});
        }
        let interaction = world.interaction_with(&request).await;
        assert_eq!(world.memory.store.interactions.lock().unwrap()[&interaction].assurance, required);
        world.set_target(TargetKind::PaymentConsent, PAYMENT, authorised());
        world.say_yes(&interaction, required);
        let answer = world.come_back(&interaction, now()).await;
        assert_eq!(id_token_claims(&fragment(&answer)["id_token"])["acr"], reached);
    }
}
