//! Tokens that a client can give back: RFC 7009.

use serde_json::json;

use crate::testing::{Endpoint, World, client_request, first, now, second};

async fn tokens(world: &World) -> (String, String) {
    let code = world.code().await;
    let (_, body) = world.redeem(&code, now()).await;
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

async fn refresh_status(world: &World, token: &str) -> u16 {
    world.token(&[("grant_type", "refresh_token"), ("refresh_token", token)], now()).await.0
}

#[tokio::test]
async fn a_refresh_token_given_back_is_worth_nothing_rfc7009() {
    let world = World::new();
    let (_, refresh) = tokens(&world).await;
    assert_eq!(refresh_status(&world, &refresh).await, 200);
    for hint in [None, Some(("token_type_hint", "access_token")), Some(("token_type_hint", "unheard-of"))] {
        let mut parameters = vec![("token", refresh.as_str())];
        parameters.extend(hint);
        let (status, _) = world.ask(Endpoint::Revoke, first(), &parameters, now()).await;
        assert_eq!(status, 200, "again and again");
        assert_eq!(refresh_status(&world, &refresh).await, 400);
    }
}

#[tokio::test]
async fn s09_an_access_token_ends_by_itself() {
    let world = World::new();
    let (access, refresh) = tokens(&world).await;
    let (status, body) = world.ask(Endpoint::Revoke, first(), &[("token", &access)], now()).await;
    assert_eq!((status, &body["error"]), (400, &json!("unsupported_token_type")));
    assert_eq!(refresh_status(&world, &refresh).await, 200, "its refresh token was not meant");
}

#[tokio::test]
async fn a_token_of_another_client_or_of_nobody_is_unknown_and_stays_what_it_is() {
    let world = World::new();
    world.register_second();
    let (access, refresh) = tokens(&world).await;
    for token in [refresh.as_str(), access.as_str(), "invented", "a.b.c"] {
        let (status, _) = world.ask(Endpoint::Revoke, second(), &[("token", token)], now()).await;
        assert_eq!(status, 200);
    }
    assert_eq!(refresh_status(&world, &refresh).await, 200);
}

#[tokio::test]
async fn s02_only_a_client_gives_back() {
    let world = World::new();
    let (_, refresh) = tokens(&world).await;
    let body = serde_urlencoded::to_string([("token", &refresh)]).unwrap();
    let (status, body) = world.send(Endpoint::Revoke, &client_request(&body, now())).await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
    assert_eq!(refresh_status(&world, &refresh).await, 200);
    let (status, body) = world.ask(Endpoint::Revoke, first(), &[("token_type_hint", "x")], now()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")));
}
