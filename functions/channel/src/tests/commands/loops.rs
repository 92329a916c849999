//! The loop from its first command to its last.

use std::time::Duration;

use ponte_authorization::approval::Approver;
use ponte_authorization::interaction::Assurance;
use ponte_data_consent::consent::{RejectionReason, ResourceStatus};
use ponte_data_consent::ports::Balance;
use ponte_values::Cpf;
use serde_json::{Value, json};

use super::super::world::{
    ANA, BAKERY, BRUNO, COOKIE, INTERACTION, ORIGIN, PAGE_ID, World, asked, device, login, without_secret,
};
use super::bank_key::{JWKS_URI, claims, published, signed};
use super::{jti, logged_in, named, way_back, world};
use crate::ChannelKeys;

fn choice(ids: &Value) -> Value {
    json!({"selectedResources": ids, "device": device()})
}

#[tokio::test]
async fn the_customer_who_chooses_sees_balances_and_what_is_proposed() {
    let world = world();
    *world.bank.balance.lock().unwrap() =
        Some(Balance { currency: "BRL".to_owned(), amount: "1520.75".to_owned() });
    world.begin(&asked()).await;
    let reply = world.authenticated(ANA, None).await;
    let resources = &reply.body["consentCommand"]["consent"]["resources"];
    let shown = json!({
        "id": "public-1", "type": "ACCOUNT", "name": [{"key": "type", "value": "Conta corrente"}],
        "balanceCurrency": "BRL", "balanceAmount": "1520.75", "defaultSelected": true,
        "hasMultipleAuthorisers": false,
    });
    assert_eq!(resources[0], shown);
    assert!(resources[1].get("balanceAmount").is_none() && resources[1].get("defaultSelected").is_none());
    // It is shown, and nothing of it is kept.
    let last = world.result("consent", &choice(&json!(["public-1"]))).await;
    assert_eq!(named(&last), ("completed", ""));
    let (consents, sessions) = (&world.store.consents, &world.store.interactions);
    let (consents, sessions) = (consents.lock().unwrap(), sessions.lock().unwrap());
    let stored = consents.values().map(|consent| serde_json::to_string(consent).unwrap());
    let sessions = sessions.values().map(|session| serde_json::to_string(session).unwrap());
    let everything: String = stored.collect::<String>() + &sessions.collect::<String>();
    assert!(!everything.contains("1520.75"), "{everything}");
}

#[tokio::test]
async fn c03_the_loop_leads_from_the_login_to_the_way_back() {
    let world = world();
    let id = world.begin(&asked()).await;
    let first = world.command().await;
    let jti = first.body["authenticateCommand"]["jti"].as_str().unwrap();
    assert!(jti.len() == 43 && jti == super::jti(&world));
    let command = json!({
        "command": "authenticate", "commandId": INTERACTION, "tpp": {"name": "Receptora Exemplo"}, "type": "DATA_SHARING",
        "authenticateCommand": {"acr": "urn:brasil:openbanking:loa2", "jti": jti},
    });
    assert_eq!(first.body, command);
    let second = world.authenticated(ANA, None).await;
    assert_eq!(named(&second), ("consent", ""));
    let part = &second.body["consentCommand"];
    assert_eq!((&part["brand"]["id"], &part["consent"]["externalId"]), (&json!("banco"), &json!(id)));
    let offered = json!([
        {"id": "public-1", "type": "ACCOUNT", "name": [{"key": "type", "value": "Conta corrente"}], "hasMultipleAuthorisers": false},
        {"id": "public-2", "type": "ACCOUNT", "name": [{"key": "type", "value": "Poupança"}], "hasMultipleAuthorisers": false},
    ]);
    assert_eq!(part["consent"]["resources"], offered);
    assert_eq!(part["permissions"].as_array().unwrap().len(), 3);
    let kinds = json!([{"name": "ACCOUNT", "title": "Contas", "permissions": ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ"]}]);
    assert_eq!(part["resourceTypes"], kinds);
    assert_eq!(world.command().await.body, without_secret(&second.body), "to be read again");
    let last = world.result("consent", &choice(&json!(["public-2"]))).await;
    assert_eq!(named(&last), ("completed", ""));
    let redirect = way_back(&last).unwrap();
    assert!(redirect.starts_with("https://banco.example/auth/resume?ticket=AvoOgpBuPOXCCcYyXRCt."));
    assert_eq!(world.stored(&id).resources()[0].id, "public-2");
    let steps: Vec<String> = world.funnel().into_iter().map(|(name, _)| name).collect();
    assert_eq!(steps, ["redirect-target", "authenticated", "redirect-to-client"]);
    let after = world.command().await;
    assert_eq!((named(&after), way_back(&after)), (("completed", ""), None), "a question tells no ticket");
    for told in [first.body, second.body, last.body] {
        assert!(!told.to_string().contains(ANA));
    }
}

#[tokio::test]
async fn m40_without_a_device_nothing_is_reported() {
    let world = world();
    world.begin(&asked()).await;
    let jwt = signed(&claims(world.now(), &jti(&world), ANA));
    assert_eq!(named(&world.result("authentication", &json!({"jwt": jwt})).await).0, "consent");
    let chosen = json!({"selectedResources": ["public-1"]});
    assert_eq!(named(&world.result("consent", &chosen).await).0, "completed");
    assert_eq!((world.commits(), world.funnel().len()), (3, 0));
}

#[tokio::test]
async fn c06_a_no_ends_the_loop_at_either_step() {
    for part in ["authentication", "consent"] {
        let world = world();
        let id = world.begin(&asked()).await;
        let reply = world.result(part, &json!({"refused": true, "device": device()})).await;
        assert_eq!(named(&reply), ("completed", ""), "{part}");
        assert!(way_back(&reply).is_some());
        assert_eq!(world.reason(&id), RejectionReason::CustomerManuallyRejected);
        let again = world.result(part, &json!({"refused": true})).await;
        assert_eq!((named(&again), way_back(&again)), (("completed", ""), way_back(&reply)), "T61");
    }
    let (world, id) = logged_in().await;
    assert_eq!(named(&world.result("consent", &json!({"refused": true})).await), ("completed", ""));
    assert_eq!(world.reason(&id), RejectionReason::CustomerManuallyRejected);
}

#[tokio::test]
async fn s20_another_person_or_company_ends_the_consent() {
    let mut for_company = asked();
    for_company["data"]["businessEntity"] = json!({"document": {"identification": BAKERY, "rel": "CNPJ"}});
    let cases = [
        (asked(), BRUNO, None, "CPF_MISMATCH"),
        (asked(), ANA, Some(BAKERY), "CNPJ_MISMATCH"),
        (for_company.clone(), ANA, None, "CNPJ_MISMATCH"),
        (for_company.clone(), BRUNO, Some(BAKERY), "CPF_MISMATCH"),
    ];
    for (body, cpf, cnpj, kind) in cases {
        let world = world();
        let id = world.begin(&body).await;
        let reply = world.authenticated(cpf, cnpj).await;
        assert_eq!(named(&reply), ("error", kind));
        assert!(way_back(&reply).is_some());
        assert_eq!(world.reason(&id), RejectionReason::InternalSecurityReason);
        let told = format!("{:?}{:?}{}", world.store.audit.lock().unwrap(), world.funnel(), reply.body);
        assert!(![ANA, BRUNO, BAKERY].iter().any(|document| told.contains(document)));
    }
    let world = world();
    world.begin(&for_company).await;
    assert_eq!(named(&world.authenticated(ANA, Some(BAKERY)).await), ("consent", ""));
}

#[tokio::test]
async fn a_result_out_of_order_leaves_the_interaction_as_it_was() {
    let world = world();
    world.begin(&asked()).await;
    let reply = world.result("consent", &choice(&json!(["public-1"]))).await;
    assert_eq!((named(&reply), way_back(&reply)), (("error", "INVALID_STATUS_CONFIRMATION"), None));
    assert_eq!((world.commits(), named(&world.command().await)), (1, ("authenticate", "")));
}

#[tokio::test]
async fn c23_a_consent_that_is_not_about_chosen_products_alone_needs_no_choice() {
    for (more, kind) in [
        (&[][..], ("error", "RESOURCE_MUST_CONTAIN_ID_SELECTABLE_PRODUCTS")),
        (&["EXCHANGES_READ"], ("completed", "")),
        (&["CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ"], ("completed", "")),
    ] {
        let mut body = asked();
        let accounts = ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"];
        body["data"]["permissions"] = json!([&accounts[..], more].concat());
        let world = world();
        world.begin(&body).await;
        let shown = world.authenticated(ANA, None).await;
        let types = &shown.body["consentCommand"]["resourceTypes"];
        assert_eq!(types.as_array().map(Vec::len), Some(1), "accounts alone are chosen: {}", shown.body);
        assert_eq!(named(&world.result("consent", &choice(&json!([]))).await), kind, "{more:?}");
    }
}

#[tokio::test]
async fn a_choice_that_does_not_fit_leaves_the_interaction_as_it_was() {
    let (world, _) = logged_in().await;
    let cases = [
        (choice(&json!(["public-9"])), "RESOURCE_MUST_CONTAIN_ID"),
        (choice(&json!([])), "RESOURCE_MUST_CONTAIN_ID_SELECTABLE_PRODUCTS"),
        (json!({}), "RESOURCE_MUST_CONTAIN_ID_SELECTABLE_PRODUCTS"),
    ];
    for (body, kind) in cases {
        let reply = world.result("consent", &body).await;
        assert_eq!((named(&reply), way_back(&reply)), (("error", kind), None));
    }
    let many: Vec<String> = (0..101).map(|number| format!("public-{number}")).collect();
    let cases = [
        (choice(&json!(many)), 400),
        (json!({"selectedResources": "public-1"}), 400),
        (json!({"selectedResources": ["public-1"], "selectedLimit": 1}), 400),
        (json!({"selectedResources": ["public-1"], "isConsentAuthorized": false}), 422),
        (
            json!({"selectedResources": ["public-1"], "isMultipleRequirer": true, "isConsentAuthorized": false}),
            422,
        ),
    ];
    for (body, status) in cases {
        let reply = world.result("consent", &body).await;
        assert_eq!((reply.status, reply.code()), (status, "PARAMETRO_INVALIDO"));
    }
    for body in [json!({}), json!({"refused": true, "jwt": "x"}), json!({"refused": false})] {
        let reply = world.result("authentication", &body).await;
        assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"));
    }
    assert_eq!((world.commits(), named(&world.command().await)), (2, ("consent", "")));
}

#[tokio::test]
async fn c60_what_others_must_agree_to_waits_whatever_the_channel_says() {
    let bodies = [
        json!({"isMultipleRequirer": true, "isConsentAuthorized": false}),
        json!({"isMultipleRequirer": true, "isConsentAuthorized": true}),
        json!({}),
    ];
    for mut body in bodies {
        let world = world();
        let bruno = Approver::new(Cpf::parse(BRUNO).unwrap(), None);
        world.bank.approvers.lock().unwrap().push(bruno);
        let id = world.begin(&asked()).await;
        let due = world.authenticated(ANA, None).await;
        let resources = &due.body["consentCommand"]["consent"]["resources"];
        assert_eq!(resources[0]["hasMultipleAuthorisers"], false);
        assert_eq!(resources[1]["hasMultipleAuthorisers"], true);
        body["selectedResources"] = json!(["public-1", "public-2"]);
        assert_eq!(named(&world.result("consent", &body).await), ("completed", ""));
        let shared: Vec<ResourceStatus> =
            world.stored(&id).resources().iter().map(|resource| resource.at(world.now())).collect();
        assert_eq!(shared, [ResourceStatus::Available, ResourceStatus::PendingAuthorisation]);
    }
}

#[tokio::test]
async fn both_styles_of_channel_drive_the_same_interaction() {
    let (world, id) = logged_in().await;
    assert_eq!(world.show().await.data()["stage"], "AWAITING_DECISION");
    let reply = world.channel("/consent", json!({"resources": ["public-1"], "device": device()})).await;
    assert_eq!((reply.status, &reply.data()["status"]), (200, &json!("AUTHORISED")));
    assert_eq!(named(&world.command().await), ("completed", ""));

    let other = super::world();
    other.begin(&asked()).await;
    assert_eq!(other.channel("/login", login("ana")).await.status, 200);
    assert_eq!(named(&other.command().await), ("consent", ""));
    assert_eq!(named(&other.result("consent", &choice(&json!(["public-1"]))).await), ("completed", ""));
    assert_eq!(other.show().await.data()["stage"], "DECIDED");
    assert_eq!(world.stored(&id).version, 2);
    assert_eq!(world.funnel(), other_without_ids(&other, &id));
}

/// The funnel of another world with its consent under this id.
fn other_without_ids(other: &World, id: &str) -> Vec<(String, Value)> {
    let renamed = |(name, mut body): (String, Value)| {
        body["consentId"] = json!(id);
        (name, body)
    };
    other.funnel().into_iter().map(renamed).collect()
}

#[tokio::test]
async fn a_session_that_is_over_is_an_error_and_one_that_never_was_is_not_found() {
    let (world, _) = logged_in().await;
    world.wait(Duration::from_mins(10));
    let chosen = choice(&json!(["public-1"]));
    let no = json!({"refused": true});
    for reply in [
        world.command().await,
        world.result("consent", &chosen).await,
        world.result("authentication", &no).await,
    ] {
        assert_eq!((named(&reply), way_back(&reply)), (("error", "INVALID_SESSION"), None));
    }
    assert_eq!(world.commits(), 2);
    let reply = world.send("GET", "/auth/app/commands/unknown", json!({}), None).await;
    assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"));
}

#[tokio::test]
async fn c03_a_consent_that_ended_meanwhile_sends_the_customer_back() {
    for part in ["authentication", "consent"] {
        let (world, id) = logged_in().await;
        world.revoked_by_client(&id).await;
        let seen = world.command().await;
        assert_eq!((named(&seen), way_back(&seen)), (("error", "EXPIRED_CONSENT"), None));
        let body = if part == "consent" { choice(&json!(["public-1"])) } else { json!({"jwt": "x"}) };
        let reply = world.result(part, &body).await;
        assert_eq!(named(&reply), ("error", "EXPIRED_CONSENT"), "{part}");
        assert!(way_back(&reply).is_some());
        assert_eq!(world.stored(&id).version, 2);
    }
}

#[tokio::test]
async fn c05_a_discovery_that_hangs_is_told_and_tried_again() {
    let world = world();
    world.begin(&asked()).await;
    *world.bank.hangs.lock().unwrap() = true;
    let jwt = signed(&claims(world.now(), &jti(&world), ANA));
    let reply = world.result("authentication", &json!({"jwt": jwt})).await;
    assert_eq!((named(&reply), way_back(&reply)), (("error", "DISCOVERY_TIMEOUT"), None));
    *world.bank.hangs.lock().unwrap() = false;
    assert_eq!(named(&world.command().await), ("consent", ""));
}

#[tokio::test]
async fn s15_a_weak_login_is_repeated_with_a_second_factor() {
    let world = world();
    world.begin_with(&asked(), Assurance::Loa3).await;
    assert_eq!(world.command().await.body["authenticateCommand"]["acr"], "urn:brasil:openbanking:loa3");
    let weak = world.authenticated(ANA, None).await;
    assert_eq!((weak.status, weak.code()), (422, "NIVEL_AUTENTICACAO_INSUFICIENTE"));
    let mut strong = claims(world.now(), &jti(&world), ANA);
    strong["acr"] = json!("urn:brasil:openbanking:loa3");
    let reply = world.result("authentication", &json!({"jwt": signed(&strong)})).await;
    assert_eq!(named(&reply), ("consent", ""));
}

#[tokio::test]
async fn a_handoff_code_leads_to_the_same_interaction() {
    let (world, _) = logged_in().await;
    let secret = world.session.lock().unwrap().clone();
    let headers = json!({"accept": "application/json", "x-session-secret": secret, "cookie": COOKIE});
    let reply = world.send("GET", &format!("/auth/handoff/{PAGE_ID}"), headers, None).await;
    assert_eq!((named(&reply), &reply.body["commandId"]), (("consent", ""), &json!(INTERACTION)));
    let app = json!({"accept": "application/json"});
    let reply = world.send("GET", "/auth/handoff/0F3E2D1C5A554B7E9C396B0C6C6F6A01", app, None).await;
    assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"));
}

#[tokio::test]
async fn without_a_key_set_there_is_no_loop_and_pages_need_the_origin() {
    let off = World::new();
    off.begin(&asked()).await;
    assert_eq!(
        (off.command().await.status, off.command().await.code().to_owned()),
        (404, "NAO_ENCONTRADO".into())
    );
    let keys = ChannelKeys::new(published(), JWKS_URI.to_owned());
    let on = World::with_commands(Some(ORIGIN), keys);
    on.begin(&asked()).await;
    let path = format!("/auth/app/commands/{INTERACTION}");
    for (origin, allowed) in [(ORIGIN, Some(&json!(ORIGIN))), ("https://evil.example", None)] {
        let reply = on.send("GET", &path, json!({"origin": origin}), None).await;
        assert_eq!(reply.headers.get("access-control-allow-origin"), allowed);
        let headers = json!({"origin": origin, "access-control-request-method": "PUT"});
        let reply = on.send("OPTIONS", &format!("{path}/consent"), headers, None).await;
        assert_eq!((reply.status, reply.headers.get("access-control-allow-origin")), (204, allowed));
    }
}
