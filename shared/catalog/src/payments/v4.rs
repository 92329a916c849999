//! Payments 4.0.1 (P01). The metrics platform takes no reports of it any more (M13).

use super::endpoint::{CLIENT, PaymentEndpoint};
use crate::row::{Access, Api, Method, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "payments",
    version: "4.0.1",
    base: "/open-banking/payments/v4",
    longest_link: 2_000,
    signed: true,
    listed: false,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&CREATE_CONSENT, &READ_CONSENT, &PAY, &READ_PAYMENT, &CANCEL, &CANCEL_ALL];

/// Creates a payment consent.
pub static CREATE_CONSENT: Row = PaymentEndpoint {
    operation: "paymentsPostConsents",
    method: Method::Post,
    template: "/open-banking/payments/v4/consents",
    access: CLIENT,
    idempotent: true,
    success: 201,
    shape: Shape::Object,
    filters: &[],
    reach: Reach::None,
    codes: &[201, 400, 401, 403, 404, 405, 406, 415, 422, 500, 529],
}
.of(&API);

/// Reads a payment consent.
pub static READ_CONSENT: Row = PaymentEndpoint {
    operation: "paymentsGetConsentsConsentId",
    method: Method::Get,
    template: "/open-banking/payments/v4/consents/{consentId}",
    access: CLIENT,
    idempotent: false,
    success: 200,
    shape: Shape::Object,
    filters: &[],
    reach: Reach::None,
    codes: &[200, 400, 401, 403, 404, 405, 406, 500, 529],
}
.of(&API);

/// Creates the payments of a consent, with the token of the customer who authorised it (P03).
pub static PAY: Row = PaymentEndpoint {
    operation: "paymentsPostPixPayments",
    method: Method::Post,
    template: "/open-banking/payments/v4/pix/payments",
    access: Access::payment_consent(),
    idempotent: true,
    success: 201,
    shape: Shape::Records,
    filters: &[],
    reach: Reach::None,
    codes: &[201, 400, 401, 403, 404, 405, 406, 415, 422, 500, 529],
}
.of(&API);

/// Reads a payment.
pub static READ_PAYMENT: Row = PaymentEndpoint {
    operation: "paymentsGetPixPaymentsPaymentId",
    method: Method::Get,
    template: "/open-banking/payments/v4/pix/payments/{paymentId}",
    access: CLIENT,
    idempotent: false,
    success: 200,
    shape: Shape::Object,
    filters: &[],
    reach: Reach::None,
    codes: &[200, 400, 401, 403, 404, 405, 406, 500, 529],
}
.of(&API);

/// Cancels a payment (P55); the file has no `x-idempotency-key` here (P40).
pub static CANCEL: Row = PaymentEndpoint {
    operation: "paymentsPatchPixPaymentsPaymentId",
    method: Method::Patch,
    template: "/open-banking/payments/v4/pix/payments/{paymentId}",
    access: CLIENT,
    idempotent: false,
    success: 200,
    shape: Shape::Object,
    filters: &[],
    reach: Reach::None,
    codes: &[200, 400, 401, 403, 404, 405, 406, 422, 500, 529],
}
.of(&API);

/// Cancels every payment of a consent that can be (P56).
pub static CANCEL_ALL: Row = PaymentEndpoint {
    operation: "paymentsPatchPixPaymentsConsentId",
    method: Method::Patch,
    template: "/open-banking/payments/v4/pix/payments/consents/{consentId}",
    access: CLIENT,
    idempotent: true,
    success: 200,
    shape: Shape::Records,
    filters: &[],
    reach: Reach::None,
    codes: &[200, 400, 401, 403, 404, 405, 406, 422, 500, 529],
}
.of(&API);
