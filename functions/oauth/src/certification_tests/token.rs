//! Modules about the token endpoint: S06, S10, S11, S12.

use serde_json::json;

use crate::client_authentication::ClientRequest;
use crate::testing::{CALLBACK, Endpoint, VERIFIER, World, after, client_request, first, now, second};

fn redemption(code: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ]
}

fn refresh(token: &str) -> [(&str, &str); 2] {
    [("grant_type", "refresh_token"), ("refresh_token", token)]
}

async fn refresh_token(world: &World) -> String {
    let code = world.code().await;
    world.redeem(&code, now()).await.1["refresh_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn negative_ensure_authorization_code_is_bound_to_client_s06() {
    let world = World::new();
    world.register_second();
    let code = world.code().await;
    let (status, body) = world.ask(Endpoint::Token, second(), &redemption(&code), now()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    assert_eq!(world.redeem(&code, now()).await.0, 200, "a thief's attempt takes nothing away");
}

#[tokio::test]
async fn negative_attempt_reuse_authorisation_code_after_one_second_s12() {
    let world = World::new();
    let code = world.code().await;
    let (_, body) = world.redeem(&code, now()).await;
    let (status, again) = world.redeem(&code, after(1)).await;
    assert_eq!((status, &again["error"]), (400, &json!("invalid_grant")));
    let token = body["refresh_token"].as_str().unwrap();
    assert_eq!(world.token(&refresh(token), now()).await.1["error"], "invalid_grant", "taken back");
}

#[tokio::test]
async fn negative_reuse_after_the_consent_ended_takes_back_as_well_s12() {
    let world = World::new();
    let code = world.code().await;
    world.redeem(&code, now()).await;
    assert_eq!(world.memory.refresh_tokens.lock().unwrap().len(), 1);
    world.revoke_consent();
    assert_eq!(world.redeem(&code, after(1)).await.1["error"], "invalid_grant");
    assert!(world.memory.refresh_tokens.lock().unwrap().is_empty());
}

#[tokio::test]
async fn negative_ensure_pkce_code_verifier_required_s06() {
    let world = World::new();
    let code = world.code().await;
    let (status, body) = world.token(&redemption(&code)[..3], now()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn negative_incorrect_pkce_code_verifier_rejected_s06() {
    let world = World::new();
    let code = world.code().await;
    let challenge = crate::testing::CHALLENGE;
    for verifier in [challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK", "short", &"a".repeat(129)] {
        let mut parameters = redemption(&code);
        parameters[3].1 = verifier;
        let (status, body) = world.token(&parameters, now()).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")), "{verifier}");
    }
    assert_eq!(world.redeem(&code, now()).await.0, 200);
}

#[tokio::test]
async fn negative_ensure_mtls_holder_of_key_required_for_codes_and_refresh_tokens_s10() {
    let world = World::new();
    world.register_second();
    let token = refresh_token(&world).await;
    let code = world.code_again().await;
    for parameters in [redemption(&code).to_vec(), refresh(&token).to_vec()] {
        for certificate in [None, Some(second().certificate)] {
            let body = world.body(&parameters);
            let request = ClientRequest { certificate, ..client_request(&body, now()) };
            let (status, body) = world.send(Endpoint::Token, &request).await;
            assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
        }
    }
    assert_eq!(world.redeem(&code, now()).await.0, 200);
}

#[tokio::test]
async fn refresh_token_s11() {
    let world = World::new();
    world.register_second();
    let token = refresh_token(&world).await;
    // The suite repeats the scope of its authorization request, the consent included, though it was narrowed then.
    let scope = format!("openid accounts resources consents loans consent:{}", crate::testing::CONSENT);
    let mut parameters = refresh(&token).to_vec();
    parameters.push(("scope", &scope));
    let (status, body) = world.ask(Endpoint::Token, first(), &parameters, now()).await;
    assert_eq!((status, body["refresh_token"].as_str()), (200, Some(token.as_str())), "{body}");
    // Issued to one client, it is nothing in the hands of another.
    let (status, body) = world.ask(Endpoint::Token, second(), &refresh(&token), now()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn negative_every_error_of_the_endpoint_is_json_in_plain_ascii_rfc6749() {
    let world = World::new();
    for parameters in [
        vec![],
        vec![("grant_type", "password")],
        vec![("grant_type", "authorization_code")],
        vec![("grant_type", "authorization_code"), ("code", "é\r\n\t\"\\"), ("redirect_uri", "x")],
        vec![("grant_type", "refresh_token"), ("refresh_token", "é\r\n")],
        vec![("grant_type", "client_credentials"), ("scope", "é\r\n")],
    ] {
        let (status, body) = world.token(&parameters, now()).await;
        assert_eq!(status, 400, "{parameters:?}");
        let description = body["error_description"].as_str().unwrap();
        let allowed = |byte: u8| (0x20..=0x7e).contains(&byte) && byte != b'"' && byte != b'\\';
        assert!(description.bytes().all(allowed), "{description}");
    }
}
