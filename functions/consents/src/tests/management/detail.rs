//! The detail, its history and the renewals: all for the back office, the customer's own for the customer.

use std::time::Duration;

use ponte_data_consent::consent::Extension;
use ponte_ports::audit::{Actor, AuditEntry};
use ponte_values::Cpf;
use serde_json::json;

use super::super::keys::{APP, CORRELATION, OFFICE};
use super::super::world::{ANA, BAKERY, BRUNO, MANAGEMENT, World, asked};
use super::{CARLA, account, asked_by, of_ana, of_the_bakery_by_ana};

#[tokio::test]
async fn the_back_office_sees_all_of_a_consent() {
    let world = World::new();
    let accounts = vec![account(&world, 1, &[]), account(&world, 2, &[BRUNO])];
    let id = world.authorised(&asked_by(ANA, Some(BAKERY)), accounts).await;
    world.wait(Duration::from_hours(1));
    let body = json!({"data": {"authorised": true, "approver": {"cpf": BRUNO}}});
    let path = format!("/v1/consents/{id}/authorisation");
    assert_eq!(world.manage(OFFICE, ("POST", &path), json!({}), Some(body)).await.status, 204);
    let reply = world.look(&format!("/v1/consents/{id}")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let data = reply.data();
    assert_eq!(data["loggedUser"], json!({"document": {"identification": ANA, "rel": "CPF"}}));
    assert_eq!(data["businessEntity"], json!({"document": {"identification": BAKERY, "rel": "CNPJ"}}));
    assert_eq!((&data["id"], &data["status"]), (&json!(id), &json!("AUTHORISED")));
    assert_eq!((&data["authorisedOn"], &data["renewals"]), (&json!("2026-03-01T12:00:00Z"), &json!(0)));
    let legacy =
        |number: &str| json!([{"key": "account", "value": number}, {"key": "branch", "value": "0001"}]);
    let answer = json!({"approved": true, "answeredOn": "2026-03-01T13:00:00Z"});
    let approver = json!({"cpf": BRUNO, "name": "Pessoa Exemplo", "answer": answer});
    let approval = json!({"deadline": "2026-03-02T12:00:00Z", "approvers": [approver]});
    assert_eq!(
        data["resources"],
        json!([
            {"resourceId": "public-1", "type": "ACCOUNT", "status": "AVAILABLE", "resourceLegacyId": legacy("1")},
            {"resourceId": "public-2", "type": "ACCOUNT", "status": "AVAILABLE", "resourceLegacyId": legacy("2"),
             "approval": approval},
        ])
    );
    let [given, created] = &data["history"].as_array().unwrap()[..] else { panic!("{}", data["history"]) };
    assert_eq!(
        given,
        &json!({
            "at": "2026-03-01T13:00:00.000Z", "action": "consent.approval_given", "before": "AUTHORISED",
            "after": "AUTHORISED", "interaction": CORRELATION,
            "actor": {"kind": "MANAGER", "id": "gestao.banco.example/0000000000000003"},
        })
    );
    assert_eq!(
        (&created["action"], &created["actor"]),
        (&json!("consent.created"), &json!({"kind": "CLIENT", "id": "client-1"}))
    );
    let own = format!("{MANAGEMENT}/open-banking/oob-consents/v1/consents/{id}");
    assert_eq!(reply.body["links"], json!({"self": own}));
}

#[tokio::test]
async fn a_customer_s_app_sees_no_other_person_s_document() {
    let world = World::new();
    let accounts = vec![account(&world, 2, &[BRUNO, CARLA])];
    let id = world.authorised(&asked_by(ANA, Some(BAKERY)), accounts).await;
    let body = json!({"data": {"authorised": true, "approver": {"cpf": BRUNO}}});
    let path = format!("/v1/consents/{id}/authorisation");
    assert_eq!(world.manage(OFFICE, ("POST", &path), json!({}), Some(body)).await.status, 204);
    let path = format!("/v1/consents/{id}");
    let reply = world.manage(APP, ("GET", &path), of_the_bakery_by_ana(), None).await;
    assert_eq!(reply.status, 200);
    let text = reply.body.to_string();
    assert!(text.contains(ANA) && !text.contains(BRUNO) && !text.contains(CARLA), "{text}");
    let approvers = &reply.data()["resources"][0]["approval"]["approvers"];
    assert_eq!(approvers[1], json!({"name": "Pessoa Exemplo"}));
    assert_eq!(reply.data()["history"][0]["actor"], json!({"kind": "MANAGER"}));
}

#[tokio::test]
async fn the_interaction_of_a_decision_is_shown_to_nobody() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let login = AuditEntry {
        at: world.now(),
        actor: Actor::Channel("interaction-1".to_owned()),
        subject: id.clone(),
        action: "interaction.logged_in",
        before: Some("AWAITING_LOGIN"),
        after: "AWAITING_DECISION",
        reason: None,
        interaction: None,
        operator: None,
    };
    world.store.audit.lock().unwrap().push(login);
    let reply = world.look(&format!("/v1/consents/{id}")).await;
    assert_eq!(reply.data()["history"][0]["actor"], json!({"kind": "CHANNEL"}));
    assert!(!reply.body.to_string().contains("interaction-1"));
}

#[tokio::test]
async fn c06_an_ended_consent_shows_its_end_and_what_it_shared() {
    let world = World::new();
    let accounts = vec![account(&world, 1, &[]), account(&world, 2, &[BRUNO])];
    let id = world.authorised(&asked(), accounts).await;
    world.wait(Duration::from_hours(1));
    let reason = json!({"code": "INTERNAL_SECURITY_REASON", "additionalInformation": "Conta invadida"});
    let body = json!({"data": {"status": "REVOKED", "revocation": {"revokedBy": "ASPSP", "reason": reason}}});
    let path = format!("/consents/v1/consents/{id}");
    assert_eq!(world.manage(OFFICE, ("PATCH", &path), json!({}), Some(body)).await.status, 204);
    // Past the deadline of the approval, which did not come to an end of its own.
    world.wait(Duration::from_hours(48));
    let reply = world.look(&format!("/v1/consents/{id}")).await;
    let data = reply.data();
    assert_eq!(
        data["rejection"],
        json!({"rejectedBy": "ASPSP", "reason": reason, "rejectedOn": "2026-03-01T13:00:00Z"})
    );
    let statuses: Vec<_> = data["resources"].as_array().unwrap().iter().map(|r| &r["status"]).collect();
    assert_eq!(statuses, ["AVAILABLE", "PENDING_AUTHORISATION"], "as they were at the end");
    assert_eq!(data["history"][0]["reason"], "INTERNAL_SECURITY_REASON");
}

#[tokio::test]
async fn a_long_history_goes_on_behind_a_cursor() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let first = world.store.audit.lock().unwrap()[0].clone();
    for _ in 0..60 {
        world.store.audit.lock().unwrap().push(first.clone());
    }
    let reply = world.look(&format!("/v1/consents/{id}")).await;
    assert_eq!(reply.data()["history"].as_array().unwrap().len(), 50);
    let next = reply.body["links"]["next"].as_str().unwrap();
    let reply = world.look(next.split_once("oob-consents").unwrap().1).await;
    assert_eq!(reply.data()["history"].as_array().unwrap().len(), 11);
    assert_eq!(reply.body["links"].get("next"), None);
    let reply = world.look(&format!("/v1/consents/{id}?cursor=x")).await;
    assert_eq!((reply.status, reply.code()), (422, "PARAMETRO_INVALIDO"));
}

#[tokio::test]
async fn c34_renewals_are_paged_and_those_of_others_keep_their_privacy() {
    let world = World::new();
    let id = world.authorised(&asked_by(ANA, Some(BAKERY)), Vec::new()).await;
    for number in 0..30 {
        let renewal = Extension {
            requested_at: world.now().plus(Duration::from_mins(number)),
            logged_user: Cpf::parse(if number == 29 { BRUNO } else { ANA }).unwrap(),
            expires_at: None,
            previous_expires_at: Some(world.now()),
            ip_address: format!("203.0.113.{number}"),
            user_agent: "Mozilla/5.0".to_owned(),
        };
        world.store.extensions.lock().unwrap().push((id.clone(), renewal));
    }
    world.store.consents.lock().unwrap().get_mut(&id).unwrap().renewals = 30;
    let path = format!("/v1/consents/{id}/extends");
    let reply = world.look(&path).await;
    assert_eq!(
        reply.data()[0],
        json!({
            "requestedOn": "2026-03-01T12:29:00Z", "previousExpiresOn": "2026-03-01T12:00:00Z",
            "loggedUser": {"document": {"identification": BRUNO, "rel": "CPF"}},
            "customerIpAddress": "203.0.113.29", "customerUserAgent": "Mozilla/5.0",
        })
    );
    let meta = &reply.body["meta"];
    assert_eq!((&meta["totalRecords"], &meta["totalPages"]), (&json!(30), &json!(2)));
    let next = reply.body["links"]["next"].as_str().unwrap();
    assert!(next.ends_with("/extends?page=2&page-size=25"), "{next}");
    let reply = world.look(next.split_once("oob-consents").unwrap().1).await;
    assert_eq!(reply.data().as_array().unwrap().len(), 5);
    assert!(reply.body["links"]["prev"].as_str().unwrap().ends_with("?page=1&page-size=25"));
    let reply = world.look(&format!("{path}?page=3")).await;
    assert_eq!((reply.status, reply.code()), (422, "PAGE_NOT_FOUND"));
    let reply = world.manage(APP, ("GET", &path), of_the_bakery_by_ana(), None).await;
    let other = json!({"requestedOn": "2026-03-01T12:29:00Z", "previousExpiresOn": "2026-03-01T12:00:00Z"});
    assert_eq!(reply.data()[0], other);
    assert_eq!(reply.data()[1]["customerIpAddress"], "203.0.113.28");
    let reply = world.manage(APP, ("GET", &path), of_ana(), None).await;
    assert_eq!(reply.status, 404, "the bakery's, and the call does not say so");
}
