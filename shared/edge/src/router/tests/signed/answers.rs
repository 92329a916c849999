//! Answers: what is signed, by which key, for whom (S60, S61, P37).

use ponte_kit::secrets::{AlarmsInMemory, SecretInMemory};

use super::*;

#[tokio::test]
async fn s60_s61_s63_z_pay_21_a_good_request_is_opened_and_its_answer_is_signed_for_the_client() {
    let world = World::new();
    let (first, second) = (world.send(&creation(&asked())).await, world.send(&creation(&asked())).await);
    assert_eq!((first.status(), second.status()), (201, 201));
    let claims = whole(&first);
    assert_eq!((&claims["aud"], &claims["iss"]), (&json!(identity::ORGANISATION), &json!(INSTITUTION)));
    assert_eq!(claims["iat"], now().seconds());
    assert!(claims["links"]["self"].is_string() && claims["meta"]["requestDateTime"].is_string());
    assert_eq!((&claims["data"]["amount"], &claims["data"]["key"]), (&json!("10.00"), &json!("key-1")));
    assert_ne!(message(&first, now()).jti, message(&second, now()).jti, "every answer has a name of its own");
    let headers = serde_json::to_value(&first).unwrap()["headers"].clone();
    assert_eq!((&headers["x-fapi-interaction-id"], &headers["x-v"]), (&json!(GIVEN), &json!("5.0.0")));
}

#[tokio::test]
async fn pb_f01_p37_success_and_422_are_signed_and_other_refusals_are_json_whatever_the_client_accepts() {
    for accept in ["application/jwt", "application/json", "*/*", "application/*", "application/jwt;q=0.9"] {
        let world = World::new();
        let call = |data: &Value| creation(data).with("accept", Some(accept));
        assert_eq!(data(&world.send(&call(&asked())).await)["amount"], "10.00", "{accept}");

        let answer = world.send(&call(&json!({}))).await;
        assert_eq!(answer.status(), 422);
        assert_eq!(whole(&answer)["errors"][0]["code"], "PARAMETRO_NAO_INFORMADO");
        assert!(whole(&answer)["meta"]["requestDateTime"].is_string());

        let mut broken = call(&asked());
        broken.body =
            stranger().sign(TokenType::Jwt, &claims(v5::CREATE_CONSENT.template, &asked())).unwrap();
        assert_eq!(plain(&world.send(&broken).await), is(400, "BAD_SIGNATURE"), "{accept}");

        let spoiled = call(&asked()).with("authorization", Some("Bearer spoiled"));
        assert_eq!(plain(&world.send(&spoiled).await), is(401, "NAO_AUTORIZADO"), "{accept}");
    }
}

#[tokio::test]
async fn z_pay_22_json_alone_in_accept_gets_a_signed_answer_and_another_type_406() {
    let world = World::new();
    let get = |accept| Sent::to(&v5::READ_CONSENT, String::new()).with("accept", accept);
    for accept in [None, Some("application/json"), Some("application/jwt"), Some("text/html, */*;q=0.1")] {
        let answer = world.send(&get(accept)).await;
        assert_eq!(answer.status(), 200, "{accept:?}");
        message(&answer, now());
    }
    for accept in ["text/html", "application/xml", "application/jwt;q=0", "image/*"] {
        let answer = world.send(&get(Some(accept))).await;
        assert_eq!(plain(&answer), is(406, "NAO_ACEITAVEL"), "{accept}");
    }
}

#[tokio::test]
async fn p56_an_answer_without_a_body_has_nothing_to_sign() {
    let world = World::new();
    let path = v5::CANCEL_ALL.template.replace("{consentId}", "urn:banco:payment:1");
    let call = Sent::to(&v5::CANCEL_ALL, sealed(&claims(&path, &asked())));
    let answer = world.send(&call).await;
    assert_eq!((answer.status(), answer.body(), content_type(&answer)), (202, "", Value::Null));
}

#[tokio::test]
async fn s64_t45_a_new_key_signs_when_its_secret_has_it_and_a_broken_one_never() {
    let secret = Arc::new(SecretInMemory::default());
    let alarms = Arc::new(AlarmsInMemory::default());
    let text = |kid: &str, pem: &str| json!({"kid": kid, "private_key": pem}).to_string();
    secret.put(text("inst-1", pem("inst-1")), now());
    let signer = MessageSigner::start(secret.clone(), alarms.clone(), now()).await.unwrap();
    let world = World::signed_by(signer, Arc::default(), Arc::default(), Arc::default());
    let kid = |answer: &Answer| {
        use base64::Engine as _;
        let header = answer.body().split('.').next().unwrap();
        let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).unwrap();
        serde_json::from_slice::<Value>(&header).unwrap()["kid"].clone()
    };
    let get = Sent::to(&v5::READ_CONSENT, String::new());
    assert_eq!(kid(&world.send(&get).await), "inst-1");
    let mut params = rcgen::CertificateParams::default();
    params.not_after = rcgen::date_time_ymd(2025, 1, 1);
    let old = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().pem();
    let expired = json!({"kid": "seal-2", "private_key": pem("seal-2"), "certificate": old}).to_string();
    for broken in ["segredo".to_owned(), text("seal-2", "segredo"), expired] {
        secret.put(broken, world.at());
        world.clock.forward(60);
        assert_eq!(kid(&world.send(&get).await), "inst-1", "the last good key signs on");
    }
    let said: Vec<String> = alarms.raised.lock().unwrap().iter().map(|alarm| format!("{alarm:?}")).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said.iter().all(|said| said.contains("MessageKeySecret") && !said.contains("segredo")),
        "{said:?}"
    );
    secret.put(text("seal-2", pem("seal-2")), world.at());
    world.clock.forward(60);
    assert_eq!(kid(&world.send(&get).await), "seal-2");
}

#[tokio::test]
async fn s60_what_nobody_can_sign_does_not_leave_and_what_nobody_opens_is_not_handled() {
    let (clock, outbox) = (Arc::new(ManualClock::at(now())), Arc::default());
    let world = World { router: bare(&clock, &outbox), ..World::new() };
    for call in [creation(&asked()), Sent::to(&v5::READ_CONSENT, String::new())] {
        assert_eq!(plain(&world.send(&call).await), is(500, "ERRO_INTERNO"), "{}", call.method);
    }
    assert_eq!(world.handled(), 1, "the one that has nothing to open");
    let unopened = bare(&clock, &outbox).client(&v5::CANCEL, read).signed_client(&v5::READ_PAYMENT, create);
    let world = World { router: unopened, ..World::new() };
    for row in [&v5::CANCEL, &v5::READ_PAYMENT] {
        let call = Sent::to(row, sealed(&claims(row.template, &asked())));
        assert_eq!(plain(&world.send(&call).await), is(500, "ERRO_INTERNO"), "{}", row.operation);
    }
    assert_eq!(
        world.handled(),
        0,
        "a handler that reads no message gets none that is signed, and the other way round"
    );
}

#[tokio::test]
async fn m13_calls_of_a_version_that_the_platform_does_not_list_are_not_reported() {
    let world = World::new();
    let to = |row: &Row| Sent::to(row, sealed(&claims(row.template, &asked())));
    assert_eq!(world.send(&to(&v4::CREATE_CONSENT)).await.status(), 201);
    assert_eq!(world.outbox.rows().len(), 0);
    assert_eq!(world.send(&to(&v5::CREATE_CONSENT)).await.status(), 201);
    let report: Value = serde_json::from_str(&world.outbox.rows()[0].body).unwrap();
    assert_eq!(report["endpoint"], v5::CREATE_CONSENT.template);
    assert_eq!(report["clientOrgId"], identity::ORGANISATION);
}
