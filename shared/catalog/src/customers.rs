//! Customers 2.3.0: registration data of persons and companies. No path names a product.

use ponte_records::customers as fields;
use ponte_values::Permission;

use crate::data_endpoint::{CODES, CODES_OF_OBJECTS, DataEndpoint};
use crate::row::{Api, Frequency, Holder, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "customers",
    version: "2.3.0",
    base: "/open-banking/customers/v2",
    longest_link: 4_048,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[
    &PERSONAL_IDENTIFICATIONS,
    &PERSONAL_QUALIFICATIONS,
    &PERSONAL_FINANCIAL_RELATIONS,
    &BUSINESS_IDENTIFICATIONS,
    &BUSINESS_QUALIFICATIONS,
    &BUSINESS_FINANCIAL_RELATIONS,
];

/// Who the person is: names, documents and contacts.
pub static PERSONAL_IDENTIFICATIONS: Row = DataEndpoint {
    operation: "customersGetPersonalIdentifications",
    template: "/open-banking/customers/v2/personal/identifications",
    permission: Permission::CustomersPersonalIdentificationsRead,
    layer: Some("/customers/personal/identifications"),
    product: None,
    ids: &[],
    shape: Shape::Registrations(Holder::Person),
    meta: Meta::Time,
    fields: Some(&fields::PERSONAL_IDENTIFICATIONS),
    smallest_page: Some(1),
    pagination_key: true,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES,
}
.of(&API);

/// Occupation, income and patrimony of the person.
pub static PERSONAL_QUALIFICATIONS: Row = DataEndpoint {
    operation: "customersGetPersonalQualifications",
    template: "/open-banking/customers/v2/personal/qualifications",
    permission: Permission::CustomersPersonalAdittionalinfoRead,
    layer: Some("/customers/personal/qualifications"),
    product: None,
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Time,
    fields: Some(&fields::PERSONAL_QUALIFICATIONS),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES_OF_OBJECTS,
}
.of(&API);

/// Since when and with which products the person is a customer.
pub static PERSONAL_FINANCIAL_RELATIONS: Row = DataEndpoint {
    operation: "customersGetPersonalFinancialRelations",
    template: "/open-banking/customers/v2/personal/financial-relations",
    permission: Permission::CustomersPersonalAdittionalinfoRead,
    layer: Some("/customers/personal/financial-relations"),
    product: None,
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Time,
    fields: Some(&fields::PERSONAL_FINANCIAL_RELATIONS),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES_OF_OBJECTS,
}
.of(&API);

/// Who the company is: names, documents and contacts.
pub static BUSINESS_IDENTIFICATIONS: Row = DataEndpoint {
    operation: "customersGetBusinessIdentifications",
    template: "/open-banking/customers/v2/business/identifications",
    permission: Permission::CustomersBusinessIdentificationsRead,
    layer: Some("/customers/business/identifications"),
    product: None,
    ids: &[],
    shape: Shape::Registrations(Holder::Company),
    meta: Meta::Time,
    fields: Some(&fields::BUSINESS_IDENTIFICATIONS),
    smallest_page: Some(1),
    pagination_key: true,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES,
}
.of(&API);

/// Activity, revenue and patrimony of the company.
pub static BUSINESS_QUALIFICATIONS: Row = DataEndpoint {
    operation: "customersGetBusinessQualifications",
    template: "/open-banking/customers/v2/business/qualifications",
    permission: Permission::CustomersBusinessAdittionalinfoRead,
    layer: Some("/customers/business/qualifications"),
    product: None,
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Time,
    fields: Some(&fields::BUSINESS_QUALIFICATIONS),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES_OF_OBJECTS,
}
.of(&API);

/// Since when and with which products the company is a customer.
pub static BUSINESS_FINANCIAL_RELATIONS: Row = DataEndpoint {
    operation: "customersGetBusinessFinancialRelations",
    template: "/open-banking/customers/v2/business/financial-relations",
    permission: Permission::CustomersBusinessAdittionalinfoRead,
    layer: Some("/customers/business/financial-relations"),
    product: None,
    ids: &[],
    shape: Shape::Object,
    meta: Meta::Time,
    fields: Some(&fields::BUSINESS_FINANCIAL_RELATIONS),
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Operational { a_month: 8 },
    codes: CODES_OF_OBJECTS,
}
.of(&API);
