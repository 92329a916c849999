//! The operations of the connector.

use std::time::Duration;

use crate::http::Resend;

/// An operation, a row of `docs/openapi/payment-connector.yaml`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operation {
    /// Its path.
    pub path: &'static str,
    /// Its name among the breakers.
    pub(super) breaker: &'static str,
    /// How long its answer may take.
    pub budget: Duration,
    /// Whether it may move money, or hinder it: then it goes out once.
    pub has_effect: bool,
}

impl Operation {
    /// Whether it may go out twice.
    pub(super) const fn resend(&self) -> Resend {
        if self.has_effect { Resend::Unreached } else { Resend::Always }
    }
}

/// Accounts that a customer may debit.
pub(super) const DISCOVERY: Operation = Operation {
    path: "/account-discovery",
    breaker: "payment-connector/account-discovery",
    budget: Duration::from_secs(5),
    has_effect: false,
};
/// Whether a payment would be refused.
pub(super) const VALIDATION: Operation = Operation {
    path: "/payment-validation",
    breaker: "payment-connector/payment-validation",
    budget: Duration::from_secs(3),
    has_effect: false,
};
/// Executes a payment.
pub(super) const PAYMENTS: Operation = Operation {
    path: "/payments",
    breaker: "payment-connector/payments",
    budget: Duration::from_secs(8),
    has_effect: true,
};
/// A payment as it is now.
pub(super) const FIND: Operation = Operation {
    path: "/find",
    breaker: "payment-connector/find",
    budget: Duration::from_secs(3),
    has_effect: false,
};
/// Cancels a payment.
pub(super) const CANCELLATION: Operation = Operation {
    path: "/cancellation",
    breaker: "payment-connector/cancellation",
    budget: Duration::from_secs(3),
    has_effect: true,
};
/// The books of a day.
pub(super) const BOOKS: Operation = Operation {
    path: "/payments-of-day",
    breaker: "payment-connector/payments-of-day",
    budget: Duration::from_secs(8),
    has_effect: false,
};

/// All of them, in the order of the OpenAPI file.
pub static OPERATIONS: [Operation; 6] = [DISCOVERY, VALIDATION, PAYMENTS, FIND, CANCELLATION, BOOKS];
