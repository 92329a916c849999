//! Products that others must agree to, as the channel's customer decides on them (C11, C60).

use std::time::Duration;

use ponte_authorization::approval::Approver;
use ponte_data_consent::consent::{EffectiveStatus, ResourceStatus};
use ponte_values::Cpf;
use serde_json::{Value, json};

use super::world::{ANA, BRUNO, World, asked, device, login};

fn person(cpf: &str) -> Approver {
    Approver::new(Cpf::parse(cpf).unwrap(), None)
}

fn yes(partial_approval: Option<bool>) -> Value {
    let mut body = json!({"device": device()});
    if let Some(partial_approval) = partial_approval {
        body["partialApproval"] = json!(partial_approval);
    }
    body
}

/// A customer who has logged in, with an account of her own and one these people must agree to.
async fn among(approvers: &[&str]) -> (World, String) {
    let world = World::new();
    *world.bank.approvers.lock().unwrap() = approvers.iter().map(|cpf| person(cpf)).collect();
    let id = world.begin(&asked()).await;
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    (world, id)
}

fn statuses(world: &World, id: &str) -> Vec<(String, ResourceStatus)> {
    let consent = world.stored(id);
    consent.resources().iter().map(|resource| (resource.id.clone(), resource.at(world.now()))).collect()
}

const OPEN: ResourceStatus = ResourceStatus::Available;
const PENDING: ResourceStatus = ResourceStatus::PendingAuthorisation;
const CLOSED: ResourceStatus = ResourceStatus::Unavailable;

fn both(second: ResourceStatus) -> [(String, ResourceStatus); 2] {
    [("public-1".to_owned(), OPEN), ("public-2".to_owned(), second)]
}

#[tokio::test]
async fn c60_what_others_must_agree_to_waits_with_partial_approval_and_without() {
    for partial_approval in [Some(true), None] {
        let (world, id) = among(&[BRUNO, ANA]).await;
        assert_eq!(world.show().await.data()["resources"][1]["status"], "PENDING_AUTHORISATION");
        let reply = world.channel("/consent", yes(partial_approval)).await;
        assert_eq!((reply.status, &reply.data()["status"]), (200, &json!("AUTHORISED")), "{}", reply.body);
        assert!(matches!(world.stored(&id).at(world.now()), EffectiveStatus::Authorised(_)));
        assert_eq!(statuses(&world, &id), both(PENDING), "{partial_approval:?}");
        let consent = world.stored(&id);
        assert!(consent.resources()[0].approvals().is_none());
        let approvals = consent.resources()[1].approvals().unwrap();
        assert_eq!(approvals.approvers(), [person(BRUNO)], "the customer has agreed already");
        assert_eq!(approvals.deadline(), world.now().plus(Duration::from_hours(5 * 24)));
        assert_eq!(consent.next_due(), Some(approvals.deadline()), "the sweep looks again then");
    }
}

#[tokio::test]
async fn c60_a_partial_approval_that_does_not_fit_what_is_chosen_is_refused_and_stores_nothing() {
    for (approvers, chosen, partial_approval) in [
        (&[BRUNO][..], json!(["public-1", "public-2"]), false),
        (&[BRUNO][..], json!(["public-2"]), false),
        (&[BRUNO][..], json!(["public-1"]), true),
        (&[BRUNO][..], json!([]), true),
        (&[ANA][..], json!(["public-1", "public-2"]), true),
    ] {
        let (world, id) = among(approvers).await;
        let (commits, reports) = (world.commits(), world.funnel().len());
        let mut body = yes(Some(partial_approval));
        body["resources"] = chosen;
        let reply = world.channel("/consent", body.clone()).await;
        assert_eq!((reply.status, reply.code()), (422, "PARAMETRO_INVALIDO"), "{body}: {}", reply.body);
        assert!(reply.body.to_string().contains("partialApproval"), "{}", reply.body);
        assert_eq!((world.commits(), world.funnel().len()), (commits, reports));
        body["partialApproval"] = json!(!partial_approval);
        assert_eq!(world.channel("/consent", body).await.status, 200, "another try may be right");
        assert!(matches!(world.stored(&id).at(world.now()), EffectiveStatus::Authorised(_)));
    }
}

#[tokio::test]
async fn c60_no_partial_approval_shares_early_or_for_longer_than_the_deadline() {
    let (world, id) = among(&[BRUNO]).await;
    assert_eq!(world.channel("/consent", yes(Some(true))).await.status, 200);
    world.wait(Duration::from_hours(5 * 24) - Duration::from_millis(1));
    assert_eq!(statuses(&world, &id), both(PENDING));
    world.wait(Duration::from_millis(1));
    assert_eq!(statuses(&world, &id), both(CLOSED));
}

#[tokio::test]
async fn c60_what_others_must_agree_to_may_be_left_out() {
    let (world, id) = among(&[BRUNO]).await;
    let mut body = yes(Some(false));
    body["resources"] = json!(["public-1"]);
    assert_eq!(world.channel("/consent", body).await.status, 200);
    assert_eq!(statuses(&world, &id), both(PENDING)[..1]);
    let (world, id) = among(&[BRUNO]).await;
    let mut body = yes(Some(true));
    body["resources"] = json!(["public-2"]);
    assert_eq!(world.channel("/consent", body).await.status, 200);
    assert_eq!(statuses(&world, &id), both(PENDING)[1..], "alone it waits all the same");
}

#[tokio::test]
async fn c11_a_single_partner_is_asked_for_no_further_approval() {
    for (approvers, partial_approval) in
        [(&[][..], None), (&[ANA][..], None), (&[ANA, ANA][..], Some(false)), (&[][..], Some(false))]
    {
        let (world, id) = among(approvers).await;
        assert_eq!(world.show().await.data()["resources"][1]["status"], "AVAILABLE");
        assert_eq!(world.channel("/consent", yes(partial_approval)).await.status, 200);
        assert_eq!(statuses(&world, &id), both(OPEN));
        assert!(world.stored(&id).resources()[1].approvals().is_none());
    }
}
