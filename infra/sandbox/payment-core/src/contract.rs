//! Bodies of the operations, as `docs/openapi/payment-connector.yaml` has them; each operation reads what it needs.

use ponte_values::Moment;
use serde::Deserialize;
use serde_json::Value;

use crate::account::Account;

/// Paths of the operations.
pub const OPERATIONS: [&str; 6] =
    ["/account-discovery", "/payment-validation", "/payments", "/find", "/cancellation", "/payments-of-day"];

/// The consent, as far as the core looks at it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Consent {
    pub(crate) external_id: String,
    pub(crate) logged_user: Party,
    #[serde(default)]
    pub(crate) business_entity: Option<Party>,
    pub(crate) payment: Terms,
    #[serde(default)]
    pub(crate) resources: Vec<Chosen>,
}

/// A person or a company.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Party {
    pub(crate) document: Document,
}

/// A document.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Document {
    pub(crate) identification: String,
}

/// What is paid.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Terms {
    pub(crate) amount: String,
    #[serde(default)]
    pub(crate) schedule: Option<Value>,
    pub(crate) details: Details,
}

/// How it is paid.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Details {
    pub(crate) creditor_account: Account,
}

/// The account to debit.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Chosen {
    pub(crate) resource_legacy_id: Value,
    pub(crate) debtor_account: Account,
}

/// One payment.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    pub(crate) end_to_end_id: String,
    pub(crate) payment: Money,
    pub(crate) creditor_account: Account,
    #[serde(default)]
    pub(crate) proxy: Option<String>,
}

/// An amount.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Money {
    pub(crate) amount: String,
}

/// `requestBody`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Body<T> {
    pub(crate) data: T,
}

#[derive(Deserialize)]
pub(crate) struct Discovery {
    pub(crate) consent: Consent,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Validation {
    pub(crate) consent: Consent,
    pub(crate) request_body: Body<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Execution {
    pub(crate) consent: Consent,
    pub(crate) idempotency_key: String,
    pub(crate) not_after: Moment,
    pub(crate) request_body: Body<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Question {
    pub(crate) consent: Consent,
    pub(crate) idempotency_key: String,
    /// The core's own identifier, once it told one.
    #[serde(default)]
    pub(crate) payment_id: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cancellation {
    pub(crate) consent: Consent,
    pub(crate) idempotency_key: String,
    pub(crate) request_body: Body<Cancelled>,
}

#[derive(Deserialize)]
pub(crate) struct Cancelled {
    pub(crate) status: String,
    pub(crate) cancellation: CancelledBy,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CancelledBy {
    pub(crate) cancelled_by: Party,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Day {
    pub(crate) request_body: Body<Page>,
}

#[derive(Deserialize)]
pub(crate) struct Page {
    pub(crate) day: ponte_values::Date,
    #[serde(default)]
    pub(crate) cursor: Option<String>,
}
