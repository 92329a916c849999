//! What the channel shows, and who gets in (S20, C05, M40).

use std::time::Duration;

use ponte_authorization::interaction::Assurance;
use ponte_data_consent::consent::{EffectiveStatus, RejectionReason};
use ponte_values::TargetKind;
use serde_json::{Value, json};

use super::world::{ANA, BAKERY, BRUNO, INTERACTION, STORED, World, asked, login, secret_in, without_secret};

#[tokio::test]
async fn what_to_show_before_the_login_has_no_products() {
    let world = World::new();
    world.begin(&asked()).await;
    let reply = world.show().await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.data(),
        &json!({
            "interactionId": INTERACTION,
            "status": "AWAITING_AUTHORISATION",
            "stage": "AWAITING_LOGIN",
            "clientName": "Receptora Exemplo",
            "acr": "urn:brasil:openbanking:loa2",
            "permissions": [
                "Quais contas você tem: tipo, agência e número",
                "Os saldos das suas contas, inclusive valores reservados",
                "A lista do que é compartilhado e sua situação",
            ],
            "permissionCodes": ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"],
            "expirationDateTime": "2026-09-01T12:00:00Z",
            "sessionExpirationDateTime": "2026-03-01T12:10:00Z",
        })
    );
    assert_eq!(reply.body["meta"], json!({"requestDateTime": "2026-03-01T12:00:00Z"}));
    assert!(!reply.body.to_string().contains(ANA));
}

#[tokio::test]
async fn an_interaction_that_does_not_exist_is_not_found() {
    let world = World::new();
    world.begin(&asked()).await;
    let paths = [
        (format!("/api/another/consents/v1/interactions/{INTERACTION}"), "NAO_ENCONTRADO"),
        ("/api/banco-app/consents/v1/interactions/unknown".to_owned(), "INVALID_SESSION"),
    ];
    for (path, code) in paths {
        let reply = world.send("GET", &path, json!({}), None).await;
        assert_eq!((reply.status, reply.code()), (404, code));
    }
    world.wait(Duration::from_mins(10));
    for reply in [world.show().await, world.channel("/login", login("ana")).await] {
        assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"));
    }
}

#[tokio::test]
async fn s51_linked_consents_and_targets_of_other_kinds_are_not_decided_here() {
    for kind in [TargetKind::Consent, TargetKind::RecurringConsent] {
        let world = World::new();
        world.begin(&asked()).await;
        {
            let mut interactions = world.store.interactions.lock().unwrap();
            let interaction = interactions.get_mut(STORED).unwrap();
            interaction.linked = (kind == TargetKind::Consent).then(|| interaction.target.clone());
            interaction.target.kind = kind;
        }
        for reply in [world.show().await, world.channel("/login", login("ana")).await] {
            assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"), "{kind:?}");
        }
        assert_eq!(world.commits(), 1, "the consent alone");
    }
}

#[tokio::test]
async fn m40_a_login_is_committed_with_both_funnel_steps() {
    let world = World::new();
    let id = world.begin(&asked()).await;
    world.wait(Duration::from_secs(30));
    let reply = world.channel("/login", login("ana")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.data()["stage"], "AWAITING_DECISION");
    let offered = json!([
        {"id": "public-1", "type": "ACCOUNT", "name": [{"key": "type", "value": "Conta corrente"}], "status": "AVAILABLE"},
        {"id": "public-2", "type": "ACCOUNT", "name": [{"key": "type", "value": "Poupança"}], "status": "AVAILABLE"},
    ]);
    assert_eq!(reply.data()["resources"], offered);
    assert!(reply.data().get("redirectUri").is_none());
    assert_eq!(world.commits(), 2);
    let arrived = json!({
        "consentId": id, "os": "ANDROID", "osVersion": "16", "timestamp": "2026-03-01T12:00:00.000Z",
        "serverOrgId": "", "type": "AWAITING_USER_AUTH",
    });
    let authenticated = json!({
        "consentId": id, "platform": "APP", "os": "ANDROID", "osVersion": "16",
        "timestamp": "2026-03-01T12:00:30.000Z", "serverOrgId": "",
    });
    let steps = [("redirect-target".to_owned(), arrived), ("authenticated".to_owned(), authenticated)];
    assert_eq!(world.funnel(), steps);
    let audit = world.store.audit.lock().unwrap();
    assert_eq!((audit[1].action, &audit[1].subject), ("interaction.logged_in", &id));
}

#[tokio::test]
async fn a_login_shows_balances_and_what_is_proposed() {
    let world = World::new();
    let balance =
        ponte_data_consent::ports::Balance { currency: "BRL".to_owned(), amount: "-0.10".to_owned() };
    *world.bank.balance.lock().unwrap() = Some(balance);
    world.begin(&asked()).await;
    let reply = world.channel("/login", login("ana")).await;
    let shown = json!({
        "id": "public-1", "type": "ACCOUNT", "name": [{"key": "type", "value": "Conta corrente"}],
        "status": "AVAILABLE", "balanceCurrency": "BRL", "balanceAmount": "-0.10", "defaultSelected": true,
    });
    assert_eq!(reply.data()["resources"][0], shown);
    assert!(reply.data()["resources"][1].get("balanceCurrency").is_none());
}

#[tokio::test]
async fn m40_an_arrival_that_was_reported_is_not_reported_again_with_the_login() {
    let world = World::new();
    world.begin(&asked()).await;
    world.arrival_was_reported();
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    let names: Vec<String> = world.funnel().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["authenticated"]);
}

/// An institution that reports the way of its customers itself says nothing of their devices, and is not counted twice.
#[tokio::test]
async fn m40_without_a_device_every_step_goes_on_and_none_is_reported() {
    for last in ["/consent", "/cancel"] {
        let world = World::new();
        let id = world.begin(&asked()).await;
        let mut body = login("ana");
        body.as_object_mut().unwrap().remove("device");
        assert_eq!(world.channel("/login", body).await.status, 200);
        let reply = world.channel(last, json!({})).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert!(world.funnel().is_empty(), "{last}");
        assert_ne!(world.stored(&id).version, 1, "{last} was taken");
    }
}

/// The answer to a login may be lost: the same person logs in again, gets another secret, and the first opens nothing.
#[tokio::test]
async fn t59_c05_a_login_before_the_decision_may_be_repeated_and_voids_the_one_before() {
    let world = World::new();
    world.begin(&asked()).await;
    let first = world.channel("/login", login("ana")).await;
    let again = world.channel("/login", login("ana")).await;
    assert_eq!((again.status, without_secret(&again.body)), (200, without_secret(&first.body)));
    assert_eq!((world.commits(), world.funnel().len()), (3, 2), "reported once");
    assert_eq!(world.show().await.body, without_secret(&again.body));
    let (first, again) = (secret_in(&first).unwrap(), secret_in(&again).unwrap());
    assert_ne!(first, again);
    let stored = format!("{:?}", world.interaction());
    assert!(!stored.contains(&first) && !stored.contains(&again), "hashes alone");
    *world.session.lock().unwrap() = Some(first);
    let yes = json!({"device": super::world::device()});
    for reply in [world.show().await, world.channel("/consent", yes).await] {
        assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"));
    }
    *world.session.lock().unwrap() = Some(again);
    assert_eq!(world.show().await.status, 200);
}

/// A customer who comes again after the session is another session, and no other arrival.
#[tokio::test]
async fn t62_the_arrival_is_reported_once_for_a_pushed_request() {
    let world = World::new();
    world.begin(&asked()).await;
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    world.wait(Duration::from_mins(10));
    let again = world.interaction().begin_again("another key", world.now()).unwrap();
    world.store.interactions.lock().unwrap().insert(STORED.to_owned(), again);
    assert_eq!(world.show().await.data()["stage"], "AWAITING_LOGIN");
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    let names: Vec<String> = world.funnel().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["redirect-target", "authenticated", "authenticated"]);
}

#[tokio::test]
async fn s20_another_person_or_company_ends_the_consent() {
    let mut for_company = asked();
    for_company["data"]["businessEntity"] = json!({"document": {"identification": BAKERY, "rel": "CNPJ"}});
    for (body, token) in [(asked(), "bruno"), (asked(), "ana at the bakery"), (for_company, "ana")] {
        let world = World::new();
        let id = world.begin(&body).await;
        let reply = world.channel("/login", login(token)).await;
        assert_eq!((reply.status, reply.code()), (403, "CPF_MISMATCH"), "{token}");
        assert_eq!(
            (&reply.data()["interactionId"], &reply.data()["status"]),
            (&json!(INTERACTION), &json!("REJECTED"))
        );
        let redirect = reply.data()["redirectUri"].as_str().unwrap();
        assert!(redirect.starts_with("https://banco.example/auth/resume?ticket=AvoOgpBuPOXCCcYyXRCt."));
        assert_eq!(reply.body["meta"]["requestDateTime"], "2026-03-01T12:00:00Z");
        let consent = world.stored(&id);
        let EffectiveStatus::Rejected(rejection) = consent.at(world.now()) else { panic!("still open") };
        assert_eq!(rejection.reason, RejectionReason::InternalSecurityReason);
        let steps: Vec<(String, Value)> = world.funnel();
        assert_eq!((steps.len(), steps[0].0.as_str()), (2, "redirect-target"));
        assert_eq!((steps[1].0.as_str(), &steps[1].1["type"]), ("redirect-to-client", &json!("REJECTED")));
        let late = if token == "ana" { "ana at the bakery" } else { "ana" };
        assert_eq!(world.channel("/login", login(late)).await.code(), "INVALID_STATUS_CONFIRMATION");
        let told = format!("{:?}{:?}{}", world.store.audit.lock().unwrap(), world.funnel(), reply.body);
        assert!(![ANA, BRUNO, BAKERY].iter().any(|document| told.contains(document)));
    }
}

/// The breaker counts by organisation, for logins as for all else.
#[tokio::test]
async fn t63_a_login_is_asked_for_the_organisation_of_the_client() {
    let world = World::new();
    let consent = world.begin(&asked()).await;
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    assert_eq!(*world.bank.asker.lock().unwrap(), Some(world.stored(&consent).organisation));
}

#[tokio::test]
async fn s20_a_company_is_let_in_for_its_own_consent() {
    let mut body = asked();
    body["data"]["businessEntity"] = json!({"document": {"identification": BAKERY, "rel": "CNPJ"}});
    let world = World::new();
    world.begin(&body).await;
    assert_eq!(world.channel("/login", login("ana at the bakery")).await.status, 200);
}

#[tokio::test]
async fn s20_another_login_after_the_right_one_ends_the_consent_too() {
    let world = World::new();
    world.begin(&asked()).await;
    world.channel("/login", login("ana")).await;
    assert_eq!(world.channel("/login", login("bruno")).await.status, 403);
    let names: Vec<String> = world.funnel().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["redirect-target", "authenticated", "redirect-to-client"]);
}

#[tokio::test]
async fn c05_a_login_that_fails_changes_nothing() {
    let world = World::new();
    world.begin(&asked()).await;
    let television =
        json!({"accessToken": "ana", "device": {"platform": "TV", "os": "LINUX", "osVersion": "1"}});
    let cases = [
        (login("nobody"), 401, "NAO_AUTORIZADO"),
        (login("broken"), 500, "ERRO_INTERNO"),
        (television, 400, "PARAMETRO_INVALIDO"),
        (json!({"device": super::world::device()}), 400, "PARAMETRO_INVALIDO"),
    ];
    for (body, status, code) in cases {
        let reply = world.channel("/login", body).await;
        assert_eq!((reply.status, reply.code()), (status, code));
    }
    assert_eq!((world.commits(), world.funnel().len()), (1, 0));
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
}

#[tokio::test]
async fn c05_a_discovery_that_hangs_leaves_the_login_and_the_consent_as_they_are() {
    let world = World::new();
    world.begin(&asked()).await;
    *world.bank.hangs.lock().unwrap() = true;
    let reply = world.channel("/login", login("ana")).await;
    assert_eq!((reply.status, reply.code()), (504, "TEMPO_ESGOTADO"));
    *world.bank.hangs.lock().unwrap() = false;
    let reply = world.channel("/login", login("ana")).await;
    assert_eq!((reply.status, &reply.data()["stage"]), (200, &json!("AWAITING_DECISION")));
}

#[tokio::test]
async fn c03_a_consent_that_ended_meanwhile_is_told() {
    let world = World::new();
    let id = world.begin(&asked()).await;
    world.revoked_by_client(&id).await;
    let reply = world.channel("/login", login("ana")).await;
    assert_eq!((reply.status, reply.code()), (422, "ESTADO_CONSENTIMENTO_INVALIDO"));
    assert_eq!(world.show().await.data()["status"], "REJECTED");
}

#[tokio::test]
async fn s15_a_weak_login_is_repeated_with_a_second_factor() {
    let world = World::new();
    world.begin_with(&asked(), Assurance::Loa3).await;
    let shown = world.show().await;
    assert_eq!(shown.data()["acr"], "urn:brasil:openbanking:loa3");
    let weak = world.channel("/login", login("ana")).await;
    assert_eq!((weak.status, weak.code()), (422, "NIVEL_AUTENTICACAO_INSUFICIENTE"));
    assert!(world.funnel().is_empty(), "nothing happened yet");
    assert_eq!(world.channel("/login", login("ana-loa3")).await.status, 200);
}
