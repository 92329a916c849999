//! PB-G, T04 to T08, T25, T26: a core that executes and says nothing, processes that end, a queue that is off.

use std::sync::Arc;

use http::Method;
use ponte_machine::clock;
use serde_json::json;
use tokio::task::JoinSet;

use super::payment_core::Core;
use super::virtual_time::VirtualTime;
use super::{Initiator, V5, order_of};
use crate::processes;
use crate::stack::Stack;

/// The payment core among the servers of `endpoints.json`.
const CORE: &str = "/payment_core/control";
/// The services of AWS there.
const CLOUD: &str = "/aws/endpoint_url";

#[tokio::test]
async fn pb_g01_t07_p45_a_core_that_executes_and_says_nothing_is_asked_by_key() {
    let it = Initiator::alone(&[]).await;
    for (number, kind) in (1..).zip(["lose_reply", "hang_after"]) {
        it.world.order(CORE, &json!({ "path": "/payments", "kind": kind, "times": 1 })).await;
        let order = order_of("10.00");
        let (_, answer) = it.tried(&order, &order.items()).await;
        let answer = answer.with(201);
        let told = answer.text("/0/status");
        assert!(!["RJCT", "ACSC"].contains(&told.as_str()), "{told}");
        // `until` refuses every other end: it is never rejected in between.
        let id = answer.text("/0/paymentId");
        it.until(V5, &id, "ACSC").await;
        assert_eq!(it.core.payment(&id).await["calls"], 1, "never sent blindly again");
        it.core.moved(number, 1_000 * number as u64).await;
    }
}

#[tokio::test]
async fn pb_g02_p20_what_the_core_says_after_the_end_changes_nothing() {
    let it = Initiator::begin().await;
    let (_, paid) = it.pays(&order_of("10.00")).await;
    let id = paid["paymentId"].as_str().unwrap_or_default();
    for status in ["ACPD", "RJCT", "ACSC", "PDNG", "CANC"].repeat(4) {
        let told = it.core.notify(id, status).await;
        assert_eq!(told["answered"], 204, "{told}");
    }
    assert_eq!(it.payment(V5, id).await, paid);
}

#[tokio::test]
async fn t04_p41_a_key_is_remembered_for_a_day() {
    let here = (module_path!(), "t04_p41_a_key_is_remembered_for_a_day");
    let Some(clock) = VirtualTime::begin(here, "2026-12-09T12:00:00Z") else { return };
    let mut it = Initiator::alone(&[]).await;
    let (path, order) = (V5.consents(), order_of("10.00"));
    let first = it.signed((Method::POST, &path), &it.own, "k-t04", &order.consent).await.with(201);
    clock.put("2026-12-10T11:59:00Z");
    it.renew().await;
    let again = it.signed((Method::POST, &path), &it.own, "k-t04", &order.consent).await.with(201);
    assert_eq!(again.text("/consentId"), first.text("/consentId"));
    assert_eq!(again.data()["status"], "REJECTED", "as it is today");
    clock.put("2026-12-10T12:01:00Z");
    let fresh = order_of("10.00");
    let free = it.signed((Method::POST, &path), &it.own, "k-t04", &fresh.consent).await.with(201);
    assert_ne!(free.text("/consentId"), first.text("/consentId"));
}

#[tokio::test]
async fn t08_p36_a_core_that_is_down_is_waited_for() {
    let it = Initiator::alone(&[]).await;
    let order = order_of("10.00");
    let (_, token) = it.authorised(&order).await;
    it.core.order(&json!({ "kind": "down" })).await;
    let id = it.post(V5, &token, &order.items()).await.with(201).text("/0/paymentId");
    let status = it.payment(V5, &id).await["status"].clone();
    assert!(status != "RJCT" && status != "ACSC", "{status}");
    it.core.clear().await;
    it.until(V5, &id, "ACSC").await;
    it.core.moved(1, 1_000).await;
}

#[tokio::test]
async fn t26_t19_without_the_queue_the_schedule_finds_every_payment() {
    let it = Initiator::alone(&[]).await;
    let order = order_of("10.00");
    let (_, token) = it.authorised(&order).await;
    // Messages are lost until the schedule looks.
    let lost = json!({ "service": "sqs", "path": "/SendMessage", "kind": "status", "status": 500 });
    it.world.order(CLOUD, &lost).await;
    let id = it.post(V5, &token, &order.items()).await.with(201).text("/0/paymentId");
    // Longer than a worker that was told would take.
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    assert_eq!(it.payment(V5, &id).await["status"], "RCVD");
    assert!(it.core.payment(&id).await.is_null());
    it.world.clear(CLOUD).await;
    for _ in 0..600 {
        it.world.tick("payments").await;
        if it.payment(V5, &id).await["status"] == "ACSC" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    it.until(V5, &id, "ACSC").await;
    it.core.moved(1, 1_000).await;
}

/// Kills the whole stack, or the functions alone, while payments are being made; every payment that was answered is settled once.
async fn killed_under_load(rounds: usize, parallel: usize) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut answered: Vec<String> = Vec::new();
    let mut asked = 0_u64;
    for round in 0..=rounds {
        let stack = Stack::up_with(folder.path(), &["CallsPerSecond=100000"]);
        let shared = Arc::new(crate::stack::SharedStack::of(stack));
        let it = Arc::new(Initiator::around(shared, 0).await);
        if round == rounds {
            for id in &answered {
                for _ in 0..600 {
                    it.world.tick("payments").await;
                    let status = it.payment(V5, id).await["status"].clone();
                    assert!(status != "RJCT" && status != "CANC", "{id}: {status}");
                    if status == "ACSC" {
                        break;
                    }
                    tokio::time::sleep(std::time::Duration::from_millis(250)).await;
                }
            }
            is_right(&it.core, &answered, asked).await;
            return;
        }
        let order = order_of("10.00");
        let mut set = JoinSet::new();
        for _ in 0..parallel {
            let (_, token) = it.authorised(&order).await;
            let (it, items) = (Arc::clone(&it), order.items());
            asked += 1;
            set.spawn(async move {
                let path = V5.payments();
                let message = it.world.receiver.message(&path, &items);
                let asked = ponte_participant::SignedRequest {
                    method: Method::POST,
                    path: &path,
                    token: &token,
                    key: Some(&clock::new_id()),
                    message,
                };
                let reply =
                    it.world.receiver.send_signed(asked).await.ok().filter(|reply| reply.status == 201)?;
                Some(it.opened(reply).await.text("/0/paymentId"))
            });
        }
        // Some are answered, some are on their way.
        let mut waited = 0;
        while waited < parallel / 2 {
            let Some(done) = set.join_next().await else { break };
            answered.extend(done.expect("a call ends"));
            waited += 1;
        }
        if round % 2 == 0 {
            processes::kill_functions(&it.shared.stack, "payments");
        }
        let rest = set.join_all();
        let dying = async {
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
            it.shared.stack.kill_in_place();
        };
        let (rest, ()) = tokio::join!(rest, dying);
        answered.extend(rest.into_iter().flatten());
        drop(it);
    }
}

/// Every answered payment is in the books once; what was asked and not answered at most once.
async fn is_right(core: &Core, answered: &[String], asked: u64) {
    let payments = core.payments().await;
    let settled: Vec<&str> = payments
        .iter()
        .filter(|one| one["status"] == "ACSC")
        .filter_map(|one| one["idempotencyKey"].as_str())
        .collect();
    for id in answered {
        assert_eq!(settled.iter().filter(|one| *one == id).count(), 1, "{id}");
    }
    let mut distinct = settled.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), settled.len(), "no payment twice");
    assert!(settled.len() as u64 <= asked);
    core.moved(settled.len(), settled.len() as u64 * 1_000).await;
}

#[tokio::test]
async fn t25_t05_processes_killed_under_load_lose_nothing_that_was_answered() {
    killed_under_load(2, 6).await;
}

#[tokio::test]
#[ignore = "eight kills under load: minutes"]
async fn t25_t05_processes_killed_eight_times_under_load_lose_nothing_that_was_answered() {
    killed_under_load(8, 12).await;
}

#[tokio::test]
async fn pb_f03_s62_a_used_message_is_known_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let it = Initiator::around(Arc::new(crate::stack::SharedStack::of(stack)), 0).await;
    let path = V5.consents();
    let message = it.world.receiver.message(&path, &order_of("10.00").consent);
    let send = async |it: &Initiator| {
        let (message, token) = (message.clone(), it.own.clone());
        let asked = ponte_participant::SignedRequest {
            method: Method::POST,
            path: &path,
            token: &token,
            key: Some("k-f03"),
            message,
        };
        it.sent(asked).await
    };
    send(&it).await.with(201);
    drop(it);
    let stack = Stack::up(folder.path());
    let it = Initiator::around(Arc::new(crate::stack::SharedStack::of(stack)), 0).await;
    send(&it).await.with(403);
}
