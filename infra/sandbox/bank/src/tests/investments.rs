//! The five APIs of investments through the wire contract.

use ponte_machine::clock;
use ponte_values::{Cnpj, Date};
use serde_json::{Value, json};

use super::official::Official;
use super::walk::{Days, Kind, Operation, ask, common, discovered, judged, read, walk, whole, with};
use super::{Bank, bank};
use crate::customers::{CUSTOMERS, Customer};

const DATES: Days = Days { from: "fromTransactionDate", to: "toTransactionDate", field: "transactionDate" };
const CONVERTED: Days = Days {
    from: "fromTransactionConversionDate",
    to: "toTransactionConversionDate",
    field: "transactionConversionDate",
};

/// The operations of one of the five.
macro_rules! investments {
    ($api:literal, $file:literal, $kind:literal, $days:expr) => {
        Kind {
            file: $file,
            kind: $kind,
            id: "investmentId",
            discovery: concat!("/", $api, "/discovery"),
            list: (concat!("/", $api, "/investments"), "/investments"),
            operations: &[
                of(concat!("/", $api, "/find"), "/investments/{investmentId}", None),
                of(concat!("/", $api, "/balances"), "/investments/{investmentId}/balances", None),
                of(
                    concat!("/", $api, "/transactions"),
                    "/investments/{investmentId}/transactions",
                    Some($days),
                ),
                of(
                    concat!("/", $api, "/transactions-current"),
                    "/investments/{investmentId}/transactions-current",
                    Some($days),
                ),
            ],
        }
    };
}

const fn of(name: &'static str, path: &'static str, days: Option<Days>) -> Operation {
    Operation { name, path, days, below: None }
}

pub(crate) const INVESTMENTS: [Kind; 5] = [
    investments!("bank-fixed-incomes", "bank-fixed-incomes-1.1.0", "BANK_FIXED_INCOME", DATES),
    investments!("credit-fixed-incomes", "credit-fixed-incomes-1.1.0", "CREDIT_FIXED_INCOME", DATES),
    investments!("funds", "funds-1.1.0", "FUND", CONVERTED),
    investments!("treasure-titles", "treasure-titles-1.1.0", "TREASURE_TITLE", DATES),
    investments!("variable-incomes", "variable-incomes-1.3.0", "VARIABLE_INCOME", DATES),
];

#[tokio::test]
async fn z_inv_02_every_answer_about_bank_fixed_incomes_is_what_the_file_says() {
    walk(&INVESTMENTS[0]).await;
}

#[tokio::test]
async fn z_inv_02_every_answer_about_credit_fixed_incomes_is_what_the_file_says() {
    walk(&INVESTMENTS[1]).await;
}

#[tokio::test]
async fn z_inv_02_every_answer_about_funds_is_what_the_file_says() {
    walk(&INVESTMENTS[2]).await;
}

#[tokio::test]
async fn z_inv_02_every_answer_about_treasure_titles_is_what_the_file_says() {
    walk(&INVESTMENTS[3]).await;
}

#[tokio::test]
async fn z_inv_02_every_answer_about_variable_incomes_is_what_the_file_says() {
    walk(&INVESTMENTS[4]).await;
}

/// The records of an operation (by its place in the kind) for one product of a customer, from a year ago until today.
async fn moved(
    bank: &Bank,
    kind: &Kind,
    customer: &Customer,
    product: &Value,
    operation: usize,
) -> Vec<Value> {
    let (operation, today) = (&kind.operations[operation], clock::now().date_brasilia());
    let days = operation.days.unwrap();
    let body = with(common(customer, kind.kind, &[]), "resourceLegacyId", product.clone());
    let body = with(with(body, days.from, today.plus_days(-366).to_string()), days.to, today.to_string());
    whole(bank, operation.name, &body).await
}

#[tokio::test]
async fn z_inv_03_to_07_the_transactions_that_the_certification_looks_for_are_there() {
    let (bank, today) = (bank(), clock::now().date_brasilia());
    for kind in &INVESTMENTS {
        let field = kind.operations[2].days.unwrap().field;
        let day = |record: &Value| Date::parse(record[field].as_str().unwrap()).unwrap();
        for customer in [&CUSTOMERS[0], &CUSTOMERS[2]] {
            let products = discovered(&bank, kind.discovery, customer).await;
            let year = moved(&bank, kind, customer, &products[0], 2).await;
            assert!(year.len() > 50, "{}", kind.file);
            assert!(year.iter().any(|record| day(record) < today.plus_days(-184)), "{}", kind.file);
            assert!(year.iter().any(|record| day(record) >= today.plus_days(-6)), "{}", kind.file);
            assert!(year.is_sorted_by_key(|record| std::cmp::Reverse(day(record))), "{}", kind.file);
            let week = moved(&bank, kind, customer, &products[2], 3).await;
            assert!(week.len() > 50, "{}", kind.file);
            assert!(week.iter().all(|record| day(record) >= today.plus_days(-6)), "{}", kind.file);
        }
    }
}

#[tokio::test]
async fn z_inv_08_one_product_is_unavailable_and_one_customer_has_pages_of_them() {
    let bank = bank();
    for kind in &INVESTMENTS {
        let mut most = 0;
        for customer in CUSTOMERS {
            let answer = read(&bank, kind.discovery, &common(customer, kind.kind, &[])).await;
            let resources = answer["data"]["resources"].as_array().unwrap();
            most = most.max(resources.len());
            for status in ["AVAILABLE", "UNAVAILABLE"] {
                let with_status = resources.iter().any(|resource| resource["status"] == status);
                assert_eq!(with_status, !resources.is_empty(), "{} {status}", kind.file);
            }
        }
        assert!(most > 50, "{}", kind.file);
    }
}

#[tokio::test]
async fn z_cnp_06_to_08_issuers_and_funds_have_letters_in_their_cnpj() {
    let bank = bank();
    for (kind, field) in [
        (&INVESTMENTS[0], "issuerInstitutionCnpjNumber"),
        (&INVESTMENTS[1], "issuerInstitutionCnpjNumber"),
        (&INVESTMENTS[2], "cnpjNumber"),
        (&INVESTMENTS[4], "issuerInstitutionCnpjNumber"),
    ] {
        let product = &discovered(&bank, kind.discovery, &CUSTOMERS[0]).await[0];
        let body = with(common(&CUSTOMERS[0], kind.kind, &[]), "resourceLegacyId", product.clone());
        let detail = read(&bank, kind.operations[0].name, &body).await;
        let cnpj = detail["data"][field].as_str().unwrap();
        assert!(cnpj.bytes().any(|byte| byte.is_ascii_uppercase()) && Cnpj::parse(cnpj).is_ok(), "{cnpj}");
    }
}

#[tokio::test]
async fn z_inv_11_a_broker_note_among_the_first_transactions_has_every_field() {
    let (bank, kind) = (bank(), &INVESTMENTS[4]);
    let judge = Official::open(kind.file).map(|file| file.data("/broker-notes/{brokerNoteId}"));
    for customer in [&CUSTOMERS[0], &CUSTOMERS[2]] {
        let products = discovered(&bank, kind.discovery, customer).await;
        let first = moved(&bank, kind, customer, &products[0], 2).await;
        let id = first.iter().take(5).find_map(|record| record["brokerNoteId"].as_str()).unwrap();
        let shared = common(customer, kind.kind, &products);
        let asked = with(shared.clone(), "brokerNoteId", id);
        let answer = read(&bank, "/variable-incomes/broker-notes", &asked).await;
        judged(judge.as_ref(), "/variable-incomes/broker-notes", &answer["data"]);
        assert_eq!(answer["data"].as_object().unwrap().len(), 11);
        let of_product = with(asked.clone(), "resourceLegacyId", products[0].clone());
        assert_eq!(read(&bank, "/variable-incomes/broker-notes", &of_product).await["data"], answer["data"]);
        for (body, status) in [
            (shared.clone(), 400),
            (with(shared.clone(), "brokerNoteId", "NOTA-ANA-2026"), 404),
            (with(shared.clone(), "brokerNoteId", "NOTA-MIL-2026-03-02"), 404),
            (with(shared.clone(), "brokerNoteId", "NOTA-ANA-2016-03-02"), 404),
            (with(common(customer, kind.kind, &[]), "brokerNoteId", id), 404),
            (with(asked.clone(), "resourceLegacyId", json!([{ "key": "investmentId", "value": "x" }])), 404),
        ] {
            assert_eq!(ask(&bank, "/variable-incomes/broker-notes", &body).await.0, status, "{body}");
        }
    }
}
