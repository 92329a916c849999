//! What becomes of payments in time, as it is ordered.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::{ANA, NOON, Scene, code, payment, status};
use crate::order::{Behaviour, Order};
use crate::payment::Reason;

fn reason(code: &str) -> Reason {
    Reason { code: code.into(), detail: "por ordem".into() }
}

#[tokio::test]
async fn a_held_payment_waits_is_released_refused_or_cancelled() {
    let scene = Scene::new();
    scene.core.order(Order::always(Behaviour::Hold));
    let opening = scene.core.books().opening;
    for key in ["a", "b", "c"] {
        assert_eq!(status(&scene.told("/payments", &payment(key, "10.00")).await), (201, "PDNG".into()));
    }
    assert_eq!(scene.core.books().moved, 0);
    assert_eq!((scene.core.release("a", true), scene.core.release("b", false)), (1, 1));
    assert_eq!(scene.core.release("a", true), 0, "only once");
    let mut cancellation = payment("c", "10.00");
    cancellation["requestBody"] = json!({ "data": {
        "status": "CANC", "cancellation": { "cancelledBy": { "document": { "identification": ANA, "rel": "CPF" } } },
    } });
    for _ in 0..2 {
        let said = scene.told("/cancellation", &cancellation).await;
        assert_eq!(status(&said), (200, "CANC".into()));
        let by = &said.body["data"]["cancellation"]["cancelledBy"]["document"]["identification"];
        assert_eq!(by, ANA);
    }
    cancellation["idempotencyKey"] = "a".into();
    let settled = code(&scene.told("/cancellation", &cancellation).await);
    assert_eq!(settled, (422, "PAGAMENTO_NAO_PERMITE_CANCELAMENTO".into()));
    cancellation["idempotencyKey"] = "z".into();
    assert_eq!(scene.told("/cancellation", &cancellation).await.status, 404);
    for (key, told) in [("a", "ACSC"), ("b", "RJCT"), ("c", "CANC")] {
        assert_eq!(status(&scene.told("/find", &payment(key, "10.00")).await), (200, told.into()));
    }
    let books = scene.core.books();
    assert_eq!((books.entries, books.moved, books.now - opening, books.difference), (1, 1_000, 0, 0));
}

#[tokio::test]
async fn a_late_settlement_passes_its_statuses_and_money_on_its_way_is_not_spent_twice() {
    let scene = Scene::new();
    scene.core.order(Order::always(Behaviour::SettleLate { seconds: 100, pending: true }).times(1));
    scene.core.order(
        Order::always(Behaviour::RejectLate { seconds: 60, reason: reason("PAGAMENTO_RECUSADO_SPI") })
            .times(1),
    );
    let (first, second) = (payment("a", "3000.00"), payment("b", "2000.00"));
    assert_eq!(status(&scene.told("/payments", &first).await), (201, "PDNG".into()));
    assert_eq!(status(&scene.told("/payments", &second).await), (201, "ACPD".into()));
    let third = code(&scene.told("/payments", &payment("c", "500.01")).await);
    assert_eq!(third, (422, "SALDO_INSUFICIENTE".into()), "3500.00 and 2000.00 of overdraft");
    for (seconds, one, other) in [
        (49, "PDNG", "ACPD"),
        (50, "ACPD", "ACPD"),
        (60, "ACPD", "RJCT"),
        (99, "ACPD", "RJCT"),
        (100, "ACSC", "RJCT"),
    ] {
        scene.now.store(NOON + seconds, Ordering::Relaxed);
        assert_eq!(status(&scene.told("/find", &first).await).1, one, "{seconds}");
        assert_eq!(status(&scene.told("/find", &second).await).1, other, "{seconds}");
    }
    assert_eq!(scene.core.entries()[0].at.seconds(), NOON + 100);
    assert_eq!(scene.core.books().moved, 300_000);
    // What was rejected may be spent again.
    assert_eq!(status(&scene.told("/payments", &payment("d", "500.01")).await), (422, String::new()));
    let mut again = payment("e", "500.01");
    again["notAfter"] = "2026-03-02T16:00:00Z".into();
    assert_eq!(status(&scene.told("/payments", &again).await), (201, "ACSC".into()));
}

#[tokio::test]
async fn a_question_may_lag_and_time_may_be_made_to_pass() {
    let scene = Scene::new();
    scene.core.order(Order::always(Behaviour::Lag { seconds: 90 }));
    let asked = payment("a", "1.00");
    assert_eq!(status(&scene.told("/payments", &asked).await), (201, "ACSC".into()));
    assert_eq!(scene.told("/find", &asked).await.status, 404);
    assert_eq!(
        status(&scene.told("/payments", &asked).await),
        (201, "ACSC".into()),
        "it knows the key all the same"
    );
    scene.core.elapse(89);
    assert_eq!(scene.told("/find", &asked).await.status, 404);
    scene.core.elapse(1);
    assert_eq!(scene.told("/find", &asked).await.status, 200);
    assert_eq!(scene.core.entries().len(), 1);
}

#[tokio::test]
async fn a_core_that_is_down_or_refuses_executes_nothing() {
    let scene = Scene::new();
    scene.core.order(Order::always(Behaviour::Down { told: true }).at("/payments").times(1));
    scene.core.order(Order::always(Behaviour::Down { told: false }).for_seconds(1_800));
    scene.core.order(Order::always(Behaviour::Refuse(reason("COBRANCA_INVALIDA"))).times(1));
    let asked = payment("a", "1.00");
    let said = scene.told("/payments", &asked).await;
    assert_eq!((code(&said), said.signed), ((503, "NAO_EXECUTADO".into()), true));
    let said = scene.told("/payments", &asked).await;
    assert_eq!((said.status, said.signed), (503, false));
    scene.now.store(NOON + 1_800, Ordering::Relaxed);
    let mut asked = asked;
    asked["notAfter"] = "2026-03-02T16:00:00Z".into();
    assert_eq!(code(&scene.told("/payments", &asked).await), (422, "COBRANCA_INVALIDA".into()));
    assert_eq!(scene.core.entries().len(), 0);
    assert_eq!(status(&scene.told("/payments", &asked).await), (201, "ACSC".into()));
    assert_eq!((scene.core.calls("a"), scene.core.orders().len()), (4, 0));
}

#[tokio::test]
async fn news_are_told_once() {
    let scene = Scene::new();
    scene.core.order(Order::always(Behaviour::SettleLate { seconds: 10, pending: false }));
    scene.told("/payments", &payment("a", "1.00")).await;
    let told = |scene: &Scene| scene.core.news().iter().map(|one| json!(one.status)).collect::<Vec<_>>();
    assert_eq!(told(&scene), [json!("ACPD")]);
    assert!(told(&scene).is_empty());
    scene.core.elapse(10);
    assert_eq!(told(&scene), [json!("ACSC")]);
}
