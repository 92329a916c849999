//! Rows that a later release wrote: what this one does not know is shown to nobody, opens nothing and stops nothing (D8).

use std::collections::BTreeSet;
use std::time::Duration;

use ponte_data_consent::consent::{Consent, EffectiveStatus};
use ponte_edge::Tick as _;
use ponte_ports::outbox::shard_of;
use serde_json::{Value, json};

use super::keys::OFFICE;
use super::world::{ANA, World, asked};
use crate::Sweeper;

const KIND: &str = "CREDIT_CARD_ACCOUNT_NEXT";
const LIST: &str = "/v1/consents";

/// The stored consent as the next release would write it: with a product of its own kind and a permission of its own.
fn with_next(world: &World, id: &str, product: &Value) {
    let mut body = serde_json::from_str::<Value>(&serde_json::to_string(&world.stored(id)).unwrap()).unwrap();
    body["permissions"].as_array_mut().unwrap().push(json!("NEXT_READ"));
    body.pointer_mut("/state/AUTHORISED/resources").unwrap().as_array_mut().unwrap().push(product.clone());
    let consent = serde_json::from_str::<Consent>(&body.to_string()).unwrap();
    world.store.consents.lock().unwrap().insert(id.to_owned(), consent);
}

fn product() -> Value {
    json!({"id": "card-1", "kind": KIND, "legacyId": [], "status": "AVAILABLE"})
}

fn sweeper(world: &World) -> Sweeper {
    let (consents, index) = (world.store.clone(), world.store.clone());
    Sweeper { consents, index, clock: world.clock.clone(), ids: world.clock.clone() }
}

#[tokio::test]
async fn d8_a_product_of_an_unknown_kind_is_shown_to_nobody_and_kept() {
    let world = World::new();
    let id = world.authorised(&asked(), vec![super::management::account(&world, 1, &[])]).await;
    with_next(&world, &id, &product());
    let detail = world.look(&format!("{LIST}/{id}")).await;
    let list = world.look(&format!("{LIST}?cpf={ANA}")).await;
    let read = world.client("client-1", "GET", &format!("/consents/{id}"), None).await;
    for reply in [&detail, &list, &read] {
        assert_eq!(reply.status, 200, "{}", reply.body);
        let text = reply.body.to_string();
        assert!(!text.contains("NEXT") && !text.contains("card-1"), "{text}");
    }
    assert_eq!(
        read.data()["permissions"],
        json!(["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"])
    );
    let ended = world.client("client-1", "DELETE", &format!("/consents/{id}"), None).await;
    assert_eq!(ended.status, 204, "{}", ended.body);
    assert!(serde_json::to_string(&world.stored(&id)).unwrap().contains(KIND), "its end does not lose it");
}

#[tokio::test]
async fn d8_a_product_of_an_unknown_kind_allows_no_renewal_that_it_may_forbid() {
    let world = World::new();
    let body = json!({"data": {"expirationDateTime": "2026-12-01T12:00:00Z", "loggedUser": asked()["data"]["loggedUser"]}});
    let mut waiting = product();
    waiting["approvals"] = json!({"quorum": 2});
    for (product, status) in [(product(), 201), (waiting, 422)] {
        let id = world.authorised(&asked(), Vec::new()).await;
        with_next(&world, &id, &product);
        let path = format!("/consents/{id}/extends");
        let reply = world.for_customer("client-1", &id, &path, &body).await;
        assert_eq!(reply.status, status, "{}", reply.body);
    }
}

#[tokio::test]
async fn d8_a_consent_that_cannot_be_read_is_in_no_list_and_has_an_answer_of_its_own() {
    let world = World::new();
    let good = world.authorised(&asked(), Vec::new()).await;
    world.wait(Duration::from_secs(1));
    let later = world.authorised(&asked(), Vec::new()).await;
    world.store.unreadable.lock().unwrap().insert(later.clone());
    let listed = world.look(&format!("{LIST}?cpf={ANA}&page-size=1")).await;
    assert_eq!(
        (listed.status, listed.data()[0]["id"].as_str()),
        (200, Some(good.as_str())),
        "{}",
        listed.body
    );
    let path = format!("/consents/{later}");
    for reply in [
        world.look(&format!("{LIST}/{later}")).await,
        world.client("client-1", "GET", &path, None).await,
        world.client("client-1", "DELETE", &path, None).await,
        world.manage(OFFICE, ("GET", &format!("{LIST}/{later}")), json!({}), None).await,
    ] {
        assert_eq!((reply.status, reply.code()), (500, "ERRO_INTERNO"), "{}", reply.body);
        assert!(!reply.body.to_string().contains("expected"), "the reason is for the log");
    }
    let (commits, stored) = (world.commits(), serde_json::to_string(&world.stored(&later)).unwrap());
    sweeper(&world).tick().await.unwrap();
    assert_eq!((world.commits(), serde_json::to_string(&world.stored(&later)).unwrap()), (commits, stored));
}

/// However many rows of another release are overdue, those behind them are swept.
#[tokio::test]
async fn d8_a_thousand_unreadable_consents_do_not_hold_up_the_sweep() {
    let world = World::new();
    let first = world.consent(&asked()).await;
    let sample = serde_json::to_string(&world.stored(&first)).unwrap();
    let shard = shard_of(&first);
    let ids = (0..).map(|number| format!("urn:banco:later-{number}")).filter(|id| shard_of(id) == shard);
    let older = sample.replace("2026-03-01T12:00:00", "2026-03-01T11:00:00");
    let later = ids.take(1100).collect::<BTreeSet<_>>();
    for id in &later {
        let consent = serde_json::from_str::<Consent>(&older.replace(&first, id)).unwrap();
        world.store.consents.lock().unwrap().insert(id.clone(), consent);
    }
    world.store.unreadable.lock().unwrap().extend(later);
    world.wait(Duration::from_hours(1));
    sweeper(&world).tick().await.unwrap();
    assert!(matches!(
        world.stored(&first).at(world.now().minus(Duration::from_hours(1))),
        EffectiveStatus::Rejected(_)
    ));
}
