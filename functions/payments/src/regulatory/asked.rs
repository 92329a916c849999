//! A signed request as these operations see it: the version of its API, its idempotency key, and the hash of what was asked.

use ponte_catalog::Row;
use ponte_edge::{Call, Refusal};
use ponte_payment::idempotency::{IdempotencyRecord, IdempotencyScope, IdempotentOutcome};
use ponte_payment::wire::ApiVersion;
use ponte_values::ClientId;

use crate::ports::Ports;

/// Where the key of a request counts, and what the request asks.
pub(crate) struct Asked {
    /// Where its key counts (P40).
    pub(super) scope: IdempotencyScope,
    /// SHA-256 of the canonical `data` (P42).
    pub(super) request: String,
}

/// The version of a row's API.
pub(super) fn version(row: &Row) -> ApiVersion {
    if row.api.base.ends_with("/v4") { ApiVersion::V4 } else { ApiVersion::V5 }
}

impl Asked {
    /// The request of a call of `client`, whose `data` has this hash.
    pub(super) fn of(
        call: &Call,
        row: &'static Row,
        client: &ClientId,
        request: String,
    ) -> Result<Self, Refusal> {
        let (operation, path) = (row.operation, call.request.path.clone());
        let scope =
            IdempotencyScope { client: client.clone(), operation, path, key: call.idempotency_key()? };
        Ok(Self { scope, request })
    }

    /// What it led to when it was first sent; `None` if this is the first time.
    ///
    /// # Errors
    /// ERRO_IDEMPOTENCIA if its key was used for something else (P43).
    pub(super) async fn replayed(
        &self,
        ports: &Ports,
        call: &Call,
    ) -> Result<Option<IdempotentOutcome>, Refusal> {
        match ports.payments.replayed(&self.scope, call.now).await? {
            Some(record) => Ok(Some(record.replayed(&self.request)?)),
            None => Ok(None),
        }
    }

    /// The row of its key.
    pub(crate) fn record(
        &self,
        outcome: IdempotentOutcome,
        call: &Call,
    ) -> (IdempotencyScope, IdempotencyRecord) {
        let record = IdempotencyRecord::new(self.request.clone(), outcome, call.now);
        (self.scope.clone(), record)
    }
}
