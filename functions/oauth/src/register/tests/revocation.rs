//! T41: a revoked certificate registers nothing and manages nothing.

use ponte_fapi::revocation::CertificateStatus;

use super::*;

/// The answers of every endpoint of registrations; the last one removes the client, where it is let.
async fn answers(world: &World, (id, token): &(String, String)) -> [Got; 4] {
    let management = Management::of(id, token);
    [
        register(world, &body()).await,
        management.get(world).await,
        management.put(world, &body()).await,
        management.delete(world).await,
    ]
}

#[tokio::test]
async fn t41_a_revoked_certificate_is_unauthorised_and_an_unknown_one_waits() {
    let mut world = world();
    let client = registered(&world).await;
    world.look_up(Some(CertificateStatus::Revoked)).await;
    let foreign = Management::of(&client.0, "another token").get(&world).await;
    // The software statement is registered: an accepted certificate would hear of that.
    let [created, managed @ ..] = answers(&world, &client).await;
    assert_eq!(created.status, 401, "{created:?}");
    for got in [created].iter().chain(&managed) {
        got.is_unauthorised();
        assert_eq!(got.body, foreign.body);
    }
    world.look_up(None).await;
    for got in answers(&world, &client).await {
        assert_eq!((got.status, got.error()), (503, "temporarily_unavailable"), "{got:?}");
    }
    world.look_up(Some(CertificateStatus::Good)).await;
    let [_, read, replaced, removed] = answers(&world, &client).await;
    assert_eq!((read.status, replaced.status, removed.status), (200, 200, 204));
}

#[tokio::test]
async fn t41_a_revoked_certificate_is_told_no_lost_answer_again() {
    let mut world = world();
    let text = body().to_string();
    let call = asked(Some(own_certificate()), &text, now());
    let first = post(&world, &call).await;
    assert_eq!(first.status, 201, "{first:?}");
    world.look_up(Some(CertificateStatus::Revoked)).await;
    post(&world, &call).await.is_unauthorised();
    world.look_up(Some(CertificateStatus::Good)).await;
    assert_eq!(post(&world, &call).await.body, first.body, "T61: the answer was there");

    let member = |name: &str| first.body[name].as_str().unwrap();
    let (id, token) = (member("client_id"), member("registration_access_token"));
    let management = Management::of(id, token);
    assert_eq!(management.delete(&world).await.status, 204);
    world.look_up(Some(CertificateStatus::Revoked)).await;
    management.delete(&world).await.is_unauthorised();
    world.look_up(Some(CertificateStatus::Good)).await;
    assert_eq!(management.delete(&world).await.status, 204);
}
