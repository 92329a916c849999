//! Proof that what a customer authorised is in force for whoever calls.

use async_trait::async_trait;
use ponte_values::{ClientId, ConsentId, Moment, Permission};

use crate::PortError;

/// What a customer's access token says of the target it hangs on, and what the endpoint asks of it.
#[derive(Clone, Copy, Debug)]
pub struct ProofRequest<'a> {
    /// The client the token was issued to.
    pub client: &'a ClientId,
    /// The target its dynamic scope names (S50).
    pub target: &'a ConsentId,
    /// The permission that the endpoint needs; none where the target alone is enough (C22).
    pub permission: Option<Permission>,
    /// When the call is decided on.
    pub now: Moment,
}

/// One kind of target, as the guard of an endpoint asks about it. Implemented beside each noun.
#[async_trait]
pub trait Authority: Send + Sync {
    /// What the handler gets: the target as it was read for this call, once.
    type Proof: Send + 'static;
    /// Reads the target, strongly consistent, and judges the claim: a revocation counts from the next call on (S30).
    async fn prove(&self, request: ProofRequest<'_>) -> Result<Self::Proof, AuthorityFault>;
}

/// Why a target does not open an endpoint.
#[derive(Debug)]
pub enum AuthorityFault {
    /// No such target, another client's, or not in force now (S30).
    NotInForce,
    /// In force, without the permission of the endpoint (C22).
    Permission,
    /// The store failed.
    Port(PortError),
}

impl From<PortError> for AuthorityFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}
