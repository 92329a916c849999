//! Credit cards 2.4.0: accounts of credit cards, their bills, limits and transactions.

use ponte_records::credit_cards_accounts as fields;
use ponte_values::Permission;

use crate::data_endpoint::{CODES, DataEndpoint};
use crate::dates::{FROM_TRANSACTION, TO_TRANSACTION};
use crate::row::{Api, Filter, FilterKind, Frequency, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "credit-cards-accounts",
    version: "2.4.0",
    base: "/open-banking/credit-cards-accounts/v2",
    longest_link: 4_048,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] =
    &[&LIST, &FIND, &BILLS, &BILL_TRANSACTIONS, &LIMITS, &TRANSACTIONS, &TRANSACTIONS_CURRENT];

const DUE_DATES: &[Filter] = &[
    Filter { name: "fromDueDate", kind: FilterKind::From("toDueDate") },
    Filter { name: "toDueDate", kind: FilterKind::To("fromDueDate") },
];

const TRANSACTION_FILTERS: &[Filter] = &[
    FROM_TRANSACTION,
    TO_TRANSACTION,
    Filter {
        name: "transactionType",
        kind: FilterKind::OneOf(&[
            "PAGAMENTO",
            "PAGAMENTO_FATURA",
            "TARIFA",
            "OPERACOES_CREDITO_CONTRATADAS_CARTAO",
            "ESTORNO",
            "CASHBACK",
            "OUTROS",
        ]),
    },
    Filter { name: "payeeMCC", kind: FilterKind::Whole { most: 9_999 } },
];

/// The customer's card accounts.
pub static LIST: Row = DataEndpoint {
    operation: "creditCardsGetAccounts",
    template: "/open-banking/credit-cards-accounts/v2/accounts",
    permission: Permission::CreditCardsAccountsRead,
    layer: Some("/credit-cards-accounts/accounts"),
    product: None,
    ids: &[],
    shape: Shape::Products,
    meta: Meta::Totals,
    fields: Some(&fields::LIST),
    smallest_page: Some(1),
    pagination_key: true,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES,
}
.of(&API);

/// One card account.
pub static FIND: Row = DataEndpoint {
    operation: "creditCardsGetAccountsCreditCardAccountId",
    template: "/open-banking/credit-cards-accounts/v2/accounts/{creditCardAccountId}",
    permission: Permission::CreditCardsAccountsRead,
    layer: Some("/credit-cards-accounts/find"),
    product: Some("creditCardAccountId"),
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Totals,
    fields: Some(&fields::FIND),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::MediumHigh,
    limits: Limits::Operational { a_month: 120 },
    codes: CODES,
}
.of(&API);

/// Closed bills of a card account, by the day they are due.
pub static BILLS: Row = DataEndpoint {
    operation: "creditCardsGetAccountsCreditCardAccountIdBills",
    template: "/open-banking/credit-cards-accounts/v2/accounts/{creditCardAccountId}/bills",
    permission: Permission::CreditCardsAccountsBillsRead,
    layer: Some("/credit-cards-accounts/bills"),
    product: Some("creditCardAccountId"),
    ids: &[],
    shape: Shape::BoundRecords("billId"),
    meta: Meta::Totals,
    fields: Some(&fields::BILLS),
    smallest_page: Some(1),
    pagination_key: true,
    filters: DUE_DATES,
    reach: Reach::Open,
    frequency: Frequency::Medium,
    limits: Limits::Operational { a_month: 30 },
    codes: CODES,
}
.of(&API);

/// Transactions of a bill.
pub static BILL_TRANSACTIONS: Row = DataEndpoint {
    operation: "creditCardsGetAccountsCreditCardAccountIdBillsBillIdTransactions",
    template: "/open-banking/credit-cards-accounts/v2/accounts/{creditCardAccountId}/bills/{billId}/transactions",
    permission: Permission::CreditCardsAccountsBillsTransactionsRead,
    layer: Some("/credit-cards-accounts/bills-transactions"),
    product: Some("creditCardAccountId"),
    ids: &["billId"],
    shape: Shape::BoundRecords("billId"),
    meta: Meta::Totals,
    fields: Some(&fields::BILL_TRANSACTIONS),
    smallest_page: Some(1),
    pagination_key: true,
    filters: TRANSACTION_FILTERS,
    reach: Reach::All,
    frequency: Frequency::Medium,
    limits: Limits::Operational { a_month: 30 },
    codes: CODES,
}
.of(&API);

/// Limits of a card account: a list without pages.
pub static LIMITS: Row = DataEndpoint {
    operation: "creditCardsGetAccountsCreditCardAccountIdLimits",
    template: "/open-banking/credit-cards-accounts/v2/accounts/{creditCardAccountId}/limits",
    permission: Permission::CreditCardsAccountsLimitsRead,
    layer: Some("/credit-cards-accounts/limits"),
    product: Some("creditCardAccountId"),
    ids: &[],
    shape: Shape::Records,
    meta: Meta::Totals,
    fields: Some(&fields::LIMITS),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    limits: Limits::Operational { a_month: 240 },
    codes: CODES,
}
.of(&API);

/// Transactions of a card account, twelve months back.
pub static TRANSACTIONS: Row = DataEndpoint {
    operation: "creditCardsGetAccountsCreditCardAccountIdTransactions",
    template: "/open-banking/credit-cards-accounts/v2/accounts/{creditCardAccountId}/transactions",
    permission: Permission::CreditCardsAccountsTransactionsRead,
    layer: Some("/credit-cards-accounts/transactions"),
    product: Some("creditCardAccountId"),
    ids: &[],
    shape: Shape::BoundRecords("billId"),
    meta: Meta::Time,
    fields: Some(&fields::TRANSACTIONS),
    smallest_page: Some(1),
    pagination_key: true,
    filters: TRANSACTION_FILTERS,
    reach: Reach::PastYear,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES,
}
.of(&API);

/// Transactions of a card account in the last seven days.
pub static TRANSACTIONS_CURRENT: Row = DataEndpoint {
    operation: "creditCardsGetAccountsCreditCardAccountIdTransactionsCurrent",
    template: "/open-banking/credit-cards-accounts/v2/accounts/{creditCardAccountId}/transactions-current",
    permission: Permission::CreditCardsAccountsTransactionsRead,
    layer: Some("/credit-cards-accounts/transactions-current"),
    product: Some("creditCardAccountId"),
    ids: &[],
    shape: Shape::BoundRecords("billId"),
    meta: Meta::Time,
    fields: Some(&fields::TRANSACTIONS_CURRENT),
    smallest_page: Some(1),
    pagination_key: true,
    filters: TRANSACTION_FILTERS,
    reach: Reach::PastWeek,
    frequency: Frequency::High,
    limits: Limits::Operational { a_month: 240 },
    codes: CODES,
}
.of(&API);
