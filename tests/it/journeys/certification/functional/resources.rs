//! Section 3: resources v3.1.0.

use ponte_bank::customers::CUSTOMERS;
use ponte_web::caller::Call;
use serde_json::json;

use super::*;

/// Calls for one consent that must never meet a limit (Z-RES-06).
const MANY: usize = 450;

#[tokio::test]
async fn z_res_02_a_consent_with_every_permission_shows_its_resources() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&super::consents::every_permission()).await;
    // 202 for at most five minutes, then 200 (C61): nothing is waited for here.
    let body = want(200, "resources", scene.get(RESOURCES, &granted.tokens.access).await).json();
    let shown = body["data"].as_array().expect("a list");
    assert_eq!(shown.len(), CUSTOMERS[0].accounts.len());
    for one in shown {
        assert!(one["resourceId"].is_string(), "{one}");
        assert_eq!((&one["type"], &one["status"]), (&json!("ACCOUNT"), &json!("AVAILABLE")));
    }
    assert_eq!(body["meta"]["totalRecords"], shown.len());
}

#[tokio::test]
async fn z_res_03_registration_data_alone_are_no_resources() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_CUSTOMER).await;
    let body = want(200, "resources", scene.get(RESOURCES, &granted.tokens.access).await).json();
    let (records, pages) = (&body["meta"]["totalRecords"], &body["meta"]["totalPages"]);
    assert_eq!((&body["data"], records, pages), (&json!([]), &json!(0), &json!(0)));
}

#[tokio::test]
async fn z_res_04_the_interaction_id_is_asked_for_and_comes_back() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_ACCOUNTS).await;
    let url = format!("{}{RESOURCES}", scene.world.receiver.mtls_host());
    for given in [None, Some("x"), Some("00000000-0000-0000-0000-00000000000")] {
        let call = Call::get(url.as_str()).bearer(&granted.tokens.access);
        let call = given.into_iter().fold(call, |call, id| call.header("x-fapi-interaction-id", id));
        let reply = want(400, "interaction id", scene.world.receiver.send(call).await.expect("an answer"));
        assert!(reply.header("x-fapi-interaction-id").is_some_and(|made| made.len() == 36), "S31");
    }
    // That a good one comes back is asked of every answer.
    want(200, "resources", scene.get(RESOURCES, &granted.tokens.access).await);
}

#[tokio::test]
async fn z_res_05_an_account_that_cannot_be_read_for_now_says_so() {
    let scene = Scene::begin().await;
    // The customer of the prepaid account: no other line reads it.
    let (bruno, number) = (&CUSTOMERS[1], 1);
    let consent = scene.created_of(bruno, &OF_ACCOUNTS, None).await;
    let interaction = scene.world.depart(&consent).await;
    let token = scene.world.channel_token(number).to_owned();
    let login = scene.world.channel.login(&interaction.interaction, &token, &device()).await;
    want(200, "login", login.expect("the channel API answers"));
    let tokens = scene.world.agree(&interaction).await;
    let detail = scene.office.detail(&consent).await;
    let account = detail["resources"].as_array().into_iter().flatten();
    let account =
        account.into_iter().find(|one| one["status"] == "AVAILABLE").expect("one is his alone").clone();
    let id = account["resourceId"].as_str().expect("an id").to_owned();
    for (status, wanted) in [
        ("TEMPORARILY_UNAVAILABLE", "STATUS_RESOURCE_TEMPORARILY_UNAVAILABLE"),
        ("UNAVAILABLE", "STATUS_RESOURCE_UNAVAILABLE"),
    ] {
        let told = json!({
            "key": { "cpf": bruno.cpf }, "type": "ACCOUNT",
            "resourceLegacyId": account["resourceLegacyId"], "status": status,
        });
        want(200, status, scene.office.notify(&told).await);
        let body = want(200, "resources", scene.get(RESOURCES, &tokens.access).await).json();
        let shown = body["data"].as_array().into_iter().flatten();
        let shown =
            shown.into_iter().find(|one| one["resourceId"] == id.as_str()).expect("it is still shown");
        assert_eq!(shown["status"], status);
        let list = want(200, "accounts", scene.get(ACCOUNTS, &tokens.access).await).json();
        assert!(!list["data"].to_string().contains(&id), "{status}: the list goes without it");
        let reply = scene.get(&format!("{ACCOUNTS}/{id}/balances"), &tokens.access).await;
        assert_eq!((reply.status, code(&reply).as_str()), (403, wanted));
    }
}

#[tokio::test]
async fn z_res_05_an_operator_takes_an_account_away_at_the_bank_itself() {
    let scene = Scene::begin().await;
    // The customer with an account in dollars: no other line reads it, so nobody else misses it.
    let (joao, number) = (&CUSTOMERS[5], 5);
    let consent = scene.created_of(joao, &OF_ACCOUNTS, None).await;
    let interaction = scene.world.depart(&consent).await;
    let token = scene.world.channel_token(number).to_owned();
    let login = scene.world.channel.login(&interaction.interaction, &token, &device()).await;
    want(200, "login", login.expect("the channel API answers"));
    let tokens = scene.world.agree(&interaction).await;
    let detail = scene.office.detail(&consent).await;
    let legacy = json!([{ "key": "accountId", "value": "0005-00050840" }]);
    let account = detail["resources"].as_array().into_iter().flatten();
    let account = account.into_iter().find(|one| one["resourceLegacyId"] == legacy).expect("it is shared");
    let id = account["resourceId"].as_str().expect("an id").to_owned();
    let url = format!("{}/sandbox/resources", scene.shared.stack.text("/bank_core"));
    for (status, code_wanted) in [
        ("TEMPORARILY_UNAVAILABLE", Some("STATUS_RESOURCE_TEMPORARILY_UNAVAILABLE")),
        ("AVAILABLE", None),
        ("UNAVAILABLE", Some("STATUS_RESOURCE_UNAVAILABLE")),
    ] {
        let order = json!({
            "key": { "cpf": joao.cpf }, "type": "ACCOUNT", "resourceLegacyId": legacy, "status": status,
        });
        let reply = scene.world.plain.send(Call::post_json(url.as_str(), &order)).await;
        let told = want(200, status, reply.expect("the bank core answers")).json();
        assert_eq!(told["notified"].as_array().map(Vec::len), Some(1), "{told}");
        let body = want(200, "resources", scene.get(RESOURCES, &tokens.access).await).json();
        let shown = body["data"].as_array().into_iter().flatten();
        let shown = shown.into_iter().find(|one| one["resourceId"] == id.as_str()).expect("still shown");
        assert_eq!(shown["status"], status);
        let reply = scene.get(&format!("{ACCOUNTS}/{id}/balances"), &tokens.access).await;
        let (wanted, refused) =
            (if code_wanted.is_some() { 403 } else { 200 }, code_wanted.unwrap_or_default());
        assert_eq!((reply.status, code(&reply).as_str()), (wanted, refused), "{status}");
    }
}

#[tokio::test]
async fn z_com_04_z_res_06_resources_have_no_limit_of_calls() {
    let scene = Scene::begin().await;
    let other = Scene::begin_as(1).await;
    // Two for one client, one for another.
    for scene in [&scene, &scene, &other] {
        let granted = scene.granted(&OF_ACCOUNTS).await;
        for call in 0..MANY {
            let reply = scene.get(RESOURCES, &granted.tokens.access).await;
            assert_eq!(reply.status, 200, "call {call}: {}", reply.excerpt());
        }
    }
}
