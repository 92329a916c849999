//! Section 5, pages and booking dates of accounts v2.5.1.

use serde_json::Value;

use super::lists::{day, items, pages};
use super::*;

/// Booking days of the items of a page.
fn days(page: &Value) -> Vec<String> {
    let day = |item: &Value| item["transactionDateTime"].as_str().unwrap_or_default().to_owned();
    items(page)
        .iter()
        .map(|item| Moment::parse(&day(item)).expect("a time").date_brasilia().to_string())
        .collect()
}

#[tokio::test]
async fn z_acc_06_z_acc_07_a_page_has_a_thousand_at_most() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_ACCOUNTS).await;
    let body =
        want(200, "1000", scene.get(&format!("{ACCOUNTS}?page-size=1000"), &granted.tokens.access).await);
    let body = body.json();
    let own = body["links"]["self"].as_str().unwrap_or_default();
    assert!(own.ends_with("&page=1&page-size=1000"), "{own}");
    for absent in ["first", "prev", "next", "last"] {
        assert!(body["links"].get(absent).is_none(), "{absent}: everything is on this page");
    }
    assert_eq!(body["meta"]["totalRecords"], items(&body).len());
    assert_eq!(body["meta"]["totalPages"], 1);
    let reply = scene.get(&format!("{ACCOUNTS}?page-size=1001"), &granted.tokens.access).await;
    assert_eq!((reply.status, code(&reply).as_str()), (422, "PARAMETRO_INVALIDO"));
}

#[tokio::test]
async fn z_acc_08_what_is_beyond_the_largest_page_comes_by_its_link() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_ACCOUNTS).await;
    let account = scene.accounts(&granted).await.remove(0);
    let first = format!(
        "{ACCOUNTS}/{account}/transactions?fromBookingDate={}&toBookingDate={}&page-size=1000",
        day(-180),
        day(0)
    );
    let pages = pages(&scene, &granted, first, 2).await;
    assert_eq!(items(&pages[0]).len(), 1000);
    assert!(!items(&pages[1]).is_empty());
    assert_ne!(items(&pages[0])[0]["transactionId"], items(&pages[1])[0]["transactionId"]);
}

#[tokio::test]
async fn z_acc_09_booking_dates_are_kept_to_the_day_of_brasilia() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_ACCOUNTS).await;
    let account = scene.accounts(&granted).await.remove(0);
    let between = |from: &str, to: &str| {
        format!("{ACCOUNTS}/{account}/transactions?fromBookingDate={from}&toBookingDate={to}&page-size=1000")
    };
    let mut seen = String::new();
    for (from, to) in [(day(-180), day(0)), (day(-360), day(-180))] {
        for page in pages(&scene, &granted, between(&from, &to), 5).await {
            let days = days(&page);
            assert!(days.iter().all(|day| (&from..=&to).contains(&day)), "{from} to {to}: {days:?}");
            let own = page["links"]["self"].as_str().unwrap_or_default();
            assert!(own.contains(&format!("fromBookingDate={from}&toBookingDate={to}")), "{own}");
            seen = days.into_iter().next().unwrap_or(seen);
        }
    }
    assert!(!seen.is_empty());
    let one_day = pages(&scene, &granted, between(&seen, &seen), 5).await;
    let days: Vec<String> = one_day.iter().flat_map(days).collect();
    assert!(!days.is_empty() && days.iter().all(|day| *day == seen), "{seen}: {days:?}");
}
