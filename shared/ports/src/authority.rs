//! Proof that the target of a customer's token, a consent or an enrolment, is in force for the client that calls.

use async_trait::async_trait;
use ponte_values::{ClientId, ConsentId, Moment, Permission, TargetKind};

use crate::PortError;

/// The question of the token guard: a target, the client that calls, and the permission that the endpoint needs.
#[derive(Clone, Copy, Debug)]
pub struct ProofRequest<'a> {
    /// The client the token was issued to.
    pub client: &'a ClientId,
    /// The target named by the token's dynamic scope, as in `consent:urn:banco:1` (S50).
    pub target: &'a ConsentId,
    /// The permission that the endpoint needs; `None` if the target alone is enough (C22).
    pub permission: Option<Permission>,
    /// Time of the call.
    pub now: Moment,
}

/// Authority over one kind of target. The token guard of `edge` asks it; the crate of each kind implements it, as
/// `data-consent` does.
#[async_trait]
pub trait Authority: Send + Sync {
    /// The target as it was read for this call; the handler gets it and does not read it again.
    type Proof: Send + 'static;
    /// The kind of target it proves. A row of the catalog with another kind is refused with 500.
    fn kind(&self) -> TargetKind;
    /// Reads the target, strongly consistent, and judges the request: a revocation counts from the next call on (S30).
    ///
    /// # Errors
    /// Those of [`AuthorityFault`].
    async fn prove(&self, request: ProofRequest<'_>) -> Result<Self::Proof, AuthorityFault>;
}

/// Reason why a target does not open an endpoint.
#[derive(Debug)]
pub enum AuthorityFault {
    /// No such target, another client's, or not in force now (S30): 401.
    NotInForce,
    /// In force, without the permission of the endpoint (C22): 403.
    Permission,
    /// The store failed: 500, or 504 for a timeout.
    Port(PortError),
}

impl From<PortError> for AuthorityFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}
