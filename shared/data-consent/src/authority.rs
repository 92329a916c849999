//! Data consents as the guard of an endpoint asks about them.

use std::sync::Arc;

use async_trait::async_trait;
use ponte_ports::authority::{Authority, AuthorityFault, ProofRequest};
use ponte_values::TargetKind;

use crate::consent::InForce;
use crate::ports::Consents;

/// Proves that a data consent is AUTHORISED for the client of a token and covers a permission (C02, C22, S30).
pub struct ConsentAuthority {
    consents: Arc<dyn Consents>,
}

impl ConsentAuthority {
    /// The authority over these consents.
    #[must_use]
    pub fn new(consents: Arc<dyn Consents>) -> Self {
        Self { consents }
    }
}

#[async_trait]
impl Authority for ConsentAuthority {
    type Proof = InForce;

    fn kind(&self) -> TargetKind {
        TargetKind::Consent
    }

    async fn prove(&self, request: ProofRequest<'_>) -> Result<InForce, AuthorityFault> {
        let found = self.consents.find(request.target).await?;
        let own =
            found.filter(|consent| consent.client == *request.client).ok_or(AuthorityFault::NotInForce)?;
        let consent = own.in_force(request.now).map_err(|_| AuthorityFault::NotInForce)?;
        match request.permission {
            Some(permission) if !consent.consent().permits(permission) => Err(AuthorityFault::Permission),
            _ => Ok(consent),
        }
    }
}
