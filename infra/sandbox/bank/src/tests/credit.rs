//! The four credit APIs through the wire contract.

use serde_json::{Value, json};

use super::bank;
use super::walk::{Kind, Operation, common, discovered, read, walk, with};
use crate::customers::{CUSTOMERS, Customer};

/// The operations of one of the four.
macro_rules! credit {
    ($api:literal, $file:literal, $kind:literal) => {
        Kind {
            file: $file,
            kind: $kind,
            id: "contractId",
            discovery: concat!("/", $api, "/discovery"),
            list: (concat!("/", $api, "/contracts"), "/contracts"),
            operations: &[
                of(concat!("/", $api, "/find"), "/contracts/{contractId}"),
                of(concat!("/", $api, "/warranties"), "/contracts/{contractId}/warranties"),
                of(
                    concat!("/", $api, "/scheduled-instalments"),
                    "/contracts/{contractId}/scheduled-instalments",
                ),
                of(concat!("/", $api, "/payments"), "/contracts/{contractId}/payments"),
            ],
        }
    };
}

const fn of(name: &'static str, path: &'static str) -> Operation {
    Operation { name, path, days: None, below: None }
}

pub(crate) const CREDITS: [Kind; 4] = [
    credit!("loans", "loans-2.6.0", "LOAN"),
    credit!("financings", "financings-2.4.0", "FINANCING"),
    credit!("invoice-financings", "invoice-financings-2.4.0", "INVOICE_FINANCING"),
    credit!(
        "unarranged-accounts-overdraft",
        "unarranged-accounts-overdraft-2.5.0",
        "UNARRANGED_ACCOUNT_OVERDRAFT"
    ),
];

#[tokio::test]
async fn z_cre_02_every_answer_about_loans_is_what_the_file_says() {
    walk(&CREDITS[0]).await;
}

#[tokio::test]
async fn z_cre_02_every_answer_about_financings_is_what_the_file_says() {
    walk(&CREDITS[1]).await;
}

#[tokio::test]
async fn z_cre_02_every_answer_about_invoice_financings_is_what_the_file_says() {
    walk(&CREDITS[2]).await;
}

#[tokio::test]
async fn z_cre_02_every_answer_about_overdrafts_is_what_the_file_says() {
    walk(&CREDITS[3]).await;
}

/// `find`, `payments` and the record of the list for each contract of a customer.
async fn contracts(kind: &Kind, customer: &Customer) -> Vec<(Value, Value, Value)> {
    let bank = bank();
    let ids = discovered(&bank, kind.discovery, customer).await;
    let list = read(&bank, kind.list.0, &common(customer, kind.kind, &ids)).await;
    let mut found = Vec::new();
    for (id, listed) in ids.iter().zip(list["data"].as_array().unwrap()) {
        let body = with(common(customer, kind.kind, &ids), "resourceLegacyId", id.clone());
        let detail = read(&bank, kind.operations[0].name, &body).await["data"].clone();
        let payments = read(&bank, kind.operations[3].name, &body).await["data"].clone();
        assert_eq!(listed["resourceLegacyId"], *id);
        found.push((detail, payments, listed.clone()));
    }
    found
}

#[tokio::test]
async fn z_cre_04_ana_and_the_company_have_two_open_contracts_and_a_closed_one_of_every_kind() {
    for kind in &CREDITS {
        for customer in [&CUSTOMERS[0], &CUSTOMERS[2]] {
            let contracts = contracts(kind, customer).await;
            let (closed, open): (Vec<_>, Vec<_>) =
                contracts.iter().partition(|(detail, ..)| detail.get("settlementDate").is_some());
            assert!(open.len() >= 2 && !closed.is_empty(), "{} {}", kind.file, customer.name);
            for (_, payments, _) in closed {
                assert_eq!(payments["contractOutstandingBalance"], "0.00");
            }
        }
    }
}

#[tokio::test]
async fn z_cre_06_z_cre_07_what_portability_needs_is_there() {
    for (category, sub_type) in [
        ("CREDITO_PESSOAL_CLEAN", "CREDITO_PESSOAL_SEM_CONSIGNACAO"),
        ("CONSIGNADO_SIAPE", "CREDITO_PESSOAL_COM_CONSIGNACAO"),
    ] {
        let contracts = contracts(&CREDITS[0], &CUSTOMERS[0]).await;
        let (detail, payments, listed) =
            contracts.iter().find(|(detail, ..)| detail["productSubTypeCategory"] == category).unwrap();
        assert_eq!(
            (&listed["productSubTypeCategory"], &listed["productSubType"]),
            (&json!(category), &json!(sub_type))
        );
        assert!(detail["hasInsuranceContracted"].is_boolean() && detail["nextInstalmentAmount"].is_string());
        let rates = detail["interestRates"].as_array().unwrap();
        for tax in ["NOMINAL", "EFETIVA"] {
            assert!(
                rates.iter().any(|rate| rate["taxType"] == tax && rate["taxPeriodicity"] == "AA"),
                "{tax}"
            );
        }
        assert_eq!(payments["lastUpdatedContractOutstandingBalance"].as_str().unwrap().len(), 24);
        assert!(payments["totalRemainingAmount"].is_string());
    }
}

#[tokio::test]
async fn z_cnp_04_an_employer_has_letters_in_its_cnpj() {
    let contracts = contracts(&CREDITS[0], &CUSTOMERS[0]).await;
    let consignor = contracts.iter().find_map(|(detail, ..)| detail["cnpjConsignor"].as_str()).unwrap();
    assert!(
        consignor.bytes().any(|byte| byte.is_ascii_uppercase())
            && ponte_values::Cnpj::parse(consignor).is_ok()
    );
}

#[tokio::test]
async fn one_customer_has_a_thousand_loans_and_others_have_none() {
    let bank = bank();
    let loans = &CREDITS[0];
    let mut counts = Vec::new();
    for customer in CUSTOMERS {
        counts.push(discovered(&bank, loans.discovery, customer).await.len());
    }
    assert!(counts.contains(&1_000) && counts.contains(&0), "{counts:?}");
}
