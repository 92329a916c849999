//! Accounts 2.5.1: current, savings and prepaid accounts.

use ponte_records::accounts as fields;
use ponte_values::Permission;

use crate::data_endpoint::{CODES, DataEndpoint};
use crate::row::{Api, Filter, FilterKind, Frequency, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "accounts",
    version: "2.5.1",
    base: "/open-banking/accounts/v2",
    longest_link: 4_048,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] =
    &[&LIST, &FIND, &BALANCES, &TRANSACTIONS, &TRANSACTIONS_CURRENT, &OVERDRAFT_LIMITS, &RESERVED_BALANCES];

const ACCOUNT_TYPE: Filter = Filter {
    name: "accountType",
    kind: FilterKind::OneOf(&["CONTA_DEPOSITO_A_VISTA", "CONTA_POUPANCA", "CONTA_PAGAMENTO_PRE_PAGA"]),
};

const CREDIT_DEBIT: Filter =
    Filter { name: "creditDebitIndicator", kind: FilterKind::OneOf(&["CREDITO", "DEBITO"]) };

const BOOKING_DATES: &[Filter] = &[
    Filter { name: "fromBookingDate", kind: FilterKind::From("toBookingDate") },
    Filter { name: "toBookingDate", kind: FilterKind::To("fromBookingDate") },
    CREDIT_DEBIT,
];

/// The customer's accounts.
pub static LIST: Row = DataEndpoint {
    operation: "accountsGetAccounts",
    template: "/open-banking/accounts/v2/accounts",
    permission: Permission::AccountsRead,
    layer: Some("/accounts/accounts"),
    product: None,
    ids: &[],
    shape: Shape::Products,
    meta: Meta::Totals,
    fields: Some(&fields::LIST),
    smallest_page: Some(1),
    pagination_key: true,
    filters: &[ACCOUNT_TYPE],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES,
}
.of(&API);

/// One account.
pub static FIND: Row = DataEndpoint {
    operation: "accountsGetAccountsAccountId",
    template: "/open-banking/accounts/v2/accounts/{accountId}",
    permission: Permission::AccountsRead,
    layer: Some("/accounts/find"),
    product: Some("accountId"),
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

/// Balances of an account.
pub static BALANCES: Row = DataEndpoint {
    operation: "accountsGetAccountsAccountIdBalances",
    template: "/open-banking/accounts/v2/accounts/{accountId}/balances",
    permission: Permission::AccountsBalancesRead,
    layer: Some("/accounts/balances"),
    product: Some("accountId"),
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Totals,
    fields: Some(&fields::BALANCES),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    limits: Limits::Operational { a_month: 420 },
    codes: CODES,
}
.of(&API);

/// Transactions of an account, twelve months back and ahead.
pub static TRANSACTIONS: Row = DataEndpoint {
    operation: "accountsGetAccountsAccountIdTransactions",
    template: "/open-banking/accounts/v2/accounts/{accountId}/transactions",
    permission: Permission::AccountsTransactionsRead,
    layer: Some("/accounts/transactions"),
    product: Some("accountId"),
    ids: &[],
    shape: Shape::Records,
    meta: Meta::Time,
    fields: Some(&fields::TRANSACTIONS),
    smallest_page: Some(1),
    pagination_key: true,
    filters: BOOKING_DATES,
    reach: Reach::Year,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES,
}
.of(&API);

/// Recent and coming transactions of an account.
pub static TRANSACTIONS_CURRENT: Row = DataEndpoint {
    operation: "accountsGetAccountsAccountIdTransactionsCurrent",
    template: "/open-banking/accounts/v2/accounts/{accountId}/transactions-current",
    permission: Permission::AccountsTransactionsRead,
    layer: Some("/accounts/transactions-current"),
    product: Some("accountId"),
    ids: &[],
    shape: Shape::Records,
    meta: Meta::Time,
    fields: Some(&fields::TRANSACTIONS_CURRENT),
    smallest_page: Some(1),
    pagination_key: true,
    filters: BOOKING_DATES,
    reach: Reach::Current,
    frequency: Frequency::High,
    limits: Limits::Operational { a_month: 240 },
    codes: CODES,
}
.of(&API);

/// Overdraft limits of an account; `data` is `{}` where the account has none.
pub static OVERDRAFT_LIMITS: Row = DataEndpoint {
    operation: "accountsGetAccountsAccountIdOverdraftLimits",
    template: "/open-banking/accounts/v2/accounts/{accountId}/overdraft-limits",
    permission: Permission::AccountsOverdraftLimitsRead,
    layer: Some("/accounts/overdraft-limits"),
    product: Some("accountId"),
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Totals,
    fields: Some(&fields::OVERDRAFT_LIMITS),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    limits: Limits::Operational { a_month: 420 },
    codes: CODES,
}
.of(&API);

/// Money set aside within an account (C59).
pub static RESERVED_BALANCES: Row = DataEndpoint {
    operation: "accountsGetAccountsAccountIdReservedBalances",
    template: "/open-banking/accounts/v2/accounts/{accountId}/reserved-balances",
    permission: Permission::AccountsBalancesRead,
    layer: Some("/accounts/reserved-balances"),
    product: Some("accountId"),
    ids: &[],
    shape: Shape::IdentifiedRecords("reservedIdentification"),
    meta: Meta::Totals,
    fields: Some(&fields::RESERVED_BALANCES),
    smallest_page: Some(1),
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    limits: Limits::Operational { a_month: 420 },
    codes: CODES,
}
.of(&API);
