//! The end of a consent by the institution's callers (C04, C06, C10).

use std::time::Duration;

use ponte_data_consent::consent::RejectedBy;
use ponte_ports::audit::Actor;
use serde_json::{Value, json};

use super::super::keys::{APP, CALLER, CORRELATION, OFFICE};
use ponte_kit::gateway::Reply;

use super::super::world::{World, asked};
use super::{account, of_ana};

fn revocation(by: &str, reason: Value) -> Value {
    let mut revocation = json!({"revokedBy": by});
    if !reason.is_null() {
        revocation["reason"] = reason;
    }
    json!({"data": {"status": "REVOKED", "revocation": revocation}, "applicationName": "Gestão"})
}

async fn revoke(world: &World, id: &str, body: Value) -> Reply {
    world.manage(OFFICE, ("PATCH", &format!("/consents/v1/consents/{id}")), json!({}), Some(body)).await
}

#[tokio::test]
async fn c04_c06_an_end_says_who_wanted_it_and_why() {
    for (decided, by, sent, action, stored) in [
        (true, "USER", json!(null), "consent.revoked", "CUSTOMER_MANUALLY_REVOKED"),
        (false, "USER", json!({}), "consent.revoked", "CUSTOMER_MANUALLY_REJECTED"),
        (
            true,
            "USER",
            json!({"code": "CUSTOMER_MANUALLY_REVOKED"}),
            "consent.revoked",
            "CUSTOMER_MANUALLY_REVOKED",
        ),
        (
            true,
            "ASPSP",
            json!({"code": "INTERNAL_SECURITY_REASON"}),
            "consent.withdrawn",
            "INTERNAL_SECURITY_REASON",
        ),
        (
            false,
            "ASPSP",
            json!({"code": "CONSENT_TECHNICAL_ISSUE"}),
            "consent.withdrawn",
            "CONSENT_TECHNICAL_ISSUE",
        ),
    ] {
        let world = World::new();
        let id = if decided {
            world.authorised(&asked(), vec![account(&world, 1, &[])]).await
        } else {
            world.consent(&asked()).await
        };
        let commits = world.commits();
        let reply = revoke(&world, &id, revocation(by, sent)).await;
        assert_eq!((reply.status, &reply.body), (204, &Value::Null));
        assert_eq!(world.commits(), commits + 1, "one commit has it all");
        let row = world.store.audit.lock().unwrap().last().unwrap().clone();
        assert_eq!((row.action, row.reason.as_deref(), row.after), (action, Some(stored), "REJECTED"));
        assert!(matches!(&row.actor, Actor::Manager(who) if *who == format!("{CALLER}/0000000000000003")));
        assert_eq!(row.interaction.as_deref(), Some(CORRELATION));
        let told: Vec<String> =
            world.store.notices.lock().unwrap().iter().map(|notice| notice.body.clone()).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].contains(&format!(r#""rejectedBy":"{by}","reason":"{stored}""#)));
        // The client sees the same (C06).
        let seen = world.client("client-1", "GET", &format!("/consents/{id}"), None).await;
        assert_eq!(seen.data()["rejection"], json!({"rejectedBy": by, "reason": {"code": stored}}));
    }
}

#[tokio::test]
async fn c06_a_note_of_140_characters_goes_with_an_end() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let reason = |note: &str| json!({"additionalInformation": note});
    let reply = revoke(&world, &id, revocation("USER", reason(&"x".repeat(141)))).await;
    assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"));
    assert_eq!(revoke(&world, &id, revocation("USER", reason("A pedido"))).await.status, 204);
    assert_eq!(world.stored(&id).note().unwrap().as_str(), "A pedido");
}

#[tokio::test]
async fn c10_an_end_happens_once() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    assert_eq!(revoke(&world, &id, revocation("USER", json!(null))).await.status, 204);
    let commits = world.commits();
    for body in
        [revocation("USER", json!(null)), revocation("ASPSP", json!({"code": "INTERNAL_SECURITY_REASON"}))]
    {
        let reply = revoke(&world, &id, body).await;
        assert_eq!((reply.status, reply.code()), (422, "CONSENTIMENTO_EM_STATUS_REJEITADO"));
    }
    // What time ended is over as well, written down or not.
    let waiting = world.consent(&asked()).await;
    world.wait(Duration::from_hours(1));
    let reply = revoke(&world, &waiting, revocation("USER", json!(null))).await;
    assert_eq!((reply.status, reply.code()), (422, "CONSENTIMENTO_EM_STATUS_REJEITADO"));
    assert_eq!(world.commits(), commits + 1, "the new consent alone");
}

#[tokio::test]
async fn c04_a_change_in_between_is_decided_on_again() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let yes = ponte_data_consent::consent::Authorisation {
        at: world.now(),
        subject: "subject-0".to_owned(),
        resources: Vec::new().into(),
    };
    let authorised = world.stored(&id).authorise(yes, Actor::Ponte).unwrap().consent;
    world.store.faster.lock().unwrap().push(authorised);
    assert_eq!(revoke(&world, &id, revocation("USER", json!(null))).await.status, 204);
    let reason = world.store.audit.lock().unwrap().last().unwrap().reason.clone();
    assert_eq!(reason.as_deref(), Some("CUSTOMER_MANUALLY_REVOKED"), "it was authorised meanwhile");
    // Somebody who is faster every time: the caller may try again.
    let id = world.authorised(&asked(), Vec::new()).await;
    let mut versions = Vec::new();
    for _ in 0..6 {
        let mut other = versions.last().cloned().unwrap_or_else(|| world.stored(&id));
        other.version += 1;
        versions.push(other);
    }
    versions.reverse();
    *world.store.faster.lock().unwrap() = versions;
    let reply = revoke(&world, &id, revocation("USER", json!(null))).await;
    assert_eq!((reply.status, reply.code()), (409, "CONFLITO"));
}

#[tokio::test]
async fn what_cannot_be_an_end_changes_nothing() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let commits = world.commits();
    let code = |code: &str| json!({"code": code});
    for (body, status) in [
        (revocation("USER", code("CUSTOMER_MANUALLY_REJECTED")), 422),
        (revocation("USER", code("INTERNAL_SECURITY_REASON")), 422),
        (revocation("ASPSP", json!(null)), 422),
        (revocation("ASPSP", code("CUSTOMER_MANUALLY_REVOKED")), 422),
        (revocation("ASPSP", code("CONSENT_EXPIRED")), 422),
        (revocation("TPP", json!(null)), 400),
        (revocation("USER", code("NO_REASON")), 400),
        (json!({"data": {"status": "AUTHORISED", "revocation": {"revokedBy": "USER"}}}), 400),
        (json!({"data": {"status": "REVOKED"}}), 400),
        (json!({"data": {"status": "REVOKED", "revocation": {"revokedBy": "USER", "at": "now"}}}), 400),
        (json!([]), 400),
    ] {
        let reply = revoke(&world, &id, body.clone()).await;
        assert_eq!((reply.status, reply.code()), (status, "PARAMETRO_INVALIDO"), "{body}");
    }
    let reply = revoke(&world, "urn:banco:none", revocation("USER", json!(null))).await;
    assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"));
    assert_eq!(world.commits(), commits);
}

#[tokio::test]
async fn a_customer_s_app_ends_consents_at_the_customer_s_wish_alone() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let path = format!("/consents/v1/consents/{id}");
    let withdraw = revocation("ASPSP", json!({"code": "INTERNAL_SECURITY_REASON"}));
    let reply = world.manage(APP, ("PATCH", &path), of_ana(), Some(withdraw)).await;
    assert_eq!((reply.status, reply.code()), (403, "ACESSO_NEGADO"));
    let reply = world.manage(APP, ("PATCH", &path), of_ana(), Some(revocation("USER", json!(null)))).await;
    assert_eq!(reply.status, 204);
    let end = world.store.audit.lock().unwrap().last().unwrap().clone();
    assert_eq!((end.action, end.reason.as_deref()), ("consent.revoked", Some("CUSTOMER_MANUALLY_REVOKED")));
    let ponte_data_consent::consent::EffectiveStatus::Rejected(end) = world.stored(&id).at(world.now())
    else {
        panic!("not ended")
    };
    assert_eq!(end.by, RejectedBy::User);
}
