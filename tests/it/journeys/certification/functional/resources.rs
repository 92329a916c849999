//! Section 3: resources v3.1.0.

use ponte_bank::customers::CUSTOMERS;
use ponte_values::ResourceKind;
use serde_json::json;

use super::endpoints::INVESTMENT_APIS;
use super::repeated::{call_often, interaction_ids};
use super::*;

/// Calls for one consent that must never meet a limit (Z-RES-06).
const MANY: usize = 450;

#[tokio::test]
async fn z_res_02_a_consent_with_every_permission_shows_its_resources() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&super::consents::every_permission()).await;
    // 202 for at most five minutes, then 200 (C61): nothing is waited for here.
    let body = scene.read(&format!("{RESOURCES}?page-size=1000"), &granted).await;
    let shown = body["data"].as_array().expect("a list");
    for kind in ResourceKind::ALL {
        let of_kind = shown.iter().filter(|one| one["type"] == kind.as_str());
        let available = of_kind.filter(|one| one["status"] == "AVAILABLE" && one["resourceId"].is_string());
        // The list of the kind has the same.
        let listed = scene.products(&granted, kind.api()).await;
        assert!(!listed.is_empty(), "{kind:?}");
        assert_eq!(available.count(), listed.len(), "{kind:?}: {body}");
    }
    assert_eq!(body["meta"]["totalRecords"], shown.len());
    // Of an investment of each kind it is said that it cannot be had any more.
    assert_eq!(shown.iter().filter(|one| one["status"] == "UNAVAILABLE").count(), INVESTMENT_APIS.len());
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
    interaction_ids(&scene, &granted, RESOURCES).await;
}

#[tokio::test]
async fn z_res_05_an_account_that_cannot_be_read_for_now_says_so() {
    let scene = Scene::begin().await;
    // The customer of the prepaid account: no other line reads it.
    let bruno = &CUSTOMERS[BRUNO];
    let Granted { consent, tokens } = scene.granted_by(BRUNO, &OF_ACCOUNTS).await;
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

/// The calls of the module for three consents, two of one client and one of another, where `share` of a hundred are made.
async fn limits(share: usize) {
    // One stack for all of them.
    let _shared = Scene::begin().await.shared;
    for client in [0, 0, 1] {
        let scene = Scene::begin_as(client).await;
        let granted = scene.granted(&OF_ACCOUNTS).await;
        call_often(&scene, &granted, RESOURCES, (MANY * share).div_ceil(100)).await;
    }
}

#[tokio::test]
async fn z_com_04_z_res_06_a_twentieth_of_the_calls_of_the_limits_module_is_served() {
    limits(5).await;
}

#[tokio::test]
#[ignore = "takes a while: all calls of the operational limits module, 1,350 in a row"]
async fn z_com_04_z_res_06_every_call_of_the_limits_module_is_served() {
    limits(100).await;
}
