//! Requests and answers are signed, and believed only if everything about them holds.

use std::sync::atomic::Ordering;

use ponte_pki::RsaKey;
use serde_json::{Value, json};

use super::{ADDRESS, BANK, NOON, Scene, payment};
use crate::order::{Behaviour, Order};

#[tokio::test]
async fn an_answer_is_to_its_request() {
    let scene = Scene::new();
    let claims = scene.claims("/payments", &payment("k", "1.00"), 1);
    let answered = scene.core.called("/payments", &scene.sign(&claims)).await;
    assert_eq!((answered.status, answered.signed), (201, true));
    let answer = scene.verified(&answered).unwrap();
    assert_eq!(answer["inReplyTo"], claims["jti"]);
    assert_eq!(
        (&answer["iss"], &answer["aud"], &answer["iat"]),
        (&claims["aud"], &json!(BANK), &json!(NOON))
    );
    let jti = answer["jti"].as_str().unwrap();
    assert!(jti.len() == 36 && jti.as_bytes()[14] == b'4' && jti != claims["jti"], "{jti}");
    assert_eq!(answer["data"]["idempotencyKey"], "k");
    // Refusals are signed too.
    let claims = scene.claims("/find", &payment("unknown", "1.00"), 2);
    let answered = scene.core.called("/find", &scene.sign(&claims)).await;
    assert_eq!(answered.status, 404);
    assert_eq!(scene.verified(&answered).unwrap()["errors"][0]["code"], "PAGAMENTO_NAO_ENCONTRADO");
}

#[tokio::test]
async fn nothing_is_executed_of_a_request_that_does_not_hold() {
    let scene = Scene::new();
    let claims = |number: u32, change: &dyn Fn(&mut Value)| {
        let mut claims = scene.claims("/payments", &payment("k", "1.00"), number);
        change(&mut claims);
        scene.sign(&claims)
    };
    let good = claims(1, &|_| ());
    let (start, end) = good.rsplit_once('.').unwrap();
    let flipped = if end.starts_with('A') { "B" } else { "A" };
    let tokens = [
        format!("{start}.{flipped}{}", &end[1..]),
        claims(2, &|claims| claims["iss"] = "another".into()),
        claims(3, &|claims| claims["requestMeta"]["brandId"] = "another".into()),
        claims(4, &|claims| claims["aud"] = format!("{ADDRESS}/find").into()),
        claims(5, &|claims| claims["iat"] = (NOON + 61).into()),
        claims(6, &|claims| claims["exp"] = (NOON - 1).into()),
        claims(7, &|claims| claims["jti"] = "x".into()),
        claims(8, &|claims| claims["aud"] = Value::Null),
        claims(9, &|claims| claims["notAfter"] = "tomorrow".into()),
        String::new(),
        "{}".to_owned(),
    ];
    for (number, token) in tokens.iter().enumerate() {
        assert_eq!(scene.core.called("/payments", token).await.status, 400, "{number}");
    }
    assert_eq!(scene.core.called("/other", &good).await.status, 404);
    assert!(scene.core.entries().is_empty());
    assert_eq!(scene.core.called("/payments", &good).await.status, 201);
    let again = scene.core.called("/payments", &good).await;
    assert_eq!((again.status, again.signed), (400, false), "the same jti");
    assert_eq!(scene.core.calls("k"), 2, "the good one, and the one whose notAfter is no moment");
}

#[tokio::test]
async fn a_new_key_of_the_institution_counts_once_it_is_told() {
    let mut scene = Scene::new();
    let key = RsaKey::generate().unwrap();
    scene.signer = ponte_fapi::jws::Signer::from_pkcs8_pem(key.private_pem(), key.kid()).unwrap();
    let token = |number| scene.sign(&scene.claims("/payments", &payment("k", "1.00"), number));
    assert_eq!(scene.core.called("/payments", &token(1)).await.status, 400);
    scene.core.trust(&json!({ "keys": [key.signature_jwk()] }).to_string()).unwrap();
    assert_eq!(scene.core.called("/payments", &token(2)).await.status, 201);
    assert!(scene.core.trust("no key set").is_err());
}

#[tokio::test]
async fn a_core_that_is_down_signs_only_what_it_promises() {
    let scene = Scene::new();
    for told in [true, false] {
        scene.core.order(Order::always(Behaviour::Down { told }).times(1));
        let claims = scene.claims("/payments", &payment("k", "1.00"), u32::from(told));
        let answered = scene.core.called("/payments", &scene.sign(&claims)).await;
        assert_eq!((answered.status, answered.signed), (503, told));
        assert_eq!(scene.verified(&answered).is_some(), told);
    }
    scene.now.store(NOON + 10, Ordering::Relaxed);
    assert!(scene.core.entries().is_empty());
}
