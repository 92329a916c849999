//! What the institution tells of its customers' products, in every consent that shares them (C60).

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::keys::{CORRELATION, OFFICE};
use ponte_kit::gateway::Reply;

use super::super::world::{ANA, BAKERY, BRUNO, MANAGEMENT, World, asked};
use super::{account, asked_by, statuses};
use ponte_kit::institution::ACCOUNTS;

const OPEN: &str = "AVAILABLE";
const BLOCKED: &str = "TEMPORARILY_UNAVAILABLE";
const CLOSED: &str = "UNAVAILABLE";
const PENDING: &str = "PENDING_AUTHORISATION";
const PATH: &str = "/v1/resources-notification";

async fn tell(world: &World, path: &str, data: Value) -> Reply {
    world.manage(OFFICE, ("POST", path), json!({}), Some(json!({"data": data}))).await
}

/// The account with this number has a status.
fn account_is(number: usize, status: &str) -> Value {
    let legacy_id: Value = serde_json::from_str(ACCOUNTS[number - 1].0).unwrap();
    json!({"key": {"cpf": ANA}, "type": "ACCOUNT", "resourceLegacyId": legacy_id, "status": status})
}

fn again() -> Value {
    json!({"key": {"cpf": ANA}, "type": "ACCOUNT"})
}

fn tally(changed: u32, unchanged: u32, pending: u32, refused: u32) -> Value {
    json!({"changed": changed, "unchanged": unchanged, "pending": pending, "refused": refused, "failed": 0})
}

#[tokio::test]
async fn c60_a_product_changes_in_every_consent_that_shares_it() {
    let world = World::new();
    let both = world.authorised(&asked(), vec![account(&world, 1, &[]), account(&world, 2, &[])]).await;
    let one = world.authorised(&asked(), vec![account(&world, 1, &[])]).await;
    let other = world.authorised(&asked(), vec![account(&world, 2, &[])]).await;
    let bruno = world.authorised(&asked_by(BRUNO, None), vec![account(&world, 1, &[])]).await;
    let bakery = world.authorised(&asked_by(ANA, Some(BAKERY)), vec![account(&world, 1, &[])]).await;
    let waiting = world.consent(&asked()).await;
    let commits = world.commits();
    let reply = tell(&world, PATH, account_is(1, BLOCKED)).await;
    assert_eq!((reply.status, reply.data()), (200, &tally(2, 0, 0, 0)), "{}", reply.body);
    assert_eq!(statuses(&world, &both), [BLOCKED, OPEN]);
    assert_eq!(statuses(&world, &one), [BLOCKED]);
    for untouched in [&other, &bruno, &bakery] {
        assert_eq!(statuses(&world, untouched), [OPEN]);
    }
    assert!(statuses(&world, &waiting).is_empty());
    assert_eq!(world.commits(), commits + 2);
    for row in world.store.audit.lock().unwrap().iter().rev().take(2) {
        assert_eq!((row.action, row.interaction.as_deref()), ("consent.resource_changed", Some(CORRELATION)));
    }
    assert_eq!(world.store.notices.lock().unwrap().len(), 2);
    // Told again nothing more happens; the pairs of the key may come in another order.
    let mut repeated = account_is(1, BLOCKED);
    repeated["resourceLegacyId"].as_array_mut().unwrap().reverse();
    let reply = tell(&world, PATH, repeated).await;
    assert_eq!((reply.data(), world.commits()), (&tally(0, 2, 0, 0), commits + 2));
    let company = json!({"key": {"cnpj": BAKERY}, "type": "ACCOUNT", "status": CLOSED,
        "resourceLegacyId": account_is(1, CLOSED)["resourceLegacyId"]});
    assert_eq!(tell(&world, PATH, company).await.data(), &tally(1, 0, 0, 0));
    assert_eq!(
        (statuses(&world, &bakery), statuses(&world, &one)),
        (vec![CLOSED.to_owned()], vec![BLOCKED.to_owned()])
    );
}

#[tokio::test]
async fn c60_no_notification_answers_for_an_approver_and_closed_is_closed() {
    let world = World::new();
    let id = world.authorised(&asked(), vec![account(&world, 1, &[BRUNO])]).await;
    for status in [OPEN, BLOCKED] {
        assert_eq!(tell(&world, PATH, account_is(1, status)).await.data(), &tally(0, 0, 1, 0));
        assert_eq!(statuses(&world, &id), [PENDING]);
    }
    assert_eq!(tell(&world, PATH, again()).await.data(), &tally(0, 1, 0, 0));
    assert_eq!(tell(&world, PATH, account_is(1, CLOSED)).await.data(), &tally(1, 0, 0, 0));
    for status in [OPEN, BLOCKED] {
        assert_eq!(tell(&world, PATH, account_is(1, status)).await.data(), &tally(0, 0, 0, 1));
    }
    assert_eq!(tell(&world, PATH, again()).await.data(), &tally(0, 1, 0, 0));
    assert_eq!(statuses(&world, &id), [CLOSED]);
}

#[tokio::test]
async fn c60_what_the_institution_no_longer_lists_is_gone_for_now() {
    let world = World::new();
    let accounts = vec![account(&world, 1, &[]), account(&world, 2, &[])];
    let id = world.authorised(&asked(), accounts).await;
    let nothing = world.authorised(&asked(), Vec::new()).await;
    *world.bank.missing.lock().unwrap() = vec![0];
    let reply = tell(&world, PATH, again()).await;
    assert_eq!((reply.status, reply.data()), (200, &tally(1, 0, 0, 0)));
    assert_eq!(statuses(&world, &id), [BLOCKED, OPEN]);
    assert_eq!(world.bank.discoveries.load(Ordering::Relaxed), 1, "nothing is asked for who shares nothing");
    assert_eq!(world.stored(&nothing).version, 2);
    let commits = world.commits();
    assert_eq!(tell(&world, PATH, again()).await.data(), &tally(0, 1, 0, 0));
    assert_eq!(world.commits(), commits, "a second time changes nothing");
    world.bank.missing.lock().unwrap().clear();
    assert_eq!(tell(&world, PATH, again()).await.data(), &tally(1, 0, 0, 0));
    assert_eq!(statuses(&world, &id), [OPEN, OPEN]);
    let action = world.store.audit.lock().unwrap().last().unwrap().action;
    assert_eq!(action, "consent.resources_rediscovered");
}

#[tokio::test]
async fn an_institution_that_does_not_answer_changes_nothing_and_is_asked_again() {
    let world = World::new();
    let id = world.authorised(&asked(), vec![account(&world, 1, &[])]).await;
    *world.bank.missing.lock().unwrap() = vec![0];
    *world.bank.hangs.lock().unwrap() = true;
    let reply = tell(&world, PATH, again()).await;
    assert_eq!((reply.status, reply.code()), (504, "TEMPO_ESGOTADO"));
    *world.bank.hangs.lock().unwrap() = false;
    *world.bank.refuses.lock().unwrap() = true;
    assert_eq!(tell(&world, PATH, again()).await.data(), &tally(0, 0, 0, 1));
    assert_eq!(statuses(&world, &id), [OPEN]);
    *world.bank.refuses.lock().unwrap() = false;
    assert_eq!(tell(&world, PATH, again()).await.data(), &tally(1, 0, 0, 0));
}

#[tokio::test]
async fn a_consent_without_an_answer_is_counted_and_holds_up_no_other() {
    let world = World::new();
    let one = world.authorised(&asked(), vec![account(&world, 1, &[])]).await;
    let other = world.authorised(&asked(), vec![account(&world, 1, &[])]).await;
    *world.bank.missing.lock().unwrap() = vec![0];
    *world.bank.silent.lock().unwrap() = Some(world.stored(&one).id);
    let reply = tell(&world, PATH, again()).await;
    assert_eq!(
        (reply.status, &reply.data()["changed"], &reply.data()["failed"]),
        (200, &json!(1), &json!(1))
    );
    assert_eq!(
        (statuses(&world, &one), statuses(&world, &other)),
        (vec![OPEN.to_owned()], vec![BLOCKED.to_owned()])
    );
    *world.bank.silent.lock().unwrap() = None;
    assert_eq!(tell(&world, PATH, again()).await.data(), &tally(1, 1, 0, 0));
}

#[tokio::test]
async fn what_one_call_does_not_get_to_the_next_one_does() {
    for (number, most, data) in [(20, 8, again()), (120, 50, account_is(1, BLOCKED))] {
        let world = World::new();
        let mut ids = Vec::new();
        for _ in 0..number {
            ids.push(world.authorised(&asked(), vec![account(&world, 1, &[])]).await);
            world.wait(Duration::from_millis(1));
        }
        *world.bank.missing.lock().unwrap() = vec![0];
        let (mut path, mut changed) = (PATH.to_owned(), Vec::new());
        loop {
            let reply = tell(&world, &path, data.clone()).await;
            changed.push(reply.data()["changed"].as_u64().unwrap());
            assert!(!reply.body.to_string().contains(ANA));
            let next = reply.body["links"]["next"].as_str();
            assert_eq!(reply.status, if next.is_some() { 202 } else { 200 });
            let Some(next) = next else { break };
            path = next.strip_prefix(&format!("{MANAGEMENT}/open-banking/oob-consents")).unwrap().to_owned();
        }
        assert_eq!(changed, [most, most, number - 2 * most]);
        assert!(ids.iter().all(|id| statuses(&world, id) == [BLOCKED]));
    }
}

#[tokio::test]
async fn c60_a_consent_that_ends_meanwhile_is_left_alone() {
    let world = World::new();
    let id = world.authorised(&asked(), vec![account(&world, 1, &[])]).await;
    let ended = world.stored(&id).revoke(
        ponte_data_consent::consent::RejectedBy::User,
        ponte_ports::audit::Actor::Ponte,
        world.now(),
    );
    world.store.faster.lock().unwrap().push(ended.unwrap().consent);
    let reply = tell(&world, PATH, account_is(1, BLOCKED)).await;
    assert_eq!((reply.status, reply.data()), (200, &tally(0, 1, 0, 0)));
    assert_eq!(tell(&world, PATH, account_is(1, BLOCKED)).await.data(), &tally(0, 0, 0, 0));
}

#[tokio::test]
async fn c04_nothing_is_asked_for_a_consent_whose_date_is_over() {
    let world = World::new();
    world.authorised(&asked(), vec![account(&world, 1, &[])]).await;
    // Nobody has written the end down yet.
    world.wait(Duration::from_hours(24 * 200));
    for data in [again(), account_is(1, BLOCKED)] {
        assert_eq!(tell(&world, PATH, data).await.data(), &tally(0, 0, 0, 0));
    }
    assert_eq!(world.bank.discoveries.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let world = World::new();
    let id = world.authorised(&asked(), vec![account(&world, 1, &[])]).await;
    let commits = world.commits();
    let with = |name: &str, value: Value| {
        let mut data = account_is(1, BLOCKED);
        data[name] = value;
        data
    };
    for (data, status, code) in [
        (with("key", json!({})), 422, "PARAMETRO_INVALIDO"),
        (with("key", json!({"cpf": ANA, "cnpj": BAKERY})), 422, "PARAMETRO_INVALIDO"),
        (with("key", json!({"searchKey": "x"})), 400, "PARAMETRO_INVALIDO"),
        (with("key", json!({"cpf": "1"})), 400, "PARAMETRO_INVALIDO"),
        (with("type", json!("NO_SUCH_KIND")), 400, "PARAMETRO_INVALIDO"),
        (with("status", json!(null)), 422, "PARAMETRO_INVALIDO"),
        (with("resourceLegacyId", json!(null)), 422, "PARAMETRO_INVALIDO"),
        (with("resourceLegacyId", json!("1")), 400, "PARAMETRO_INVALIDO"),
        (with("status", json!("CLOSED")), 400, "PARAMETRO_INVALIDO"),
        (with("status", json!(PENDING)), 422, "TRANSICAO_INVALIDA"),
    ] {
        let reply = tell(&world, PATH, data.clone()).await;
        assert_eq!((reply.status, reply.code()), (status, code), "{data}");
        assert!(!reply.body.to_string().contains(ANA));
    }
    let reply = tell(&world, &format!("{PATH}?cursor=x"), again()).await;
    assert_eq!((reply.status, reply.code()), (422, "PARAMETRO_INVALIDO"));
    assert_eq!((world.commits(), statuses(&world, &id)), (commits, vec![OPEN.to_owned()]));
}
