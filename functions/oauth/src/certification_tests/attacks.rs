//! The JOSE attack matrix at every place a client's token comes in (T35): accepted 0, fetches 0.

use ponte_fapi::jws::TokenType;
use serde_json::json;

use crate::testing::forge::{Forger, forged_jwe, forged_jws, jwe, jwe_header, jws};
use crate::testing::{
    Endpoint, ISSUER, World, client_request, client_signer, first, now, request_claims, with_assertion,
};

use super::*;

const OAEP: &aws_lc_rs::rsa::OaepAlgorithm = &aws_lc_rs::rsa::OAEP_SHA1_MGF1SHA1;
const PARAMETERS: [(&str, &str); 2] = [("grant_type", "client_credentials"), ("scope", "consents")];

/// A world whose server knows the client's keys, so that one more fetch is one too many.
async fn warm() -> World {
    let world = World::new();
    assert_eq!(world.token(&PARAMETERS, now()).await.0, 200);
    assert_eq!(world.fetches(), 1);
    world
}

/// None of these is accepted in the place of a request object, and nothing is fetched for any of them.
async fn all_refused(forged: Vec<(String, String)>) {
    let world = warm().await;
    let count = forged.len();
    for (what, token) in forged {
        let (status, body) = world.push_token(&token).await;
        assert_eq!(status, 400, "accepted: {what}");
        let error = body["error"].as_str().unwrap();
        assert!(["invalid_request_object", "invalid_request"].contains(&error), "{what}: {body}");
        assert!(!body.to_string().contains("evil"), "{what} is repeated: {body}");
    }
    assert!(world.memory.pushed.lock().unwrap().is_empty());
    assert_eq!(world.fetches(), 1, "fetches after {count} forged tokens");
}

#[tokio::test]
async fn t35_no_forged_client_assertion_is_accepted_and_none_is_fetched_for() {
    let world = warm().await;
    let seen = world.memory.jtis.lock().unwrap().len();
    let mut count = 0;
    for (what, token) in forged_jws(&world.assertion_claims().to_string()) {
        for endpoint in [Endpoint::Token, Endpoint::Par, Endpoint::Introspect, Endpoint::Revoke] {
            let body = with_assertion(&PARAMETERS, &token);
            let (status, answer) = world.send(endpoint, &client_request(&body, now())).await;
            assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{endpoint:?}: {what}");
            assert!(!answer.to_string().contains("evil"), "{what} is repeated: {answer}");
        }
        count += 1;
    }
    assert!(count > 100, "{count}");
    assert_eq!(world.memory.jtis.lock().unwrap().len(), seen, "nothing of them is remembered");
    assert_eq!(world.fetches(), 1);
}

#[tokio::test]
async fn t35_no_forged_request_object_is_accepted_and_none_is_fetched_for() {
    all_refused(forged_jws(&request_claims().to_string())).await;
}

#[tokio::test]
async fn t35_no_forged_request_object_is_accepted_inside_an_honest_encryption() {
    let nested = forged_jws(&request_claims().to_string())
        .into_iter()
        .map(|(what, token)| (format!("nested {what}"), jwe(&jwe_header(), OAEP, &token)));
    all_refused(nested.collect()).await;
}

#[tokio::test]
async fn t35_no_forged_encryption_is_accepted_around_an_honest_request_object() {
    let signed = client_signer().sign(TokenType::RequestObject, &request_claims()).unwrap();
    all_refused(forged_jwe(&signed)).await;
}

#[tokio::test]
async fn t35_the_honest_tokens_the_forged_ones_are_made_of_are_accepted() {
    let world = warm().await;
    let header = r#"{"alg":"PS256","kid":"sig-1","typ":"JWT"}"#;
    let assertion = jws(header, &world.assertion_claims().to_string(), &Forger::Client);
    let body = with_assertion(&PARAMETERS, &assertion);
    assert_eq!(world.send(Endpoint::Token, &client_request(&body, now())).await.0, 200);
    let request = jws(header, &request_claims().to_string(), &Forger::Client);
    assert_eq!(world.push_token(&request).await.0, 201);
    assert_eq!(world.push_token(&jwe(&jwe_header(), OAEP, &request)).await.0, 201);
}

#[tokio::test]
async fn s04_an_encrypted_request_object_is_opened_with_the_key_it_names() {
    let world = World::new();
    let signed = client_signer().sign(TokenType::RequestObject, &request_claims()).unwrap();
    for key in [crate::testing::server_decrypter(), crate::testing::former_server_decrypter()] {
        let published = ponte_fapi::jwk::key_set_json(&[key.public_jwk()]);
        let keys = ponte_fapi::jwk::KeySet::parse(&published).unwrap();
        let secret = ponte_fapi::jwe::ContentSecret::from_random([3; 44]);
        let request = keys.encryption_key().unwrap().encrypt_jwt(&signed, &secret).unwrap();
        let (status, body) = world.push_token(&request).await;
        assert_eq!(status, 201, "{body}");
        let stored = world.memory.pushed.lock().unwrap()[body["request_uri"].as_str().unwrap()].clone();
        assert_eq!(stored.nonce, "nonce-1");
    }
    let mut anonymous = jwe_header();
    anonymous.as_object_mut().unwrap().remove("kid");
    assert_eq!(world.push_token(&jwe(&anonymous, OAEP, &signed)).await.0, 201, "without a kid too");
}

#[tokio::test]
async fn s04_rfc7516_4_1_12_an_encryption_need_not_say_what_is_inside_and_that_is_verified() {
    let mut silent = jwe_header();
    silent.as_object_mut().unwrap().remove("cty");
    let mut null = jwe_header();
    null["cty"] = Value::Null;
    let signed = client_signer().sign(TokenType::RequestObject, &request_claims()).unwrap();
    let changed = client_signer().sign(TokenType::RequestObject, &request_with("exp", json!(1))).unwrap();
    for header in [silent, null] {
        let (status, body) = World::new().push_token(&jwe(&header, OAEP, &signed)).await;
        assert_eq!(status, 201, "{header}: {body}");
        let nested: Vec<_> = forged_jws(&request_claims().to_string())
            .into_iter()
            .map(|(what, token)| (format!("nested {what}, {header}"), jwe(&header, OAEP, &token)))
            .collect();
        all_refused(nested).await;
        let expired = refused_object(&World::new(), &jwe(&header, OAEP, &changed)).await;
        assert_eq!(expired, "invalid_request_object");
    }
}

#[tokio::test]
async fn s04_every_claim_rule_holds_inside_an_encryption() {
    for (name, value, error) in [
        ("aud", json!("https://other.example"), "invalid_request_object"),
        ("exp", Value::Null, "invalid_request_object"),
        ("nonce", Value::Null, "invalid_request"),
        ("redirect_uri", json!("https://evil.example/cb"), "invalid_request"),
        ("response_type", json!("code"), "unsupported_response_type"),
    ] {
        let claims = request_with(name, value);
        let signed = client_signer().sign(TokenType::RequestObject, &claims).unwrap();
        let request = jwe(&jwe_header(), OAEP, &signed);
        assert_eq!(refused_object(&World::new(), &request).await, error, "{name}");
    }
}

/// What a date must not look like.
fn bad_dates(good: i64) -> [Value; 9] {
    [
        json!(good.to_string()),
        json!(format!("{good}.0")),
        json!(-1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(-good),
        json!(true),
        json!([good]),
        json!({ "value": good }),
    ]
}

#[tokio::test]
async fn t36_dates_of_other_shapes_are_refused_in_request_objects() {
    let mut claims = Vec::new();
    for name in ["exp", "nbf", "iat"] {
        claims.extend(bad_dates(now().seconds() + 60).map(|date| request_with(name, date)));
    }
    claims.extend(["exp", "nbf"].map(request_without));
    for claims in claims {
        let signed = client_signer().sign(TokenType::RequestObject, &claims).unwrap();
        for request in [jwe(&jwe_header(), OAEP, &signed), signed] {
            assert_eq!(refused_object(&World::new(), &request).await, "invalid_request_object", "{claims}");
        }
    }
}

#[tokio::test]
async fn t36_rfc7519_2_a_date_may_have_a_fraction_which_is_rounded_down() {
    let world = warm().await;
    let seconds = |offset: i64| json!(format!("{}.75", now().seconds() + offset).parse::<f64>().unwrap());
    let request = |name: &str, offset: i64| request_with(name, seconds(offset));
    for (name, offset) in [("exp", 60), ("nbf", -60), ("iat", -60)] {
        let (status, body) = World::new().par(&request(name, offset)).await;
        assert_eq!(status, 201, "{name}: {body}");
        let mut claims = world.assertion_claims();
        claims[name] = seconds(offset);
        claims["jti"] = json!(format!("fraction-{name}"));
        let assertion = client_signer().sign(TokenType::Jwt, &claims).unwrap();
        let body = with_assertion(&PARAMETERS, &assertion);
        let (status, answer) = world.send(Endpoint::Token, &client_request(&body, now())).await;
        assert_eq!(status, 200, "{name}: {answer}");
    }
    // Rounded down, the end is over, as without the fraction.
    let over = client_signer().sign(TokenType::RequestObject, &request("exp", -60)).unwrap();
    assert_eq!(refused_object(&World::new(), &over).await, "invalid_request_object");
}

#[tokio::test]
async fn t36_dates_of_other_shapes_are_refused_in_client_assertions() {
    let world = warm().await;
    for name in ["exp", "nbf", "iat"] {
        let absent = (name == "exp").then_some(Value::Null);
        for date in bad_dates(now().seconds() + 60).into_iter().chain(absent) {
            let mut claims = world.assertion_claims();
            claims[name] = date;
            let assertion = client_signer().sign(TokenType::Jwt, &claims).unwrap();
            let body = with_assertion(&PARAMETERS, &assertion);
            let (status, answer) = world.send(Endpoint::Token, &client_request(&body, now())).await;
            assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{claims}");
        }
    }
}

#[tokio::test]
async fn t38_an_unknown_client_or_a_foreign_certificate_causes_no_fetch() {
    let world = World::new();
    let seconds = now().seconds();
    for number in 0..50 {
        let id = format!("invented-{number}");
        let claims = json!({ "iss": id, "sub": id, "aud": ISSUER, "exp": seconds + 60, "jti": id });
        let body = with_assertion(&PARAMETERS, &client_signer().sign(TokenType::Jwt, &claims).unwrap());
        assert_eq!(world.send(Endpoint::Token, &client_request(&body, now())).await.0, 401);
    }
    let foreign = crate::testing::Party { certificate: crate::testing::other_certificate(), ..first() };
    assert_eq!(world.ask(Endpoint::Token, foreign, &PARAMETERS, now()).await.0, 401);
    assert_eq!(world.fetches(), 0);
}
