//! Whoever registers and goes, again and again: it fills nothing, and is told to wait (T60).

use ponte_authorization::count_window::CountWindow;
use ponte_authorization::registration_limit::{MOST_REGISTRATIONS, MOST_REPLACEMENTS};
use ponte_values::{ClientId, OrganisationId};

use super::*;
use crate::testing::after;

/// How often the organisation has registered in the hour of a moment.
fn registered_before(world: &World, times: u32, at: Moment) {
    let organisation = OrganisationId::parse(ORGANISATION).unwrap();
    let mut registered = world.memory.registered.lock().unwrap();
    registered.insert((organisation, CountWindow::hour(at)), times);
}

#[tokio::test]
async fn t60_register_and_delete_again_and_again_leaves_nothing_on_the_block_list() {
    let world = world();
    for _ in 0..5 {
        let (id, token) = registered(&world).await;
        assert_eq!(Management::of(&id, &token).put(&world, &body()).await.status, 200);
        assert_eq!(Management::of(&id, &token).delete(&world).await.status, 204);
    }
    assert!(world.memory.blocks.blocks.lock().unwrap().is_empty(), "none of them ever had a token");
    assert_eq!(world.memory.removed.lock().unwrap().len(), 5);
    let (id, token) = registered(&world).await;
    world.memory.clients.lock().unwrap().get_mut(&id).unwrap().unused = false;
    assert_eq!(Management::of(&id, &token).delete(&world).await.status, 204);
    assert_eq!(world.memory.blocks.blocks.lock().unwrap().len(), 1, "this one had");
}

#[tokio::test]
async fn t60_an_organisation_that_registers_too_often_waits_for_the_next_hour() {
    let world = world();
    registered_before(&world, MOST_REGISTRATIONS - 1, now());
    let (id, token) = registered(&world).await;
    assert_eq!(Management::of(&id, &token).delete(&world).await.status, 204);
    let text = body().to_string();
    let clients = || world.memory.clients.lock().unwrap().len();
    let rows = world.memory.audit.lock().unwrap().len();
    let got = post(&world, &asked(Some(own_certificate()), &text, after(100))).await;
    assert_eq!((got.status, got.error()), (429, "temporarily_unavailable"), "{got:?}");
    assert_eq!(got.retry_after.as_deref(), Some("3500"));
    assert_eq!((clients(), world.memory.audit.lock().unwrap().len()), (0, rows), "nothing is stored");
    assert!(got.body.get("client_id").is_none());
    let fresh = body_of(&with(claims(), "iat", json!(after(3_600).seconds()))).to_string();
    let got = post(&world, &asked(Some(own_certificate()), &fresh, after(3_600))).await;
    assert_eq!((got.status, clients()), (201, 1), "{got:?}");
}

#[tokio::test]
async fn t60_s88_a_statement_that_is_taken_is_told_before_the_wait() {
    let world = world();
    registered(&world).await;
    registered_before(&world, MOST_REGISTRATIONS, now());
    let got = post(&world, &asked(Some(own_certificate()), &body().to_string(), after(1))).await;
    assert_eq!((got.status, got.error()), (400, "unapproved_software_statement"), "{got:?}");
}

#[tokio::test]
async fn t60_t61_an_answer_that_was_lost_is_told_again_whatever_the_count() {
    let world = world();
    let text = body().to_string();
    let first = post(&world, &asked(Some(own_certificate()), &text, now())).await;
    registered_before(&world, MOST_REGISTRATIONS, now());
    let again = post(&world, &asked(Some(own_certificate()), &text, after(30))).await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.body, again.body);
}

#[tokio::test]
async fn t60_a_client_that_replaces_its_registration_too_often_waits_for_the_next_hour() {
    let world = world();
    let (id, token) = registered(&world).await;
    let window = (ClientId::parse(&id).unwrap(), CountWindow::hour(now()));
    world.memory.replaced.lock().unwrap().insert(window, MOST_REPLACEMENTS - 1);
    let at = |second| Management { at: after(second), ..Management::of(&id, &token) };
    assert_eq!(at(0).put(&world, &body()).await.status, 200);
    let rows = world.memory.audit.lock().unwrap().len();
    let got = at(100).put(&world, &body()).await;
    assert_eq!((got.status, got.error()), (429, "temporarily_unavailable"), "{got:?}");
    assert_eq!(got.retry_after.as_deref(), Some("3500"));
    assert_eq!(world.memory.audit.lock().unwrap().len(), rows, "nothing is stored");
    assert_eq!(at(100).get(&world).await.status, 200);
    let fresh = body_of(&with(claims(), "iat", json!(after(3_600).seconds())));
    assert_eq!(at(3_600).put(&world, &fresh).await.status, 200);
}
