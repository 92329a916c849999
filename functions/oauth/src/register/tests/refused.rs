//! Registrations that are refused, and leave nothing behind: S80 to S87, S90, T35, T41.

use super::*;
use crate::testing::{brcac, own_certificate, seal, stranger};
use ponte_fapi::base64url;

/// What is told of a certificate whose key is too short (S95).
const SHORT_KEY: &str = "client certificate: key of the certificate not accepted";

/// Refused under this code; nothing is stored.
async fn refused(body: &Value, code: &str) -> String {
    let world = world();
    let got = register(&world, body).await;
    nothing_stored(&world);
    assert_eq!((got.status, got.error()), (400, code), "{got:?}");
    got.body["error_description"].as_str().unwrap().to_owned()
}

fn nothing_stored(world: &World) {
    assert!(world.memory.clients.lock().unwrap().is_empty());
    assert!(world.memory.registrations.lock().unwrap().is_empty());
    assert!(world.memory.audit.lock().unwrap().is_empty());
}

async fn refused_statement(claims: Value, code: &str) -> String {
    refused(&body_of(&claims), code).await
}

#[tokio::test]
async fn s80_t40_without_a_certificate_nothing_is_registered() {
    let world = world();
    let got = post(&world, &asked(None, &body().to_string(), now())).await;
    got.is_unauthorised();
    assert_eq!(got.body["error_description"], "client certificate missing");
    nothing_stored(&world);
    assert_eq!(world.memory.key_sets.fetches(), 0, "nothing was looked at before");
}

#[tokio::test]
async fn s80_s95_t41_bad_certificates_register_nothing() {
    let text = body().to_string();
    let own = own_certificate();
    let early = Moment::parse("2025-12-31T23:59:59Z").unwrap();
    let late = Moment::parse("2027-01-02T00:00:00Z").unwrap();
    let brseal = seal(ORGANISATION, SOFTWARE);
    for (certificate, at, why) in [
        ("-----BEGIN CERTIFICATE-----", now(), "client certificate: not a certificate"),
        (include_str!("../../../../../shared/fapi/testdata/rsa-1024.pem"), now(), SHORT_KEY),
        (own, late, "client certificate: certificate expired"),
        (own, early, "client certificate: certificate not valid yet"),
        (&brseal, now(), "client certificate: certificate not made for clients"),
    ] {
        let world = world();
        let got = post(&world, &asked(Some(certificate), &text, at)).await;
        got.is_unauthorised();
        assert_eq!(got.body["error_description"], why);
        nothing_stored(&world);
    }
}

#[tokio::test]
async fn s84_the_certificate_of_another_organisation_or_software_registers_nothing() {
    for certificate in [brcac(OTHER, SOFTWARE), brcac(ORGANISATION, OTHER)] {
        let world = world();
        let got = post(&world, &asked(Some(&certificate), &body().to_string(), now())).await;
        assert_eq!((got.status, got.error()), (400, "invalid_software_statement"), "{got:?}");
        nothing_stored(&world);
    }
}

#[tokio::test]
async fn s81_statements_that_the_directory_did_not_sign_are_refused_t35() {
    let with_statement = |statement: String| with(body(), "software_statement", json!(statement));
    let foreign = stranger("signer").sign(TokenType::Jwt, &claims()).unwrap();
    let why = refused(&with_statement(foreign), "invalid_software_statement").await;
    assert_eq!(why, "software_statement: signature does not verify");
    let unknown = stranger("signer-9").sign(TokenType::Jwt, &claims()).unwrap();
    let why = refused(&with_statement(unknown), "invalid_software_statement").await;
    assert_eq!(why, "software_statement: key id unknown");

    let mut changed = signed(&claims());
    changed.replace_range(changed.len() - 8..changed.len() - 4, "AAAA");
    refused(&with_statement(changed), "invalid_software_statement").await;
    let payload = base64url::encode(claims().to_string());
    for algorithm in ["none", "RS256", "HS256", "ES256"] {
        let header = base64url::encode(format!(r#"{{"alg":"{algorithm}","kid":"signer","typ":"JWT"}}"#));
        for signature in [String::new(), base64url::encode([7; 256])] {
            let unsigned = with_statement(format!("{header}.{payload}.{signature}"));
            let why = refused(&unsigned, "invalid_software_statement").await;
            assert_eq!(why, "software_statement: algorithm other than PS256");
        }
    }
    let header = r#"{"alg":"PS256","kid":"signer","typ":"JWT","jku":"https://evil.example/jwks"}"#;
    let fetching = format!("{}.{payload}.{}", base64url::encode(header), base64url::encode([7; 256]));
    let why = refused(&with_statement(fetching), "invalid_software_statement").await;
    assert_eq!(why, "software_statement: header member jku not allowed");
    refused(&with_statement("software".to_owned()), "invalid_software_statement").await;
}

#[tokio::test]
async fn s81_without_a_statement_nothing_is_registered() {
    // As the certification plan does it: the claims of the statement lie open in the request.
    let mut open = claims();
    open["redirect_uris"] = json!([CALLBACK]);
    open["jwks_uri"] = json!(JWKS_URI);
    assert_eq!(refused(&open, "invalid_software_statement").await, "software_statement is missing");
}

#[tokio::test]
async fn s81_statements_out_of_time_are_refused() {
    let issued = |seconds: i64| with(claims(), "iat", json!(now().seconds() + seconds));
    assert_eq!(register(&world(), &body_of(&issued(-300))).await.status, 201);
    let why = refused_statement(issued(-301), "invalid_software_statement").await;
    assert_eq!(why, "software_statement was issued more than five minutes ago");
    assert_eq!(register(&world(), &body_of(&issued(60))).await.status, 201);
    let why = refused_statement(issued(61), "invalid_software_statement").await;
    assert_eq!(why, "software_statement was issued in the future");
    refused_statement(with(claims(), "iat", Value::Null), "invalid_software_statement").await;
}

#[tokio::test]
async fn s85_inactive_roles_and_organisations_open_nothing() {
    let inactive = json!([{ "role": "DADOS", "authorisation_domain": "Open Banking", "status": "Inactive" }]);
    refused_statement(with(claims(), "software_statement_roles", inactive), "unapproved_software_statement")
        .await;
    refused_statement(with(claims(), "org_status", json!("Withdrawn")), "unapproved_software_statement")
        .await;
    let why = refused(&with(body(), "scope", json!("openid payments")), "invalid_client_metadata").await;
    assert_eq!(why, "scope exceeds the active roles of the software statement");
}

#[tokio::test]
async fn s82_keys_by_value_or_from_elsewhere_are_refused() {
    let by_value = with(body(), "jwks", json!({ "keys": [] }));
    assert_eq!(
        refused(&by_value, "invalid_client_metadata").await,
        "jwks by value is not accepted, only jwks_uri"
    );
    let world = world();
    let elsewhere = with(body(), "jwks_uri", json!("https://evil.example/jwks"));
    let got = register(&world, &elsewhere).await;
    assert_eq!((got.status, got.error()), (400, "invalid_client_metadata"), "{got:?}");
    assert_eq!(world.memory.key_sets.fetches(), 1, "only the keys of the directory were fetched");
}

#[tokio::test]
async fn s82_a_key_set_that_cannot_be_read_is_400_with_the_reason() {
    let world = world();
    for document in ["", "<html>", "[]", r#"{"keys":7}"#] {
        world.memory.key_sets.publish(JWKS_URI, document);
        // The second is asked for while the directory is left alone.
        for _ in 0..2 {
            let got = register(&world, &body()).await;
            assert_eq!((got.status, got.error()), (400, "invalid_client_metadata"), "{document}: {got:?}");
            let why = got.body["error_description"].as_str().unwrap();
            assert_eq!(why, "the key set at jwks_uri cannot be read: not a key set");
        }
    }
    assert!(world.memory.clients.lock().unwrap().is_empty());
    // A directory that does not answer says nothing of the client.
    let world = self::world();
    world.memory.key_sets.documents.lock().unwrap().remove(JWKS_URI);
    let got = register(&world, &body()).await;
    assert_eq!((got.status, got.error()), (503, "temporarily_unavailable"), "{got:?}");
    assert!(got.retry_after.is_some());
}

#[tokio::test]
async fn s83_redirect_uris_outside_the_statement_are_refused() {
    for bad in [
        json!(["https://evil.example/cb"]),
        json!([CALLBACK, "https://evil.example/cb"]),
        json!([]),
        Value::Null,
    ] {
        refused(&with(body(), "redirect_uris", bad), "invalid_redirect_uri").await;
    }
}

#[tokio::test]
async fn s87_other_webhooks_than_those_of_the_statement_are_refused() {
    for bad in [json!(["https://evil.example"]), json!([]), json!(["https://receptora.example/webhook/"])] {
        refused(&with(body(), "webhook_uris", bad), "invalid_webhook_uris").await;
    }
}

#[tokio::test]
async fn s84_the_subject_of_another_certificate_is_refused() {
    let other = "UID=c770aef3-6784-41f7-8e0e-ff5f97bddb3a,organizationIdentifier=OFBBR-1";
    let why =
        refused(&with(body(), "tls_client_auth_subject_dn", json!(other)), "invalid_client_metadata").await;
    assert_eq!(why, "tls_client_auth_subject_dn is not the subject of the client certificate");
    let world = world();
    let own = format!("UID={},2.5.4.97=OFBBR-{ORGANISATION}", SOFTWARE.to_uppercase());
    let got = register(&world, &with(body(), "tls_client_auth_subject_dn", json!(own))).await;
    assert_eq!((got.status, &got.body["tls_client_auth_subject_dn"]), (201, &json!(own)), "{got:?}");
}

#[tokio::test]
async fn s90_no_refusal_repeats_what_was_sent() {
    let canary = "canary-5b1f";
    for body in [
        with(body(), "scope", json!(canary)),
        with(body(), "redirect_uris", json!([format!("https://{canary}.example")])),
        with(body(), "webhook_uris", json!([canary])),
        with(body(), "jwks_uri", json!(canary)),
        with(body(), "token_endpoint_auth_method", json!(canary)),
        with(body(), "software_statement", json!(canary)),
        with(body(), "tls_client_auth_subject_dn", json!(canary)),
        json!(canary),
    ] {
        let got = register(&world(), &body).await;
        assert_eq!(got.status, 400, "{got:?}");
        assert!(!got.body.to_string().contains(canary), "{got:?}");
    }
}
