//! Accounts through the wire contract.

use ponte_machine::clock;
use serde_json::{Value, json};

use super::bank;
use super::walk::{Days, Kind, Operation, common, read, walk, whole, with};
use crate::customers::{Account, CUSTOMERS, Customer};

const BOOKED: Option<Days> =
    Some(Days { from: "fromBookingDate", to: "toBookingDate", field: "transactionDateTime" });

pub(crate) const ACCOUNTS: Kind = Kind {
    file: "accounts-2.5.1",
    kind: "ACCOUNT",
    id: "accountId",
    discovery: "/accounts/account-discovery",
    list: ("/accounts/accounts", "/accounts"),
    operations: &[
        of("/accounts/find", "/accounts/{accountId}", None),
        of("/accounts/balances", "/accounts/{accountId}/balances", None),
        of("/accounts/overdraft-limits", "/accounts/{accountId}/overdraft-limits", None),
        of("/accounts/reserved-balances", "/accounts/{accountId}/reserved-balances", None),
        of("/accounts/transactions", "/accounts/{accountId}/transactions", BOOKED),
        of("/accounts/transactions-current", "/accounts/{accountId}/transactions-current", BOOKED),
    ],
};

const fn of(name: &'static str, path: &'static str, days: Option<Days>) -> Operation {
    Operation { name, path, days, below: None }
}

#[tokio::test]
async fn every_answer_is_what_the_file_says() {
    let tally = walk(&ACCOUNTS).await;
    assert!(tally["/accounts/transactions"] > 3_000, "{tally:?}");
}

/// A question about an account of a customer, with the widest window.
fn asked(customer: &Customer, account: &Account) -> Value {
    let today = clock::now().date_brasilia();
    let body = common(customer, ACCOUNTS.kind, &[]);
    let body = with(body, "resourceLegacyId", json!([{ "key": "accountId", "value": account.id() }]));
    let body = with(body, "fromBookingDate", today.plus_days(-366).to_string());
    with(body, "toBookingDate", today.to_string())
}

/// The account with this number, and whose it is.
fn numbered(number: &str) -> (&'static Customer, &'static Account) {
    let mut all = CUSTOMERS.iter().flat_map(|one| one.accounts.iter().map(move |account| (one, account)));
    all.find(|(_, account)| account.number == number).unwrap()
}

async fn about(number: &str, operation: &str) -> Value {
    let (customer, account) = numbered(number);
    read(&bank(), operation, &asked(customer, account)).await["data"].clone()
}

#[tokio::test]
async fn z_cnp_03_letters_in_the_document_of_the_other_side() {
    let (customer, account) = numbered("00060001");
    for operation in ["/accounts/transactions", "/accounts/transactions-current"] {
        let records = whole(&bank(), operation, &asked(customer, account)).await;
        let paid: Vec<&Value> =
            records.iter().filter(|one| one["partieCnpjCpf"] == "F4V0REC1D00120").collect();
        assert!(!paid.is_empty() && paid.iter().all(|one| one["partiePersonType"] == "PESSOA_JURIDICA"));
    }
}

#[tokio::test]
async fn c56_the_last_second_of_a_year_is_found_by_its_day_in_brasilia() {
    let (customer, account) = numbered("00050001");
    let today = clock::now().date_brasilia().to_string();
    let year = today[..4].parse::<u32>().unwrap() - 1;
    let on = async |day: String| {
        let body = with(asked(customer, account), "fromBookingDate", day.as_str());
        whole(&bank(), "/accounts/transactions", &with(body, "toBookingDate", day)).await
    };
    let moment = json!(format!("{}-01-01T02:59:59.000Z", year + 1));
    let is_there = |records: &[Value]| records.iter().any(|one| one["transactionDateTime"] == moment);
    assert!(is_there(&on(format!("{year}-12-31")).await));
    assert!(!is_there(&on(format!("{}-01-01", year + 1)).await));
}

#[tokio::test]
async fn z_acc_11_z_acc_12_reserves_where_there_are_some_and_none_where_there_are_none() {
    for (number, count) in [("00012345", 2), ("00012346", 0)] {
        assert_eq!(about(number, "/accounts/balances").await["hasReservedBalance"], count > 0);
        assert_eq!(about(number, "/accounts/reserved-balances").await.as_array().map(Vec::len), Some(count));
    }
}

#[tokio::test]
async fn nothing_below_nothing_and_dollars() {
    assert_eq!(about("00040000", "/accounts/balances").await["availableAmount"]["amount"], "0.00");
    assert_eq!(about("00040000", "/accounts/transactions").await, json!([]));
    assert_eq!(about("00040000", "/accounts/overdraft-limits").await, json!({}), "no overdraft");
    let number = "12345678901234567890";
    assert_eq!(about(number, "/accounts/balances").await["availableAmount"]["amount"], "-500.00");
    let overdraft = about(number, "/accounts/overdraft-limits").await;
    assert_eq!(overdraft["overdraftUsedLimit"]["amount"], "200.00");
    assert_eq!(overdraft["unarrangedOverdraftAmount"]["amount"], "300.00");
    assert_eq!(about("00050840", "/accounts/find").await["currency"], "USD");
    let records = about("00050840", "/accounts/transactions").await;
    let dollars = |one: &Value| one["transactionAmount"]["currency"] == "USD";
    assert!(records.as_array().is_some_and(|records| !records.is_empty() && records.iter().all(dollars)));
}
