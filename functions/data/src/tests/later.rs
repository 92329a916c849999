//! Consents that a later release wrote: what this one does not know opens nothing (D8).

use serde_json::json;

use super::world::World;
use super::{ACCOUNTS, RESOURCES, account};

#[tokio::test]
async fn d8_a_product_of_an_unknown_kind_or_status_is_not_served() {
    for (kind, status) in [("CREDIT_CARD_ACCOUNT_NEXT", "AVAILABLE"), ("ACCOUNT", "FROZEN_NEXT")] {
        let legacy = [json!({"key": "account", "value": "2"})];
        let world =
            World::with_next(&json!({"id": "public-2", "kind": kind, "legacyId": legacy, "status": status}));
        world.answers(&json!([account(1), account(2)]), Some(2));
        let listed = world.get(ACCOUNTS, "").await;
        assert_eq!(listed.status, 200, "{}", listed.body);
        assert_eq!(listed.body["data"], json!([{"accountId": "public-1", "number": 1}]), "{kind} {status}");
        let resources = world.get(RESOURCES, "").await;
        assert_eq!(resources.status, 200, "{}", resources.body);
        assert!(!resources.body.to_string().contains("public-2"), "{}", resources.body);
        let one = world.get(&format!("{ACCOUNTS}/public-2"), "").await;
        let unknown = world.get(&format!("{ACCOUNTS}/public-3"), "").await;
        assert_eq!((one.status, one.code()), (unknown.status, unknown.code()), "{kind} {status}");
        assert!(one.status >= 400, "{}", one.body);
    }
}

#[tokio::test]
async fn d8_a_consent_that_cannot_be_read_opens_nothing() {
    let world = World::unreadable();
    let reply = world.get(ACCOUNTS, "").await;
    assert_eq!((reply.status, reply.code()), (500, "ERRO_INTERNO"), "{}", reply.body);
    assert!(world.asked().is_empty(), "the institution was asked");
}
