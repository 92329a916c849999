//! Exchanges 1.1.0: exchange operations and their events.

use ponte_records::exchanges as fields;
use ponte_values::Permission;

use crate::data_endpoint::{CODES, DataEndpoint};
use crate::row::{Api, Frequency, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "exchanges",
    version: "1.1.0",
    base: "/open-banking/exchanges/v1",
    longest_link: 4_048,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&LIST, &FIND, &EVENTS];

/// The customer's exchange operations.
pub static LIST: Row = DataEndpoint {
    operation: "exchangesGetOperations",
    template: "/open-banking/exchanges/v1/operations",
    permission: Permission::ExchangesRead,
    layer: Some("/exchanges/operations"),
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

/// One exchange operation.
pub static FIND: Row = DataEndpoint {
    operation: "exchangesGetOperationsOperationId",
    template: "/open-banking/exchanges/v1/operations/{operationId}",
    permission: Permission::ExchangesRead,
    layer: Some("/exchanges/find"),
    product: Some("operationId"),
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

/// What changed an exchange operation.
pub static EVENTS: Row = DataEndpoint {
    operation: "exchangesGetOperationsOperationIdEvents",
    template: "/open-banking/exchanges/v1/operations/{operationId}/events",
    permission: Permission::ExchangesRead,
    layer: Some("/exchanges/events"),
    product: Some("operationId"),
    ids: &[],
    shape: Shape::Records,
    meta: Meta::Totals,
    fields: Some(&fields::EVENTS),
    smallest_page: Some(25),
    pagination_key: true,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Medium,
    limits: Limits::Operational { a_month: 30 },
    codes: CODES,
}
.of(&API);
