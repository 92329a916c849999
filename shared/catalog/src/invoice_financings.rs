//! Invoice financings 2.4.0: contracts of advances on receivables.

use ponte_records::invoice_financings as fields;
use ponte_values::Permission;

use crate::data_endpoint::{CODES, DataEndpoint};
use crate::row::{Api, Frequency, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "invoice-financings",
    version: "2.4.0",
    base: "/open-banking/invoice-financings/v2",
    longest_link: 4_048,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&LIST, &FIND, &WARRANTIES, &SCHEDULED_INSTALMENTS, &PAYMENTS];

/// The customer's advances on receivables.
pub static LIST: Row = DataEndpoint {
    operation: "invoiceFinancingsGetContracts",
    template: "/open-banking/invoice-financings/v2/contracts",
    permission: Permission::InvoiceFinancingsRead,
    layer: Some("/invoice-financings/contracts"),
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

/// One advance on receivables.
pub static FIND: Row = DataEndpoint {
    operation: "invoiceFinancingsGetContractsContractId",
    template: "/open-banking/invoice-financings/v2/contracts/{contractId}",
    permission: Permission::InvoiceFinancingsRead,
    layer: Some("/invoice-financings/find"),
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
    operation: "invoiceFinancingsGetContractsContractIdWarranties",
    template: "/open-banking/invoice-financings/v2/contracts/{contractId}/warranties",
    permission: Permission::InvoiceFinancingsWarrantiesRead,
    layer: Some("/invoice-financings/warranties"),
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
    operation: "invoiceFinancingsGetContractsContractIdScheduledInstalments",
    template: "/open-banking/invoice-financings/v2/contracts/{contractId}/scheduled-instalments",
    permission: Permission::InvoiceFinancingsScheduledInstalmentsRead,
    layer: Some("/invoice-financings/scheduled-instalments"),
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
    operation: "invoiceFinancingsGetContractsContractIdPayments",
    template: "/open-banking/invoice-financings/v2/contracts/{contractId}/payments",
    permission: Permission::InvoiceFinancingsPaymentsRead,
    layer: Some("/invoice-financings/payments"),
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
