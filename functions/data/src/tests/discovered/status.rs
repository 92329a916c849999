//! The statuses of discovered products, and what is written with each change (C60).

use std::time::Duration;

use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_ports::audit::Actor;
use ponte_ports::outbox::NoticeKind;
use ponte_values::Permission;
use serde_json::{Value, json};

use super::super::RESOURCES;
use super::super::world::World;
use super::examples::{LOAN, listed, loan, of};

const LATER: Duration = Duration::from_hours(2);

async fn shown(world: &World) -> Vec<Value> {
    let reply = world.get(RESOURCES, "").await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let data = reply.body["data"].as_array().unwrap();
    data.iter().map(|product| product["status"].clone()).collect()
}

/// The status after each of these answers about one loan; `None` does not list it.
async fn after(answers: &[Option<Status>]) -> (Vec<Value>, World) {
    let world = of(&[Permission::LoansRead, Permission::ResourcesRead], &[]);
    let mut statuses = Vec::new();
    for answer in answers {
        let answer = *answer;
        world.lists(LOAN, move |now| {
            Ok(answer.map(|status| listed(1, status, now)).into_iter().chain([loan(2, now)]).collect())
        });
        statuses.push(shown(&world).await[0].clone());
        world.clock.wait(LATER);
    }
    (statuses, world)
}

#[tokio::test]
async fn c60_the_status_goes_the_ways_that_there_are_and_unavailable_is_final() {
    use Status::{Available, PendingAuthorisation, TemporarilyUnavailable, Unavailable};
    let (open, closed) = ("AVAILABLE", "UNAVAILABLE");
    let (blocked, pending) = ("TEMPORARILY_UNAVAILABLE", "PENDING_AUTHORISATION");
    let cases = [
        (vec![Some(Available), Some(TemporarilyUnavailable), Some(Available)], vec![open, blocked, open]),
        (vec![Some(Available), None, None, Some(Available)], vec![open, blocked, blocked, open]),
        (
            vec![Some(Available), Some(Unavailable), Some(Available), None, Some(TemporarilyUnavailable)],
            vec![open, closed, closed, closed, closed],
        ),
        (vec![Some(Available), Some(PendingAuthorisation), Some(Available)], vec![open, open, open]),
        (vec![Some(PendingAuthorisation), None, Some(Available)], vec![pending, pending, open]),
        (vec![Some(PendingAuthorisation), Some(Unavailable)], vec![pending, closed]),
        (vec![Some(TemporarilyUnavailable), Some(PendingAuthorisation)], vec![blocked, blocked]),
    ];
    for (answers, expected) in cases {
        let expected: Vec<Value> = expected.into_iter().map(Value::from).collect();
        assert_eq!(after(&answers).await.0, expected, "{answers:?}");
    }
}

#[tokio::test]
async fn c60_each_change_of_a_status_is_written_with_its_audit_row_and_notice() {
    let (_, world) = after(&[Some(Status::Available), Some(Status::Available), None, None]).await;
    let audit = world.store.audit.lock().unwrap().clone();
    let [row] = &audit[..] else { panic!("{audit:?}") };
    assert_eq!(
        (row.action, &row.actor, row.subject.as_str()),
        ("consent.resources_rediscovered", &Actor::Ponte, "urn:banco:1")
    );
    assert_eq!((row.before, row.after), (Some("AUTHORISED"), "AUTHORISED"));
    assert!(row.interaction.is_some());
    let notices = world.store.notices.lock().unwrap();
    let [notice] = &notices[..] else { panic!("{} notices", notices.len()) };
    assert_eq!(notice.kind, NoticeKind::Resources);
    let told: Value = serde_json::from_str(&notice.body).unwrap();
    assert_eq!((&told["consentId"], &told["status"]), (&json!("urn:banco:1"), &json!("AUTHORISED")));
    assert!(!notice.body.contains("public-"), "what changed is asked for, not told");
}

#[tokio::test]
async fn c62_a_product_that_comes_later_is_told_too() {
    let world = of(&[Permission::LoansRead, Permission::ResourcesRead], &[]);
    world.lists(LOAN, |_| Ok(Vec::new()));
    assert!(shown(&world).await.is_empty());
    world.lists(LOAN, |now| Ok(vec![loan(1, now)]));
    world.clock.wait(LATER);
    assert_eq!(shown(&world).await, ["AVAILABLE"]);
    assert_eq!(world.store.notices.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_product_that_is_listed_twice_is_one() {
    let world = of(&[Permission::LoansRead, Permission::ResourcesRead], &[]);
    world.lists(LOAN, |now| Ok(vec![loan(1, now), listed(1, Status::Unavailable, now)]));
    assert_eq!(shown(&world).await, ["AVAILABLE"]);
}
