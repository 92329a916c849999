//! Requests that are not believed: signature, claims, keys, grant, headers, in the order of the rules (S63, P37, P44).

use super::*;

fn signed_by(signer: &Signer, claims: &Value) -> Sent {
    Sent::to(&v5::CREATE_CONSENT, signer.sign(TokenType::Jwt, claims).unwrap())
}

#[tokio::test]
async fn s63_z_pay_21_a_signature_that_does_not_hold_is_400_and_its_claims_are_not_looked_at() {
    let world = World::new();
    let claims = claims(v5::CREATE_CONSENT.template, &asked());
    let good = sealed(&claims);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let other = {
        use base64::Engine as _;
        let mut changed = claims.clone();
        changed["data"]["payment"]["amount"] = json!("99999.00");
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(changed.to_string())
    };
    let mut expired = claims.clone();
    expired["iat"] = json!(0);
    for body in [
        format!("{header}.{other}.{signature}"),
        format!("{signed}.{}", &signature[..signature.len() - 4]),
        format!("{signed}."),
        stranger().sign(TokenType::Jwt, &claims).unwrap(),
        stranger().sign(TokenType::Jwt, &expired).unwrap(),
        Signer::from_pkcs8_pem(pem("seal-2"), "seal-1").unwrap().sign(TokenType::Jwt, &claims).unwrap(),
        client_key().sign(TokenType::AccessToken, &claims).unwrap(),
        client_key().sign(TokenType::RequestObject, &claims).unwrap(),
        client_key().sign(TokenType::SignedCall, &claims).unwrap(),
        client_key().sign(TokenType::Jwt, &json!([claims])).unwrap(),
    ] {
        let answer = world.send(&Sent { body, ..creation(&asked()) }).await;
        assert_eq!(plain(&answer), is(400, "BAD_SIGNATURE"));
    }
    assert_eq!((world.handled(), world.used.used.lock().unwrap().len()), (0, 0));
    assert_eq!(world.send(&signed_by(client_key(), &claims)).await.status(), 201, "its jti was not used up");
}

#[tokio::test]
async fn s61_s62_z_pay_19_p44_a_wrong_claim_is_403_whatever_else_the_request_is() {
    let world = World::new();
    let path = v5::CREATE_CONSENT.template;
    for (name, value) in [
        ("iss", json!(INSTITUTION)),
        ("iss", json!(CLIENT)),
        ("iss", json!("")),
        ("iss", json!(null)),
        ("aud", json!(BASE)),
        ("aud", json!(format!("{BASE}{path}/"))),
        ("aud", json!(format!("https://other.example{path}"))),
        ("aud", json!(format!("{BASE}{}", v5::PAY.template))),
        ("aud", json!(format!("{BASE}{}", v4::CREATE_CONSENT.template))),
        ("aud", json!(path)),
        ("aud", json!(null)),
        ("iat", json!(now().seconds() - 61)),
        ("iat", json!(now().seconds() + 61)),
        ("iat", json!(now().seconds().to_string())),
        ("iat", json!(null)),
        ("jti", json!("7f2e8a52-5a0e-1a0b-b8a6-4dd8a4d3e0f1")),
        ("jti", json!("1")),
        ("jti", json!(null)),
    ] {
        // Syntax, key and Accept are wrong too: the claims come first.
        let mut claims = claims(path, &json!({}));
        claims[name] = value.clone();
        let call = signed_by(client_key(), &claims).with("accept", Some("application/jwt"));
        assert_eq!(plain(&world.send(&call).await), is(403, "INVALID_CLIENT"), "{name} {value}");
    }
    assert_eq!(world.handled(), 0);
    for (name, value) in [
        ("iat", json!(now().seconds() - 60)),
        ("iat", json!(now().seconds() + 60)),
        ("aud", json!([format!("{BASE}{path}")])),
    ] {
        let mut claims = claims(path, &asked());
        claims[name] = value.clone();
        assert_eq!(world.send(&signed_by(client_key(), &claims)).await.status(), 201, "{name} {value}");
    }
}

#[tokio::test]
async fn s61_the_endpoint_called_may_be_written_with_its_id_escaped_or_not() {
    let world = World::new();
    let row = &v5::CANCEL_ALL;
    for (id, status) in [
        ("urn:banco:payment:1", 202),
        ("urn%3Abanco%3Apayment%3A1", 202),
        ("urn:banco:payment:2", 403),
        ("urn%253Abanco%253Apayment%253A1", 403),
        ("{consentId}", 403),
    ] {
        let body = sealed(&claims(&row.template.replace("{consentId}", id), &asked()));
        assert_eq!(world.send(&Sent::to(row, body)).await.status(), status, "{id}");
    }
}

#[tokio::test]
async fn p03_z_pay_15_the_token_of_the_other_grant_is_401() {
    let world = World::new();
    let body = |row: &Row| sealed(&claims(row.template, &asked()));
    let customers = |row: &Row| Sent {
        scope: "openid consent:urn:banco:1 payments",
        consent: Some("urn:banco:1"),
        ..Sent::to(row, body(row))
    };
    for call in [
        Sent::to(&v5::PAY, body(&v5::PAY)),
        customers(&v5::CREATE_CONSENT),
        customers(&v5::READ_CONSENT),
        customers(&v5::CANCEL_ALL),
        customers(&v4::CREATE_CONSENT),
        customers(&v4::CANCEL),
    ] {
        assert_eq!(
            plain(&world.send(&call).await),
            is(401, "NAO_AUTORIZADO"),
            "{} {}",
            call.method,
            call.path
        );
    }
    let other_scope = Sent { scope: "consents", ..creation(&asked()) };
    assert_eq!(plain(&world.send(&other_scope).await), is(403, "ACESSO_NEGADO"));
    assert_eq!((world.handled(), world.used.used.lock().unwrap().len()), (0, 0));
}

#[tokio::test]
async fn s31_z_pay_23_a_call_without_interaction_id_is_400_and_one_that_has_it_gets_it_back() {
    let world = World::new();
    let name = "x-fapi-interaction-id";
    let paths = [&v5::CREATE_CONSENT, &v5::READ_CONSENT, &v5::PAY, &v5::CANCEL_ALL, &v4::CANCEL];
    for row in paths {
        for bad in [None, Some("1"), Some("22222222-2222-4222-8222-22222222222g")] {
            let answer = world.send(&Sent::to(row, String::new()).with(name, bad)).await;
            assert_eq!(plain(&answer), is(400, "PARAMETRO_INVALIDO"), "{} {bad:?}", row.operation);
            assert!(InteractionId::parse(answer.header_value(name).unwrap()).is_ok());
        }
        let answer = world.send(&Sent::to(row, "x".to_owned())).await;
        assert_eq!(answer.header_value(name), Some(GIVEN), "{}", row.operation);
    }
    assert_eq!(world.handled(), 1, "the reading");
}

#[tokio::test]
async fn p40_p08_a_missing_or_too_long_idempotency_key_is_400_and_uses_nothing_up() {
    let world = World::new();
    let call = creation(&asked());
    for key in [None, Some(""), Some(" "), Some("12345678901234567890123456789012345678901")] {
        let answer = world.send(&call.clone().with("x-idempotency-key", key)).await;
        assert_eq!(plain(&answer), is(400, "PARAMETRO_INVALIDO"), "{key:?}");
    }
    assert_eq!((world.handled(), world.used.used.lock().unwrap().len()), (0, 0));
    let longest = "1234567890123456789012345678901234567890";
    let answer = world.send(&call.with("x-idempotency-key", Some(longest))).await;
    assert_eq!(data(&answer)["key"], longest, "the same message is still good");
}

#[tokio::test]
async fn z_pv4_03_the_cancellation_of_one_payment_has_no_key_in_v4() {
    let world = World::new();
    let path = v4::CANCEL.template.replace("{paymentId}", "p-1");
    let call = Sent::to(&v4::CANCEL, sealed(&claims(&path, &asked()))).with("x-idempotency-key", None);
    assert_eq!(world.send(&call).await.status(), 202);
}

#[tokio::test]
async fn s64_keys_come_from_the_directory_and_are_asked_for_when_a_new_one_shows_up() {
    let world = World::new();
    for _ in 0..5 {
        assert_eq!(world.send(&creation(&asked())).await.status(), 201);
    }
    let asked_for = world.uris.asked.load(std::sync::atomic::Ordering::Relaxed);
    assert_eq!((asked_for, world.directory.fetches()), (1, 1), "once for all of them");
    let claims = |at: Moment| {
        let mut claims = claims(v5::CREATE_CONSENT.template, &asked());
        claims["iat"] = json!(at.seconds());
        claims
    };
    assert_eq!(plain(&world.send(&signed_by(stranger(), &claims(now()))).await), is(400, "BAD_SIGNATURE"));
    world.directory.publish(URI, published(&[stranger()]));
    world.clock.forward(31);
    let at = world.at();
    assert_eq!(world.send(&signed_by(stranger(), &claims(at))).await.status(), 201);
    assert_eq!(
        plain(&world.send(&signed_by(client_key(), &claims(at))).await),
        is(400, "BAD_SIGNATURE"),
        "a key that the directory has no longer"
    );
}

#[tokio::test]
async fn s64_without_keys_nothing_is_believed_and_nothing_used_up() {
    let world = World::new();
    world.directory.stop();
    let call = creation(&asked());
    let answer = world.send(&call).await;
    assert_eq!(plain(&answer), is(504, "SERVICO_INDISPONIVEL"));
    assert!(answer.header_value("retry-after").is_some());
    world.uris.uris.lock().unwrap().clear();
    let gone = world.another();
    assert_eq!(
        plain(&gone.send(&call).await),
        is(401, "NAO_AUTORIZADO"),
        "a client that is not there any more"
    );
    assert_eq!((world.handled(), world.used.used.lock().unwrap().len()), (0, 0));
}

#[tokio::test]
async fn s62_a_memory_that_fails_lets_nothing_in() {
    let world = World::new();
    world.used.fails.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(plain(&world.send(&creation(&asked())).await), is(500, "ERRO_INTERNO"));
    assert_eq!(world.handled(), 0);
}
