//! Bank fixed incomes 1.1.0: fixed income that banks issue.

use ponte_records::bank_fixed_incomes as fields;
use ponte_values::Permission;

use crate::data_endpoint::{CODES, DataEndpoint};
use crate::dates::TRANSACTION_DATES;
use crate::row::{Api, Frequency, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "bank-fixed-incomes",
    version: "1.1.0",
    base: "/open-banking/bank-fixed-incomes/v1",
    longest_link: 4_048,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&LIST, &FIND, &BALANCES, &TRANSACTIONS, &TRANSACTIONS_CURRENT];

/// The customer's investments.
pub static LIST: Row = DataEndpoint {
    operation: "banktFixedIncomesGetInvestments",
    template: "/open-banking/bank-fixed-incomes/v1/investments",
    permission: Permission::BankFixedIncomesRead,
    layer: Some("/bank-fixed-incomes/investments"),
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
    operation: "banktFixedIncomesGetInvestmentsInvestmentId",
    template: "/open-banking/bank-fixed-incomes/v1/investments/{investmentId}",
    permission: Permission::BankFixedIncomesRead,
    layer: Some("/bank-fixed-incomes/find"),
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
    operation: "banktFixedIncomesGetInvestmentsInvestmentIdBalances",
    template: "/open-banking/bank-fixed-incomes/v1/investments/{investmentId}/balances",
    permission: Permission::BankFixedIncomesRead,
    layer: Some("/bank-fixed-incomes/balances"),
    product: Some("investmentId"),
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Totals,
    fields: Some(&fields::BALANCES),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::MediumHigh,
    limits: Limits::Operational { a_month: 120 },
    codes: CODES,
}
.of(&API);

/// Transactions of an investment, twelve months back.
pub static TRANSACTIONS: Row = DataEndpoint {
    operation: "banktFixedIncomesGetInvestmentsInvestmentIdTransactions",
    template: "/open-banking/bank-fixed-incomes/v1/investments/{investmentId}/transactions",
    permission: Permission::BankFixedIncomesRead,
    layer: Some("/bank-fixed-incomes/transactions"),
    product: Some("investmentId"),
    ids: &[],
    shape: Shape::Records,
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
    operation: "banktFixedIncomesGetInvestmentsInvestmentIdTransactionsCurrent",
    template: "/open-banking/bank-fixed-incomes/v1/investments/{investmentId}/transactions-current",
    permission: Permission::BankFixedIncomesRead,
    layer: Some("/bank-fixed-incomes/transactions-current"),
    product: Some("investmentId"),
    ids: &[],
    shape: Shape::Records,
    meta: Meta::Time,
    fields: Some(&fields::TRANSACTIONS_CURRENT),
    smallest_page: Some(25),
    pagination_key: true,
    filters: TRANSACTION_DATES,
    reach: Reach::PastWeek,
    frequency: Frequency::MediumHigh,
    limits: Limits::Operational { a_month: 120 },
    codes: CODES,
}
.of(&API);
