//! Accounts 2.5.1: current, savings and prepaid accounts.

use ponte_values::Permission;

use crate::row::{Access, Api, Filter, FilterKind, Frequency, Meta, Method, Reach, Row, Shape};

/// The file.
pub static API: Api = Api { name: "accounts", version: "2.5.1", base: "/open-banking/accounts/v2" };

/// Every endpoint of the file.
pub static ROWS: &[&Row] =
    &[&LIST, &FIND, &BALANCES, &TRANSACTIONS, &TRANSACTIONS_CURRENT, &OVERDRAFT_LIMITS, &RESERVED_BALANCES];

const fn customer(permission: Permission) -> Access {
    Access::permission("accounts", permission)
}

const CREDIT_DEBIT: Filter =
    Filter { name: "creditDebitIndicator", kind: FilterKind::OneOf(&["CREDITO", "DEBITO"]) };

const BOOKING_DATES: &[Filter] = &[
    Filter { name: "fromBookingDate", kind: FilterKind::From("toBookingDate") },
    Filter { name: "toBookingDate", kind: FilterKind::To("fromBookingDate") },
    CREDIT_DEBIT,
];

/// What the endpoints have in common; each row below says what is its own.
const GET: Row = Row {
    api: &API,
    operation: "",
    method: Method::Get,
    path: "",
    template: "",
    access: customer(Permission::AccountsRead),
    body: false,
    customer_headers: false,
    success: 200,
    shape: Shape::Object,
    meta: Meta::Totals,
    paged: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    codes: &[200, 400, 401, 403, 404, 405, 406, 422, 423, 429, 500, 504, 529],
};

/// The customer's accounts.
pub static LIST: Row = Row {
    operation: "accountsGetAccounts",
    path: "/accounts",
    template: "/open-banking/accounts/v2/accounts",
    shape: Shape::Products("accountId"),
    paged: true,
    filters: &[Filter {
        name: "accountType",
        kind: FilterKind::OneOf(&["CONTA_DEPOSITO_A_VISTA", "CONTA_POUPANCA", "CONTA_PAGAMENTO_PRE_PAGA"]),
    }],
    ..GET
};

/// One account.
pub static FIND: Row = Row {
    operation: "accountsGetAccountsAccountId",
    path: "/accounts/{accountId}",
    template: "/open-banking/accounts/v2/accounts/{accountId}",
    ..GET
};

/// Balances of an account.
pub static BALANCES: Row = Row {
    operation: "accountsGetAccountsAccountIdBalances",
    path: "/accounts/{accountId}/balances",
    template: "/open-banking/accounts/v2/accounts/{accountId}/balances",
    access: customer(Permission::AccountsBalancesRead),
    frequency: Frequency::High,
    ..GET
};

/// Transactions of an account, twelve months back.
pub static TRANSACTIONS: Row = Row {
    operation: "accountsGetAccountsAccountIdTransactions",
    path: "/accounts/{accountId}/transactions",
    template: "/open-banking/accounts/v2/accounts/{accountId}/transactions",
    access: customer(Permission::AccountsTransactionsRead),
    shape: Shape::Records,
    meta: Meta::Time,
    paged: true,
    filters: BOOKING_DATES,
    reach: Reach::Year,
    ..GET
};

/// Recent and coming transactions of an account.
pub static TRANSACTIONS_CURRENT: Row = Row {
    operation: "accountsGetAccountsAccountIdTransactionsCurrent",
    path: "/accounts/{accountId}/transactions-current",
    template: "/open-banking/accounts/v2/accounts/{accountId}/transactions-current",
    access: customer(Permission::AccountsTransactionsRead),
    shape: Shape::Records,
    meta: Meta::Time,
    paged: true,
    filters: BOOKING_DATES,
    reach: Reach::Current,
    frequency: Frequency::High,
    ..GET
};

/// Overdraft limits of an account; `data` is `{}` where the account has none.
pub static OVERDRAFT_LIMITS: Row = Row {
    operation: "accountsGetAccountsAccountIdOverdraftLimits",
    path: "/accounts/{accountId}/overdraft-limits",
    template: "/open-banking/accounts/v2/accounts/{accountId}/overdraft-limits",
    access: customer(Permission::AccountsOverdraftLimitsRead),
    frequency: Frequency::High,
    ..GET
};

/// Money set aside within an account (C59).
pub static RESERVED_BALANCES: Row = Row {
    operation: "accountsGetAccountsAccountIdReservedBalances",
    path: "/accounts/{accountId}/reserved-balances",
    template: "/open-banking/accounts/v2/accounts/{accountId}/reserved-balances",
    access: customer(Permission::AccountsBalancesRead),
    shape: Shape::Records,
    paged: true,
    frequency: Frequency::High,
    ..GET
};
