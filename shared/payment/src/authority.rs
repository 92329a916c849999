//! Payment consents as the guard of an endpoint asks about them.

use std::sync::Arc;

use async_trait::async_trait;
use ponte_ports::authority::{Authority, AuthorityFault, ProofRequest};
use ponte_values::TargetKind;

use crate::consent::PaymentConsent;
use crate::ports::PaymentConsents;

/// Proves that a payment consent is the client's. Its status is no matter of the token (S30): the API answers it with 422 (P31).
pub struct PaymentConsentAuthority {
    consents: Arc<dyn PaymentConsents>,
}

impl PaymentConsentAuthority {
    /// The authority over these consents.
    #[must_use]
    pub fn new(consents: Arc<dyn PaymentConsents>) -> Self {
        Self { consents }
    }
}

#[async_trait]
impl Authority for PaymentConsentAuthority {
    type Proof = PaymentConsent;

    fn kind(&self) -> TargetKind {
        TargetKind::PaymentConsent
    }

    async fn prove(&self, request: ProofRequest<'_>) -> Result<PaymentConsent, AuthorityFault> {
        let found = self.consents.find(request.target).await?;
        let own = found.filter(|consent| consent.client == *request.client);
        own.ok_or(AuthorityFault::NotInForce)
    }
}
