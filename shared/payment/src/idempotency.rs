//! Idempotency of writes (P40 to P45): what a key was used for, and what it led to.

use std::time::Duration;

use ponte_values::{ClientId, ConsentId, IdempotencyKey, Moment, PaymentId};
use serde::{Deserialize, Serialize};

/// How long a key counts (P40).
pub const KEPT: Duration = Duration::from_hours(24);

/// Where a key counts: at one endpoint, for one client (P40).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdempotencyScope {
    /// The client.
    pub client: ClientId,
    /// `operationId` of the endpoint.
    pub operation: &'static str,
    /// API version and path, with ids: the same key on another resource is another operation.
    pub path: String,
    /// The key.
    pub key: IdempotencyKey,
}

/// What a key led to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdempotencyRecord {
    /// SHA-256 of the canonical `data` of the request, hexadecimal.
    pub request: String,
    /// What became of it.
    pub outcome: IdempotentOutcome,
    /// From then on the key is free again.
    pub expires_at: Moment,
}

/// What became of a request that is not carried out twice. Its answer is made anew from today's state (P42).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IdempotentOutcome {
    /// It created this consent.
    Consent(ConsentId),
    /// It created these payments, or cancelled them.
    Payments(Vec<PaymentId>),
    /// It was refused with this 422 (P41).
    #[serde(rename_all = "camelCase")]
    Refused {
        /// Code of the OpenAPI file.
        code: String,
        /// The title that was told.
        title: String,
        /// The detail that was told; it names members and rules, never their values.
        detail: String,
    },
}

/// The reason why a key leads to nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IdempotencyFault {
    /// It was used for another request: ERRO_IDEMPOTENCIA (P43).
    OtherRequest,
}

impl IdempotencyRecord {
    /// A record from `now` on.
    #[must_use]
    pub fn new(request: String, outcome: IdempotentOutcome, now: Moment) -> Self {
        Self { request, outcome, expires_at: now.plus(KEPT) }
    }

    /// What the request led to when it was first sent.
    ///
    /// # Errors
    /// The key was used for another one (P43).
    pub fn replayed(self, request: &str) -> Result<IdempotentOutcome, IdempotencyFault> {
        if self.request == request { Ok(self.outcome) } else { Err(IdempotencyFault::OtherRequest) }
    }

    /// Whether it still counts: the table cleans up later than that.
    #[must_use]
    pub fn counts(&self, now: Moment) -> bool {
        now < self.expires_at
    }
}
