//! The token endpoint: S02, S06, S09 to S13, S19, S21, S30.

use ponte_fapi::claims::{AccessToken, ExpectedIdToken, IdToken, VerificationTime};
use ponte_fapi::jws::{CompactJws, Policy};
use ponte_values::Moment;
use serde_json::{Value, json};

use crate::testing::{
    CALLBACK, CLIENT, CONSENT, ISSUER, SUBJECT, VERIFIER, World, after, claims_of, decrypter, now,
    own_thumbprint, server_keys,
};

fn clock(at: Moment) -> VerificationTime {
    VerificationTime { now: u64::try_from(at.seconds()).unwrap(), skew: 0 }
}

fn verified(body: &Value) -> AccessToken {
    let token = body["access_token"].as_str().unwrap();
    AccessToken::verify(token, &server_keys(), ISSUER, &own_thumbprint(), clock(now())).unwrap()
}

async fn refresh(world: &World, token: &str, more: &[(&str, &str)]) -> (u16, Value) {
    let mut parameters = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
    parameters.extend(more);
    world.token(&parameters, now()).await
}

async fn refresh_token(world: &World) -> String {
    let code = world.code().await;
    world.redeem(&code, now()).await.1["refresh_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn s09_s10_a_code_brings_a_bound_token_of_fifteen_minutes() {
    let world = World::new();
    let code = world.code().await;
    let (status, body) = world.redeem(&code, after(59)).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(900)));
    let scope = format!("openid accounts resources consent:{CONSENT}");
    assert_eq!(body["scope"], scope.as_str());
    let claims = claims_of(body["access_token"].as_str().unwrap());
    assert_eq!(claims["cnf"]["x5t#S256"], own_thumbprint().to_text().as_str());
    assert_eq!((&claims["sub"], &claims["client_id"]), (&json!(SUBJECT), &json!(CLIENT)));
    assert_eq!((&claims["consent_id"], &claims["scope"]), (&json!(CONSENT), &json!(scope)));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
}

#[tokio::test]
async fn s14_the_token_endpoint_encrypts_the_id_token_too() {
    let world = World::new();
    let code = world.code().await;
    let (_, body) = world.redeem(&code, now()).await;
    let access_token = body["access_token"].as_str().unwrap();
    let signed = decrypter().decrypt_jwt(body["id_token"].as_str().unwrap()).unwrap();
    let token = CompactJws::parse(&signed, &Policy::ID_TOKEN).unwrap();
    let claims: IdToken = token.verify(server_keys().signature_key(token.kid()).unwrap()).unwrap();
    let expected = ExpectedIdToken {
        issuer: ISSUER,
        client_id: CLIENT,
        nonce: "nonce-1",
        code: None,
        state: None,
        access_token: Some(access_token),
    };
    assert_eq!(claims.check(&expected, clock(now())), Ok(()));
}

#[tokio::test]
async fn a_code_used_twice_takes_back_what_it_gave_rfc6749() {
    for second in [after(1), after(61)] {
        let world = World::new();
        let code = world.code().await;
        let (_, body) = world.redeem(&code, now()).await;
        let (status, again) = world.redeem(&code, second).await;
        assert_eq!((status, &again["error"]), (400, &json!("invalid_grant")));
        let (status, _) = refresh(&world, body["refresh_token"].as_str().unwrap(), &[]).await;
        assert_eq!(status, 400, "the refresh token of the first use is revoked");
    }
}

#[tokio::test]
async fn s06_a_code_is_tied_to_client_redirect_verifier_and_minute() {
    let world = World::new();
    let code = world.code().await;
    let with = |name: &'static str, value: &'static str| {
        let mut parameters = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        parameters.retain(|(key, _)| *key != name);
        if !value.is_empty() {
            parameters.push((name, value));
        }
        parameters
    };
    for (name, value, error) in [
        ("code", "invented", "invalid_grant"),
        ("redirect_uri", "https://receptora.example/other", "invalid_grant"),
        ("code_verifier", "aBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "invalid_grant"),
        ("code_verifier", "short", "invalid_grant"),
        ("code", "", "invalid_request"),
        ("redirect_uri", "", "invalid_request"),
        ("code_verifier", "", "invalid_grant"),
    ] {
        let (status, body) = world.token(&with(name, value), now()).await;
        assert_eq!((status, body["error"].as_str().unwrap()), (400, error), "{name} {value}");
    }
    assert_eq!(world.redeem(&code, now()).await.0, 200, "no failed attempt spent the code");
    let late = World::new();
    let code = late.code().await;
    let (status, body) = late.redeem(&code, after(60)).await;
    assert_eq!((status, &body["error_description"]), (400, &json!("code expired")));
}

#[tokio::test]
async fn a_code_of_another_client_is_unknown() {
    let world = World::new();
    let code = world.code().await;
    for (stored, _) in world.memory.codes.lock().unwrap().values_mut() {
        stored.client = ponte_values::ClientId::parse("client-2").unwrap();
    }
    let (status, body) = world.redeem(&code, now()).await;
    assert_eq!((status, &body["error_description"]), (400, &json!("code unknown")));
}

#[tokio::test]
async fn s12_no_token_without_an_authorised_consent() {
    let world = World::new();
    let code = world.code().await;
    world.revoke_consent();
    let (status, body) = world.redeem(&code, now()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    assert!(world.memory.refresh_tokens.lock().unwrap().is_empty());
}

#[tokio::test]
async fn s11_a_refresh_token_is_never_rotated() {
    let world = World::new();
    let token = refresh_token(&world).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let (status, body) = refresh(&world, &token, &[]).await;
        assert_eq!((status, body["refresh_token"].as_str()), (200, Some(token.as_str())));
        assert!(body.get("id_token").is_none());
        seen.push(verified(&body).jti);
    }
    seen.dedup();
    assert_eq!(seen.len(), 3, "each access token is another");
    assert!(!world.memory.refresh_tokens.lock().unwrap().contains_key(&token), "only its hash is stored");
}

#[tokio::test]
async fn s12_s21_a_refresh_ends_with_the_consent() {
    let world = World::new();
    let token = refresh_token(&world).await;
    world.revoke_consent();
    let (status, body) = refresh(&world, &token, &[]).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn d8_a_consent_that_only_a_later_release_reads_brings_no_token() {
    let world = World::new();
    let token = refresh_token(&world).await;
    *world.memory.later.lock().unwrap() = true;
    let parameters = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
    let refusal = world.token_refused(&parameters, now()).await;
    assert_eq!((refusal.status(), refusal.code()), (500, "ERRO_INTERNO"));
    // The grant is kept: with the release that reads the consent it goes on.
    *world.memory.later.lock().unwrap() = false;
    assert_eq!(refresh(&world, &token, &[]).await.0, 200);
}

#[tokio::test]
async fn s19_a_smaller_scope_at_refresh_does_not_shrink_the_grant() {
    let world = World::new();
    let token = refresh_token(&world).await;
    let (_, body) = refresh(&world, &token, &[("scope", "openid accounts")]).await;
    assert_eq!(verified(&body).scope, format!("openid accounts consent:{CONSENT}"));
    let (_, body) = refresh(&world, &token, &[]).await;
    assert_eq!(verified(&body).scope, format!("openid accounts resources consent:{CONSENT}"));
    let (_, body) = refresh(&world, &token, &[("scope", "openid accounts loans consents")]).await;
    assert_eq!(verified(&body).scope, format!("openid accounts consent:{CONSENT}"), "narrowed as before");
    for wider in ["loans", "openid consent:urn:banco:C2", "openid enrollment:urn:banco:C1", "open\"id"] {
        let (status, body) = refresh(&world, &token, &[("scope", wider)]).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_scope")), "{wider}");
    }
}

#[tokio::test]
async fn a_refresh_token_of_another_client_or_invented_is_refused() {
    let world = World::new();
    let token = refresh_token(&world).await;
    assert_eq!(refresh(&world, "invented", &[]).await.1["error"], "invalid_grant");
    for stored in world.memory.refresh_tokens.lock().unwrap().values_mut() {
        stored.client = ponte_values::ClientId::parse("client-2").unwrap();
    }
    assert_eq!(refresh(&world, &token, &[]).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn c01_a_client_in_its_own_name_gets_consents_and_nothing_else() {
    let world = World::new();
    let credentials = |scope: &'static str| [("grant_type", "client_credentials"), ("scope", scope)];
    let (status, body) = world.token(&credentials("consents"), now()).await;
    assert_eq!(status, 200);
    assert!(body.get("refresh_token").is_none() && body.get("id_token").is_none());
    let claims = verified(&body);
    assert_eq!((claims.sub.as_str(), claims.consent_id, claims.scope.as_str()), (CLIENT, None, "consents"));
    for scope in ["", "openid", "accounts", "openid consents", "consents consent:urn:banco:C1", "consents  x"]
    {
        let (status, body) = world.token(&credentials(scope), now()).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_scope")), "{scope}");
    }
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().scopes.clear();
    let (_, body) = world.token(&credentials("consents"), now()).await;
    assert_eq!(body["error"], "invalid_scope", "S85: its roles do not allow it");
}

/// What the removal of a client leaves hangs on whether it ever had a token: one write in its life, and no read.
#[tokio::test]
async fn t60_the_first_token_of_a_client_is_noted_and_no_other() {
    let world = World::new();
    let unused = |world: &World| world.memory.clients.lock().unwrap()[CLIENT].unused;
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().unused = true;
    let refused = world.token(&[("grant_type", "client_credentials"), ("scope", "accounts")], now()).await;
    assert!(refused.0 == 400 && unused(&world), "no token, nothing to note");
    let noted = async || {
        world.memory.calls();
        let (status, _) =
            world.token(&[("grant_type", "client_credentials"), ("scope", "consents")], now()).await;
        assert_eq!(status, 200);
        world.memory.calls().iter().filter(|call| **call == "Clients::first_token").count()
    };
    assert_eq!((noted().await, unused(&world)), (1, false));
    assert_eq!((noted().await, noted().await), (0, 0));
}

#[tokio::test]
async fn t60_a_client_that_removed_itself_meanwhile_gets_no_first_token() {
    let world = World::new();
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().unused = true;
    *world.memory.leaves.lock().unwrap() = true;
    let (status, body) =
        world.token(&[("grant_type", "client_credentials"), ("scope", "consents")], now()).await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
    assert!(body.get("access_token").is_none());
}

#[tokio::test]
async fn other_grant_types_are_refused() {
    let world = World::new();
    for grant_type in ["password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer"] {
        let (status, body) = world.token(&[("grant_type", grant_type)], now()).await;
        assert_eq!((status, &body["error"]), (400, &json!("unsupported_grant_type")));
    }
    let (_, body) = world.token(&[], now()).await;
    assert_eq!(body["error_description"], "grant_type is missing");
}

/// Registers other grant types for the client.
fn grant_types(world: &World, names: &[&str]) {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().grant_types = Some(names);
}

#[tokio::test]
async fn rfc6749_5_2_a_grant_type_that_is_not_registered_is_unauthorized_client() {
    let world = World::new();
    let (code, token) = (world.code().await, {
        let other = World::new();
        refresh_token(&other).await
    });
    let redemption = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
    let own_name = [("grant_type", "client_credentials"), ("scope", "consents")];
    for (registered, parameters) in [
        (["refresh_token", "client_credentials"], redemption.as_slice()),
        (["authorization_code", "client_credentials"], &refresh),
        (["authorization_code", "refresh_token"], &own_name),
    ] {
        grant_types(&world, &registered);
        let (status, body) = world.token(parameters, now()).await;
        assert_eq!((status, &body["error"]), (400, &json!("unauthorized_client")), "{registered:?}");
    }
    // The code was not spent.
    grant_types(&world, &["authorization_code", "refresh_token"]);
    assert_eq!(world.token(&redemption, now()).await.0, 200);
    let (_, body) = world.token(&[("grant_type", "password")], now()).await;
    assert_eq!(body["error"], "unsupported_grant_type", "what nobody has is another error");
}

#[tokio::test]
async fn rfc6749_1_5_a_client_that_does_not_refresh_gets_no_refresh_token() {
    let world = World::new();
    grant_types(&world, &["authorization_code"]);
    let code = world.code().await;
    let (status, body) = world.redeem(&code, now()).await;
    assert_eq!((status, body.get("refresh_token")), (200, None), "{body}");
    let (status, body) = world.redeem(&code, now()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")), "a second use is still detected");
}

#[tokio::test]
async fn s85_s89_a_token_has_no_scope_that_its_client_gave_up_since() {
    let world = World::new();
    let token = refresh_token(&world).await;
    let register = |scopes: &[&str]| {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().scopes = scopes;
    };
    register(&["openid", "resources"]);
    let (_, body) = refresh(&world, &token, &[]).await;
    assert_eq!(verified(&body).scope, format!("openid resources consent:{CONSENT}"));
    let (status, body) = refresh(&world, &token, &[("scope", "openid accounts")]).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_scope")));
    register(&["openid"]);
    assert_eq!(refresh(&world, &token, &[]).await.1["error"], "invalid_scope");
    register(&["openid", "accounts", "resources"]);
    let (_, body) = refresh(&world, &token, &[]).await;
    assert_eq!(verified(&body).scope, format!("openid accounts resources consent:{CONSENT}"), "S19");
    let code = world.code_again().await;
    register(&["openid", "accounts"]);
    let (_, body) = world.redeem(&code, now()).await;
    assert_eq!(verified(&body).scope, format!("openid accounts consent:{CONSENT}"));
}
