//! Payments that are accepted: once, with the core or without its answer, within limits; and how they are read.

use std::sync::atomic::Ordering;

use futures_util::future::join_all;
use serde_json::json;

use super::payments::refused;
use super::requests::{asked, asked_later, item};
use super::world::{MINUTE, World, end_to_end_id, fresh_key};
use super::{BOTH, Version};

const MISSING: &str = "PARAMETRO_NAO_INFORMADO";
const INVALID: &str = "PARAMETRO_INVALIDO";
const DETAIL: &str = "DETALHE_PAGAMENTO_INVALIDO";
const UNUSABLE: &str = "CONSENTIMENTO_INVALIDO";

#[tokio::test]
async fn p36_pb_g01_a_core_that_says_nothing_gets_the_payment_later_and_one_that_says_no_ends_it() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        world.core.silent.store(true, Ordering::Relaxed);
        let id = world.authorised(version, &data).await;
        let paid = world.pay_once(version, &id, &json!([item(&data, MINUTE)])).await.ok(201);
        assert_eq!(paid.data()[0]["status"], "RCVD", "not final");
        assert_eq!(world.queue.sent.lock().unwrap()[0].payment.as_str(), paid.payments()[0]);
        let payment = paid.payments().remove(0);
        let read = world.get(version, &format!("/pix/payments/{payment}")).await.ok(200);
        assert_eq!(read.data()["status"], "RCVD");
    }
}

#[tokio::test]
async fn p59_the_answer_is_a_list_with_the_consent_and_the_flow_as_they_came() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        let mut one = item(&data, MINUTE);
        one["authorisationFlow"] = json!("FIDO_FLOW");
        assert_eq!(refused(version, &data, &json!([one])).await, MISSING, "its consent");
        one["consentId"] = json!(id);
        one["endToEndId"] = json!(end_to_end_id(MINUTE));
        let paid = world.pay_once(version, &id, &json!([one])).await.ok(201);
        let told = &paid.data()[0];
        assert_eq!((&told["authorisationFlow"], &told["consentId"]), (&json!("FIDO_FLOW"), &json!(id)));
        assert_ne!(told["paymentId"], told["endToEndId"]);
        let account = &told["debtorAccount"];
        assert_eq!(
            super::requests::account(account),
            world.stored(&id).authorisation().unwrap().debtor.account
        );
    }
}

#[tokio::test]
async fn p41_a_second_payment_of_one_end_to_end_id_is_refused_and_told_again() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let items = json!([item(&data, MINUTE)]);
        let first = world.authorised(version, &data).await;
        world.pay_once(version, &first, &items).await.ok(201);
        let second = world.authorised(version, &data).await;
        let reply = world.pay(version, &second, &items, "again").await;
        assert_eq!((reply.refused(), reply.detail().contains("endToEndId")), ((422, DETAIL), true));
        assert_eq!((world.status(version, &second).await.as_str(), world.payments()), ("CONSUMED", 1));
        let told = world.pay(version, &second, &items, "again").await;
        assert_eq!(told.refused(), (422, DETAIL));
        assert_eq!(told.body["errors"], reply.body["errors"]);
    }
}

#[tokio::test]
async fn p31_limits_and_hours_of_the_institution() {
    for version in BOTH {
        let limits = World::with_rules(r#"{"perPayment": "9.99"}"#);
        let day = World::with_rules(r#"{"perDay": "15.00"}"#);
        let hours = World::with_rules(r#"{"hours": {"from": "06:00", "to": "12:00"}}"#);
        let data = asked(version);
        for (world, code) in [(&limits, "VALOR_ACIMA_LIMITE"), (&hours, "PAGAMENTO_RECUSADO_DETENTORA")] {
            let id = world.authorised(version, &data).await;
            let reply = world.pay_once(version, &id, &json!([item(&data, MINUTE)])).await;
            assert_eq!(reply.refused(), (422, code));
            assert_eq!(world.status(version, &id).await, "CONSUMED");
        }
        let first = day.authorised(version, &data).await;
        day.pay_once(version, &first, &json!([item(&data, MINUTE)])).await.ok(201);
        let second = day.authorised(version, &data).await;
        let reply = day.pay_once(version, &second, &json!([item(&data, MINUTE)])).await;
        assert_eq!(reply.refused(), (422, "VALOR_ACIMA_LIMITE"));
        assert_eq!((day.status(version, &second).await.as_str(), day.payments()), ("CONSUMED", 1));
    }
}

#[tokio::test]
async fn t01_somebody_who_was_faster_with_the_consent_leaves_one_payment() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        let actor = ponte_ports::audit::Actor::Ponte;
        let used = world.stored(&id).consume(Vec::new(), actor, world.now()).unwrap().consent;
        world.store.faster_consents.lock().unwrap().push(used);
        let reply = world.pay_once(version, &id, &json!([item(&data, MINUTE)])).await;
        assert_eq!(reply.refused(), (422, UNUSABLE));
        assert_eq!((world.payments(), world.queue.sent.lock().unwrap().len()), (0, 0));
    }
}

#[tokio::test]
async fn t01_eight_requests_with_keys_of_their_own_make_one_payment() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        let calls = (0..8).map(|_| {
            let items = json!([item(&data, MINUTE)]);
            world.send(world.paying(version, &id, &items, &fresh_key()))
        });
        let replies = join_all(calls).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
        for reply in replies.iter().filter(|reply| reply.status != 201) {
            assert_eq!(reply.refused(), (422, UNUSABLE));
        }
        assert_eq!(world.payments(), 1);
    }
}

#[tokio::test]
async fn p02_the_payments_of_a_consent_are_listed_by_their_days() {
    let v5 = Version::V5;
    let world = World::new();
    let data = asked_later(v5, &json!({"daily": {"startDate": "2026-12-10", "quantity": 5}}));
    let (id, payments) = world.scheduled(v5, &data).await;
    let path = format!("/consents/{id}/pix/payments");
    for (query, shown) in [
        ("", &payments[..]),
        ("?startDate=2026-12-11&endDate=2026-12-12", &payments[1..3]),
        ("?startDate=2026-12-13", &payments[3..]),
        ("?endDate=2026-12-10", &payments[..1]),
        ("?startDate=2027-01-01&endDate=2027-02-01", &[]),
    ] {
        let reply = world.get(v5, &format!("{path}{query}")).await.ok(200);
        assert_eq!(reply.payments(), shown, "{query}");
    }
    for query in ["startDate=2026-12-12&endDate=2026-12-11", "startDate=2026-02-30", "endDate=x"] {
        let reply = world.get(v5, &format!("{path}?{query}")).await;
        assert_eq!(reply.refused(), (400, INVALID), "{query}");
    }
    let (id, payment) = world.paid(v5).await;
    let today = format!("/consents/{id}/pix/payments?startDate=2026-12-09&endDate=2026-12-09");
    assert_eq!(world.get(v5, &today).await.ok(200).payments(), [payment]);
    let unused = world.authorised(v5, &asked(v5)).await;
    let reply = world.get(v5, &format!("/consents/{unused}/pix/payments")).await.ok(200);
    assert_eq!(reply.data(), &json!([]));
}

#[tokio::test]
async fn p20_pdng_is_shown_and_patc_is_no_status() {
    use ponte_payment::payment::{CoreReport, CoreStatus};
    for (said, shown) in [
        (CoreStatus::Received, "RCVD"),
        (CoreStatus::Held, "PDNG"),
        (CoreStatus::Accepted, "ACCP"),
        (CoreStatus::Settling, "ACPD"),
        (CoreStatus::Settled, "ACSC"),
    ] {
        for version in BOTH {
            let world = World::new();
            let (_, payment) = world.paid(version).await;
            let report = CoreReport { status: said.clone(), core_id: None };
            let actor = ponte_ports::audit::Actor::Ponte;
            let change = world.payment(&payment).core_says(report, actor, world.now()).unwrap();
            world.put_payment(change.payment);
            let read = world.get(version, &format!("/pix/payments/{payment}")).await.ok(200);
            assert_eq!(read.data()["status"], shown);
        }
    }
}
