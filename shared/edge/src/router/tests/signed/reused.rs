//! Messages that come again, or come to another place than they were made for (S61, S62, PB-F03).

use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn pb_f03_s62_z_pay_20_of_16_equal_requests_to_several_environments_one_is_taken() {
    let world = World::new();
    let others = [world.another(), world.another()];
    let call = creation(&asked());
    let environments = std::iter::once(&world).chain(&others).cycle();
    let calls = (0..16_u64).zip(environments).map(|(number, environment)| {
        // No two calls have the same owner, as no two environments give out the same ids.
        environment.clock.ids.fetch_add(number * 1_000, std::sync::atomic::Ordering::Relaxed);
        environment.send(&call)
    });
    let answers = join_all(calls).await;
    let taken = answers.iter().filter(|answer| answer.status() == 201).count();
    assert_eq!(taken, 1);
    for answer in answers.iter().filter(|answer| answer.status() != 201) {
        assert_eq!(plain(answer), is(403, "INVALID_CLIENT"));
    }
    let restarted = world.another();
    restarted.clock.ids.store(9_000_000, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(plain(&restarted.send(&call).await), is(403, "INVALID_CLIENT"), "after a restart");
    for key in ["key-1", "key-2"] {
        let again = world.send(&call.clone().with("x-idempotency-key", Some(key))).await;
        assert_eq!(plain(&again), is(403, "INVALID_CLIENT"), "{key}");
    }
    assert_eq!(world.send(&creation(&asked())).await.status(), 201, "the same data in a message of its own");
}

#[tokio::test]
async fn s62_p44_a_used_message_is_403_also_when_it_was_refused_and_in_capitals() {
    let world = World::new();
    let mut claims = claims(v5::CREATE_CONSENT.template, &json!({}));
    assert_eq!(world.send(&Sent::to(&v5::CREATE_CONSENT, sealed(&claims))).await.status(), 422);
    claims["data"] = asked();
    let again = Sent::to(&v5::CREATE_CONSENT, sealed(&claims));
    assert_eq!(plain(&world.send(&again).await), is(403, "INVALID_CLIENT"));
    claims["jti"] = json!(claims["jti"].as_str().unwrap().to_uppercase());
    let capitals = Sent::to(&v5::CREATE_CONSENT, sealed(&claims));
    assert_eq!(plain(&world.send(&capitals).await), is(403, "INVALID_CLIENT"));
}

/// Everything signed that somebody could put into the place of a request.
#[tokio::test]
async fn s61_t37_a_message_is_good_at_its_own_endpoint_for_its_own_client_and_nowhere_else() {
    let world = World::new();
    let other = ClientId::parse("client-2").unwrap();
    world.uris.uris.lock().unwrap().insert(other, "https://keystore.example/client-2.jwks".to_owned());
    world.directory.publish("https://keystore.example/client-2.jwks", published(&[stranger()]));
    let good = creation(&asked());
    let elsewhere = |row: &Row| Sent { body: good.body.clone(), ..Sent::to(row, String::new()) };
    let answered = world.send(&creation(&asked())).await;
    let at = |seconds: i64| now().seconds() + seconds;
    let assertion = json!({
        "iss": CLIENT, "sub": CLIENT, "aud": identity::ISSUER, "exp": at(60), "iat": at(0), "nbf": at(0), "jti": jti(),
    });
    let to_core = json!({
        "iss": identity::ORGANISATION, "aud": format!("{BASE}/payments"), "iat": at(0), "jti": jti(), "data": asked(),
    });
    let mut customers = elsewhere(&PAY);
    (customers.scope, customers.consent) = ("openid consent:urn:banco:1 payments", Some("urn:banco:1"));
    for (what, call, expected) in [
        ("at the other version", elsewhere(&v4::CREATE_CONSENT), is(403, "INVALID_CLIENT")),
        ("at a cancellation", elsewhere(&v5::CANCEL_ALL), is(403, "INVALID_CLIENT")),
        ("at the payments", customers, is(403, "INVALID_CLIENT")),
        ("by another client", Sent { client: "client-2", ..good.clone() }, is(400, "BAD_SIGNATURE")),
        (
            "our own answer",
            Sent { body: answered.body().to_owned(), ..good.clone() },
            is(400, "BAD_SIGNATURE"),
        ),
        ("our access token", Sent { body: good.token(now()), ..good.clone() }, is(400, "BAD_SIGNATURE")),
        ("a client assertion", Sent { body: sealed(&assertion), ..good.clone() }, is(403, "INVALID_CLIENT")),
        ("a message to another", Sent { body: sealed(&to_core), ..good.clone() }, is(403, "INVALID_CLIENT")),
    ] {
        assert_eq!(plain(&world.send(&call).await), expected, "{what}");
    }
    assert_eq!(world.send(&good).await.status(), 201, "none of that used it up");
    let stored = world.used.used.lock().unwrap();
    assert_eq!(stored.len(), 2);
    let day = std::time::Duration::from_hours(24);
    assert!(stored.values().all(|(_, until)| *until == now().plus(day)), "S62: for 86,400 s");
}
