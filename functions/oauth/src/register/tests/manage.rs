//! Management of a registration: S89, S91, RFC 7592.

use super::*;
use crate::client_authentication::for_client;
use crate::testing::{CLIENT, after, brcac, client_request, client_signer, outcome, seal};
use crate::token;
use serde_urlencoded::to_string as form;

/// The registration as it is now, by its owner.
async fn current(world: &World, id: &str, token: &str) -> Value {
    let got = Management::of(id, token).get(world).await;
    assert_eq!(got.status, 200, "{got:?}");
    got.body
}

#[tokio::test]
async fn s89_a_registration_is_read_with_certificate_and_token() {
    let world = world();
    let created = register(&world, &body()).await.body;
    let (id, token) =
        (created["client_id"].as_str().unwrap(), created["registration_access_token"].as_str().unwrap());
    assert_eq!(current(&world, id, token).await, created, "the same, the token never rotated");
    let renewed = brcac(&ORGANISATION.to_uppercase(), SOFTWARE);
    let with_new_certificate = Management { certificate: Some(&renewed), ..Management::of(id, token) };
    assert_eq!(
        with_new_certificate.get(&world).await.status,
        200,
        "another certificate of the same software"
    );
}

#[tokio::test]
async fn s89_s91_a_replacement_keeps_client_id_and_token_and_drops_what_is_not_said() {
    let world = world();
    let webhooks = json!(["https://receptora.example/webhook"]);
    let created = register(&world, &with(body(), "webhook_uris", webhooks)).await.body;
    let (id, token) =
        (created["client_id"].as_str().unwrap(), created["registration_access_token"].as_str().unwrap());
    // The answer sent back with a fresh statement, as the certification suite does.
    let mut again = created.clone();
    again["software_statement"] = json!(signed(&with(claims(), "iat", json!(after(600).seconds()))));
    again["redirect_uris"] = json!(["https://receptora.example/other?a=b"]);
    again.as_object_mut().unwrap().remove("webhook_uris");
    let management = Management { at: after(600), ..Management::of(id, token) };
    let got = management.put(&world, &again).await;
    assert_eq!(got.status, 200, "{got:?}");
    for kept in
        ["client_id", "client_id_issued_at", "registration_client_uri", "registration_access_token", "scope"]
    {
        assert_eq!(got.body[kept], created[kept], "{kept}");
    }
    assert_eq!(got.body["redirect_uris"], again["redirect_uris"]);
    assert!(got.body.get("webhook_uris").is_none(), "RFC 7592 section 2.2: what is omitted is deleted");
    assert_eq!(current(&world, id, token).await, got.body);
    let client = world.memory.clients.lock().unwrap()[id].clone();
    assert_eq!(client.redirect_uris, ["https://receptora.example/other?a=b"]);
    assert!(client.webhook_uris.is_empty());
    let audit = world.memory.audit.lock().unwrap().clone();
    assert_eq!(
        audit.iter().map(|row| row.action).collect::<Vec<_>>(),
        ["client.registered", "client.replaced"]
    );
}

#[tokio::test]
async fn s91_tokens_of_a_client_survive_its_replacement() {
    let world = World::new();
    let keys = key_set_json(&[directory_signer().public_jwk()]);
    world.memory.key_sets.publish(&format!("{DIRECTORY}/openbanking.jwks"), keys);
    // The client of all tests, as if it had registered itself.
    let client = world.memory.clients.lock().unwrap()[CLIENT].clone();
    let hash = ponte_fapi::secret::hash("token");
    let stored = ponte_authorization::client::ClientRegistration::new(client, hash, "{}".to_owned(), now());
    world.memory.registrations.lock().unwrap().insert(CLIENT.to_owned(), stored);
    let code = world.code().await;
    let (_, tokens) = world.redeem(&code, now()).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();

    assert_eq!(Management::of(CLIENT, "token").put(&world, &body()).await.status, 200);
    let asked = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    assert_eq!(world.token(&asked, now()).await.0, 200);

    assert_eq!(Management::of(CLIENT, "token").delete(&world).await.status, 204);
    let request = world.body(&asked);
    let answer = for_client(&world.ports, &client_request(&request, now()), token::issue).await.unwrap();
    let (status, body) = outcome(&answer);
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")), "gone, and with it its tokens");
}

#[tokio::test]
async fn s89_every_check_of_a_registration_is_repeated() {
    let world = world();
    let (id, token) = registered(&world).await;
    let before = current(&world, &id, &token).await;
    let management = Management::of(&id, &token);
    let old = body_of(&with(claims(), "iat", json!(now().seconds() - 301)));
    let mut forged = body();
    forged["software_statement"] =
        json!(crate::testing::stranger("signer").sign(TokenType::Jwt, &claims()).unwrap());
    for (bad, code) in [
        (json!({ "redirect_uris": [CALLBACK] }), "invalid_software_statement"),
        (forged, "invalid_software_statement"),
        (old, "invalid_software_statement"),
        (body_of(&with(claims(), "software_id", json!(OTHER))), "invalid_software_statement"),
        (body_of(&with(claims(), "org_id", json!(OTHER))), "invalid_software_statement"),
        (body_of(&with(claims(), "org_status", json!("Withdrawn"))), "unapproved_software_statement"),
        (with(body(), "jwks_uri", json!("https://evil.example/jwks")), "invalid_client_metadata"),
        (with(body(), "jwks", json!({ "keys": [] })), "invalid_client_metadata"),
        (with(body(), "redirect_uris", json!(["https://evil.example/cb"])), "invalid_redirect_uri"),
        (with(body(), "webhook_uris", json!(["https://evil.example"])), "invalid_webhook_uris"),
        (with(body(), "scope", json!("openid payments")), "invalid_client_metadata"),
        (with(body(), "client_id", json!("another-client")), "invalid_client_metadata"),
    ] {
        let got = management.put(&world, &bad).await;
        assert_eq!((got.status, got.error()), (400, code), "{bad} {got:?}");
    }
    assert_eq!(current(&world, &id, &token).await, before, "nothing half-stored");
    assert_eq!(world.memory.audit.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn s89_without_the_token_of_this_registration_nobody_gets_anywhere() {
    let world = world();
    let (id, token) = registered(&world).await;
    let other = brcac(ORGANISATION, OTHER);
    let body_of_other = body_of(&with(claims(), "software_id", json!(OTHER))).to_string();
    let got = post(&world, &asked(Some(&other), &body_of_other, now())).await.body;
    let (other_id, other_token) =
        (got["client_id"].as_str().unwrap(), got["registration_access_token"].as_str().unwrap());
    let own = || Management::of(&id, &token);
    let mut answers = Vec::new();
    for management in [
        Management { bearer: None, ..own() },
        Management { bearer: Some("ivegotthisterriblepain"), ..own() },
        Management { bearer: Some(other_token), ..own() },
        Management { client: other_id, ..own() },
        Management { client: other_id, bearer: Some(other_token), ..own() },
        Management { client: "00000000-0000-4000-8000-999999999999", ..own() },
        Management { client: "no client/id", ..own() },
        Management { client: "", ..own() },
    ] {
        for got in [
            management.get(&world).await,
            management.put(&world, &body()).await,
            management.delete(&world).await,
        ] {
            got.is_unauthorised();
            answers.push(got.body);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "one answer, whether there is such a client or not");
    assert_eq!(current(&world, &id, &token).await["client_id"], id.as_str());
    assert_eq!(world.memory.clients.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn s89_the_certificate_is_checked_at_every_call() {
    let world = world();
    let (id, token) = registered(&world).await;
    let (organisation, software, brseal) =
        (brcac(OTHER, SOFTWARE), brcac(ORGANISATION, OTHER), seal(ORGANISATION, SOFTWARE));
    let late = Moment::parse("2027-01-02T00:00:00Z").unwrap();
    for management in [
        Management { certificate: None, ..Management::of(&id, &token) },
        Management { certificate: Some("-----BEGIN CERTIFICATE-----"), ..Management::of(&id, &token) },
        Management { certificate: Some(&organisation), ..Management::of(&id, &token) },
        Management { certificate: Some(&software), ..Management::of(&id, &token) },
        Management { certificate: Some(&brseal), ..Management::of(&id, &token) },
        Management { at: late, ..Management::of(&id, &token) },
    ] {
        management.get(&world).await.is_unauthorised();
        management.put(&world, &body()).await.is_unauthorised();
        management.delete(&world).await.is_unauthorised();
    }
    assert_eq!(current(&world, &id, &token).await["client_id"], id.as_str());
}

#[tokio::test]
async fn s89_a_removed_client_is_unknown_and_may_register_anew() {
    let world = world();
    let (id, token) = registered(&world).await;
    let got = Management::of(&id, &token).delete(&world).await;
    assert_eq!((got.status, got.body), (204, Value::Null));
    assert!(world.memory.clients.lock().unwrap().is_empty());
    assert_eq!(world.memory.audit.lock().unwrap().last().unwrap().action, "client.removed");

    let management = Management { at: after(61), ..Management::of(&id, &token) };
    for got in
        [management.get(&world).await, management.put(&world, &body()).await, management.delete(&world).await]
    {
        got.is_unauthorised();
    }
    let mut claims = world.assertion_claims();
    (claims["iss"], claims["sub"]) = (json!(id), json!(id));
    let assertion = client_signer().sign(TokenType::Jwt, &claims).unwrap();
    let request = form([
        ("grant_type", "client_credentials"),
        ("scope", "consents"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
    ])
    .unwrap();
    let answer = for_client(&world.ports, &client_request(&request, now()), token::issue).await.unwrap();
    assert_eq!(outcome(&answer).0, 401);

    let (new_id, new_token) = registered(&world).await;
    assert!(new_id != id && new_token != token);
    Management::of(&new_id, &token).get(&world).await.is_unauthorised();
}
