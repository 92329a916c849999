//! What operators do to registrations, as the client sees it: block, reset, removal (T60, S88).

use ponte_authorization::client::ClientRegistration;
use ponte_edge::Operator as _;
use ponte_fapi::secret;
use ponte_ports::audit::{OperatorAction, OperatorIdentity};

use super::*;
use std::time::Duration;

use crate::OperatorPorts;
use crate::testing::{CLIENT, after};

/// Runs a command about a client.
async fn command(world: &World, name: &str, id: &str) -> Result<Value, String> {
    ordered(world, name, id, None).await
}

/// A command that came by a queue, if `ordered_at` says when.
async fn ordered(world: &World, name: &str, id: &str, ordered_at: Option<Moment>) -> Result<Value, String> {
    let clock = world.memory.ids.clone();
    clock.set(now());
    let operator = OperatorPorts {
        keys: Arc::<ApiKeysInMemory>::default(),
        clients: world.memory.clone(),
        clock: clock.clone(),
        ids: clock.clone(),
        pauses: clock,
    };
    let command = json!({ "operator": name, "id": id, "reason": "chamado 4711" });
    let by = OperatorIdentity::stated("ana").ok();
    let ana = OperatorAction { by, ordered_at, ..OperatorAction::default() };
    let raw = serde_json::value::to_raw_value(&command).unwrap();
    operator.run(&raw, &ana).await.map_err(|error| error.to_string())
}

async fn refused(world: &World, text: &str) {
    let got = post(world, &asked(Some(own_certificate()), text, now())).await;
    assert_eq!((got.status, got.error()), (400, "unapproved_software_statement"), "{got:?}");
}

#[tokio::test]
async fn t60_a_reset_lets_the_statement_register_again_as_the_same_client() {
    let world = World::new();
    let keys = key_set_json(&[directory_signer().public_jwk()]);
    world.memory.key_sets.publish(&format!("{DIRECTORY}/openbanking.jwks"), keys);
    let client = world.memory.clients.lock().unwrap()[CLIENT].clone();
    let stored = ClientRegistration::new(client, secret::hash("lost"), "{}".to_owned(), now());
    world.memory.registrations.lock().unwrap().insert(CLIENT.to_owned(), stored);
    let code = world.code().await;
    let (_, tokens) = world.redeem(&code, now()).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let text = body().to_string();
    refused(&world, &text).await;

    let view = command(&world, "client.reset", CLIENT).await.unwrap();
    assert_eq!((&view["id"], &view["status"]), (&json!(CLIENT), &json!("RESET")));
    Management::of(CLIENT, "lost").get(&world).await.is_unauthorised();
    Management::of(CLIENT, "").get(&world).await.is_unauthorised();
    assert_eq!(command(&world, "client.reset", CLIENT).await.unwrap(), view, "it is since then");

    let got = post(&world, &asked(Some(own_certificate()), &text, now())).await;
    assert_eq!((got.status, &got.body["client_id"]), (201, &json!(CLIENT)), "{got:?}");
    let token = got.body["registration_access_token"].as_str().unwrap();
    assert_eq!(Management::of(CLIENT, token).get(&world).await.status, 200);
    Management::of(CLIENT, "lost").get(&world).await.is_unauthorised();
    let repeated = post(&world, &asked(Some(own_certificate()), &text, after(60))).await;
    assert_eq!((repeated.status, &repeated.body), (201, &got.body), "T61");
    refused(&world, &body().to_string()).await;

    let asked = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    assert_eq!(world.token(&asked, now()).await.0, 200, "consents and grants stay");
    let audit = world.memory.audit.lock().unwrap().clone();
    let seen: Vec<_> = audit.iter().map(|row| (row.action, row.reason.as_deref())).collect();
    assert_eq!(seen, [("client.reset", Some("chamado 4711")), ("client.registered", None)]);
}

#[tokio::test]
async fn t60_whoever_is_blocked_neither_manages_nor_registers_nor_hears_an_answer_again() {
    let world = world();
    let text = body().to_string();
    let got = post(&world, &asked(Some(own_certificate()), &text, now())).await.body;
    let (id, token) =
        (got["client_id"].as_str().unwrap(), got["registration_access_token"].as_str().unwrap());
    command(&world, "client.block", id).await.unwrap();
    let management = Management::of(id, token);
    let unknown = Management { client: "00000000-0000-4000-8000-999999999999", ..Management::of(id, token) };
    for (got, of_unknown) in [
        (management.get(&world).await, unknown.get(&world).await),
        (management.put(&world, &body()).await, unknown.put(&world, &body()).await),
        (management.delete(&world).await, unknown.delete(&world).await),
    ] {
        got.is_unauthorised();
        assert_eq!((got.status, got.body), (of_unknown.status, of_unknown.body));
    }
    refused(&world, &text).await;
    command(&world, "client.reset", id).await.unwrap();
    refused(&world, &body().to_string()).await;
    command(&world, "client.unblock", id).await.unwrap();
    let again = post(&world, &asked(Some(own_certificate()), &body().to_string(), now())).await;
    assert_eq!((again.status, &again.body["client_id"]), (201, &json!(id)), "the reset waited");
}

#[tokio::test]
async fn t60_an_order_to_unblock_that_runs_late_does_not_undo_a_block_that_came_after_it() {
    let world = world();
    let (id, _) = registered(&world).await;
    command(&world, "client.block", &id).await.unwrap();
    let before = now().minus(Duration::from_secs(1));
    let late = ordered(&world, "client.unblock", &id, Some(before)).await.unwrap_err();
    assert!(late.starts_with("the client was blocked after this was ordered"), "{late}");
    let view = ordered(&world, "client.unblock", &id, Some(now())).await.unwrap();
    assert_eq!(view["status"], "REGISTERED");
}

#[tokio::test]
async fn t60_s88_what_an_operator_removed_comes_back_only_after_a_reset_and_as_another_client() {
    let world = world();
    let (id, token) = registered(&world).await;
    let view = command(&world, "client.remove", &id).await.unwrap();
    assert_eq!(view["status"], "REMOVED");
    Management::of(&id, &token).delete(&world).await.is_unauthorised();
    refused(&world, &body().to_string()).await;
    assert_eq!(command(&world, "client.remove", &id).await.unwrap(), view, "it is since then");
    command(&world, "client.reset", &id).await.unwrap();
    let again = command(&world, "client.reset", &id).await.unwrap_err();
    assert!(again.contains("may register already"), "{again}");
    let (new, _) = registered(&world).await;
    assert_ne!(new, id);
    let actions: Vec<_> = world.memory.audit.lock().unwrap().iter().map(|row| row.action).collect();
    assert_eq!(actions, ["client.registered", "client.removed", "client.reset", "client.registered"]);
}

#[tokio::test]
async fn t60_a_client_that_went_by_itself_needs_no_reset() {
    let world = world();
    let (id, token) = registered(&world).await;
    assert_eq!(Management::of(&id, &token).delete(&world).await.status, 204);
    let needless = command(&world, "client.reset", &id).await.unwrap_err();
    assert!(needless.contains("was removed at"), "{needless}");
    assert_ne!(registered(&world).await.0, id);
}

#[tokio::test]
async fn t60_s88_whoever_went_by_itself_is_shut_out_until_a_reset() {
    for name in ["client.remove", "client.block"] {
        let world = world();
        let (id, token) = registered(&world).await;
        assert_eq!(Management::of(&id, &token).delete(&world).await.status, 204);
        let view = command(&world, name, &id).await.unwrap();
        assert_eq!((&view["id"], &view["status"]), (&json!(id), &json!("REMOVED")));
        refused(&world, &body().to_string()).await;
        assert_eq!(command(&world, name, &id).await.unwrap(), view, "it is since then");
        assert!(!world.memory.blocks.blocks.lock().unwrap().is_empty(), "whatever the mark says");
        command(&world, "client.reset", &id).await.unwrap();
        // Nobody has registered since: it is taken back.
        command(&world, name, &id).await.unwrap();
        refused(&world, &body().to_string()).await;
        command(&world, "client.reset", &id).await.unwrap();
        assert_ne!(registered(&world).await.0, id);
        let actions: Vec<_> = world.memory.audit.lock().unwrap().iter().map(|row| row.action).collect();
        let both = ["client.withheld", "client.reset"];
        assert_eq!(actions[2..6], [both, both].concat());
    }
}

#[tokio::test]
async fn t60_whoever_goes_and_comes_again_is_blocked_as_what_it_became() {
    let world = world();
    let (first, token) = registered(&world).await;
    assert_eq!(Management::of(&first, &token).delete(&world).await.status, 204);
    let (second, token) = registered(&world).await;
    let kept = command(&world, "client.remove", &first).await.unwrap_err();
    assert!(kept.contains(&format!("its software statement is {second} by now")), "{kept}");
    assert_eq!(Management::of(&second, &token).get(&world).await.status, 200, "consents do not come back");

    let view = command(&world, "client.block", &first).await.unwrap();
    assert_eq!((&view["id"], &view["status"]), (&json!(second), &json!("BLOCKED")));
    Management::of(&second, &token).delete(&world).await.is_unauthorised();
    refused(&world, &body().to_string()).await;
    command(&world, "client.remove", &second).await.unwrap();
    refused(&world, &body().to_string()).await;
}
