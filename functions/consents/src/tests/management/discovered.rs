//! What the institution tells of products that no customer chooses, under every consent that has them discovered (C60, C62).

use std::sync::atomic::Ordering;
use std::time::Duration;

use ponte_data_consent::consent::{Resource, ResourceStatus};
use ponte_data_consent::discovery::{
    AFTER_THE_END, DiscoveryState, KEPT, KindAnswer, StoredResources, steps,
};
use ponte_data_consent::ports::{DiscoveredResources as _, DiscoveryCommit};
use ponte_kit::gateway::Reply;
use ponte_ports::LegacyId;
use ponte_ports::Trail;
use ponte_values::{ConsentId, ResourceKind};
use serde_json::{Value, json};

use super::super::keys::{CORRELATION, OFFICE};
use super::super::world::{ANA, BAKERY, World, asked};
use super::asked_by;

const LOAN: ResourceKind = ResourceKind::Loan;
const OPEN: &str = "AVAILABLE";
const BLOCKED: &str = "TEMPORARILY_UNAVAILABLE";
const CLOSED: &str = "UNAVAILABLE";
const PENDING: &str = "PENDING_AUTHORISATION";

async fn tell(world: &World, data: Value) -> Reply {
    let call = ("POST", "/v1/resources-notification");
    world.manage(OFFICE, call, json!({}), Some(json!({"data": data}))).await
}

fn loan_is(number: u32, status: &str) -> Value {
    json!({"key": {"cpf": ANA}, "type": "LOAN", "resourceLegacyId": key(number), "status": status})
}

fn again() -> Value {
    json!({"key": {"cpf": ANA}, "type": "LOAN"})
}

fn key(number: u32) -> Value {
    json!([{"key": "account", "value": number.to_string()}])
}

fn tally(changed: u32, unchanged: u32, refused: u32) -> Value {
    json!({"changed": changed, "unchanged": unchanged, "pending": 0, "refused": refused, "failed": 0})
}

fn for_loans(mut body: Value) -> Value {
    let mut permissions = vec!["RESOURCES_READ".to_owned()];
    for product in ["LOANS", "FINANCINGS", "UNARRANGED_ACCOUNTS_OVERDRAFT", "INVOICE_FINANCINGS"] {
        permissions.push(format!("{product}_READ"));
        let parts = ["WARRANTIES", "SCHEDULED_INSTALMENTS", "PAYMENTS"];
        permissions.extend(parts.map(|part| format!("{product}_{part}_READ")));
    }
    body["data"]["permissions"] = json!(permissions);
    body
}

/// A consent for loans under which these were discovered, `public-1` and on.
async fn discovered(world: &World, body: &Value, statuses: &[ResourceStatus]) -> String {
    let id = world.authorised(body, Vec::new()).await;
    let consent = world.stored(&id);
    let product = |(status, number): (&ResourceStatus, u32)| {
        let legacy_id: LegacyId = serde_json::from_value(key(number)).unwrap();
        Resource::new(format!("public-{number}"), LOAN, *status, legacy_id)
    };
    let listed = statuses.iter().zip(1..).map(product).collect();
    let valid_until = world.now().plus(Duration::from_hours(1));
    let answer = KindAnswer { kind: LOAN, round: 0, listed, valid_until };
    let (state, stored) = (DiscoveryState::default(), StoredResources::default());
    let made = steps(&consent, state, &stored, &[answer], world.now());
    let commit = DiscoveryCommit {
        consent: consent.id,
        state: made[0].state.clone(),
        kept_until: world.now().plus(KEPT),
        resources: made[0].resources.clone(),
        trail: Trail::new(format!("discovery of {id}")),
    };
    world.store.commit_discovery(commit).unwrap();
    id
}

async fn state(world: &World, id: &str) -> DiscoveryState {
    world.store.state(&ConsentId::parse(id).unwrap()).await.unwrap().unwrap()
}

async fn status(world: &World, id: &str, number: u32) -> &'static str {
    let consent = ConsentId::parse(id).unwrap();
    let found = world.store.find(&consent, LOAN, &format!("public-{number}")).await.unwrap().unwrap();
    found.resource.at(world.now()).as_str()
}

#[tokio::test]
async fn c60_a_discovered_product_changes_under_every_consent_that_has_it() {
    use ResourceStatus::Available;
    let world = World::new();
    let both = discovered(&world, &for_loans(asked()), &[Available, Available]).await;
    let one = discovered(&world, &for_loans(asked()), &[Available]).await;
    let bakery = discovered(&world, &for_loans(asked_by(ANA, Some(BAKERY))), &[Available, Available]).await;
    let never = world.authorised(&for_loans(asked()), Vec::new()).await;
    world.authorised(&asked(), Vec::new()).await;
    let (audit, notices) =
        (world.store.audit.lock().unwrap().len(), world.store.notices.lock().unwrap().len());
    let reply = tell(&world, loan_is(2, BLOCKED)).await;
    assert_eq!((reply.status, reply.data()), (200, &tally(1, 2, 0)), "{}", reply.body);
    assert_eq!((status(&world, &both, 1).await, status(&world, &both, 2).await), (OPEN, BLOCKED));
    assert_eq!((status(&world, &one, 1).await, status(&world, &bakery, 2).await), (OPEN, OPEN));
    // Where it is not known, an answer that shows it may be on its way: it counts no more.
    for id in [&one, &never] {
        let state = state(&world, id).await;
        assert!(state.is_due(LOAN, world.now()) && state.round(LOAN) > 0);
    }
    assert!(!state(&world, &both).await.is_due(LOAN, world.now()));
    // Its audit row and notice were written with it, once.
    assert_eq!(world.store.audit.lock().unwrap().len(), audit + 1);
    assert_eq!(world.store.notices.lock().unwrap().len(), notices + 1);
    let row = world.store.audit.lock().unwrap().last().unwrap().clone();
    let told = (row.action, row.subject.as_str(), row.interaction.as_deref());
    assert_eq!(told, ("consent.resource_changed", both.as_str(), Some(CORRELATION)));
    let round = state(&world, &both).await.round(LOAN);
    assert_eq!(tell(&world, loan_is(2, BLOCKED)).await.data(), &tally(0, 3, 0));
    assert!(state(&world, &both).await.round(LOAN) > round, "nor does one from before the repetition");
    assert_eq!(world.store.audit.lock().unwrap().len(), audit + 1, "a repetition changes nothing more");
    assert_eq!(tell(&world, loan_is(2, OPEN)).await.data(), &tally(1, 2, 0));
    let company =
        json!({"key": {"cnpj": BAKERY}, "type": "LOAN", "resourceLegacyId": key(2), "status": CLOSED});
    assert_eq!(tell(&world, company).await.data(), &tally(1, 0, 0));
    assert_eq!((status(&world, &bakery, 2).await, status(&world, &both, 2).await), (CLOSED, OPEN));
    assert_eq!(world.bank.discoveries.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn the_back_office_sees_what_was_discovered() {
    let world = World::new();
    let id = discovered(&world, &for_loans(asked()), &[ResourceStatus::TemporarilyUnavailable]).await;
    let reply = world.look(&format!("/v1/consents/{id}")).await;
    let shown = json!([{
        "resourceId": "public-1", "type": "LOAN", "status": BLOCKED, "resourceLegacyId": key(1),
    }]);
    assert_eq!((reply.status, &reply.data()["resources"]), (200, &shown), "{}", reply.body);
    // A consent that shares none is not looked for.
    let accounts = world.authorised(&asked(), Vec::new()).await;
    let before = world.store.discovered_reads.load(Ordering::Relaxed);
    assert_eq!(world.look(&format!("/v1/consents/{accounts}")).await.data()["resources"], json!([]));
    assert_eq!(world.store.discovered_reads.load(Ordering::Relaxed), before);
}

#[tokio::test]
async fn c60_closed_is_closed_and_what_waits_the_institution_itself_decides() {
    let world = World::new();
    let statuses = [ResourceStatus::PendingAuthorisation, ResourceStatus::Unavailable];
    let id = discovered(&world, &for_loans(asked()), &statuses).await;
    for next in [OPEN, BLOCKED] {
        assert_eq!(tell(&world, loan_is(2, next)).await.data(), &tally(0, 0, 1), "{next}");
    }
    assert_eq!(status(&world, &id, 2).await, CLOSED);
    let reply = tell(&world, loan_is(1, PENDING)).await;
    assert_eq!((reply.status, reply.code()), (422, "TRANSICAO_INVALIDA"));
    assert_eq!(tell(&world, loan_is(1, OPEN)).await.data(), &tally(1, 0, 0));
    assert_eq!(status(&world, &id, 1).await, OPEN);
}

#[tokio::test]
async fn c62_an_announcement_has_the_kind_discovered_again_and_keeps_what_is_known() {
    let world = World::new();
    let id = discovered(&world, &for_loans(asked()), &[ResourceStatus::Available]).await;
    let never = world.authorised(&for_loans(asked()), Vec::new()).await;
    let before = state(&world, &id).await;
    assert!(!before.is_due(LOAN, world.now()));
    assert_eq!(tell(&world, again()).await.data(), &tally(1, 1, 0));
    for id in [&id, &never] {
        let after = state(&world, id).await;
        assert!(after.is_due(LOAN, world.now()) && after.round(LOAN) > 0, "an earlier answer counts no more");
    }
    assert_eq!(status(&world, &id, 1).await, OPEN);
    assert_eq!(world.bank.discoveries.load(Ordering::Relaxed), 0, "when a client asks");
    assert_eq!(tell(&world, again()).await.data(), &tally(0, 2, 0));
}

#[tokio::test]
async fn c60_a_change_meets_another_one_and_both_are_written() {
    let world = World::new();
    let id = discovered(&world, &for_loans(asked()), &[ResourceStatus::Available; 2]).await;
    let consent = ConsentId::parse(&id).unwrap();
    let other = world.store.find(&consent, LOAN, "public-2").await.unwrap().unwrap();
    let other = DiscoveryCommit {
        state: state(&world, &id).await.notified(LOAN),
        consent,
        kept_until: world.now(),
        resources: vec![other.to(ResourceStatus::Unavailable, world.now()).unwrap()],
        trail: Trail::new("another".to_owned()),
    };
    world.store.faster_discoveries.lock().unwrap().push(other);
    assert_eq!(tell(&world, loan_is(1, CLOSED)).await.data(), &tally(1, 0, 0));
    assert_eq!((status(&world, &id, 1).await, status(&world, &id, 2).await), (CLOSED, CLOSED));
}

#[tokio::test]
async fn keys_of_products_are_kept_for_a_while_only_after_their_consent_was_revoked() {
    let end = |world: &World| world.now().plus(AFTER_THE_END);
    for by_office in [false, true] {
        let world = World::new();
        let id = discovered(&world, &for_loans(asked()), &[ResourceStatus::Available; 3]).await;
        let consent = ConsentId::parse(&id).unwrap();
        let round = state(&world, &id).await.round(LOAN);
        let before = world.store.list(&consent, None, 10).await.unwrap().known;
        assert!(before.len() == 3 && before.iter().all(|product| product.kept_until > end(&world)));
        let status = if by_office {
            let path = format!("/consents/v1/consents/{id}");
            let body = json!({"data": {"status": "REVOKED", "revocation": {"revokedBy": "USER"}}, "applicationName": "Gestão"});
            world.manage(OFFICE, ("PATCH", &path), json!({}), Some(body)).await.status
        } else {
            world.client("client-1", "DELETE", &format!("/consents/{id}"), None).await.status
        };
        assert_eq!(status, 204, "by the office: {by_office}");
        let after = world.store.list(&consent, None, 10).await.unwrap().known;
        assert!(after.len() == 3 && after.iter().all(|product| product.kept_until == end(&world)));
        assert!(state(&world, &id).await.round(LOAN) > round, "an answer on its way does not count");
    }
}
