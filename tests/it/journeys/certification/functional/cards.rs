//! Section 6: credit cards v2.4.0.

use std::collections::BTreeMap;

use serde_json::Value;

use super::endpoints::{OF_CARDS, call_of, list_of, row_of};
use super::lists::{busiest, items, one_by_one, pages};
use super::repeated::{limits_of, page_sizes, wrong_permissions};
use super::*;

const API: &str = "credit-cards-accounts";

#[tokio::test]
async fn z_crd_03_ids_of_another_consent_are_forbidden_not_unknown() {
    let scene = Scene::begin().await;
    let (right, wrong) = (scene.granted(&OF_CARDS).await, scene.granted(&OF_CUSTOMER).await);
    wrong_permissions(&scene, API, &right, &wrong).await;
    // Of a bill too.
    let card = scene.products(&right, API).await.remove(0);
    let bills = format!("{}/{card}/bills", list_of(API).template);
    let bill = scene.read(&bills, &right).await["data"][0]["billId"].clone();
    let path = format!("{bills}/{}/transactions", bill.as_str().expect("a bill"));
    want(200, &path, scene.get(&path, &right.tokens.access).await);
    want(403, &path, scene.get(&path, &wrong.tokens.access).await);
}

#[tokio::test]
async fn c56_bills_of_another_consent_or_card_are_not_there() {
    let scene = Scene::begin().await;
    let (first, second) = (scene.granted(&OF_CARDS).await, scene.granted_by(PADARIA, &OF_CARDS).await);
    let mut bills = Vec::new();
    for granted in [&first, &second] {
        for card in scene.products(granted, API).await {
            let path = format!("{}/{card}/bills", list_of(API).template);
            let listed = scene.read(&path, granted).await;
            let bill = listed["data"][0]["billId"].as_str().map(str::to_owned);
            bills.extend(bill.map(|bill| (granted, path, bill)));
        }
    }
    assert!(bills.len() >= 3, "two cards of one customer, and one of another");
    for (granted, path, own) in &bills {
        for (.., bill) in &bills {
            let path = format!("{path}/{bill}/transactions");
            let due = if bill == own { 200 } else { 404 };
            want(due, &path, scene.get(&path, &granted.tokens.access).await);
        }
    }
}

#[tokio::test]
async fn z_crd_04_z_crd_05_a_page_has_a_thousand_at_most() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_CARDS).await;
    page_sizes(&scene, &granted, list_of(API).template).await;
}

/// The transactions of a year of the card that is used most, page by page.
async fn year(scene: &Scene, granted: &Granted) -> Vec<Value> {
    let card = busiest(scene, granted, API, "/transactions-current").await;
    let row = row_of(API, "/{creditCardAccountId}/transactions");
    pages(scene, granted, format!("{}&page-size=1000", call_of(row, &card)), 5).await
}

#[tokio::test]
async fn z_crd_06_what_is_beyond_the_largest_page_comes_by_its_link() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_CARDS).await;
    let pages = year(&scene, &granted).await;
    assert!(pages.len() > 1 && items(&pages[0]).len() == 1000 && !items(&pages[1]).is_empty());
    assert_ne!(items(&pages[0])[0]["transactionId"], items(&pages[1])[0]["transactionId"]);
}

async fn limits(share: usize) {
    let times = |endpoint: &str| if endpoint == "/transactions-current" { 230 } else { 30 };
    limits_of(API, &OF_CARDS, times, share).await;
}

#[tokio::test]
async fn z_crd_07_a_twentieth_of_the_calls_of_the_limits_module_is_served() {
    limits(5).await;
}

#[tokio::test]
#[ignore = "takes minutes: all calls of the operational limits module, 1,460 in a row"]
async fn z_crd_07_every_call_of_the_limits_module_is_served() {
    limits(100).await;
}

#[tokio::test]
async fn z_crd_07_one_item_a_page_is_followed_link_by_link() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_CARDS).await;
    let card = busiest(&scene, &granted, API, "/transactions-current").await;
    one_by_one(&scene, &granted, API, &card).await;
}

/// Months since the year 0 of a `billForecastDate`, if it has the form that the file asks for.
fn month(text: &str) -> Option<u32> {
    let (year, month) = text.split_once('-').filter(|(year, _)| year.len() == 4)?;
    let month = month.parse::<u32>().ok().filter(|month| (1..=12).contains(month))?;
    Some(year.parse::<u32>().ok()? * 12 + month - 1)
}

#[tokio::test]
async fn z_crd_08_z_crd_09_each_instalment_of_a_purchase_is_forecast_a_month_after_the_one_before() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_CARDS).await;
    let pages = year(&scene, &granted).await;
    // A purchase is known by its moment and its card.
    let mut purchases: BTreeMap<String, BTreeMap<u64, u32>> = BTreeMap::new();
    for record in pages.iter().flat_map(items) {
        let forecast = record["billForecastDate"].as_str().and_then(month);
        let forecast = forecast.unwrap_or_else(|| panic!("no month in {record}"));
        if record["paymentType"] == "A_PRAZO" {
            let purchase = format!("{} {}", record["transactionDateTime"], record["identificationNumber"]);
            let number = record["chargeIdentificator"].as_u64().expect("an instalment has a number");
            assert!(record["chargeNumber"].as_u64() >= Some(number), "{record}");
            let before = purchases.entry(purchase).or_default().insert(number, forecast);
            assert_eq!(before, None, "an instalment comes once: {record}");
        }
    }
    assert!(!purchases.is_empty(), "a purchase in instalments within a year");
    for (purchase, instalments) in purchases {
        let months: Vec<u32> = instalments.into_values().collect();
        assert!(months.len() > 1, "{purchase}: all instalments are shown");
        assert!(months.windows(2).all(|pair| pair[1] == pair[0] + 1), "{purchase}: {months:?}");
    }
}
