//! Funds 1.1.0: investment funds.

use ponte_records::funds as fields;
use ponte_values::Permission;

use crate::data_endpoint::{CODES, DataEndpoint};
use crate::row::{Api, Filter, FilterKind, Frequency, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "funds",
    version: "1.1.0",
    base: "/open-banking/funds/v1",
    longest_link: 4_048,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&LIST, &FIND, &BALANCES, &TRANSACTIONS, &TRANSACTIONS_CURRENT];

/// The days of the conversion into quotas, not of the transaction.
const CONVERSION_DATES: &[Filter] = &[
    Filter { name: "fromTransactionConversionDate", kind: FilterKind::From("toTransactionConversionDate") },
    Filter { name: "toTransactionConversionDate", kind: FilterKind::To("fromTransactionConversionDate") },
];

/// The customer's investments.
pub static LIST: Row = DataEndpoint {
    operation: "fundsGetInvestments",
    template: "/open-banking/funds/v1/investments",
    permission: Permission::FundsRead,
    layer: Some("/funds/investments"),
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
    operation: "fundsGetInvestmentsInvestmentId",
    template: "/open-banking/funds/v1/investments/{investmentId}",
    permission: Permission::FundsRead,
    layer: Some("/funds/find"),
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
    operation: "fundsGetInvestmentsInvestmentIdBalances",
    template: "/open-banking/funds/v1/investments/{investmentId}/balances",
    permission: Permission::FundsRead,
    layer: Some("/funds/balances"),
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
    operation: "fundsGetInvestmentsInvestmentIdTransactions",
    template: "/open-banking/funds/v1/investments/{investmentId}/transactions",
    permission: Permission::FundsRead,
    layer: Some("/funds/transactions"),
    product: Some("investmentId"),
    ids: &[],
    shape: Shape::Records,
    meta: Meta::Time,
    fields: Some(&fields::TRANSACTIONS),
    smallest_page: Some(25),
    pagination_key: true,
    filters: CONVERSION_DATES,
    reach: Reach::PastYear,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES,
}
.of(&API);

/// Transactions of an investment in the last seven days.
pub static TRANSACTIONS_CURRENT: Row = DataEndpoint {
    operation: "fundsGetInvestmentsInvestmentIdTransactionsCurrent",
    template: "/open-banking/funds/v1/investments/{investmentId}/transactions-current",
    permission: Permission::FundsRead,
    layer: Some("/funds/transactions-current"),
    product: Some("investmentId"),
    ids: &[],
    shape: Shape::Records,
    meta: Meta::Time,
    fields: Some(&fields::TRANSACTIONS_CURRENT),
    smallest_page: Some(25),
    pagination_key: true,
    filters: CONVERSION_DATES,
    reach: Reach::PastWeek,
    frequency: Frequency::MediumHigh,
    limits: Limits::Operational { a_month: 120 },
    codes: CODES,
}
.of(&API);
