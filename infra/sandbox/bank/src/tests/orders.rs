//! Statuses that somebody sets by hand.

use serde_json::{Value, json};

use super::bank;
use super::walk::{ask, discovered, read};
use crate::customers::CUSTOMERS;

const ORDERS: &str = "/sandbox/resources";
const DISCOVERY: &str = "/accounts/account-discovery";

fn order(status: &str) -> Value {
    let id = json!([{ "key": "accountId", "value": "0001-00012346" }]);
    json!({ "key": { "cpf": CUSTOMERS[0].cpf }, "type": "ACCOUNT", "resourceLegacyId": id, "status": status })
}

#[tokio::test]
async fn z_com_06_a_product_can_be_taken_away_by_hand_and_come_back() {
    let bank = bank();
    assert_eq!(discovered(&bank, DISCOVERY, &CUSTOMERS[0]).await.len(), 2);
    for (status, left) in [("TEMPORARILY_UNAVAILABLE", 1), ("AVAILABLE", 2), ("UNAVAILABLE", 1)] {
        let (code, answer) = ask(&bank, ORDERS, &order(status)).await;
        assert_eq!((code, &answer["status"]), (200, &json!(status)));
        let products = discovered(&bank, DISCOVERY, &CUSTOMERS[0]).await;
        assert_eq!(products.len(), left, "{status}");
        assert_eq!(products.contains(&order("")["resourceLegacyId"]), left == 2);
    }
}

#[tokio::test]
async fn an_order_names_a_product_of_the_customer_and_a_status() {
    let bank = bank();
    let with = |name: &str, value: Value| {
        let mut order = order("UNAVAILABLE");
        order[name] = value;
        order
    };
    let foreign = json!([{ "key": "accountId", "value": "0003-00090001" }]);
    for (body, status) in [
        (with("status", json!("PENDING_AUTHORISATION")), 400),
        (with("type", json!("BICYCLE")), 400),
        (with("key", json!({})), 404),
        (with("key", json!({ "cpf": "52998224725" })), 404),
        (with("key", json!({ "cnpj": "11222333000181" })), 404),
        (with("resourceLegacyId", foreign), 404),
        (with("unknown", json!(1)), 400),
        (json!({}), 400),
    ] {
        assert_eq!(ask(&bank, ORDERS, &body).await.0, status, "{body}");
    }
    assert_eq!(discovered(&bank, DISCOVERY, &CUSTOMERS[0]).await.len(), 2);
}

#[tokio::test]
async fn an_order_that_ponte_does_not_hear_of_is_no_success() {
    let bank = bank().notifying(json!({}));
    let (status, answer) = ask(&bank, ORDERS, &order("UNAVAILABLE")).await;
    assert_eq!(status, 502, "{answer}");
    assert!(read(&bank, DISCOVERY, &super::walk::common(&CUSTOMERS[0], "", &[])).await["data"].is_object());
}
