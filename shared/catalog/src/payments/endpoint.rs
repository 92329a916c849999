//! Endpoints of payments: the columns in which they differ.

use crate::row::{Access, Api, Filter, Frequency, Limits, Meta, Method, Reach, Row, Shape};

/// The scope of everything that no customer has to authorise (P03).
pub(super) const CLIENT: Access = Access::Client("payments");

/// The columns of a row of payments. All are of high frequency and have no limits of their own (section 8.1 of the rules).
#[derive(Debug)]
pub(super) struct PaymentEndpoint {
    /// `operationId` of the file.
    pub(super) operation: &'static str,
    /// Method.
    pub(super) method: Method,
    /// Base and path of the file.
    pub(super) template: &'static str,
    /// Callers that it admits.
    pub(super) access: Access,
    /// Whether `x-idempotency-key` is required (P40).
    pub(super) idempotent: bool,
    /// Status of success.
    pub(super) success: u16,
    /// Shape of a successful answer.
    pub(super) shape: Shape,
    /// Query parameters.
    pub(super) filters: &'static [Filter],
    /// Range of their days.
    pub(super) reach: Reach,
    /// Status codes the file prints.
    pub(super) codes: &'static [u16],
}

impl PaymentEndpoint {
    /// The row of an endpoint of `api`. All but GET have a body.
    pub(super) const fn of(self, api: &'static Api) -> Row {
        Row {
            api,
            operation: self.operation,
            method: self.method,
            template: self.template,
            access: self.access,
            layer: None,
            product: None,
            ids: &[],
            body: !matches!(self.method, Method::Get),
            customer_headers: false,
            idempotent: self.idempotent,
            success: self.success,
            shape: self.shape,
            meta: Meta::Time,
            fields: None,
            smallest_page: None,
            pagination_key: false,
            filters: self.filters,
            reach: self.reach,
            frequency: Frequency::High,
            limits: Limits::Institution,
            codes: self.codes,
        }
    }
}
