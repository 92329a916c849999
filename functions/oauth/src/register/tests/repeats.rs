//! Answers that are lost: a registration and its removal asked for again, replacements that meet (T61, T06, S88, S89).

use futures_util::future;
use ponte_kit::clock::secret_of;

use super::*;
use crate::testing::{after, brcac};

/// A call with a body that was sent before, this late.
async fn again(world: &World, body: &str, certificate: &str, second: u64) -> Got {
    post(world, &asked(Some(certificate), body, after(second))).await
}

#[tokio::test]
async fn t61_a_registration_repeated_within_a_minute_gets_the_same_201() {
    let world = world();
    let text = body().to_string();
    let first = again(&world, &text, own_certificate(), 0).await;
    assert_eq!(first.status, 201, "{first:?}");
    for second in [0, 1, 59, 60] {
        let got = again(&world, &text, own_certificate(), second).await;
        assert_eq!((got.status, &got.body), (201, &first.body), "{second}");
    }
    let (id, token) = (first.body["client_id"].as_str(), first.body["registration_access_token"].as_str());
    assert_eq!(Management::of(id.unwrap(), token.unwrap()).get(&world).await.status, 200);
    let late = again(&world, &text, own_certificate(), 61).await;
    assert_eq!((late.status, late.error()), (400, "unapproved_software_statement"), "S88 has the word");
    assert_eq!(
        (world.memory.clients.lock().unwrap().len(), world.memory.audit.lock().unwrap().len()),
        (1, 1)
    );
}

#[tokio::test]
async fn t61_of_the_same_call_many_times_at_once_every_one_gets_the_same_201() {
    let world = world();
    let text = body().to_string();
    let calls = (0..16).map(|_| again(&world, &text, own_certificate(), 0));
    let answers = future::join_all(calls).await;
    let first = &answers[0].body;
    assert!(first["client_id"].is_string());
    assert!(answers.iter().all(|got| got.status == 201 && got.body == *first), "{answers:?}");
    assert_eq!(world.memory.clients.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn t61_a_statement_that_grew_too_old_meanwhile_is_no_reason_against_a_repetition() {
    let world = world();
    let text = body_of(&with(claims(), "iat", json!(now().seconds() - 290))).to_string();
    let first = again(&world, &text, own_certificate(), 0).await;
    let second = again(&world, &text, own_certificate(), 50).await;
    assert_eq!((first.status, second.status), (201, 201), "{second:?}");
    assert_eq!(first.body, second.body);
}

#[tokio::test]
async fn t61_s88_another_statement_or_certificate_repeats_nothing() {
    let world = world();
    let text = body().to_string();
    assert_eq!(again(&world, &text, own_certificate(), 0).await.status, 201);
    let renewed = brcac(&ORGANISATION.to_uppercase(), SOFTWARE);
    let fresh = body().to_string();
    for (text, certificate) in [(&text, renewed.as_str()), (&fresh, own_certificate())] {
        let got = again(&world, text, certificate, 1).await;
        assert_eq!((got.status, got.error()), (400, "unapproved_software_statement"), "{got:?}");
    }
}

#[tokio::test]
async fn t61_what_changed_since_is_not_told_again() {
    let world = world();
    let text = body().to_string();
    let first = again(&world, &text, own_certificate(), 0).await.body;
    let (id, token) =
        (first["client_id"].as_str().unwrap(), first["registration_access_token"].as_str().unwrap());
    assert_eq!(Management::of(id, token).put(&world, &body()).await.status, 200);
    assert_eq!(again(&world, &text, own_certificate(), 1).await.status, 400, "the token arrived");
    assert_eq!(Management::of(id, token).delete(&world).await.status, 204);
    let anew = again(&world, &text, own_certificate(), 2).await;
    assert_eq!(anew.status, 201);
    assert_ne!(anew.body["client_id"], first["client_id"], "S89: gone, so a new client");
}

#[tokio::test]
async fn t61_the_token_that_waits_to_be_told_again_lies_encrypted() {
    let world = world();
    let got = again(&world, &body().to_string(), own_certificate(), 0).await;
    let token = got.body["registration_access_token"].as_str().unwrap();
    assert!(token.starts_with(&secret_of(0)[..6]));
    let answers = world.memory.answers.lock().unwrap();
    let kept = serde_json::to_string(answers.values().next().unwrap()).unwrap();
    assert!(!kept.contains(token) && !kept.contains("software_statement"), "{kept}");
}

#[tokio::test]
async fn t61_a_delete_is_answered_alike_for_a_minute_and_as_of_an_unknown_client_afterwards() {
    let world = world();
    let (id, token) = registered(&world).await;
    let own = |second| Management { at: after(second), ..Management::of(&id, &token) };
    for second in [0, 1, 60] {
        let got = own(second).delete(&world).await;
        assert_eq!((got.status, got.body), (204, Value::Null), "{second}");
    }
    own(61).delete(&world).await.is_unauthorised();
    let stranger = brcac(OTHER, SOFTWARE);
    for management in [
        Management { bearer: Some("ivegotthisterriblepain"), ..own(1) },
        Management { bearer: None, ..own(1) },
        Management { certificate: Some(&stranger), ..own(1) },
        Management { client: "00000000-0000-4000-8000-999999999999", ..own(1) },
    ] {
        management.delete(&world).await.is_unauthorised();
    }
    own(1).get(&world).await.is_unauthorised();
    own(1).put(&world, &body()).await.is_unauthorised();
    let removed =
        world.memory.audit.lock().unwrap().iter().filter(|row| row.action == "client.removed").count();
    assert_eq!(removed, 1);
}

#[tokio::test]
async fn t61_of_changes_that_meet_every_one_is_done() {
    let world = world();
    let (id, token) = registered(&world).await;
    let management = Management::of(&id, &token);
    *world.memory.faster.lock().unwrap() = 10;
    let got = management.put(&world, &body()).await;
    assert_eq!(got.status, 200, "{got:?}");
    *world.memory.faster.lock().unwrap() = 10;
    assert_eq!(management.delete(&world).await.status, 204);
}

#[tokio::test]
async fn t61_a_registration_that_others_change_without_end_is_503_and_stands() {
    let world = world();
    let (id, token) = registered(&world).await;
    let management = Management::of(&id, &token);
    *world.memory.faster.lock().unwrap() = 1_000;
    for got in [management.put(&world, &body()).await, management.delete(&world).await] {
        assert_eq!((got.status, got.error()), (503, "temporarily_unavailable"), "{got:?}");
    }
    *world.memory.faster.lock().unwrap() = 0;
    assert_eq!(management.get(&world).await.status, 200);
}
