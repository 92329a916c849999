//! PB-B, PB-F03, T01 to T03, T18: the same request again, at once and later, by the same and by others.

use std::collections::BTreeSet;
use std::sync::Arc;

use http::Method;
use ponte_machine::clock;
use ponte_participant::{PaymentOrder, SignedRequest};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::initiator::Answered;
use super::{Initiator, V5, order_of, today};

/// All at once: each request with its own fresh message, and the answers.
async fn at_once(it: &Arc<Initiator>, path: &str, token: &str, asked: Vec<(String, Value)>) -> Vec<Answered> {
    let mut set = JoinSet::new();
    for (key, data) in asked {
        let (it, path, token) = (Arc::clone(it), path.to_owned(), token.to_owned());
        set.spawn(async move { it.signed((Method::POST, &path), &token, &key, &data).await });
    }
    set.join_all().await
}

/// The payments or consents that were answered with 201.
fn made<'a>(answers: &'a [Answered], place: &str) -> BTreeSet<&'a str> {
    let taken = answers.iter().filter(|answer| answer.status == 201);
    taken.map(|answer| answer.data().pointer(place).and_then(Value::as_str).unwrap_or_default()).collect()
}

/// One payment of these, settled once.
async fn settled_once(it: &Initiator, answers: &[Answered]) {
    let ids = made(answers, "/0/paymentId");
    assert_eq!(ids.len(), 1, "{answers:?}");
    for id in ids {
        it.until(V5, id, "ACSC").await;
        let core = it.core.payment(id).await;
        assert_eq!(core["status"], "ACSC");
    }
}

#[tokio::test]
async fn pb_b01_p42_a_request_is_known_by_what_it_says() {
    let it = Initiator::alone(&[]).await;
    let order = order_of("10.00");
    let (_, token) = it.authorised(&order).await;
    let path = V5.payments();
    let mut items = order.items();
    items[0]["remittanceInformation"] = "Jo\u{e3}o".into();
    let first = it.signed((Method::POST, &path), &token, "k-b01", &items).await.with(201);
    // The members in reverse order, blanks and line feeds, an escape.
    let members: Vec<(String, Value)> = items[0].as_object().expect("an item").clone().into_iter().collect();
    let members: Vec<String> = members
        .iter()
        .rev()
        .map(|(name, value)| {
            format!(" {}\n: {}", json!(name), value.to_string().replace('\u{e3}', "\\u00e3"))
        })
        .collect();
    let data = format!("[ {{{}}}\n ]", members.join(",\n"));
    let claims = it.world.receiver.message_claims(&path, &Value::Null);
    let raw = serde_json::value::RawValue::from_string(data).expect("JSON");
    let message = it.world.receiver.signed_raw(&claims, &raw);
    let asked =
        SignedRequest { method: Method::POST, path: &path, token: &token, key: Some("k-b01"), message };
    let second = it.sent(asked).await.with(201);
    assert_eq!(second.data()[0]["paymentId"], first.data()[0]["paymentId"]);
    items[0]["payment"]["amount"] = "10.01".into();
    it.signed((Method::POST, &path), &token, "k-b01", &items).await.refused(&["ERRO_IDEMPOTENCIA"]);
    it.until(V5, &first.text("/0/paymentId"), "ACSC").await;
    it.core.moved(1, 1_000).await;
}

#[tokio::test]
async fn t01_pb_b02_p42_sixty_four_equal_payments_at_once_are_one() {
    let it = Arc::new(Initiator::alone(&[]).await);
    let order = order_of("10.00");
    let asked = |data: &Value, count: usize| {
        let key = clock::new_id();
        (0..count).map(|_| (key.clone(), data.clone())).collect::<Vec<_>>()
    };
    let answers = at_once(&it, &V5.consents(), &it.own, asked(&order.consent, 8)).await;
    assert_eq!(made(&answers, "/consentId").len(), 1);
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 503)), "{answers:?}");
    let (_, token) = it.authorised(&order).await;
    let answers = at_once(&it, &V5.payments(), &token, asked(&order.items(), 64)).await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 503)), "{answers:?}");
    settled_once(&it, &answers).await;
    it.core.moved(1, 1_000).await;
}

#[tokio::test]
async fn t02_p43_the_same_key_with_other_data_changes_nothing() {
    let it = Initiator::begin().await;
    let order = order_of("10.00");
    let (consent, token) = it.authorised(&order).await;
    let (path, key, items) = (V5.payments(), clock::new_id(), order.items());
    let first = it.signed((Method::POST, &path), &token, &key, &items).await.with(201);
    let settled = it.until(V5, &first.text("/0/paymentId"), "ACSC").await;
    for (place, value) in [
        ("/endToEndId", json!(super::order_of("1.00").items()[0]["endToEndId"])),
        ("/payment/amount", json!("9.99")),
    ] {
        let mut other = items.clone();
        *other[0].pointer_mut(place).expect("a member") = value;
        it.signed((Method::POST, &path), &token, &key, &other).await.refused(&["ERRO_IDEMPOTENCIA"]);
    }
    assert_eq!(it.payment(V5, &first.text("/0/paymentId")).await, settled);
    assert_eq!(it.consent(V5, &consent).await["status"], "CONSUMED");
}

#[tokio::test]
async fn t03_a_key_is_of_one_organisation_and_nobody_learns_of_others() {
    let it = Initiator::begin().await;
    let other = Initiator::begin_as(1).await;
    let (path, key, order) = (V5.consents(), clock::new_id(), order_of("10.00"));
    let first = it.signed((Method::POST, &path), &it.own, &key, &order.consent).await.with(201);
    // The first one's own message, sent by the other.
    let message = it.world.receiver.message(&path, &order.consent);
    let asked =
        SignedRequest { method: Method::POST, path: &path, token: &other.own, key: Some(&key), message };
    let refused = other.sent(asked).await;
    assert!(matches!(refused.status, 400 | 403), "{}", refused.body);
    assert!(!refused.body.to_string().contains(&first.text("/consentId")));
    // Its own request under the same key is its own.
    let own = other.signed((Method::POST, &path), &other.own, &key, &order.consent).await.with(201);
    assert_ne!(own.text("/consentId"), first.text("/consentId"));
    let read = other.get(&format!("{path}/{}", first.text("/consentId"))).await;
    assert!(
        (400..500).contains(&read.status) && !read.body.to_string().contains("loggedUser"),
        "{}",
        read.body
    );
}

#[tokio::test]
async fn pb_b03_p42_a_replay_shows_what_its_resource_is_today() {
    let it = Initiator::begin().await;
    let order = order_of("10.00");
    let (_, token) = it.authorised(&order).await;
    let (path, key, items) = (V5.payments(), clock::new_id(), order.items());
    let first = it.signed((Method::POST, &path), &token, &key, &items).await.with(201);
    it.until(V5, &first.text("/0/paymentId"), "ACSC").await;
    let again = it.signed((Method::POST, &path), &token, &key, &items).await.with(201);
    assert_eq!(again.data()[0]["status"], "ACSC");
    assert_eq!(again.data()[0]["paymentId"], first.data()[0]["paymentId"]);
    assert_ne!(again.body["jti"], first.body["jti"], "newly signed");

    let day = today().plus_days(9);
    let order = order.scheduled(json!({ "single": { "date": day.to_string() } }));
    let (_, token) = it.authorised(&order).await;
    let (key, items) = (clock::new_id(), order.items_on(&[day]));
    let first = it.signed((Method::POST, &path), &token, &key, &items).await.with(201);
    it.until(V5, &first.text("/0/paymentId"), "SCHD").await;
    it.cancel(V5, &first.text("/0/paymentId")).await.with(200);
    let again = it.signed((Method::POST, &path), &token, &key, &items).await.with(201);
    assert_eq!(again.data()[0]["status"], "CANC");
}

#[tokio::test]
async fn pb_f03_p44_one_message_sixteen_times_at_once_counts_once() {
    let it = Arc::new(Initiator::begin().await);
    let path = V5.consents();
    let message = it.world.receiver.message(&path, &order_of("10.00").consent);
    let key = clock::new_id();
    let mut set = JoinSet::new();
    for _ in 0..16 {
        let (it, path, key, message) = (Arc::clone(&it), path.clone(), key.clone(), message.clone());
        set.spawn(async move {
            let asked =
                SignedRequest { method: Method::POST, path: &path, token: &it.own, key: Some(&key), message };
            it.sent(asked).await
        });
    }
    let statuses: Vec<u16> = set.join_all().await.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 15, "{statuses:?}");
    for key in [key.as_str(), "another-key"] {
        let message = message.clone();
        let asked =
            SignedRequest { method: Method::POST, path: &path, token: &it.own, key: Some(key), message };
        it.sent(asked).await.with(403);
    }
}

/// Consents under eight parallel POSTs each, every second one with eight keys and eight payments: one payment each.
async fn rounds(count: usize) {
    let it = Arc::new(Initiator::alone(&[]).await);
    let order: PaymentOrder = order_of("7.31");
    for round in 0..count {
        let (consent, token) = it.authorised(&order).await;
        let (key, items) = (clock::new_id(), order.items());
        let asked = (0..8).map(|_| match round % 2 {
            0 => (key.clone(), items.clone()),
            _ => (clock::new_id(), order.items()),
        });
        let answers = at_once(&it, &V5.payments(), &token, asked.collect()).await;
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            let told = matches!((answer.status, answer.code()), (422, "CONSENTIMENTO_INVALIDO") | (503, _));
            assert!(told, "{}", answer.body);
        }
        settled_once(&it, &answers).await;
        assert_eq!(it.consent(V5, &consent).await["status"], "CONSUMED");
    }
    it.core.moved(count, 731 * count as u64).await;
    let payments = it.core.payments().await;
    assert_eq!(payments.len(), count);
    assert!(payments.iter().all(|one| one["calls"] == 1), "{payments:?}");
}

#[tokio::test]
async fn t18_t15_a_consent_pays_once_whatever_comes_at_once() {
    rounds(4).await;
}

#[tokio::test]
#[ignore = "50 consents under 8 parallel posts: minutes"]
async fn t18_t15_fifty_consents_pay_once_whatever_comes_at_once() {
    rounds(50).await;
}
