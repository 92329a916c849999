//! The table of the payments. Their consents lie in a table of their own, which is written in the same transactions.

use crate::dynamo::Dynamo;
use crate::trail::TrailTables;

/// Name of the table in errors.
pub(super) const WHAT: &str = "payments table";

/// Names of the tables that a payment is written to.
#[derive(Clone, Debug)]
pub struct PaymentTables {
    /// Payments, idempotency keys and the amounts of customers.
    pub payments: String,
    /// Payment consents.
    pub consents: String,
    /// Outbox and audit rows.
    pub trail: TrailTables,
}

/// The payments of an institution.
pub struct PaymentTable {
    pub(super) dynamo: Dynamo,
    pub(super) tables: PaymentTables,
}

impl PaymentTable {
    /// The payments in `tables`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, tables: PaymentTables) -> Self {
        Self { dynamo: dynamo.clone(), tables }
    }
}
