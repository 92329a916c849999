//! What the back end signs counts for this interaction, for now, and only with its key.

use std::sync::Arc;

use ponte_fapi::base64url;
use ponte_fapi::jws::TokenType;
use ponte_kit::directory::KeySetsInMemory;
use serde_json::{Value, json};

use super::super::world::{ANA, INTERACTION, ORIGIN, World, asked, device};
use super::bank_key::{JWKS_URI, claims, forged, signed, signed_as};
use super::{named, world};
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
    let good = claims(world.now(), &world.jti().await, ANA);
    let now = world.now().seconds();
    let cases = [
        ("expired", "exp", json!(now - 60)),
        ("of the future", "iat", json!(now + 61)),
        ("of last session", "iat", json!(now - 661)),
        ("for too long", "exp", json!(now + 3_661)),
        ("date as text", "exp", json!((now + 60).to_string())),
        ("jti of another interaction", "jti", json!("x")),
        ("the id in place of the jti", "jti", json!(INTERACTION)),
        ("no CPF", "cpf", json!("76109277670")),
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
    let good = claims(world.now(), &world.jti().await, ANA);
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
async fn an_authentication_for_one_interaction_is_of_no_use_in_another() {
    let (mine, other) = (world(), world());
    mine.begin(&asked()).await;
    other.begin(&asked()).await;
    // The same store of interactions under another id.
    let mut interaction = other.store.interactions.lock().unwrap().remove(INTERACTION).unwrap();
    "interaction-2".clone_into(&mut interaction.id);
    other.store.interactions.lock().unwrap().insert(interaction.id.clone(), interaction);
    let jwt = signed(&claims(mine.now(), &mine.jti().await, ANA));
    let headers = json!({"content-type": "application/json"});
    let body = json!({"jwt": jwt}).to_string();
    let path = "/auth/app/commands/interaction-2/authentication";
    let reply = other.send("PUT", path, headers, Some(body)).await;
    assert_eq!((reply.status, reply.code()), (401, "NAO_AUTORIZADO"));
    assert_eq!(named(&mine.result("authentication", &json!({"jwt": jwt})).await), ("consent", ""));
}

#[tokio::test]
async fn c05_an_authentication_used_again_in_its_interaction_changes_nothing() {
    let world = world();
    world.begin(&asked()).await;
    let body = json!({"jwt": signed(&claims(world.now(), &world.jti().await, ANA)), "device": device()});
    let first = world.result("authentication", &body).await;
    let again = world.result("authentication", &body).await;
    assert_eq!((named(&again), &again.body), (("consent", ""), &first.body));
    assert_eq!((world.commits(), world.funnel().len()), (2, 2));
    let chosen = json!({"selectedResources": ["public-1"]});
    assert_eq!(named(&world.result("consent", &chosen).await), ("completed", ""));
    let late = world.result("authentication", &body).await;
    assert_eq!(named(&late), ("error", "INVALID_STATUS_CONFIRMATION"));
    assert_eq!(world.commits(), 3);
}

#[tokio::test]
async fn lb02_a_key_set_that_is_not_there_is_our_trouble_and_not_the_caller_s() {
    let keys = ChannelKeys::new(Arc::new(KeySetsInMemory::default()), JWKS_URI.to_owned());
    let world = World::with_commands(Some(ORIGIN), keys);
    world.begin(&asked()).await;
    let jwt = signed(&claims(world.now(), &world.jti().await, ANA));
    let reply = world.result("authentication", &json!({"jwt": jwt})).await;
    assert_eq!((reply.status, reply.code()), (503, "SERVICO_INDISPONIVEL"));
    assert_eq!(reply.headers["retry-after"], "1");
    assert_eq!(world.commits(), 1);
}
