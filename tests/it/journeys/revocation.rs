//! T41: a certificate that its authority revokes while it is in use, and an authority that does not answer.

use std::time::Duration;

use ponte_directory::StatementRequest;
use ponte_machine::clock;
use ponte_participant::Receiver;
use ponte_pki::{Authority, Identity, Spelling, respelled};
use ponte_web::caller::{Call, Reply};
use serde_json::{Value, json};

use super::steps::{World, want};
use crate::stack::Stack;

/// Answers of the authority are current for a second, so they are asked for again after the shortest time there is.
const SHORT: u64 = 1;
const NOTICED: Duration = Duration::from_secs(6);

/// The same client under a further certificate of the stack's authority.
fn further(stack: &Stack, receiver: &Receiver) -> (Receiver, Identity) {
    let folder = std::path::Path::new(stack.text("/ca_file")).parent().expect("the world has a folder");
    let authority = Authority::of_world(folder, clock::now()).expect("the authority is on disk");
    let subject = receiver.transport_subject().expect("the client has a certificate");
    let identity = respelled(&authority, &subject, Spelling::Current, clock::now()).expect("a certificate");
    let receiver = receiver.with_certificate(Some(&identity)).expect("a client is set up");
    (receiver, identity)
}

async fn order(world: &World, stack: &Stack, order: &Value) {
    let url = format!("{}/sandbox/revocations", stack.text("/bank_core"));
    want(200, "revocations", world.plain.send(Call::post_json(url, order)).await.expect("an answer"));
}

async fn fault(world: &World, stack: &Stack, fault: &Value) {
    let url = format!("{}/sandbox/faults", stack.text("/bank_core"));
    want(200, "faults", world.plain.send(Call::post_json(url, fault)).await.expect("an answer"));
}

/// The refusal of a stranger: 401 with this `error`.
#[track_caller]
fn stranger(what: &str, reply: Reply, error: &str) {
    let reply = want(401, what, reply);
    assert_eq!(reply.json()["error"], error, "{what}: {}", reply.excerpt());
}

#[tokio::test(flavor = "multi_thread")]
async fn t41_a_revoked_certificate_opens_nothing_any_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let stack = Stack::up(folder.path());
    let mut world = World::around(&stack).await;
    order(&world, &stack, &json!({ "life": SHORT })).await;
    let (receiver, identity) = further(&stack, &world.receiver);
    let first = std::mem::replace(&mut world.receiver, receiver);

    let token = world.client_token().await;
    let consent = world.create_consent(&token).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    want(200, "data", world.accounts(&tokens.access, &consent).await);
    let client = &world.receiver;
    let read = client.read_registration(&client.registration()).await;
    want(200, "registration", read.expect("an answer"));

    order(&world, &stack, &json!({ "certificate": identity.chain_pem })).await;
    tokio::time::sleep(NOTICED).await;

    want(401, "data", world.accounts(&tokens.access, &consent).await);
    let reply = client.read_consent(&token, &consent).await.expect("an answer");
    want(401, "consents", reply);
    stranger("token", client.client_token("consents").await.expect("an answer"), "invalid_client");
    let refresh = tokens.refresh.as_deref().expect("a refresh token");
    stranger("refresh", client.refresh(refresh, &consent).await.expect("an answer"), "invalid_client");
    let authorization = client.begin(&consent);
    stranger("par", client.push(&authorization, "accounts").await.expect("an answer"), "invalid_client");
    let statement = client.statement(&StatementRequest::default()).await.expect("the directory answers");
    let metadata = client.metadata(&statement);
    let held = client.registration();
    for (what, reply) in [
        ("read a registration", client.read_registration(&held).await),
        ("replace it", client.replace_registration(&held, &metadata).await),
        ("delete it", client.delete_registration(&held).await),
    ] {
        stranger(what, reply.expect("an answer"), "invalid_token");
    }

    // The client has another certificate, which nobody revoked: it is as it was, and nothing of it is lost.
    world.receiver = first;
    let token = world.client_token().await;
    assert_eq!(world.status(&token, &consent).await, "AUTHORISED");
    world.create_consent(&token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn t41_a_new_client_with_a_revoked_certificate_is_not_registered() {
    let folder = tempfile::tempdir().expect("a folder");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let held = world.receiver.registration();
    want(204, "delete", world.receiver.delete_registration(&held).await.expect("an answer"));
    let (client, identity) = further(&stack, &world.receiver);
    order(&world, &stack, &json!({ "certificate": identity.chain_pem })).await;
    let statement = client.statement(&StatementRequest::default()).await.expect("the directory answers");
    let metadata = client.metadata(&statement);
    stranger("register", client.register(&metadata).await.expect("an answer"), "invalid_token");
    want(201, "register", world.receiver.register(&metadata).await.expect("an answer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn t41_the_list_says_it_where_the_responder_is_down_and_silence_shuts_nobody_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let (client, identity) = further(&stack, &world.receiver);
    order(&world, &stack, &json!({ "certificate": identity.chain_pem })).await;
    fault(&world, &stack, &json!({ "kind": "close", "path": "/authority", "method": "POST" })).await;
    stranger("by the list", client.client_token("consents").await.expect("an answer"), "invalid_client");

    fault(&world, &stack, &json!({ "kind": "status", "status": 503, "path": "/authority" })).await;
    let (unknown, _) = further(&stack, &world.receiver);
    want(200, "nobody answers", unknown.client_token("consents").await.expect("an answer"));
    stranger("known as revoked", client.client_token("consents").await.expect("an answer"), "invalid_client");
}
