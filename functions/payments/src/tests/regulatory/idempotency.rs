//! Requests that come again (P40 to P45).

use futures_util::future::join_all;
use ponte_payment::idempotency::KEPT;
use ponte_payment::payment::{CancelledFrom, CoreReport, CoreStatus};
use ponte_payment::wire::ApiVersion;
use ponte_ports::audit::Actor;
use ponte_values::Cpf;
use serde_json::{Value, json};

use super::requests::{asked, asked_later, cancellation, item, with};
use super::world::{MINUTE, World, fresh_key, key};
use super::{BOTH, Version};
use ponte_fapi::jws::TokenType;

const OTHER: (i64, &str) = (422, "ERRO_IDEMPOTENCIA");

#[tokio::test]
async fn p40_p42_pb_b01_the_same_request_in_another_envelope_is_the_same() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        let mut one = item(&data, MINUTE);
        one["remittanceInformation"] = json!("João");
        let first = world.pay(version, &id, &json!([one]), "key").await.ok(201);

        // Members backwards, spaces between them, letters escaped, a new envelope.
        let members = one.as_object().unwrap().iter().rev();
        let text: Vec<String> = members.map(|(name, value)| format!("\n  \"{name}\" :\t{value}")).collect();
        let text = format!("[ {{ {} \n}} ]", text.join(" ,")).replace("João", "Jo\\u00e3o");
        let path = format!("{}/pix/payments", version.base());
        let claims = world.claims(&path, &json!("HERE")).to_string().replace("\"HERE\"", &text);
        let claims: Box<serde_json::value::RawValue> =
            serde_json::value::RawValue::from_string(claims).unwrap();
        let mut call = world.paying(version, &id, &json!([]), "key");
        call.body = Some(key("client").sign(TokenType::Jwt, &claims).unwrap());
        let again = world.send(call).await.ok(201);
        assert_eq!(again.payments(), first.payments());
        assert_ne!(again.body["jti"], first.body["jti"], "newly signed (P42)");

        let other = with(&json!([one]), "/0/payment/amount", json!("10.01"));
        assert_eq!(world.pay(version, &id, &other, "key").await.refused(), OTHER);
        assert_eq!((world.payments(), world.queue.sent.lock().unwrap().len()), (1, 1));
    }
}

#[tokio::test]
async fn p41_p43_z_pay_19_a_key_is_for_one_request_on_post_and_on_patch() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let first = world.ask_consent(version, &data, "key").await.ok(201);
        let again = world.ask_consent(version, &data, "key").await.ok(201);
        assert_eq!(first.data()["consentId"], again.data()["consentId"]);
        let other = with(&data, "/payment/amount", json!("10.01"));
        assert_eq!(world.ask_consent(version, &other, "key").await.refused(), OTHER);
        assert_eq!(world.consents(), 1);
        // A refused request leaves its key free (P41).
        let wrong = with(&data, "/payment/currency", json!("USD"));
        assert_eq!(world.ask_consent(version, &wrong, "other").await.refused().0, 422);
        world.ask_consent(version, &data, "other").await.ok(201);

        let id = world.authorised(version, &data).await;
        let items = json!([item(&data, MINUTE)]);
        // The key of another endpoint is another (P40).
        world.pay(version, &id, &items, "key").await.ok(201);
        let other = with(&items, "/0/payment/amount", json!("10.01"));
        assert_eq!(world.pay(version, &id, &other, "key").await.refused(), OTHER);

        let daily = asked_later(version, &json!({"daily": {"startDate": "2026-12-11", "quantity": 2}}));
        let (consent, payments) = world.scheduled(version, &daily).await;
        let other =
            with(&cancellation(), "/cancellation/cancelledBy/document/identification", json!("76109277673"));
        let path = format!("/pix/payments/{}", payments[0]);
        let first = world.patch(version, &path, &cancellation(), "key").await.ok(200);
        let again = world.patch(version, &path, &cancellation(), "key").await;
        let refused = world.patch(version, &path, &other, "key").await;
        if version == Version::V5 {
            assert_eq!(again.ok(200).data(), first.data());
            assert_eq!(refused.refused(), OTHER);
        } else {
            // Z-PV4-03: no key here.
            let over = (422, "PAGAMENTO_NAO_PERMITE_CANCELAMENTO");
            assert_eq!((again.refused(), refused.refused()), (over, over));
        }
        let all = version.cancel_all(&consent);
        let status = if version == Version::V5 { 202 } else { 200 };
        let first = world.patch(version, &all, &cancellation(), "all").await.ok(status);
        let again = world.patch(version, &all, &cancellation(), "all").await.ok(status);
        assert_eq!(first.data(), again.data());
        let refused = world.patch(version, &all, &other, "all").await;
        let code = match version {
            Version::V5 => OTHER,
            // P56: its file has one code.
            Version::V4 => (422, "PAGAMENTO_NAO_PERMITE_CANCELAMENTO"),
        };
        assert_eq!(refused.refused(), code);
    }
}

#[tokio::test]
async fn p08_p43_a_key_of_another_payment_uses_the_consent_up() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let first = world.authorised(version, &data).await;
        world.pay(version, &first, &json!([item(&data, MINUTE)]), "key").await.ok(201);
        let second = world.authorised(version, &data).await;
        let reply = world.pay(version, &second, &json!([item(&data, MINUTE)]), "key").await;
        assert_eq!(reply.refused(), OTHER);
        assert_eq!(world.status(version, &second).await, "CONSUMED");
        assert_eq!(world.payments(), 1);
    }
}

#[tokio::test]
async fn p41_a_refused_payment_is_told_again_in_the_same_words() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        let wrong = with(&json!([item(&data, MINUTE)]), "/0/payment/amount", json!("10.01"));
        let first = world.pay(version, &id, &wrong, "key").await;
        let again = world.pay(version, &id, &wrong, "key").await;
        assert_eq!(first.refused(), (422, "PAGAMENTO_DIVERGENTE_CONSENTIMENTO"));
        assert_eq!(first.body["errors"], again.body["errors"]);
        let good = json!([item(&data, MINUTE)]);
        assert_eq!(world.pay(version, &id, &good, "key").await.refused(), OTHER);
    }
}

#[tokio::test]
async fn p40_a_key_counts_for_24_hours() {
    for version in BOTH {
        let world = World::new();
        let data = asked_later(version, &json!({"single": {"date": "2026-12-20"}}));
        let first = world.ask_consent(version, &data, "key").await.ok(201);
        let start = world.now();
        world.clock.set(start.plus(KEPT).minus(std::time::Duration::from_secs(1)));
        let again = world.ask_consent(version, &data, "key").await.ok(201);
        assert_eq!(again.data()["consentId"], first.data()["consentId"]);
        assert_eq!(again.data()["status"], "REJECTED", "as it is today (P42)");
        world.clock.set(start.plus(KEPT));
        let later = world.ask_consent(version, &data, "key").await.ok(201);
        assert_ne!(later.data()["consentId"], first.data()["consentId"]);
    }
}

#[tokio::test]
async fn p44_pb_f03_z_pay_20_signature_and_claims_come_before_the_key() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        let items = json!([item(&data, MINUTE)]);
        let call = world.paying(version, &id, &items, "key");
        world.send(call.clone()).await.ok(201);
        assert_eq!(world.send(call.clone()).await.refused().0, 403, "its jti was used");
        let path = format!("{}/pix/payments", version.base());
        let mut claims = world.claims(&path, &items);
        claims["iss"] = json!(super::world::INSTITUTION);
        let other = world.signed("POST", &path, &claims, "key", Some(&id));
        assert_eq!(world.send(other).await.refused().0, 403);
        let mut forged = call;
        forged.body = Some(key("stranger").sign(TokenType::Jwt, &world.claims(&path, &items)).unwrap());
        assert_eq!(world.send(forged).await.refused(), (400, "BAD_SIGNATURE"));

        let again = world.write("POST", version, "/consents", &data, &fresh_key());
        world.send(again.clone()).await.ok(201);
        assert_eq!(world.send(again).await.refused().0, 403);
    }
}

#[tokio::test]
async fn p42_p45_pb_b02_t01_eight_equal_requests_at_once_are_one() {
    for version in BOTH {
        for round in 0..10 {
            let world = World::new();
            let data = asked(version);
            let calls = (0..8).map(|_| world.send(world.write("POST", version, "/consents", &data, "key")));
            let replies = join_all(calls).await;
            let ids: Vec<&Value> = replies.iter().map(|reply| &reply.data()["consentId"]).collect();
            assert!(replies.iter().all(|reply| reply.status == 201), "{round}");
            assert!(ids[0].is_string() && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
            assert_eq!(world.consents(), 1);

            let id = world.authorised(version, &data).await;
            let items = json!([item(&data, MINUTE)]);
            let calls = (0..8).map(|_| world.send(world.paying(version, &id, &items, "key")));
            let replies = join_all(calls).await;
            let ids: Vec<Vec<String>> = replies.iter().map(super::world::Reply::payments).collect();
            assert!(replies.iter().all(|reply| reply.status == 201), "{:?}", replies[0].body);
            assert!(ids[0].len() == 1 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
            assert_eq!((world.payments(), world.queue.sent.lock().unwrap().len()), (1, 1));
        }
    }
}

#[tokio::test]
async fn p42_pb_b03_a_replay_shows_what_the_payment_is_today() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        let items = json!([item(&data, MINUTE)]);
        let first = world.pay(version, &id, &items, "key").await.ok(201);
        assert_eq!(first.data()[0]["status"], "RCVD");
        let report = CoreReport { status: CoreStatus::Settled, core_id: None };
        let payment = world.payment(&first.payments()[0]);
        world.clock.forward(60);
        let settled = payment.core_says(report, Actor::Ponte, world.now()).unwrap().payment;
        world.put_payment(settled);
        let mut call = world.paying(version, &id, &items, "key");
        call.headers["x-fapi-interaction-id"] = json!("c770aef3-6784-41f7-8e0e-ff5f97bddb3a");
        let again = world.send(call).await.ok(201);
        assert_eq!((again.payments(), &again.data()[0]["status"]), (first.payments(), &json!("ACSC")));
        assert_eq!(again.headers["x-fapi-interaction-id"], "c770aef3-6784-41f7-8e0e-ff5f97bddb3a");
        assert_eq!(again.body["iat"], world.now().seconds());
        assert_ne!(again.body["jti"], first.body["jti"]);

        let single = asked_later(version, &json!({"single": {"date": "2026-12-20"}}));
        let id = world.authorised(version, &single).await;
        let items = json!([item(&single, "202612201500")]);
        let first = world.pay(version, &id, &items, "later").await.ok(201);
        let payment = world.payment(&first.payments()[0]).scheduled(world.now()).unwrap().payment;
        let by = Cpf::parse("12345678909").unwrap();
        let api = ApiVersion::V5;
        assert!(payment.cancellable_with_others(api, world.now()));
        let cancelled = payment.cancel(by, CancelledFrom::Detentora, Actor::Ponte, world.now()).unwrap();
        world.put_payment(cancelled.payment);
        let again = world.pay(version, &id, &items, "later").await.ok(201);
        assert_eq!((again.payments(), &again.data()[0]["status"]), (first.payments(), &json!("CANC")));
    }
}

#[tokio::test]
async fn p45_a_write_whose_answer_was_lost_is_found_by_the_key() {
    use std::sync::atomic::Ordering;
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        let items = json!([item(&data, MINUTE)]);
        world.store.lost_replies.store(1, Ordering::Relaxed);
        let lost = world.pay(version, &id, &items, "key").await;
        assert!(lost.status >= 500, "{}", lost.body);
        let again = world.pay(version, &id, &items, "key").await.ok(201);
        assert_eq!((again.payments().len(), world.payments()), (1, 1));
    }
}
