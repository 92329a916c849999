//! A layer that lies in any field of any answer is found out: by the function itself, over what the sandbox bank answers.
//!
//! Every endpoint is asked for every customer of the bank, at a strict institution, which must find nothing. Then each field of its
//! table is spoilt in an answer that passed, one lie at a time: the call is refused, and what is counted is the path of that field
//! and the rule that it broke. The crate of the gate tries the same on answers that it makes up itself.

mod customer;
mod fields;
mod lying_bank;

use std::collections::BTreeSet;

use futures_util::future::join_all;
use ponte_bank::customers::CUSTOMERS;
use ponte_catalog::{Row, Shape};
use ponte_values::ResourceKind;
use serde_json::{Value, json};

use customer::{Answered, Customer};
use fields::{Lie, Place};

/// Objects that none of the bank's customers has, so that no answer of it has a place for their fields.
const NOWHERE: [(&str, &str); 7] = [
    ("accountsGetAccountsAccountIdReservedBalances", "data[].availableAmount[].remuneration."),
    ("customersGetBusinessIdentifications", "data[].otherDocuments[]."),
    ("customersGetPersonalFinancialRelations", "data.paychecksBankLink[]."),
    ("customersGetPersonalIdentifications", "data[].documents.passport."),
    ("invoiceFinancingsGetContractsContractIdScheduledInstalments", "data.balloonPayments[]."),
    ("loansGetContractsContractIdScheduledInstalments", "data.balloonPayments[]."),
    ("unarrangedAccountsOverdraftGetContractsContractIdScheduledInstalments", "data.balloonPayments[]."),
];

fn rows() -> impl Iterator<Item = &'static Row> {
    ponte_catalog::ALL.iter().copied().flatten().copied().filter(|row| row.layer.is_some())
}

/// What is answered as records one by one, so that a lie stands alone.
fn single(data: &Value) -> Vec<Value> {
    data.as_array()
        .map_or_else(|| vec![data.clone()], |records| records.iter().map(|record| json!([record])).collect())
}

/// The lies of a place: those of its kind, but for ids that only Ponte writes or that Ponte replaces.
fn lies(row: &Row, place: &Place) -> Vec<Lie> {
    let outermost = |name: &str| place.path == format!("data[].{name}");
    let own_id = ResourceKind::of_api(row.api.name).map_or("", ResourceKind::id);
    match row.shape {
        Shape::Products if outermost(own_id) => Vec::new(),
        Shape::IdentifiedRecords(name) if outermost(name) => fields::of_an_id(),
        Shape::BoundRecords(name) if outermost(name) => fields::of_a_bound_id(place),
        _ => fields::lies(place),
    }
}

/// Tells the lies of an answer at places where none was told yet.
async fn tell(customer: &Customer, answered: &Answered, told: &mut BTreeSet<String>) {
    let row = answered.row;
    let schema = row.fields.expect("a table");
    for data in single(&answered.data) {
        let mut places = fields::places(schema, &data);
        if row.shape == Shape::Products {
            places.push(Place::of_a_key());
        }
        for place in places {
            if !told.insert(place.path.clone()) {
                continue;
            }
            let lies = if place.is_a_key() { fields::of_a_key() } else { lies(row, &place) };
            for lie in lies {
                let spoilt = place.spoilt(&data, &lie);
                let found = customer.caught(answered, &spoilt).await;
                let expected = format!("{} {} {} 1", row.operation, place.path, lie.rule.as_str());
                assert_eq!(found, [expected], "{lie:?} of {}", row.operation);
            }
        }
    }
}

/// Tells every lie in every endpoint of these APIs.
async fn tell_all(apis: &[&str]) {
    let mut customers = Vec::new();
    for customer in CUSTOMERS {
        customers.push(Customer::of(customer).await);
    }
    let answered: Vec<Vec<Answered>> = join_all(customers.iter().map(|customer| customer.walk(apis))).await;
    let mut nowhere = BTreeSet::new();
    for row in rows().filter(|row| apis.contains(&row.api.name)) {
        let mut told = BTreeSet::new();
        for (customer, answered) in customers.iter().zip(&answered) {
            for one in answered.iter().filter(|one| one.row.operation == row.operation) {
                tell(customer, one, &mut told).await;
            }
        }
        assert!(!told.is_empty(), "{}: no customer of the bank has it", row.operation);
        let all = fields::paths(row.fields.expect("a table"));
        for path in all.iter().filter(|path| !told.contains(*path)) {
            let object =
                |(operation, object): &&(&str, &str)| *operation == row.operation && path.starts_with(object);
            let of = NOWHERE.iter().find(object);
            nowhere.insert(of.unwrap_or_else(|| panic!("no lie was told in {path} of {}", row.operation)));
        }
    }
    let of_these = |(operation, _): &&(&str, &str)| {
        rows().any(|row| row.operation == *operation && apis.contains(&row.api.name))
    };
    assert_eq!(nowhere, NOWHERE.iter().filter(of_these).collect(), "what the bank has by now");
}

const ACCOUNTS: &[&str] = &["accounts", "credit-cards-accounts"];
const CUSTOMERS_AND_EXCHANGES: &[&str] = &["customers", "exchanges"];
const CREDIT: &[&str] = &["loans", "financings", "invoice-financings", "unarranged-accounts-overdraft"];
const INVESTMENTS: &[&str] =
    &["bank-fixed-incomes", "credit-fixed-incomes", "funds", "treasure-titles", "variable-incomes"];

#[tokio::test]
async fn t63_a_lie_in_any_field_of_accounts_and_cards_is_refused_and_told() {
    tell_all(ACCOUNTS).await;
}

#[tokio::test]
async fn t63_a_lie_in_any_field_of_registrations_and_exchanges_is_refused_and_told() {
    tell_all(CUSTOMERS_AND_EXCHANGES).await;
}

#[tokio::test]
async fn t63_a_lie_in_any_field_of_credit_is_refused_and_told() {
    tell_all(CREDIT).await;
}

#[tokio::test]
async fn t63_a_lie_in_any_field_of_investments_is_refused_and_told() {
    tell_all(INVESTMENTS).await;
}

#[test]
fn no_api_is_left_out() {
    let lied = [ACCOUNTS, CUSTOMERS_AND_EXCHANGES, CREDIT, INVESTMENTS].concat();
    assert!(rows().all(|row| lied.contains(&row.api.name)));
}
