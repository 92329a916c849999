//! Exchanges through the wire contract.

use ponte_values::Cnpj;
use serde_json::Value;

use super::bank;
use super::walk::{Kind, Operation, common, discovered, read, walk, whole, with};
use crate::customers::{CUSTOMERS, Customer};

pub(crate) const EXCHANGES: Kind = Kind {
    file: "exchanges-1.1.0",
    kind: "EXCHANGE",
    id: "operationId",
    discovery: "/exchanges/discovery",
    list: ("/exchanges/operations", "/operations"),
    operations: &[
        Operation { name: "/exchanges/find", path: "/operations/{operationId}", days: None, below: None },
        Operation {
            name: "/exchanges/events",
            path: "/operations/{operationId}/events",
            days: None,
            below: None,
        },
    ],
};

#[tokio::test]
async fn z_exc_02_every_answer_is_what_the_file_says() {
    walk(&EXCHANGES).await;
}

/// The operations of a customer, each with its events.
async fn operations(customer: &Customer) -> Vec<(Value, Vec<Value>)> {
    let bank = bank();
    let mut found = Vec::new();
    for id in discovered(&bank, EXCHANGES.discovery, customer).await {
        let body = with(common(customer, "EXCHANGE", &[]), "resourceLegacyId", id);
        let detail = read(&bank, "/exchanges/find", &body).await["data"].clone();
        found.push((detail, whole(&bank, "/exchanges/events", &body).await));
    }
    found
}

#[tokio::test]
async fn z_exc_06_z_exc_07_there_are_more_than_two_pages_of_operations_and_of_events() {
    for customer in [&CUSTOMERS[0], &CUSTOMERS[2]] {
        let operations = operations(customer).await;
        assert!(operations.len() >= 2 && operations[0].1.len() > 50, "{}", customer.name);
        assert!(operations.iter().any(|(_, events)| events.is_empty()));
    }
    let bank = bank();
    let mut counts = Vec::new();
    for customer in CUSTOMERS {
        counts.push(discovered(&bank, EXCHANGES.discovery, customer).await.len());
    }
    assert!(counts.iter().any(|count| *count > 50) && counts.contains(&0), "{counts:?}");
}

#[tokio::test]
async fn z_cnp_05_both_institutions_have_letters_in_their_cnpj() {
    let (detail, _) = &operations(&CUSTOMERS[0]).await[0];
    for name in ["authorizedInstitutionCnpjNumber", "intermediaryInstitutionCnpjNumber"] {
        let cnpj = detail[name].as_str().unwrap();
        assert!(cnpj.bytes().any(|byte| byte.is_ascii_uppercase()) && Cnpj::parse(cnpj).is_ok(), "{cnpj}");
    }
}

#[tokio::test]
async fn c56_an_operation_is_of_the_last_second_of_a_year_in_brasilia() {
    let operations = operations(&CUSTOMERS[0]).await;
    assert!(operations.iter().any(|(detail, _)| {
        detail["operationDate"].as_str().is_some_and(|moment| moment.ends_with("-01-01T02:59:59Z"))
    }));
}
