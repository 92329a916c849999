//! PATCH of one payment, and of all of a consent.

use std::sync::atomic::Ordering;

use ponte_payment::connector::CoreCancellation;
use ponte_payment::payment::{CoreReport, CoreStatus};
use ponte_ports::audit::Actor;
use serde_json::{Value, json};

use super::requests::{asked_later, cancellation, with};
use super::world::{World, fresh_key};
use super::{BOTH, Version};

const REFUSED: (i64, &str) = (422, "PAGAMENTO_NAO_PERMITE_CANCELAMENTO");

fn of(path: &str) -> String {
    format!("/pix/payments/{path}")
}

/// A payment that the core holds.
async fn held(world: &World, version: Version) -> (String, String) {
    let (consent, payment) = world.paid(version).await;
    let report = CoreReport { status: CoreStatus::Held, core_id: None };
    let change = world.payment(&payment).core_says(report, Actor::Ponte, world.now()).unwrap();
    world.put_payment(change.payment);
    (consent, payment)
}

fn daily(version: Version, days: u32) -> Value {
    asked_later(version, &json!({"daily": {"startDate": "2026-12-11", "quantity": days}}))
}

#[tokio::test]
async fn p55_z_pay_35_a_scheduled_payment_is_cancelled_until_midnight_before_its_day() {
    for version in BOTH {
        for (at, status) in [("2026-12-11T02:59:59Z", 200), ("2026-12-11T03:00:00Z", 422)] {
            let world = World::new();
            let (_, payments) = world.scheduled(version, &daily(version, 2)).await;
            world.at(at);
            let reply = world.patch(version, &of(&payments[0]), &cancellation(), &fresh_key()).await;
            if status == 422 {
                assert_eq!(reply.refused(), REFUSED);
                assert_eq!(world.payment(&payments[0]).status().as_str(), "SCHD");
                continue;
            }
            let told = reply.ok(200);
            assert_eq!(told.data()["status"], "CANC");
            let why = &told.data()["cancellation"];
            assert_eq!(
                (&why["reason"], &why["cancelledFrom"]),
                (&json!("CANCELADO_AGENDAMENTO"), &json!("INICIADORA"))
            );
            assert_eq!(why["cancelledBy"]["document"]["identification"], "12345678909");
            assert_eq!(world.payment(&payments[1]).status().as_str(), "SCHD", "the other one goes on");
            assert_eq!(world.core.cancelled.load(Ordering::Relaxed), 0, "the core never had it");
            let again = world.patch(version, &of(&payments[0]), &cancellation(), &fresh_key()).await;
            assert_eq!(again.refused(), REFUSED, "it is over");
        }
    }
}

#[tokio::test]
async fn p55_z_pay_50_what_the_core_holds_it_cancels_first() {
    for version in BOTH {
        let world = World::new();
        let (_, payment) = held(&world, version).await;
        let told = world.patch(version, &of(&payment), &cancellation(), &fresh_key()).await.ok(200);
        assert_eq!(told.data()["cancellation"]["reason"], "CANCELADO_PENDENCIA");
        assert_eq!(told.data()["cancellation"]["cancelledFrom"], "INICIADORA");

        let (_, payment) = held(&world, version).await;
        *world.core.instead.lock().unwrap() = Some(CoreCancellation::Refused);
        let refused = world.patch(version, &of(&payment), &cancellation(), &fresh_key()).await;
        assert_eq!(refused.refused(), REFUSED);
        assert_eq!(world.payment(&payment).status().as_str(), "PDNG");

        let settled = CoreReport { status: CoreStatus::Settled, core_id: None };
        *world.core.instead.lock().unwrap() = Some(CoreCancellation::Reported(settled));
        let refused = world.patch(version, &of(&payment), &cancellation(), &fresh_key()).await;
        assert_eq!(refused.refused(), REFUSED);
        assert_eq!(world.payment(&payment).status().as_str(), "ACSC", "that is what it is");

        let (_, payment) = held(&world, version).await;
        world.core.silent.store(true, Ordering::Relaxed);
        let reply = world.patch(version, &of(&payment), &cancellation(), &fresh_key()).await;
        assert!(reply.status >= 500, "{}", reply.body);
        assert_eq!(world.payment(&payment).status().as_str(), "PDNG", "nobody knows: nothing is said");
    }
}

#[tokio::test]
async fn z_pay_36_whatever_is_wrong_with_a_cancellation_has_one_code() {
    for version in BOTH {
        let world = World::new();
        let (consent, payments) = world.scheduled(version, &daily(version, 2)).await;
        let document = "/cancellation/cancelledBy/document";
        for (pointer, value) in [
            (format!("{document}/rel"), json!("RG")),
            (format!("{document}/rel"), json!(1)),
            (format!("{document}/rel"), Value::Null),
            (format!("{document}/identification"), json!("123")),
            (format!("{document}/identification"), Value::Null),
            ("/cancellation".to_owned(), Value::Null),
            ("/status".to_owned(), json!("RJCT")),
            ("/status".to_owned(), Value::Null),
        ] {
            let body = with(&cancellation(), &pointer, value);
            for path in [of(&payments[0]), version.cancel_all(&consent)] {
                let reply = world.patch(version, &path, &body, &fresh_key()).await;
                assert_eq!(reply.refused(), REFUSED, "{pointer} {path}");
            }
        }
        for path in [of(&payments[0]), version.cancel_all(&consent)] {
            let path = format!("{}{path}", version.base());
            let mut claims = world.claims(&path, &Value::Null);
            claims.as_object_mut().unwrap().remove("data");
            let reply = world.send(world.signed("PATCH", &path, &claims, &fresh_key(), None)).await;
            assert_eq!(reply.refused(), REFUSED, "no data");
        }
        let (_, running) = world.paid(version).await;
        let reply = world.patch(version, &of(&running), &cancellation(), &fresh_key()).await;
        assert_eq!(reply.refused(), REFUSED, "RCVD");
        assert_eq!(world.payment(&payments[0]).status().as_str(), "SCHD");
    }
}

#[tokio::test]
async fn p56_z_pv4_02_all_of_a_consent_until_22_hours_in_v5_and_until_midnight_in_v4() {
    for (version, last, over) in [
        // The first is due on the 11th: 22:00 of the 10th in Brasília is 01:00 of the 11th.
        (Version::V5, "2026-12-11T00:59:59Z", "2026-12-11T01:00:00Z"),
        (Version::V4, "2026-12-11T02:59:59Z", "2026-12-11T03:00:00Z"),
    ] {
        for (at, cancelled) in [(last, 3), (over, 2)] {
            let world = World::new();
            let (consent, payments) = world.scheduled(version, &daily(version, 3)).await;
            world.at(at);
            let reply =
                world.patch(version, &version.cancel_all(&consent), &cancellation(), &fresh_key()).await;
            let ended: Vec<&String> = payments
                .iter()
                .filter(|payment| world.payment(payment).status().as_str() == "CANC")
                .collect();
            assert_eq!(ended.len(), cancelled, "{version:?} {at}");
            match version {
                Version::V5 => assert_eq!((reply.status, reply.raw.as_str()), (202, "")),
                Version::V4 => {
                    let listed = reply.clone().ok(200).payments();
                    assert_eq!(listed.iter().collect::<Vec<_>>(), ended);
                }
            }
            let again =
                world.patch(version, &version.cancel_all(&consent), &cancellation(), &fresh_key()).await;
            assert_eq!(again.refused(), REFUSED, "nothing is left");
        }
    }
}

#[tokio::test]
async fn p56_v4_cancels_what_the_core_holds_and_v5_does_not() {
    for version in BOTH {
        let world = World::new();
        let (consent, payment) = held(&world, version).await;
        let reply = world.patch(version, &version.cancel_all(&consent), &cancellation(), &fresh_key()).await;
        if version == Version::V4 {
            assert_eq!(reply.ok(200).payments(), std::slice::from_ref(&payment));
            assert_eq!(world.payment(&payment).status().as_str(), "CANC");
            let (consent, payment) = held(&world, version).await;
            *world.core.instead.lock().unwrap() = Some(CoreCancellation::Refused);
            let path = version.cancel_all(&consent);
            let reply = world.patch(version, &path, &cancellation(), &fresh_key()).await;
            assert_eq!(reply.refused(), REFUSED);
            let settled = CoreReport { status: CoreStatus::Settled, core_id: None };
            *world.core.instead.lock().unwrap() = Some(CoreCancellation::Reported(settled));
            let reply = world.patch(version, &path, &cancellation(), &fresh_key()).await;
            assert_eq!(reply.refused(), REFUSED);
            assert_eq!(world.payment(&payment).status().as_str(), "ACSC");
        } else {
            assert_eq!(reply.refused(), REFUSED);
            assert_eq!(world.core.cancelled.load(Ordering::Relaxed), 0);
        }
    }
}

#[tokio::test]
async fn t13_a_payment_that_left_meanwhile_is_not_cancelled() {
    for version in BOTH {
        let world = World::new();
        let (consent, payments) = world.scheduled(version, &daily(version, 2)).await;
        let report = CoreReport { status: CoreStatus::Settled, core_id: None };
        let gone = world.payment(&payments[0]).core_says(report, Actor::Ponte, world.now()).unwrap();
        world.store.faster.lock().unwrap().push(gone.payment);
        let reply = world.patch(version, &of(&payments[0]), &cancellation(), &fresh_key()).await;
        assert_eq!(reply.refused(), REFUSED);
        assert_eq!(world.payment(&payments[0]).status().as_str(), "ACSC");

        let report = CoreReport { status: CoreStatus::Settled, core_id: None };
        let gone = world.payment(&payments[1]).core_says(report, Actor::Ponte, world.now()).unwrap();
        world.store.faster.lock().unwrap().push(gone.payment);
        let reply = world.patch(version, &version.cancel_all(&consent), &cancellation(), &fresh_key()).await;
        assert_eq!(reply.refused(), REFUSED);
    }
}
