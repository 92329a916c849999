//! What every signed request must be, and bad consents.

use http::Method;
use ponte_machine::clock;
use ponte_participant::SignedRequest;
use ponte_web::caller::Call;
use serde_json::json;

use super::*;
use crate::journeys::payments::{Initiator, today};
use crate::journeys::steps::World;

fn posting<'a>(it: &'a Initiator, path: &'a str, key: &'a str, message: &str) -> SignedRequest<'a> {
    let message = message.to_owned();
    SignedRequest { method: Method::POST, path, token: &it.own, key: Some(key), message }
}

#[tokio::test]
async fn s62_z_pay_20_a_message_counts_once() {
    let it = Initiator::begin().await;
    let path = V5.consents();
    let message = it.world.receiver.message(&path, &order().consent);
    it.sent(posting(&it, &path, "k-20", &message)).await.with(201);
    // P44: the same key as well.
    it.sent(posting(&it, &path, "k-20", &message)).await.with(403);
    it.sent(posting(&it, &path, "k-20-other", &message)).await.with(403);
}

#[tokio::test]
async fn s63_z_pay_21_a_signature_holds() {
    let it = Initiator::begin().await;
    let path = V5.consents();
    let message = it.world.receiver.message(&path, &order().consent);
    it.sent(posting(&it, &path, &clock::new_id(), &message)).await.with(201);
    let (signed, signature) = message.rsplit_once('.').expect("three parts");
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let spoiled = format!("{signed}.{first}{}", &signature[1..]);
    let refused = it.sent(posting(&it, &path, &clock::new_id(), &spoiled)).await.with(400);
    assert_eq!(refused.code(), "BAD_SIGNATURE");
    // By the key of another participant.
    let other = World::around_client(&it.shared.stack, 1).await;
    let claims = it.world.receiver.message_claims(&path, &order().consent);
    let message = other.receiver.signed_message(&claims);
    let refused = it.sent(posting(&it, &path, &clock::new_id(), &message)).await.with(400);
    assert_eq!(refused.code(), "BAD_SIGNATURE");
}

#[tokio::test]
async fn p37_z_pay_22_who_accepts_json_gets_a_jwt_or_nothing() {
    let it = Initiator::begin().await;
    let consent = it.created(&order()).await;
    let url = format!("{}{}/{consent}", it.world.receiver.mtls_host(), V5.consents());
    let call = Call::get(url).bearer(&it.own).header("accept", "application/json");
    let call = call.header("x-fapi-interaction-id", clock::new_id());
    let reply = it.world.receiver.send(call).await.expect("an answer");
    if reply.status != 406 {
        assert_eq!(it.opened(reply).await.with(200).data()["consentId"], consent.as_str());
    }
}

#[tokio::test]
async fn s31_z_pay_23_an_interaction_id_is_sent_and_comes_back() {
    let it = Initiator::begin().await;
    let (order, receiver) = (order(), &it.world.receiver);
    let (_, token) = it.authorised(&order).await;
    let day = today().plus_days(2);
    let scheduled = order.clone().scheduled(json!({ "single": { "date": day.to_string() } }));
    let (_, ids) = it.schedules(&scheduled, &[day]).await;
    let cancelling = format!("{}/{}", V5.payments(), ids[0]);
    for (method, path, token, data, status) in [
        (Method::POST, V5.consents(), &it.own, order.consent.clone(), 201),
        (Method::POST, V5.payments(), &token, order.items(), 201),
        (Method::PATCH, cancelling, &it.own, Initiator::cancellation(), 200),
    ] {
        let id = clock::new_id();
        for (sent, status) in [(None, 400), (Some(id.as_str()), status)] {
            let message = receiver.message(&path, &data);
            let call = Call::new(method.clone(), format!("{}{path}", receiver.mtls_host()))
                .with_body("application/jwt", message.into())
                .bearer(token)
                .header("accept", "application/jwt")
                .header("x-idempotency-key", clock::new_id());
            let call = sent.into_iter().fold(call, |call, id| call.header("x-fapi-interaction-id", id));
            let reply = receiver.send(call).await.expect("an answer");
            let returned = reply.header("x-fapi-interaction-id").unwrap_or_default().to_owned();
            it.opened(reply).await.with(status);
            assert!(returned.len() == 36 && sent.is_none_or(|sent| sent == returned), "{returned}");
        }
    }
}

#[tokio::test]
async fn p30_z_pay_24_bad_consents_are_refused() {
    let it = Initiator::begin().await;
    for (place, value) in [
        ("/payment/type", "TED"),
        ("/creditor/personType", "PESSOA_QUALQUER"),
        ("/payment/currency", "XXX"),
        ("/payment/date", "2026-13-40"),
    ] {
        it.create(&order().set(place, value.into())).await.refused(INVALID);
    }
    let single = json!({ "single": { "date": today().plus_days(3).to_string() } });
    let untold = order().scheduled(single).set("/payment/schedule/additionalInformation", Value::Null);
    it.create(&untold).await.refused(MISSING);
    let path = V5.consents();
    let message = it.world.receiver.message(&path, &order().consent);
    let call = Call::new(Method::POST, format!("{}{path}", it.world.receiver.mtls_host()))
        .with_body("application/jwt", message.into())
        .bearer(&it.own)
        .header("accept", "application/jwt")
        .header("x-idempotency-key", clock::new_id())
        .header("x-fapi-interaction-id", "123456");
    let refused = it.opened(it.world.receiver.send(call).await.expect("an answer")).await;
    assert!(refused.status == 400 || refused.code() == "PARAMETRO_INVALIDO", "{}", refused.body);
}

#[tokio::test]
async fn p57_z_pay_25_the_purpose_agrees_with_the_days() {
    let it = Initiator::begin().await;
    let day = today().plus_days(5).to_string();
    let single = || order().scheduled(json!({ "single": { "date": day } }));
    let daily = || order().scheduled(json!({ "daily": { "startDate": day, "quantity": 3 } }));
    let of = |order: PaymentOrder, purpose: &str| order.set("/payment/purpose", purpose.into());
    for bad in [
        order().set("/payment/date", day.as_str().into()),
        of(single(), "IMMEDIATE"),
        of(single(), "RECURRENT_SCHEDULED"),
        of(daily(), "IMMEDIATE"),
        of(daily(), "SINGLE_SCHEDULED"),
    ] {
        it.create(&bad).await.refused(&["PROPOSITO_INVALIDO"]);
    }
}
