//! What the back end signs counts for this interaction, for now, and only with its key.

use std::sync::Arc;
use std::time::Duration;

use ponte_fapi::base64url;
use ponte_fapi::jws::TokenType;
use ponte_kit::directory::KeySetsInMemory;
use serde_json::{Value, json};

use super::super::world::{
    ANA, ANOTHER, API, INTERACTION, ORIGIN, Reply, STORED, World, asked, device, secret_in, without_secret,
};
use super::bank_key::{JWKS_URI, call_claims, claims, forged, signed, signed_as};
use super::{jti, named, world};
use crate::ChannelKeys;

/// Each of these is 401 and changes nothing.
async fn refuse(world: &World, what: &str, jwt: &str) {
    let reply = world.result("authentication", &json!({"jwt": jwt, "device": device()})).await;
    assert_eq!((reply.status, reply.code()), (401, "NAO_AUTORIZADO"), "{what}");
    assert!(!reply.body.to_string().contains(ANA), "{what}");
    assert_eq!((world.commits(), world.funnel().len()), (1, 0), "{what}");
}

#[tokio::test]
async fn t36_each_claim_that_does_not_hold_is_refused_and_changes_nothing() {
    let world = world();
    world.begin(&asked()).await;
    let good = claims(world.now(), &jti(&world), ANA);
    let now = world.now().seconds();
    let cases = [
        ("expired", "exp", json!(now - 60)),
        ("of the future", "iat", json!(now + 61)),
        ("of last session", "iat", json!(now - 661)),
        ("for too long", "exp", json!(now + 3_661)),
        ("date as text", "exp", json!((now + 60).to_string())),
        ("jti of another interaction", "jti", json!("x")),
        ("the id in place of the jti", "jti", json!(INTERACTION)),
        ("no CPF", "cpf", json!("7610927767")),
        ("no CNPJ", "cnpj", json!("76109277673")),
        ("unknown level", "acr", json!("urn:brasil:openbanking:loa9")),
    ];
    for (what, name, value) in cases {
        let mut bad = good.clone();
        bad[name] = value;
        refuse(&world, what, &signed(&bad)).await;
    }
    for name in ["iat", "exp", "jti", "cpf", "name"] {
        let mut bad = good.clone();
        bad.as_object_mut().unwrap().remove(name);
        refuse(&world, name, &signed(&bad)).await;
    }
    let reply = world.result("authentication", &json!({"jwt": signed(&good)})).await;
    assert_eq!(named(&reply), ("consent", ""));
}

#[tokio::test]
async fn t35_only_ps256_by_the_published_key_counts() {
    let world = world();
    world.begin(&asked()).await;
    let good = claims(world.now(), &jti(&world), ANA);
    let token = signed(&good);
    let (_, rest) = token.split_once('.').unwrap();
    let under = |header: &Value| format!("{}.{rest}", base64url::encode(header.to_string()));
    refuse(&world, "another key", &forged(&good)).await;
    refuse(&world, "unknown kid", &signed_as("app-2", TokenType::Jwt, &good)).await;
    refuse(&world, "another kind", &signed_as("app-1", TokenType::AccessToken, &good)).await;
    refuse(&world, "none", &under(&json!({"alg": "none", "kid": "app-1"}))).await;
    refuse(&world, "HS256", &under(&json!({"alg": "HS256", "kid": "app-1"}))).await;
    refuse(&world, "RS256", &under(&json!({"alg": "RS256", "kid": "app-1"}))).await;
    refuse(&world, "foreign keys", &under(&json!({"alg": "PS256", "kid": "app-1", "jku": JWKS_URI}))).await;
    refuse(&world, "no kid", &under(&json!({"alg": "PS256"}))).await;
    refuse(&world, "no token", "x").await;
    refuse(&world, "too long", &format!("{token}{}", "A".repeat(9_000))).await;
}

#[tokio::test]
async fn an_authentication_for_one_arrival_is_of_no_use_through_another() {
    let world = world();
    world.begin(&asked()).await;
    let jwt = signed(&claims(world.now(), &jti(&world), ANA));
    let headers = json!({"content-type": "application/json"});
    let body = json!({"jwt": jwt}).to_string();
    // The same interaction through another arrival.
    let path = format!("/auth/app/commands/{ANOTHER}/authentication");
    let reply = world.send("PUT", &path, headers, Some(body)).await;
    assert_eq!((reply.status, reply.code()), (401, "NAO_AUTORIZADO"));
    assert_eq!(named(&world.result("authentication", &json!({"jwt": jwt})).await), ("consent", ""));
}

#[tokio::test]
async fn t59_c05_an_authentication_used_again_opens_anew_and_voids_the_login_before() {
    let world = world();
    world.begin(&asked()).await;
    let body = json!({"jwt": signed(&claims(world.now(), &jti(&world), ANA)), "device": device()});
    let first = world.result("authentication", &body).await;
    let again = world.result("authentication", &body).await;
    assert_eq!((named(&again), without_secret(&again.body)), (("consent", ""), without_secret(&first.body)));
    assert_ne!(secret_in(&again), secret_in(&first));
    assert_eq!((world.commits(), world.funnel().len()), (3, 2));
    let chosen = json!({"selectedResources": ["public-1"]});
    assert_eq!(named(&world.result("consent", &chosen).await), ("completed", ""));
    let late = world.result("authentication", &body).await;
    assert_eq!(named(&late), ("error", "INVALID_STATUS_CONFIRMATION"));
    assert_eq!(world.commits(), 4);
}

#[tokio::test]
async fn t59_an_authentication_of_one_session_is_of_no_use_in_the_next() {
    let world = world();
    world.begin(&asked()).await;
    world.wait(Duration::from_mins(9));
    let jwt = signed(&claims(world.now(), &jti(&world), ANA));
    world.wait(Duration::from_mins(1));
    // The customer comes again through the same arrival, and the JWT is a minute old.
    let again = world.interaction().begin_again("another key", world.now()).unwrap();
    world.store.interactions.lock().unwrap().insert(STORED.to_owned(), again);
    refuse(&world, "of the session before", &jwt).await;
    let fresh = signed(&claims(world.now(), &jti(&world), ANA));
    assert_eq!(named(&world.result("authentication", &json!({"jwt": fresh})).await), ("consent", ""));
}

#[tokio::test]
async fn lb02_a_key_set_that_is_not_there_is_our_trouble_and_not_the_caller_s() {
    let keys = ChannelKeys::new(Arc::new(KeySetsInMemory::default()), JWKS_URI.to_owned());
    let world = World::with_commands(Some(ORIGIN), keys);
    world.begin(&asked()).await;
    let jwt = signed(&claims(world.now(), &jti(&world), ANA));
    let reply = world.result("authentication", &json!({"jwt": jwt})).await;
    assert_eq!((reply.status, reply.code()), (503, "SERVICO_INDISPONIVEL"));
    assert_eq!(reply.headers["retry-after"], "1");
    assert_eq!(world.commits(), 1);
}

const SHOW: &str = "/auth/app/commands/AvoOgpBuPOXCCcYyXRCtGr6jV8nRSYx3ufOJ1243";

/// The customer has logged in; what the back end signs is all that a call shows.
async fn with_signature(world: &World, call: (&str, &str), body: Option<&Value>, jws: &str) -> Reply {
    let headers = json!({"content-type": "application/json", "x-channel-signature": jws});
    world.send(call.0, call.1, headers, body.map(Value::to_string)).await
}

#[tokio::test]
async fn t59_the_back_end_goes_on_by_a_signature_over_each_call() {
    let world = world();
    let id = world.begin(&asked()).await;
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    assert_eq!(named(&world.signed("GET", SHOW, None).await), ("consent", ""));
    let show = SHOW.replace("/auth/app/commands", API);
    assert_eq!(world.signed("GET", &show, None).await.data()["stage"], "AWAITING_DECISION");
    let yes = json!({"selectedResources": ["public-1"]});
    let last = world.signed("PUT", &format!("{SHOW}/consent"), Some(&yes)).await;
    assert_eq!(named(&last), ("completed", ""));
    assert_eq!(world.stored(&id).version, 2);
}

#[tokio::test]
async fn t59_a_signature_of_another_call_time_or_key_opens_nothing_and_none_opens_twice() {
    let world = world();
    world.begin(&asked()).await;
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    let now = world.now().seconds();
    let good = call_claims(world.now(), "once", ("GET", SHOW), "");
    let changed = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    let signed = |claims: &Value| signed_as("app-1", TokenType::SignedCall, claims);
    let (unsigned, _) =
        signed(&good).rsplit_once('.').map(|(head, tail)| (head.to_owned(), tail.len())).unwrap();
    let cases = [
        ("another method", signed(&changed("method", json!("PUT")))),
        ("another path", signed(&changed("path", json!(format!("{SHOW}/consent"))))),
        ("another body", signed(&changed("bodyHash", json!("x")))),
        ("too old", signed(&changed("iat", json!(now - 61)))),
        ("of the future", signed(&changed("iat", json!(now + 61)))),
        ("without jti", signed(&changed("jti", Value::Null))),
        ("an authentication", signed_as("app-1", TokenType::Jwt, &good)),
        ("another key", signed_as("app-2", TokenType::SignedCall, &good)),
        ("no signature", format!("{unsigned}.")),
        ("nothing", "x".to_owned()),
    ];
    let commits = world.commits();
    for (what, jws) in cases {
        let reply = with_signature(&world, ("GET", SHOW), None, &jws).await;
        assert_eq!((reply.status, reply.code()), (401, "NAO_AUTORIZADO"), "{what}");
    }
    let jws = signed(&good);
    assert_eq!(named(&with_signature(&world, ("GET", SHOW), None, &jws).await), ("consent", ""));
    let replayed = with_signature(&world, ("GET", SHOW), None, &jws).await;
    assert_eq!((replayed.status, replayed.code()), (401, "NAO_AUTORIZADO"));
    let unknown = with_signature(&world, ("GET", "/auth/app/commands/unknown"), None, &jws).await;
    assert_eq!((unknown.status, unknown.code()), (401, "NAO_AUTORIZADO"), "whatever the interaction");
    assert_eq!(world.commits(), commits);
}
