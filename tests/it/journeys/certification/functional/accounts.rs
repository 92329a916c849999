//! Section 5: accounts v2.5.1. Pages and dates are in `pages`.

use serde_json::json;

use super::lists::one_by_one;
use super::repeated::limits_of;
use super::*;

#[tokio::test]
async fn z_com_02_z_acc_02_every_endpoint_of_accounts_answers() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_ACCOUNTS).await;
    for account in scene.accounts(&granted).await {
        for path in endpoints_of("accounts", &account) {
            let body = want(200, &path, scene.get(&path, &granted.tokens.access).await).json();
            assert!(body["data"].is_object() || body["data"].is_array(), "{path}: {body}");
            // What is called self answers again.
            let own = body["links"]["self"].as_str().expect("a link").to_owned();
            want(200, &own, scene.get(&own, &granted.tokens.access).await);
        }
    }
}

#[tokio::test]
async fn z_com_05_z_acc_03_ids_of_another_consent_are_forbidden_not_unknown() {
    let scene = Scene::begin().await;
    let first = scene.granted(&OF_ACCOUNTS).await;
    let accounts = scene.accounts(&first).await;
    let second = scene.granted(&OF_CUSTOMER).await;
    for path in endpoints_of("accounts", &accounts[0]) {
        want(200, &path, scene.get(&path, &first.tokens.access).await);
        want(403, &path, scene.get(&path, &second.tokens.access).await);
    }
}

#[tokio::test]
async fn z_acc_04_z_acc_13_part_of_the_permissions_opens_part_of_the_endpoints() {
    let scene = Scene::begin().await;
    let part = ["ACCOUNTS_READ", "ACCOUNTS_TRANSACTIONS_READ", "RESOURCES_READ"];
    let granted = scene.granted(&part).await;
    let account = scene.accounts(&granted).await.remove(0);
    for path in endpoints_of("accounts", &account) {
        let closed = ["/balances", "/overdraft-limits", "/reserved-balances"];
        let status = if closed.iter().any(|part| path.ends_with(part)) { 403 } else { 200 };
        want(status, &path, scene.get(&path, &granted.tokens.access).await);
    }
}

#[tokio::test]
async fn z_acc_11_z_acc_12_reserved_balances_are_listed_where_there_are_any() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_ACCOUNTS).await;
    let mut seen = [false; 2];
    for account in scene.accounts(&granted).await {
        let path = format!("{ACCOUNTS}/{account}");
        let balances =
            want(200, "balances", scene.get(&format!("{path}/balances"), &granted.tokens.access).await);
        let reserved = scene.get(&format!("{path}/reserved-balances"), &granted.tokens.access).await;
        let body = want(200, "reserved balances", reserved).json();
        let has = balances.json()["data"]["hasReservedBalance"].as_bool();
        let listed = body["data"].as_array().map_or(0, Vec::len);
        assert_eq!(has, Some(listed > 0), "{body}");
        assert_eq!(body["meta"]["totalRecords"], listed);
        seen[usize::from(listed > 0)] = true;
    }
    assert_eq!(seen, [true; 2], "one account with reserved balances, and one without");
}

/// The calls of the module by two clients for two accounts, where `share` of a hundred are made.
async fn limits(share: usize) {
    let times = |endpoint: &str| match endpoint {
        "/balances" | "/overdraft-limits" | "/reserved-balances" => 420,
        "/transactions-current" => 210,
        _ => 30,
    };
    limits_of("accounts", &OF_ACCOUNTS, times, share).await;
}

#[tokio::test]
async fn z_acc_10_z_acc_14_a_twentieth_of_the_calls_of_the_limits_module_is_served() {
    limits(5).await;
}

#[tokio::test]
#[ignore = "takes minutes: all calls of the operational limits module, 6,180 in a row"]
async fn z_acc_10_z_acc_14_every_call_of_the_limits_module_is_served() {
    limits(100).await;
}

#[tokio::test]
async fn z_acc_10_one_item_a_page_is_followed_link_by_link() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_ACCOUNTS).await;
    let account = scene.accounts(&granted).await.remove(0);
    one_by_one(&scene, &granted, "accounts", &account).await;
    // The file of resources begins at 25: smaller is treated as that (C52).
    let body =
        want(200, "resources", scene.get(&format!("{RESOURCES}?page-size=1"), &granted.tokens.access).await);
    let body = body.json();
    assert!(body["links"]["self"].as_str().is_some_and(|own| own.contains("page-size=25")), "{body}");
    assert_ne!(body["meta"]["totalRecords"], json!(1));
}
