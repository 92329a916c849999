//! `GET /auth/register/{clientId}`: the registration as it stands (S89, RFC 7592 section 2.1).

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use crate::AuthorizationServer;

use super::Asked;
use super::caller::Caller;
use super::denied::Denied;

/// Reads a registration.
///
/// # Errors
/// When a port fails; what the caller did wrong is an answer.
pub(crate) async fn read(server: Arc<AuthorizationServer>, call: OpenCall) -> Result<Answer, Refusal> {
    server.read(&Asked::by(&call)).await.or_else(Denied::into_outcome)
}

impl AuthorizationServer {
    pub(super) async fn read(&self, asked: &Asked<'_>) -> Result<Answer, Denied> {
        let managed = self.managed(asked, &Caller::of(asked)?).await?;
        self.registration(200, &managed.registration, managed.token)
    }
}
