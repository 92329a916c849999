//! Payments 5.0.0 (P02).

use super::endpoint::{CLIENT, PaymentEndpoint};
use crate::row::{Access, Api, Filter, FilterKind, Method, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "payments",
    version: "5.0.0",
    base: "/open-banking/payments/v5",
    longest_link: 2_000,
    signed: true,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] =
    &[&CREATE_CONSENT, &READ_CONSENT, &PAYMENTS_OF_CONSENT, &CANCEL_ALL, &PAY, &READ_PAYMENT, &CANCEL];

/// Creates a payment consent.
pub static CREATE_CONSENT: Row = PaymentEndpoint {
    operation: "paymentsPostConsents",
    method: Method::Post,
    template: "/open-banking/payments/v5/consents",
    access: CLIENT,
    idempotent: true,
    success: 201,
    shape: Shape::Object,
    filters: &[],
    reach: Reach::None,
    codes: &[201, 400, 401, 403, 404, 405, 406, 415, 422, 500, 504, 529],
}
.of(&API);

/// Reads a payment consent.
pub static READ_CONSENT: Row = PaymentEndpoint {
    operation: "paymentsGetConsentsConsentId",
    method: Method::Get,
    template: "/open-banking/payments/v5/consents/{consentId}",
    access: CLIENT,
    idempotent: false,
    success: 200,
    shape: Shape::Object,
    filters: &[],
    reach: Reach::None,
    codes: &[200, 400, 401, 403, 404, 405, 406, 500, 504, 529],
}
.of(&API);

/// Lists the payments of a consent.
pub static PAYMENTS_OF_CONSENT: Row = PaymentEndpoint {
    operation: "paymentsGetConsentsConsentIdPayments",
    method: Method::Get,
    template: "/open-banking/payments/v5/consents/{consentId}/pix/payments",
    access: CLIENT,
    idempotent: false,
    success: 200,
    shape: Shape::Records,
    filters: &[
        Filter { name: "startDate", kind: FilterKind::From("endDate") },
        Filter { name: "endDate", kind: FilterKind::To("startDate") },
    ],
    reach: Reach::Open,
    codes: &[200, 400, 401, 403, 404, 405, 406, 500, 504, 529],
}
.of(&API);

/// Cancels every scheduled payment of a consent, asynchronously (P56).
pub static CANCEL_ALL: Row = PaymentEndpoint {
    operation: "paymentsPatchPixPaymentsConsentId",
    method: Method::Patch,
    template: "/open-banking/payments/v5/consents/{consentId}/pix/payments",
    access: CLIENT,
    idempotent: true,
    success: 202,
    shape: Shape::Nothing,
    filters: &[],
    reach: Reach::None,
    codes: &[202, 400, 401, 403, 404, 405, 406, 422, 500, 504, 529],
}
.of(&API);

/// Creates the payments of a consent, with the token of the customer who authorised it (P03).
pub static PAY: Row = PaymentEndpoint {
    operation: "paymentsPostPixPayments",
    method: Method::Post,
    template: "/open-banking/payments/v5/pix/payments",
    access: Access::payment_consent(),
    idempotent: true,
    success: 201,
    shape: Shape::Records,
    filters: &[],
    reach: Reach::None,
    codes: &[201, 400, 401, 403, 404, 405, 406, 415, 422, 500, 504, 529],
}
.of(&API);

/// Reads a payment.
pub static READ_PAYMENT: Row = PaymentEndpoint {
    operation: "paymentsGetPixPaymentsPaymentId",
    method: Method::Get,
    template: "/open-banking/payments/v5/pix/payments/{paymentId}",
    access: CLIENT,
    idempotent: false,
    success: 200,
    shape: Shape::Object,
    filters: &[],
    reach: Reach::None,
    codes: &[200, 400, 401, 403, 404, 405, 406, 500, 504, 529],
}
.of(&API);

/// Cancels a payment (P55).
pub static CANCEL: Row = PaymentEndpoint {
    operation: "paymentsPatchPixPaymentsPaymentId",
    method: Method::Patch,
    template: "/open-banking/payments/v5/pix/payments/{paymentId}",
    access: CLIENT,
    idempotent: true,
    success: 200,
    shape: Shape::Object,
    filters: &[],
    reach: Reach::None,
    codes: &[200, 400, 401, 403, 404, 405, 406, 422, 500, 504, 529],
}
.of(&API);
