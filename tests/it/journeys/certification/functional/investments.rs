//! Section 8: the five APIs of investments. The border of a day (Z-INV-10) is shown where the clock is a test's, at the function.

use serde_json::Value;

use super::endpoints::{INVESTMENT_APIS, OF_INVESTMENTS, between, call_of, list_of, row_of};
use super::lists::{all_pages, busiest, day, items};
use super::repeated::{interaction_ids_of, page_sizes, wrong_permissions};
use super::*;

/// The day of a transaction; funds have the day on which it became money.
fn day_of(record: &Value) -> &str {
    let day = record.get("transactionDate").or_else(|| record.get("transactionConversionDate"));
    day.and_then(Value::as_str).unwrap_or_else(|| panic!("no day in {record}"))
}

/// The product of an API that moves most.
async fn moving(scene: &Scene, granted: &Granted, api: &str) -> String {
    busiest(scene, granted, api, "/transactions-current").await
}

#[tokio::test]
async fn z_inv_03_transactions_are_those_of_the_days_asked_for() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_INVESTMENTS).await;
    for api in INVESTMENT_APIS {
        let (product, row) = (moving(&scene, &granted, api).await, row_of(api, "/transactions"));
        let (from, to) = (day(-200), day(-190));
        let path = format!("{}&page-size=1000", between(row, &product, &from, &to));
        let found = scene.read(&path, &granted).await;
        let days: Vec<&str> = items(&found).iter().map(day_of).collect();
        assert!(!days.is_empty(), "{path}");
        assert!(days.iter().all(|day| (from.as_str()..=to.as_str()).contains(day)), "{path}: {days:?}");
        let one = days[0];
        let path = format!("{}&page-size=1000", between(row, &product, one, one));
        let found = scene.read(&path, &granted).await;
        let same = days.iter().filter(|day| **day == one).count();
        assert_eq!(items(&found).len(), same, "{path}");
        assert!(items(&found).iter().all(|record| day_of(record) == one), "{path}");
    }
}

#[tokio::test]
async fn z_inv_04_ids_of_another_consent_are_forbidden_not_unknown() {
    let scene = Scene::begin().await;
    let (right, wrong) = (scene.granted(&OF_INVESTMENTS).await, scene.granted(&OF_CUSTOMER).await);
    for api in INVESTMENT_APIS {
        wrong_permissions(&scene, api, &right, &wrong).await;
    }
}

#[tokio::test]
async fn z_inv_06_pages_of_transactions_lead_from_the_first_to_the_last() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_INVESTMENTS).await;
    for api in INVESTMENT_APIS {
        let (product, row) = (moving(&scene, &granted, api).await, row_of(api, "/transactions"));
        let year = between(row, &product, &day(-365), &day(0));
        page_sizes(&scene, &granted, &year).await;
        all_pages(&scene, &granted, format!("{year}&page-size=1000")).await;
    }
}

#[tokio::test]
async fn z_inv_07_pages_of_current_transactions_lead_from_the_first_to_the_last() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_INVESTMENTS).await;
    for api in INVESTMENT_APIS {
        let (product, row) = (moving(&scene, &granted, api).await, row_of(api, "/transactions-current"));
        let week = call_of(row, &product);
        page_sizes(&scene, &granted, &week).await;
        let records = all_pages(&scene, &granted, format!("{week}&page-size=25")).await;
        assert!(records.len() > 50, "{week}: {}", records.len());
    }
}

#[tokio::test]
async fn z_inv_08_pages_of_the_list_lead_from_the_first_to_the_last() {
    let scene = Scene::begin().await;
    let granted = scene.granted_by(DARIO, &OF_INVESTMENTS).await;
    for api in INVESTMENT_APIS {
        let list = list_of(api).template;
        page_sizes(&scene, &granted, list).await;
        // The file begins at 25: smaller is treated as that (C52).
        let records = all_pages(&scene, &granted, format!("{list}?page-size=1")).await;
        assert!(records.len() > 50, "{list}: {}", records.len());
    }
}

#[tokio::test]
async fn z_inv_09_the_interaction_id_is_asked_for_at_every_endpoint_and_comes_back() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_INVESTMENTS).await;
    for api in INVESTMENT_APIS {
        interaction_ids_of(&scene, &granted, api).await;
    }
}

#[tokio::test]
async fn z_inv_11_the_note_that_a_transaction_names_is_there_with_every_field() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_INVESTMENTS).await;
    let product = moving(&scene, &granted, "variable-incomes").await;
    let transactions = call_of(row_of("variable-incomes", "/transactions"), &product);
    let first = scene.read(&transactions, &granted).await;
    let note = items(&first).iter().find_map(|record| record["brokerNoteId"].as_str());
    let note = note.expect("a transaction of the first page names a note");
    let row = row_of("variable-incomes", "/broker-notes/{brokerNoteId}");
    let path = row.template.replace("{brokerNoteId}", note);
    let body = scene.read(&path, &granted).await;
    for name in [
        "brokerNoteNumber",
        "grossValue",
        "netValue",
        "brokerageFee",
        "clearingSettlementFee",
        "clearingRegistrationFee",
        "stockExchangeAssetTradeNoticeFee",
        "stockExchangeFee",
        "clearingCustodyFee",
        "taxes",
        "incomeTax",
    ] {
        assert!(!body["data"][name].is_null(), "{name}: {body}");
    }
    let unknown = row.template.replace("{brokerNoteId}", "nobody-has-this");
    want(404, &unknown, scene.get(&unknown, &granted.tokens.access).await);
}
