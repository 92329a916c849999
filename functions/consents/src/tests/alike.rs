//! Every route of this function, called by a client that is shut out, by a stranger and about what there is not: the same status,
//! headers and body, after as many reads (T43, T60).

use std::sync::atomic::Ordering;
use std::time::Duration;

use ponte_authorization::block_list::{Block, Blocked};
use ponte_kit::gateway::Reply;
use ponte_kit::identity;
use ponte_kit::people::{ANA, BRUNO};
use ponte_values::ClientId;
use serde_json::{Value, json};

use super::keys::{APP, CALLER, OFFICE, key_with};
use super::world::{World, asked};

/// What a caller can tell apart, and how many consents, keys and pages of the index were read for it.
#[derive(PartialEq, Debug)]
struct Seen {
    status: i64,
    headers: Value,
    body: Value,
    reads: [u64; 3],
}

impl World {
    async fn seen(&self, call: impl Future<Output = Reply>) -> Seen {
        let reads = || {
            let of_store = [&self.store.finds, &self.keys.finds, &self.store.reads];
            of_store.map(|count| count.load(Ordering::Relaxed))
        };
        let before = reads();
        let Reply { status, mut headers, body, .. } = call.await;
        // A call without one gets one of its own.
        headers.as_object_mut().unwrap().remove("x-fapi-interaction-id");
        let after = reads();
        Seen { status, headers, body, reads: std::array::from_fn(|place| after[place] - before[place]) }
    }

    /// A regulatory call with this token over this certificate.
    async fn bearing(
        &self,
        (method, path): (&str, &str),
        (token, certificate): (&str, &str),
        body: &Value,
    ) -> Seen {
        let mut headers = self.customer_headers("client-1", "urn:banco:none");
        headers["authorization"] = json!(format!("Bearer {token}"));
        let path = format!("/open-banking/consents/v3{path}");
        let host = ("mtls.banco.example", certificate);
        let body = (!matches!(method, "GET" | "DELETE")).then(|| body.to_string());
        self.seen(self.send_over(host, (method, &path), headers, body)).await
    }

    /// A call of the management API with the text of a key.
    async fn by_key(
        &self,
        (method, path): (&str, &str),
        key: &str,
        name: &'static str,
        more: &Value,
    ) -> Seen {
        let mut headers = json!({ "x-api-key": key, "content-type": "application/json" });
        headers.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let certificate = identity::own_certificate(name);
        let path = format!("/open-banking/oob-consents{path}");
        let body = (method != "GET").then(|| body_of(&path).to_string());
        let host = ("gestao.banco.example", certificate.as_str());
        self.seen(self.send_over(host, (method, &path), headers, body)).await
    }
}

/// A body with nothing wrong in it.
fn body_of(path: &str) -> Value {
    if path.ends_with("/authorisation") {
        json!({ "data": { "authorised": true } })
    } else if path.ends_with("/resources-notification") {
        json!({ "data": { "key": { "cpf": ANA }, "type": "ACCOUNT" } })
    } else {
        json!({ "data": { "status": "REVOKED", "revocation": { "revokedBy": "USER" } } })
    }
}

#[track_caller]
fn alike(what: &str, seen: &[(&str, Seen)]) {
    let (reference, first) = &seen[0];
    assert!(first.status >= 400, "{what}: {first:?}");
    for (who, other) in seen {
        assert_eq!(other, first, "{what}: {who}, and {reference}");
    }
}

#[tokio::test]
async fn t60_t43_whose_token_opens_nothing_is_answered_alike() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let entry = Blocked::Client(ClientId::parse("client-1").unwrap());
    world.blocks.put(Block { blocked: entry, until: None });
    world.wait(Duration::from_secs(45));
    let stranger = identity::own_certificate("outra.receptora.example");
    let own = identity::certificate();
    let tokens =
        [identity::token("client-1", world.now()), identity::customer_token("client-1", &id, world.now())];
    let of_second = identity::token("client-2", world.now());
    let path = format!("/consents/{id}");
    for (method, path) in [
        ("POST", "/consents".to_owned()),
        ("GET", path.clone()),
        ("DELETE", path.clone()),
        ("POST", format!("{path}/extends")),
        ("GET", format!("{path}/extensions")),
        ("GET", "/consents/urn:banco:unknown".to_owned()),
    ] {
        let call = (method, path.as_str());
        let seen = [
            ("no such token", world.bearing(call, ("invented", own), &asked()).await),
            ("a shut-out client", world.bearing(call, (&tokens[0], own), &asked()).await),
            ("its customer", world.bearing(call, (&tokens[1], own), &asked()).await),
            ("a stranger with its token", world.bearing(call, (&tokens[0], &stranger), &asked()).await),
            ("a stranger with its customer's", world.bearing(call, (&tokens[1], &stranger), &asked()).await),
            ("a stranger with another's", world.bearing(call, (&of_second, &stranger), &asked()).await),
        ];
        alike(&format!("{method} {path}"), &seen);
        assert_eq!((seen[0].1.status, seen[0].1.reads), (401, [0; 3]));
    }
}

/// The statuses are those of the certification (C09, Z-CON-03) and of C55: nothing else tells the two apart.
#[tokio::test]
async fn c09_t43_another_clients_consent_costs_what_an_unknown_one_does() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let token = identity::token("client-2", world.now());
    for (method, rest) in [("GET", ""), ("DELETE", ""), ("GET", "/extensions")] {
        let call = async |id: &str| {
            let path = format!("/consents/{id}{rest}");
            world.bearing((method, &path), (&token, identity::certificate()), &asked()).await
        };
        let (theirs, unknown) = (call(&id).await, call("urn:banco:unknown").await);
        assert_eq!((theirs.status, unknown.status), (403, 404), "{method} {rest}");
        assert_eq!((theirs.headers, theirs.reads), (unknown.headers, unknown.reads), "{method} {rest}");
    }
    // For a customer both are one: the token names a consent that is not in force.
    let call = async |consent: &str| {
        let token = identity::customer_token("client-2", consent, world.now());
        let path = format!("/consents/{consent}/extends");
        world.bearing(("POST", &path), (&token, identity::certificate()), &asked()).await
    };
    alike("extends", &[("unknown", call("urn:banco:unknown").await), ("another's", call(&id).await)]);
}

#[tokio::test]
async fn t43_a_key_that_opens_nothing_is_answered_alike() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let good = key_with(&world.keys, OFFICE, world.now());
    let (head, secret) = good.rsplit_once('_').unwrap();
    let ended = key_with(&world.keys, super::keys::READER, world.now());
    for key in world.keys.keys.lock().unwrap().values_mut().filter(|key| ended.contains(&key.id.to_string()))
    {
        key.expires_at = Some(world.now());
    }
    let calls = [
        ("GET", "/v1/consents".to_owned()),
        ("GET", format!("/v1/consents/{id}")),
        ("GET", format!("/v1/consents/{id}/extends")),
        ("PATCH", format!("/consents/v1/consents/{id}")),
        ("POST", format!("/v1/consents/{id}/authorisation")),
        ("POST", "/v1/resources-notification".to_owned()),
    ];
    for (method, path) in &calls {
        let call = (*method, path.as_str());
        let none = json!({});
        let unknown = format!("ponte_ffffffffffffffff_{secret}");
        let wrong = format!("{head}_{}", "B".repeat(43));
        let seen = [
            ("a key that there is not", world.by_key(call, &unknown, CALLER, &none).await),
            ("another secret", world.by_key(call, &wrong, CALLER, &none).await),
            ("a key that ended", world.by_key(call, &ended, CALLER, &none).await),
            ("a stranger with the key", world.by_key(call, &good, "outro.banco.example", &none).await),
        ];
        alike(path, &seen);
        assert_eq!(
            (seen[0].1.status, seen[0].1.reads),
            (401, [0, 1, 0]),
            "the key is read, and nothing else"
        );
    }
}

#[tokio::test]
async fn t43_another_customers_consent_is_answered_like_one_that_there_is_not() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let app = key_with(&world.keys, APP, world.now());
    let bruno = json!({ "x-customer-cpf": BRUNO });
    for (method, before, after) in
        [("GET", "/v1", ""), ("GET", "/v1", "/extends"), ("PATCH", "/consents/v1", "")]
    {
        let call = async |id: &str| {
            let path = format!("{before}/consents/{id}{after}");
            world.by_key((method, &path), &app, CALLER, &bruno).await
        };
        let seen = [("unknown", call("urn:banco:unknown").await), ("another's", call(&id).await)];
        alike(after, &seen);
        assert_eq!((seen[0].1.status, seen[0].1.reads), (404, [1, 1, 0]));
    }
}
