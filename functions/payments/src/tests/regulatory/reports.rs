//! Reports to the metrics platform: v5 alone, and as a server tells them (M12, M13, M38).

use serde_json::{Value, json};

use super::requests::{asked, asked_later, cancellation, item};
use super::world::{INTERACTION, MINUTE, World, fresh_key};
use super::{BOTH, Version};

/// Template, method and status of what was reported, oldest first.
fn reported(world: &World) -> Vec<(String, String, u64)> {
    let rows = world.outbox.rows();
    let bodies = rows.iter().filter(|row| row.path == "/report-api/v1/private/report");
    let of = |body: &str| {
        let report: Value = serde_json::from_str(body).unwrap();
        assert_eq!((&report["role"], &report["fapiInteractionId"]), (&json!("SERVER"), &json!(INTERACTION)));
        assert_eq!(report.get("additionalInfo"), None, "M12: nothing but a drop reason");
        let text = |name: &str| report[name].as_str().unwrap().to_owned();
        (text("endpoint"), text("httpMethod"), report["statusCode"].as_u64().unwrap())
    };
    bodies.map(|row| of(&row.body)).collect()
}

#[tokio::test]
async fn m12_m13_calls_of_v5_are_reported_by_their_templates_and_those_of_v4_are_not() {
    for version in BOTH {
        let world = World::new();
        let data = asked_later(version, &json!({"daily": {"startDate": "2026-12-11", "quantity": 2}}));
        let (consent, payments) = world.scheduled(version, &data).await;
        let payment = format!("/pix/payments/{}", payments[0]);
        world.get(version, &format!("/consents/{consent}")).await.ok(200);
        world.get(version, &payment).await.ok(200);
        world.patch(version, &payment, &cancellation(), &fresh_key()).await;
        world.patch(version, &version.cancel_all(&consent), &cancellation(), &fresh_key()).await;
        let list = format!("/consents/{consent}/pix/payments");
        if version == Version::V5 {
            world.get(version, &list).await.ok(200);
        }
        let late = world.pay_once(version, &consent, &json!([item(&asked(version), MINUTE)])).await;
        assert_eq!(late.status, 422);
        let wrong = world.consent(version, &json!({})).await;
        assert_eq!(wrong.status, 422);
        if version == Version::V4 {
            assert_eq!((reported(&world), world.held.held.lock().unwrap().len()), (Vec::new(), 0));
            continue;
        }
        let base = version.base();
        let at = |path: &str, method: &str, status| (format!("{base}{path}"), method.to_owned(), status);
        let expected = [
            at("/pix/payments", "POST", 201),
            at("/consents/{consentId}", "GET", 200),
            at("/pix/payments/{paymentId}", "GET", 200),
            at("/pix/payments/{paymentId}", "PATCH", 200),
            at("/consents/{consentId}/pix/payments", "PATCH", 202),
            at("/consents/{consentId}/pix/payments", "GET", 200),
            at("/pix/payments", "POST", 422),
            at("/consents", "POST", 422),
        ];
        assert_eq!(reported(&world), expected);
    }
}

#[tokio::test]
async fn m38_the_report_of_a_created_consent_waits_for_its_drop_reason_and_a_replay_has_none() {
    let world = World::new();
    let v5 = Version::V5;
    let created = world.ask_consent(v5, &asked(v5), "key").await.ok(201);
    let held: Vec<_> = world.held.held.lock().unwrap().values().cloned().collect();
    let [row] = &held[..] else { panic!("one row waits") };
    assert_eq!(row.consent.as_str(), created.data()["consentId"].as_str().unwrap());
    assert_eq!(reported(&world), []);
    // One attempt has one reason at most: the second call created nothing.
    world.ask_consent(v5, &asked(v5), "key").await.ok(201);
    assert_eq!(world.held.held.lock().unwrap().len(), 1);
    assert_eq!(reported(&world).len(), 1);
}
