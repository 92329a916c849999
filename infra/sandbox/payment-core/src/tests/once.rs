//! The same key is executed once, if the core recognises it.

use super::{Scene, code, payment, status};
use crate::mode::{Dedupe, Mode};

#[tokio::test]
async fn the_same_key_is_one_debit_and_other_data_are_an_error() {
    let scene = Scene::new();
    for _ in 0..3 {
        let said = scene.told("/payments", &payment("k1", "19.99")).await;
        assert_eq!(status(&said), (201, "ACSC".into()));
        assert_eq!(said.body["data"]["paymentId"][0]["value"], "PIX-000001");
    }
    let other = scene.told("/payments", &payment("k1", "19.98")).await;
    assert_eq!(code(&other), (422, "ERRO_IDEMPOTENCIA".into()));
    let mut of_other_consent = payment("k1", "19.99");
    of_other_consent["consent"]["externalId"] = "urn:bancoexemplo:payment:2".into();
    assert_eq!(code(&scene.told("/payments", &of_other_consent).await), (422, "ERRO_IDEMPOTENCIA".into()));
    let (entries, books) = (scene.core.entries(), scene.core.books());
    assert_eq!((entries.len(), entries[0].amount, entries[0].key.as_str()), (1, 1_999, "k1"));
    assert_eq!((books.moved, books.difference, books.opening - books.now), (1_999, 0, 0));
    assert_eq!(scene.core.calls("k1"), 5);
}

#[tokio::test]
async fn sixty_four_at_once_are_one_debit() {
    let scene = Scene::new();
    let calls = (0..64).map(|_| {
        let core = std::sync::Arc::clone(&scene.core);
        tokio::spawn(async move { core.told("/payments", &payment("k1", "1.00")).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(status(&call.await.unwrap()), (201, "ACSC".into()));
    }
    assert_eq!((scene.core.entries().len(), scene.core.calls("k1")), (1, 64));
}

#[tokio::test]
async fn a_core_that_does_not_recognise_keys_pays_twice_and_says_whether_it_can_be_asked() {
    let scene = Scene::new();
    let question = payment("k1", "1.00");
    for (dedupe, asked) in [(Dedupe::QueryOnly, 200), (Dedupe::None, 422)] {
        scene.core.become_mode(Mode { dedupe, ..Mode::default() });
        let before = scene.core.entries().len();
        for _ in 0..2 {
            assert_eq!(scene.told("/payments", &payment("k1", "1.00")).await.status, 201);
        }
        assert_eq!(scene.core.entries().len(), before + 2, "{dedupe:?}");
        assert_eq!(scene.told("/find", &question).await.status, asked);
    }
    assert_eq!(scene.core.books().difference, 0);
}

#[tokio::test]
async fn a_refusal_is_remembered_and_what_was_not_executed_is_not() {
    let scene = Scene::new();
    let mut late = payment("k1", "1.00");
    late["notAfter"] = "2026-03-02T15:00:00Z".into();
    assert_eq!(code(&scene.told("/payments", &late).await), (422, "NAO_EXECUTADO".into()));
    assert_eq!(code(&scene.told("/find", &late).await), (404, "PAGAMENTO_NAO_ENCONTRADO".into()));
    assert_eq!(status(&scene.told("/payments", &payment("k1", "1.00")).await), (201, "ACSC".into()));
    let much = payment("k2", "49999.00");
    assert_eq!(code(&scene.told("/payments", &much).await), (422, "SALDO_INSUFICIENTE".into()));
    scene.core.deposit(super::ana().1, 10_000_000);
    assert_eq!(code(&scene.told("/payments", &much).await), (422, "SALDO_INSUFICIENTE".into()));
    let found = scene.told("/find", &much).await;
    assert_eq!(status(&found), (200, "RJCT".into()));
    assert_eq!(found.body["data"]["rejectionReason"]["code"], "SALDO_INSUFICIENTE");
    assert_eq!(status(&scene.told("/payments", &payment("k3", "49999.00")).await), (201, "ACSC".into()));
}
