//! Registrations that succeed, and what comes of them: S81, S82, S85, S87, S88, S89.

use super::*;
use crate::client_authentication::for_client;
use crate::testing::{MTLS, after, client_signer, decrypter, outcome, own_certificate};
use crate::token;
use ponte_fapi::secret;

#[tokio::test]
async fn s80_s89_a_software_statement_becomes_a_client() {
    let world = world();
    let got = register(&world, &with(body(), "scope", json!("openid accounts consents resources"))).await;
    assert_eq!(got.status, 201, "{got:?}");
    let (id, token) =
        (got.body["client_id"].as_str().unwrap(), got.body["registration_access_token"].as_str());
    assert_eq!(got.body["registration_client_uri"], format!("{MTLS}/auth/register/{id}"));
    assert_eq!(got.body["client_id_issued_at"], now().seconds());
    assert!(got.body.get("client_secret").is_none());
    // RFC 7591 section 3.2.1: all registered metadata, and the statement unmodified.
    assert_eq!(got.body["redirect_uris"], json!([CALLBACK]));
    assert_eq!(got.body["token_endpoint_auth_method"], "private_key_jwt");
    assert_eq!(got.body["software_statement"], signed_payload(&got.body));
    assert_eq!(got.body["jwks_uri"], JWKS_URI);

    let client = world.memory.clients.lock().unwrap()[id].clone();
    assert_eq!((client.organisation.as_str(), client.software.as_str()), (ORGANISATION, SOFTWARE));
    assert_eq!(client.name, "Receptora Inventada SA");
    assert_eq!(client.scopes, ["openid", "accounts", "consents", "resources"]);
    assert!(client.webhook_uris.is_empty(), "S87: not asked for, so off");
    let stored = world.memory.registrations.lock().unwrap()[id].clone();
    assert_eq!(stored.token_hash, secret::hash(token.unwrap()), "only its hash is stored");
    assert!(!stored.metadata.contains(token.unwrap()));
    let audit = world.memory.audit.lock().unwrap().clone();
    assert_eq!((audit.len(), audit[0].action, audit[0].subject.as_str()), (1, "client.registered", id));
    assert_eq!(audit[0].interaction.as_deref(), Some("interaction-1"));
}

/// The statement that was sent, found again in the answer.
fn signed_payload(answer: &Value) -> Value {
    let statement = answer["software_statement"].as_str().unwrap();
    assert_eq!(crate::testing::claims_of(statement), claims());
    json!(statement)
}

#[tokio::test]
async fn s02_a_registered_client_gets_tokens() {
    let world = world();
    let (id, _) = registered(&world).await;
    let mut claims = world.assertion_claims();
    (claims["iss"], claims["sub"]) = (json!(id), json!(id));
    let assertion = client_signer().sign(TokenType::Jwt, &claims).unwrap();
    let body = token_request(&assertion);
    let answer =
        for_client(&world.ports, &crate::testing::client_request(&body, now()), token::issue).await.unwrap();
    let (status, body) = outcome(&answer);
    assert_eq!(status, 200, "{body}");
}

fn token_request(assertion: &str) -> String {
    form(&[
        ("grant_type", "client_credentials"),
        ("scope", "consents"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
    ])
}

fn form(parameters: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(parameters).unwrap()
}

#[tokio::test]
async fn rfc7591_2_grant_types_are_those_that_were_registered_until_they_are_replaced() {
    let world = world();
    let asked = with(body(), "grant_types", json!(["authorization_code", "refresh_token"]));
    let got = register(&world, &asked).await;
    assert_eq!((got.status, &got.body["response_types"]), (201, &json!(["code id_token"])), "{got:?}");
    let text = |name: &str| got.body[name].as_str().unwrap().to_owned();
    let (id, bearer) = (text("client_id"), text("registration_access_token"));
    let in_its_own_name = async |jti: &str| {
        let mut claims = world.assertion_claims();
        (claims["iss"], claims["sub"], claims["jti"]) = (json!(id), json!(id), json!(jti));
        let body = token_request(&client_signer().sign(TokenType::Jwt, &claims).unwrap());
        let request = crate::testing::client_request(&body, now());
        let answer = match for_client(&world.ports, &request, token::issue).await {
            Ok(answer) => answer,
            Err(refusal) => Answer::refused(&refusal, now()),
        };
        outcome(&answer)
    };
    let (status, refused) = in_its_own_name("1").await;
    assert_eq!((status, &refused["error"]), (400, &json!("unauthorized_client")));
    // With that grant type alone there is no response type, and no customer is asked for anything.
    let replaced = with(body(), "grant_types", json!(["client_credentials"]));
    let got = Management::of(&id, &bearer).put(&world, &replaced).await;
    assert_eq!((got.status, &got.body["response_types"]), (200, &json!([])), "{got:?}");
    assert_eq!(in_its_own_name("2").await.0, 200);
    assert!(!world.memory.clients.lock().unwrap()[&id].may_request("code id_token"));
}

#[tokio::test]
async fn s85_without_a_scope_the_client_gets_all_of_its_active_roles() {
    let world = world();
    let got = register(&world, &body()).await;
    let scope = got.body["scope"].as_str().unwrap();
    assert_eq!(scope.split(' ').count(), 17, "{scope}");
    assert!(scope.contains("credit-portability") && !scope.contains("payments"), "{scope}");
}

#[tokio::test]
async fn s86_the_statement_wins_over_the_request_and_fills_what_it_does_not_say() {
    let world = world();
    let mut statement = claims();
    statement["software_logo_uri"] = json!("https://receptora.example/logo.svg");
    let got = register(&world, &with(body_of(&statement), "client_name", json!("Outra"))).await;
    assert_eq!((got.status, &got.body["client_name"]), (201, &json!("Receptora")), "{got:?}");
    assert_eq!(got.body["logo_uri"], statement["software_logo_uri"]);
}

#[tokio::test]
async fn s87_webhooks_are_on_when_they_are_those_of_the_statement() {
    let world = world();
    let uris = json!(["https://receptora.example/webhook"]);
    let got = register(&world, &with(body(), "webhook_uris", uris.clone())).await;
    assert_eq!((got.status, &got.body["webhook_uris"]), (201, &uris), "{got:?}");
    let id = got.body["client_id"].as_str().unwrap();
    assert_eq!(world.memory.clients.lock().unwrap()[id].webhook_uris, ["https://receptora.example/webhook"]);
}

#[tokio::test]
async fn s88_a_software_statement_is_registered_once() {
    let world = world();
    let first = registered(&world).await;
    let got = register(&world, &body()).await;
    assert_eq!((got.status, got.error()), (400, "unapproved_software_statement"), "{got:?}");
    assert!(got.body.get("client_id").is_none());
    assert_eq!(world.memory.clients.lock().unwrap().len(), 1);
    assert_eq!(Management::of(&first.0, &first.1).get(&world).await.status, 200, "the first one stands");
}

#[tokio::test]
async fn s82_a_client_without_a_key_to_encrypt_for_is_refused_until_it_has_one() {
    let world = world();
    world.publish(&[client_signer().public_jwk()]);
    let got = register(&world, &body()).await;
    assert_eq!((got.status, got.error()), (400, "invalid_client_metadata"), "{got:?}");
    assert_eq!(got.body["error_description"], "jwks_uri has no key of use enc");
    // It publishes one; half a minute later the directory is asked again, however fresh the set held is.
    world.publish(&[client_signer().public_jwk(), decrypter().public_jwk()]);
    let fresh = body_of(&with(claims(), "iat", json!(after(29).seconds()))).to_string();
    assert_eq!(post(&world, &asked(Some(own_certificate()), &fresh, after(29))).await.status, 400);
    assert_eq!(post(&world, &asked(Some(own_certificate()), &fresh, after(30))).await.status, 201);
}

#[tokio::test]
async fn s81_a_new_key_of_the_directory_is_found() {
    let world = world();
    registered(&world).await;
    let rotated = key_set_json(&[crate::testing::stranger("signer-2").public_jwk()]);
    world.memory.key_sets.publish(&format!("{DIRECTORY}/openbanking.jwks"), rotated);
    let iat = json!(after(30).seconds());
    let claims = with(with(claims(), "iat", iat), "software_id", json!(OTHER));
    let statement = crate::testing::stranger("signer-2").sign(TokenType::Jwt, &claims).unwrap();
    let body = with(body(), "software_statement", json!(statement)).to_string();
    let certificate = crate::testing::brcac(ORGANISATION, OTHER);
    let got = post(&world, &asked(Some(&certificate), &body, after(30))).await;
    assert_eq!(got.status, 201, "{got:?}");
}

#[tokio::test]
async fn t38_statements_with_invented_key_ids_cost_one_fetch_in_thirty_seconds() {
    let world = world();
    registered(&world).await;
    let before = world.memory.key_sets.fetches();
    for number in 0..1_000 {
        let statement = crate::testing::stranger(&format!("invented-{number}"));
        let token =
            if number == 0 { statement.sign(TokenType::Jwt, &claims()).unwrap() } else { forged(number) };
        let got = register(&world, &with(body(), "software_statement", json!(token))).await;
        assert_eq!(got.error(), "invalid_software_statement");
    }
    assert_eq!(world.memory.key_sets.fetches(), before, "asked less than thirty seconds ago");
}

/// A statement with an invented key id and no signature worth the name.
fn forged(number: u32) -> String {
    use ponte_fapi::base64url::encode;
    let header = format!(r#"{{"alg":"PS256","kid":"invented-{number}","typ":"JWT"}}"#);
    format!("{}.{}.{}", encode(header), encode(claims().to_string()), encode([0; 256]))
}

#[tokio::test]
async fn lb02_a_silent_directory_is_our_trouble_not_the_clients() {
    let world = world();
    world.memory.key_sets.fall_silent();
    let got = register(&world, &body()).await;
    assert_eq!((got.status, got.error()), (503, "temporarily_unavailable"), "{got:?}");
    assert!(world.memory.clients.lock().unwrap().is_empty() && world.memory.audit.lock().unwrap().is_empty());
}
