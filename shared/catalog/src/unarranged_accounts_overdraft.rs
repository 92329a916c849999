//! Unarranged accounts overdraft 2.5.0: contracts of overdraft that nobody arranged.

use ponte_records::unarranged_accounts_overdraft as fields;
use ponte_values::Permission;

use crate::data_endpoint::{CODES, DataEndpoint};
use crate::row::{Api, Frequency, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "unarranged-accounts-overdraft",
    version: "2.5.0",
    base: "/open-banking/unarranged-accounts-overdraft/v2",
    longest_link: 4_048,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&LIST, &FIND, &WARRANTIES, &SCHEDULED_INSTALMENTS, &PAYMENTS];

/// The customer's overdraft contracts.
pub static LIST: Row = DataEndpoint {
    operation: "unarrangedAccountsOverdraftGetContracts",
    template: "/open-banking/unarranged-accounts-overdraft/v2/contracts",
    permission: Permission::UnarrangedAccountsOverdraftRead,
    layer: Some("/unarranged-accounts-overdraft/contracts"),
    product: None,
    ids: &[],
    shape: Shape::Products,
    meta: Meta::Totals,
    fields: Some(&fields::LIST),
    smallest_page: Some(1),
    pagination_key: true,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Medium,
    limits: Limits::Operational { a_month: 30 },
    codes: CODES,
}
.of(&API);

/// One overdraft contract.
pub static FIND: Row = DataEndpoint {
    operation: "unarrangedAccountsOverdraftGetContractsContractId",
    template: "/open-banking/unarranged-accounts-overdraft/v2/contracts/{contractId}",
    permission: Permission::UnarrangedAccountsOverdraftRead,
    layer: Some("/unarranged-accounts-overdraft/find"),
    product: Some("contractId"),
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Time,
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

/// Warranties of a contract.
pub static WARRANTIES: Row = DataEndpoint {
    operation: "unarrangedAccountsOverdraftGetContractsContractIdWarranties",
    template: "/open-banking/unarranged-accounts-overdraft/v2/contracts/{contractId}/warranties",
    permission: Permission::UnarrangedAccountsOverdraftWarrantiesRead,
    layer: Some("/unarranged-accounts-overdraft/warranties"),
    product: Some("contractId"),
    ids: &[],
    shape: Shape::Records,
    meta: Meta::Totals,
    fields: Some(&fields::WARRANTIES),
    smallest_page: Some(1),
    pagination_key: true,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES,
}
.of(&API);

/// Instalments of a contract, as agreed.
pub static SCHEDULED_INSTALMENTS: Row = DataEndpoint {
    operation: "unarrangedAccountsOverdraftGetContractsContractIdScheduledInstalments",
    template: "/open-banking/unarranged-accounts-overdraft/v2/contracts/{contractId}/scheduled-instalments",
    permission: Permission::UnarrangedAccountsOverdraftScheduledInstalmentsRead,
    layer: Some("/unarranged-accounts-overdraft/scheduled-instalments"),
    product: Some("contractId"),
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Time,
    fields: Some(&fields::SCHEDULED_INSTALMENTS),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Medium,
    limits: Limits::Operational { a_month: 30 },
    codes: CODES,
}
.of(&API);

/// What was paid on a contract.
pub static PAYMENTS: Row = DataEndpoint {
    operation: "unarrangedAccountsOverdraftGetContractsContractIdPayments",
    template: "/open-banking/unarranged-accounts-overdraft/v2/contracts/{contractId}/payments",
    permission: Permission::UnarrangedAccountsOverdraftPaymentsRead,
    layer: Some("/unarranged-accounts-overdraft/payments"),
    product: Some("contractId"),
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Time,
    fields: Some(&fields::PAYMENTS),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Medium,
    limits: Limits::Operational { a_month: 30 },
    codes: CODES,
}
.of(&API);
