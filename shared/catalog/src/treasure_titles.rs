//! Treasure titles 1.1.0: bonds of the federal treasury.

use ponte_records::treasure_titles as fields;
use ponte_values::Permission;

use crate::data_endpoint::{CODES, DataEndpoint};
use crate::dates::TRANSACTION_DATES;
use crate::row::{Api, Frequency, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "treasure-titles",
    version: "1.1.0",
    base: "/open-banking/treasure-titles/v1",
    longest_link: 4_048,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&LIST, &FIND, &BALANCES, &TRANSACTIONS, &TRANSACTIONS_CURRENT];

/// The customer's investments.
pub static LIST: Row = DataEndpoint {
    operation: "treasureTitlesGetInvestments",
    template: "/open-banking/treasure-titles/v1/investments",
    permission: Permission::TreasureTitlesRead,
    layer: Some("/treasure-titles/investments"),
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
    operation: "treasureTitlesGetInvestmentsInvestmentId",
    template: "/open-banking/treasure-titles/v1/investments/{investmentId}",
    permission: Permission::TreasureTitlesRead,
    layer: Some("/treasure-titles/find"),
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
    operation: "treasureTitlesGetInvestmentsInvestmentIdBalances",
    template: "/open-banking/treasure-titles/v1/investments/{investmentId}/balances",
    permission: Permission::TreasureTitlesRead,
    layer: Some("/treasure-titles/balances"),
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
    operation: "treasureTitlesGetInvestmentsInvestmentIdTransactions",
    template: "/open-banking/treasure-titles/v1/investments/{investmentId}/transactions",
    permission: Permission::TreasureTitlesRead,
    layer: Some("/treasure-titles/transactions"),
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
    operation: "treasureTitlesGetInvestmentsInvestmentIdTransactionsCurrent",
    template: "/open-banking/treasure-titles/v1/investments/{investmentId}/transactions-current",
    permission: Permission::TreasureTitlesRead,
    layer: Some("/treasure-titles/transactions-current"),
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
