//! Where a browser is sent, and above all where not: S03, S05, open redirects.

use ponte_values::ClientId;

use crate::testing::{CLIENT, World, after, fragment, now};

/// A page with nothing of the request in it, and no way on.
fn is_page(answer: &ponte_edge::Answer) -> bool {
    answer.status() == 400
        && answer.header_value("location").is_none()
        && answer.body().starts_with("<!doctype html>")
}

#[tokio::test]
async fn s05_the_request_is_not_consumed_by_arriving() {
    let world = World::new();
    let request_uri = world.pushed().await;
    let first = world.server.begin(CLIENT, &request_uri, now()).await.unwrap();
    let second = world.server.begin(CLIENT, &request_uri, after(599)).await.unwrap();
    assert_eq!((first.status(), second.status()), (303, 303));
    let target = first.header_value("location").unwrap();
    assert!(target.starts_with("https://channel.example/login?i=00000000-0000-4000-8000-"), "{target}");
    assert_ne!(first.header_value("location"), second.header_value("location"));
    assert_eq!(world.memory.visits.lock().unwrap().len(), 2);
    assert_eq!(world.memory.pushed.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn s03_what_was_not_pushed_by_this_client_leads_to_a_page() {
    let world = World::new();
    let request_uri = world.pushed().await;
    for (client, uri) in [
        (CLIENT, "urn:ietf:params:oauth:request_uri:invented"),
        (CLIENT, "https://evil.example/request.jwt"),
        ("client-2", request_uri.as_str()),
        ("", request_uri.as_str()),
    ] {
        assert!(is_page(&world.server.begin(client, uri, now()).await.unwrap()), "{client} {uri}");
    }
    assert!(is_page(&world.server.begin(CLIENT, &request_uri, after(600)).await.unwrap()), "expired");
    assert!(world.memory.visits.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_redirect_uri_that_was_unregistered_since_leads_to_a_page() {
    let world = World::new();
    let request_uri = world.pushed().await;
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().redirect_uris.clear();
    assert!(is_page(&world.server.begin(CLIENT, &request_uri, now()).await.unwrap()));
    world.memory.clients.lock().unwrap().clear();
    assert!(is_page(&world.server.begin(CLIENT, &request_uri, now()).await.unwrap()));
}

#[tokio::test]
async fn a_consent_that_no_longer_waits_sends_the_customer_back() {
    let world = World::new();
    let request_uri = world.pushed().await;
    world.revoke_consent();
    let back = fragment(&world.server.begin(CLIENT, &request_uri, now()).await.unwrap());
    assert_eq!((back["error"].as_str(), back["state"].as_str()), ("access_denied", "state-1"));
    assert!(world.memory.visits.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_visit_says_what_the_channel_must_show() {
    let world = World::new();
    let id = world.visit().await;
    let visit = world.memory.visits.lock().unwrap()[&id].clone();
    assert_eq!(visit.client, ClientId::parse(CLIENT).unwrap());
    assert_eq!(visit.client_name, "Receptora Inventada");
    assert_eq!(visit.started_at, now());
}
