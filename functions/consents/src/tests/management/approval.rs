//! The other people that products wait for, as the institution tells of them (C11, C60).

use std::time::Duration;

use ponte_ports::audit::Actor;
use serde_json::{Value, json};

use super::super::keys::{CORRELATION, OFFICE};
use ponte_kit::gateway::Reply;

use super::super::world::{ANA, BRUNO, World, asked};
use super::{CARLA, account, statuses};

const OPEN: &str = "AVAILABLE";
const CLOSED: &str = "UNAVAILABLE";
const PENDING: &str = "PENDING_AUTHORISATION";

async fn say(world: &World, id: &str, data: Value) -> Reply {
    let path = format!("/v1/consents/{id}/authorisation");
    world.manage(OFFICE, ("POST", &path), json!({}), Some(json!({"data": data}))).await
}

/// A consent of Ana's whose first account waits for Bruno and Carla, the second for Bruno.
async fn pending() -> (World, String) {
    let world = World::new();
    let accounts = vec![account(&world, 1, &[BRUNO, CARLA]), account(&world, 2, &[BRUNO])];
    let id = world.authorised(&asked(), accounts).await;
    (world, id)
}

#[tokio::test]
async fn c60_the_institution_completes_or_denies_all_that_waits() {
    for (authorised, status, action) in
        [(true, OPEN, "consent.approvals_completed"), (false, CLOSED, "consent.approvals_denied")]
    {
        let (world, id) = pending().await;
        let commits = world.commits();
        assert_eq!(say(&world, &id, json!({"authorised": authorised})).await.status, 204);
        assert_eq!(statuses(&world, &id), [status, status]);
        assert_eq!(world.commits(), commits + 1);
        let row = world.store.audit.lock().unwrap().last().unwrap().clone();
        assert_eq!((row.action, row.interaction.as_deref()), (action, Some(CORRELATION)));
        assert!(matches!(row.actor, Actor::Manager(_)));
        assert_eq!(world.store.notices.lock().unwrap().len(), 1);
        let reply = say(&world, &id, json!({"authorised": authorised})).await;
        assert_eq!((reply.status, reply.code()), (422, "SEM_APROVACAO_PENDENTE"));
    }
}

#[tokio::test]
async fn c60_people_answer_one_by_one_and_product_by_product() {
    let (world, id) = pending().await;
    let by = |cpf: &str, authorised: bool| json!({"authorised": authorised, "approver": {"cpf": cpf}});
    assert_eq!(say(&world, &id, by(CARLA, true)).await.status, 204);
    assert_eq!(statuses(&world, &id), [PENDING, PENDING]);
    let mut one = by(BRUNO, false);
    one["resourceId"] = json!("public-2");
    assert_eq!(say(&world, &id, one).await.status, 204);
    assert_eq!(statuses(&world, &id), [PENDING, CLOSED]);
    let again = say(&world, &id, by(CARLA, false)).await;
    assert_eq!((again.status, again.code()), (422, "APROVACAO_JA_RESPONDIDA"));
    assert_eq!(say(&world, &id, by(BRUNO, true)).await.status, 204);
    assert_eq!(statuses(&world, &id), [OPEN, CLOSED]);
    let actions: Vec<_> = world.store.audit.lock().unwrap().iter().map(|row| row.action).collect();
    assert_eq!(
        actions[1..],
        ["consent.approval_given", "consent.approval_refused", "consent.approval_given"]
    );
}

#[tokio::test]
async fn c11_the_customer_and_strangers_approve_nothing() {
    let (world, id) = pending().await;
    let commits = world.commits();
    for cpf in [ANA, "39053344705"] {
        let reply = say(&world, &id, json!({"authorised": true, "approver": {"cpf": cpf}})).await;
        assert_eq!((reply.status, reply.code()), (403, "ACESSO_NEGADO"));
    }
    for (data, status, code) in [
        (json!({"authorised": true, "resourceId": "public-1"}), 422, "PARAMETRO_INVALIDO"),
        (
            json!({"authorised": true, "approver": {"cpf": BRUNO}, "resourceId": "public-9"}),
            404,
            "NAO_ENCONTRADO",
        ),
        (json!({"authorised": "yes"}), 400, "PARAMETRO_INVALIDO"),
        (json!({"authorised": true, "approver": {"cpf": "1234567890"}}), 400, "PARAMETRO_INVALIDO"),
        (json!({"authorised": true, "approver": {"name": "Bruno"}}), 400, "PARAMETRO_INVALIDO"),
        (json!({}), 400, "PARAMETRO_INVALIDO"),
    ] {
        let reply = say(&world, &id, data.clone()).await;
        assert_eq!((reply.status, reply.code()), (status, code), "{data}");
        assert!(!reply.body.to_string().contains(BRUNO));
    }
    assert_eq!((world.commits(), statuses(&world, &id)), (commits, vec![PENDING.to_owned(); 2]));
}

#[tokio::test]
async fn c60_after_the_deadline_nobody_answers_and_before_a_yes_there_is_nothing_to_approve() {
    let (world, id) = pending().await;
    world.wait(Duration::from_hours(24));
    let reply = say(&world, &id, json!({"authorised": true})).await;
    assert_eq!((reply.status, reply.code()), (422, "SEM_APROVACAO_PENDENTE"));
    let waiting = world.consent(&asked()).await;
    let reply = say(&world, &waiting, json!({"authorised": true})).await;
    assert_eq!((reply.status, reply.code()), (422, "ESTADO_CONSENTIMENTO_INVALIDO"));
    let reply = say(&world, "urn:banco:none", json!({"authorised": true})).await;
    assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"));
}

#[tokio::test]
async fn c60_two_approvers_at_once_both_count() {
    let world = World::new();
    let id = world.authorised(&asked(), vec![account(&world, 1, &[BRUNO, CARLA])]).await;
    // Carla's answer is stored between our reading and our commit.
    let carla = ponte_values::Cpf::parse(CARLA).unwrap();
    let in_force = world.stored(&id).in_force(world.now()).unwrap();
    let other = in_force.answer(&carla, None, true, Actor::Ponte).unwrap().consent;
    world.store.faster.lock().unwrap().push(other);
    let reply = say(&world, &id, json!({"authorised": true, "approver": {"cpf": BRUNO}})).await;
    assert_eq!((reply.status, statuses(&world, &id)), (204, vec![OPEN.to_owned()]));
}
