//! Loans 2.6.0: contracts of loans.

use ponte_records::loans as fields;
use ponte_values::Permission;

use crate::data_endpoint::{CODES, DataEndpoint};
use crate::row::{Api, Frequency, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "loans",
    version: "2.6.0",
    base: "/open-banking/loans/v2",
    longest_link: 4_048,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&LIST, &FIND, &WARRANTIES, &SCHEDULED_INSTALMENTS, &PAYMENTS];

/// The customer's loans.
pub static LIST: Row = DataEndpoint {
    operation: "loansGetContracts",
    template: "/open-banking/loans/v2/contracts",
    permission: Permission::LoansRead,
    layer: Some("/loans/contracts"),
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

/// One loan.
pub static FIND: Row = DataEndpoint {
    operation: "loansGetContractsContractId",
    template: "/open-banking/loans/v2/contracts/{contractId}",
    permission: Permission::LoansRead,
    layer: Some("/loans/find"),
    product: Some("contractId"),
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Time,
    fields: Some(&fields::FIND),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Medium,
    limits: Limits::Operational { a_month: 30 },
    codes: CODES,
}
.of(&API);

/// Warranties of a contract.
pub static WARRANTIES: Row = DataEndpoint {
    operation: "loansGetContractsContractIdWarranties",
    template: "/open-banking/loans/v2/contracts/{contractId}/warranties",
    permission: Permission::LoansWarrantiesRead,
    layer: Some("/loans/warranties"),
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
    operation: "loansGetContractsContractIdScheduledInstalments",
    template: "/open-banking/loans/v2/contracts/{contractId}/scheduled-instalments",
    permission: Permission::LoansScheduledInstalmentsRead,
    layer: Some("/loans/scheduled-instalments"),
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
    operation: "loansGetContractsContractIdPayments",
    template: "/open-banking/loans/v2/contracts/{contractId}/payments",
    permission: Permission::LoansPaymentsRead,
    layer: Some("/loans/payments"),
    product: Some("contractId"),
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Time,
    fields: Some(&fields::PAYMENTS),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::MediumHigh,
    limits: Limits::Operational { a_month: 120 },
    codes: CODES,
}
.of(&API);
