//! Proof that the target of a customer's token is in force for the client that calls.

use async_trait::async_trait;
use ponte_values::{ClientId, ConsentId, Moment, Permission};

use crate::PortError;

/// A target, the client that calls with a token for it, and the permission that the endpoint needs.
#[derive(Clone, Copy, Debug)]
pub struct ProofRequest<'a> {
    /// The client the token was issued to.
    pub client: &'a ClientId,
    /// The target its dynamic scope names (S50).
    pub target: &'a ConsentId,
    /// The permission that the endpoint needs; `None` if the target alone is enough (C22).
    pub permission: Option<Permission>,
    /// Time of the call.
    pub now: Moment,
}

/// Authority over one kind of target, asked by the guard of an endpoint and implemented beside each noun.
#[async_trait]
pub trait Authority: Send + Sync {
    /// The target as it was read for this call; the handler gets it and does not read it again.
    type Proof: Send + 'static;
    /// Reads the target, strongly consistent, and judges the request: a revocation counts from the next call on (S30).
    async fn prove(&self, request: ProofRequest<'_>) -> Result<Self::Proof, AuthorityFault>;
}

/// Reason why a target does not open an endpoint.
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
