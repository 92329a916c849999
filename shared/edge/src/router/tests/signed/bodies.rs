//! Bodies: media types, what is in `data`, and the hash that makes two requests one (PB-F02, P30, P42, P43).

use super::*;

#[tokio::test]
async fn pb_f02_s60_a_body_is_a_compact_jws_under_its_own_media_type() {
    let world = World::new();
    let good = || creation(&asked());
    let detached = {
        let body = good().body;
        let parts: Vec<&str> = body.split('.').collect();
        format!("{}..{}", parts[0], parts[2])
    };
    let as_object = {
        let body = good().body;
        let parts: Vec<&str> = body.split('.').collect();
        json!({"protected": parts[0], "payload": parts[1], "signature": parts[2]}).to_string()
    };
    let with_body = |body: String| Sent { body, ..good() };
    for (call, expected) in [
        (with_body(String::new()), is(400, "PARAMETRO_INVALIDO")),
        (with_body(detached), is(400, "BAD_SIGNATURE")),
        (with_body(as_object), is(400, "BAD_SIGNATURE")),
        (with_body(asked().to_string()), is(400, "BAD_SIGNATURE")),
        (with_body(format!("{} ", good().body)), is(400, "BAD_SIGNATURE")),
        (with_body(format!("\n{}", good().body)), is(400, "BAD_SIGNATURE")),
        (with_body("x".repeat(1_048_577)), is(400, "BAD_SIGNATURE")),
        (good().with("content-type", Some("application/json")), is(415, "TIPO_NAO_SUPORTADO")),
        (good().with("content-type", None), is(415, "TIPO_NAO_SUPORTADO")),
        (good().with("content-type", Some("application/jwtx")), is(415, "TIPO_NAO_SUPORTADO")),
        (good().with("content-encoding", Some("gzip")), is(415, "TIPO_NAO_SUPORTADO")),
    ] {
        assert_eq!(plain(&world.send(&call).await), expected, "{:.60} {:?}", call.body, call.headers);
    }
    assert_eq!(world.handled(), 0);
    for spelling in ["APPLICATION/JWT", "application/jwt; charset=utf-8", "Application/Jwt ;charset=UTF-8"] {
        let answer = world.send(&good().with("content-type", Some(spelling))).await;
        assert_eq!(answer.status(), 201, "{spelling}");
    }
}

#[tokio::test]
async fn p30_a_member_that_is_missing_or_wrong_is_422_with_its_name_and_nothing_of_what_was_sent() {
    let world = World::new();
    let (none, wrong) = ("PARAMETRO_NAO_INFORMADO", "PARAMETRO_INVALIDO");
    for (data, code, name) in [
        (json!(null), none, "data"),
        (json!({}), none, "data.payment"),
        (json!({"payment": {"currency": "BRL"}}), none, "data.payment.amount"),
        (json!({"payment": {"amount": 10.0, "currency": "BRL"}}), wrong, "data.payment.amount"),
        (json!({"payment": null}), wrong, "data.payment"),
        (json!({"payment": [["10.00", "BRL"]]}), wrong, "data.payment"),
        (json!({"payment": ["10.00", "BRL"]}), wrong, "data.payment"),
        (json!({"payment": {"amount": "1.00", "currency": "BRL"}, "segredo": 1}), wrong, "data"),
        (json!([asked()]), wrong, "data"),
        (json!("segredo"), wrong, "data"),
        (json!(7), wrong, "data"),
    ] {
        let answer = world.send(&creation(&data)).await;
        assert_eq!(answer.status(), 422, "{data}");
        let error = whole(&answer)["errors"][0].clone();
        assert_eq!(error["code"], code, "{data}");
        let detail = error["detail"].as_str().unwrap();
        assert!(
            detail.contains(&format!("Parâmetro {name} ")) && !detail.contains("segredo"),
            "{data}: {detail}"
        );
    }
    let mut absent = claims(v5::CREATE_CONSENT.template, &asked());
    absent.as_object_mut().unwrap().remove("data");
    let answer = world.send(&Sent::to(&v5::CREATE_CONSENT, sealed(&absent))).await;
    assert_eq!(whole(&answer)["errors"][0]["code"], none);
}

#[tokio::test]
async fn p59_p30_data_may_be_a_list_and_a_fault_of_it_names_the_place() {
    let world = World::new();
    let paid = |data: Value| {
        let mut call = Sent::to(&PAY, sealed(&claims(PAY.template, &data)));
        call.scope = "openid consent:urn:banco:1 payments";
        call.consent = Some("urn:banco:1");
        call
    };
    let money = json!({"amount": "10.00", "currency": "BRL"});
    assert_eq!(world.send(&paid(json!([money, money]))).await.status(), 201);
    assert_eq!(world.router.ports.0.lock().unwrap()[..], ["pay urn:banco:1"]);
    for (data, code, name) in [
        (json!([money, {"currency": "BRL"}]), "PARAMETRO_NAO_INFORMADO", "data[1].amount"),
        (json!([money, {"amount": 1, "currency": "BRL"}]), "PARAMETRO_INVALIDO", "data[1].amount"),
        (json!([money, 7]), "PARAMETRO_INVALIDO", "data[1]"),
        (money.clone(), "PARAMETRO_INVALIDO", "data"),
    ] {
        let answer = world.send(&paid(data)).await;
        let error = whole(&answer)["errors"][0].clone();
        assert_eq!((answer.status(), &error["code"]), (422, &json!(code)));
        assert!(error["detail"].as_str().unwrap().contains(&format!("Parâmetro {name} ")), "{error}");
    }
}

/// A message whose `data` is this text.
fn written(data: &str) -> Sent {
    #[derive(serde::Serialize)]
    struct Claims<'a> {
        aud: String,
        iss: &'a str,
        jti: String,
        iat: i64,
        data: &'a serde_json::value::RawValue,
    }
    let row = &v5::CREATE_CONSENT;
    let data = serde_json::value::RawValue::from_string(data.to_owned()).unwrap();
    let claims = Claims {
        aud: format!("{BASE}{}", row.template),
        iss: identity::ORGANISATION,
        jti: jti(),
        iat: now().seconds(),
        data: &data,
    };
    Sent::to(row, client_key().sign(TokenType::Jwt, &claims).unwrap())
}

#[tokio::test]
async fn p42_p43_two_requests_are_one_when_their_data_is_the_same_value_however_it_is_written() {
    let world = World::new();
    let hash = async |text: &str| {
        let answer = world.send(&written(text)).await;
        assert_eq!(answer.status(), 201, "{text}");
        data(&answer)["hash"].as_str().unwrap().to_owned()
    };
    let one = hash(r#"{"payment":{"amount":"10.00","currency":"BRL"},"remark":"é/"}"#).await;
    assert_eq!(one.len(), 64);
    let same = " {\"remark\" : \"\\u00e9\\/\",\n \"payment\":{ \"currency\":\"BRL\", \"amount\":\"10.00\"}} ";
    assert_eq!(hash(same.trim()).await, one);
    for other in [
        r#"{"payment":{"amount":"10.00","currency":"BRL"},"remark":"e/"}"#,
        r#"{"payment":{"amount":"10.0","currency":"BRL"},"remark":"é/"}"#,
        r#"{"payment":{"amount":"10.00","currency":"BRL"}}"#,
        r#"{"payment":{"amount":"10.00","currency":"BRL","x":1},"remark":"é/"}"#,
    ] {
        assert_ne!(hash(other).await, one, "{other}");
    }
    for twice in [
        r#"{"payment":{"amount":"10.00","amount":"99.00","currency":"BRL"}}"#,
        r#"{"payment":{"amount":"1.00","currency":"BRL"},"payment":{"amount":"9.00","currency":"BRL"}}"#,
    ] {
        let answer = world.send(&written(twice)).await;
        assert_eq!(
            whole(&answer)["errors"][0]["code"],
            "PARAMETRO_INVALIDO",
            "a second value hides behind no first"
        );
    }
}
