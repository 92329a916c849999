//! Variable incomes 1.3.0: shares and the like, and the notes of their brokers.

use ponte_records::variable_incomes as fields;
use ponte_values::Permission;

use crate::data_endpoint::{CODES, DataEndpoint};
use crate::dates::TRANSACTION_DATES;
use crate::row::{Api, Frequency, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "variable-incomes",
    version: "1.3.0",
    base: "/open-banking/variable-incomes/v1",
    longest_link: 4_048,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&LIST, &FIND, &BALANCES, &TRANSACTIONS, &TRANSACTIONS_CURRENT, &BROKER_NOTE];

/// The customer's investments.
pub static LIST: Row = DataEndpoint {
    operation: "variableIncomesGetInvestments",
    template: "/open-banking/variable-incomes/v1/investments",
    permission: Permission::VariableIncomesRead,
    layer: Some("/variable-incomes/investments"),
    product: None,
    ids: &[],
    shape: Shape::Products,
    meta: Meta::Totals,
    fields: Some(&fields::LIST),
    smallest_page: Some(25),
    pagination_key: true,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Medium,
    limits: Limits::Operational { a_month: 30 },
    codes: CODES,
}
.of(&API);

/// One investment.
pub static FIND: Row = DataEndpoint {
    operation: "variableIncomesGetInvestmentsInvestmentId",
    template: "/open-banking/variable-incomes/v1/investments/{investmentId}",
    permission: Permission::VariableIncomesRead,
    layer: Some("/variable-incomes/find"),
    product: Some("investmentId"),
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Totals,
    fields: Some(&fields::FIND),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES,
}
.of(&API);

/// Position of an investment.
pub static BALANCES: Row = DataEndpoint {
    operation: "variableIncomesGetInvestmentsInvestmentIdBalances",
    template: "/open-banking/variable-incomes/v1/investments/{investmentId}/balances",
    permission: Permission::VariableIncomesRead,
    layer: Some("/variable-incomes/balances"),
    product: Some("investmentId"),
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Totals,
    fields: Some(&fields::BALANCES),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Medium,
    limits: Limits::Operational { a_month: 30 },
    codes: CODES,
}
.of(&API);

/// Transactions of an investment, twelve months back.
pub static TRANSACTIONS: Row = DataEndpoint {
    operation: "variableIncomesGetInvestmentsInvestmentIdTransactions",
    template: "/open-banking/variable-incomes/v1/investments/{investmentId}/transactions",
    permission: Permission::VariableIncomesRead,
    layer: Some("/variable-incomes/transactions"),
    product: Some("investmentId"),
    ids: &[],
    shape: Shape::BoundRecords("brokerNoteId"),
    meta: Meta::Time,
    fields: Some(&fields::TRANSACTIONS),
    smallest_page: Some(25),
    pagination_key: true,
    filters: TRANSACTION_DATES,
    reach: Reach::PastYear,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES,
}
.of(&API);

/// Transactions of an investment in the last seven days.
pub static TRANSACTIONS_CURRENT: Row = DataEndpoint {
    operation: "variableIncomesGetInvestmentsInvestmentIdTransactionsCurrent",
    template: "/open-banking/variable-incomes/v1/investments/{investmentId}/transactions-current",
    permission: Permission::VariableIncomesRead,
    layer: Some("/variable-incomes/transactions-current"),
    product: Some("investmentId"),
    ids: &[],
    shape: Shape::BoundRecords("brokerNoteId"),
    meta: Meta::Time,
    fields: Some(&fields::TRANSACTIONS_CURRENT),
    smallest_page: Some(25),
    pagination_key: true,
    filters: TRANSACTION_DATES,
    reach: Reach::PastWeek,
    frequency: Frequency::Medium,
    limits: Limits::Operational { a_month: 30 },
    codes: CODES,
}
.of(&API);

/// A broker's note, named by a transaction; its path names no product.
pub static BROKER_NOTE: Row = DataEndpoint {
    operation: "variableIncomesGetInvestmentsInvestmentIdBrokerNotesBrokerNoteId",
    template: "/open-banking/variable-incomes/v1/broker-notes/{brokerNoteId}",
    permission: Permission::VariableIncomesRead,
    layer: Some("/variable-incomes/broker-notes"),
    product: None,
    ids: &["brokerNoteId"],
    shape: Shape::Object,
    meta: Meta::Totals,
    fields: Some(&fields::BROKER_NOTE),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Medium,
    limits: Limits::Operational { a_month: 30 },
    codes: CODES,
}
.of(&API);
