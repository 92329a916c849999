//! `GET /auth/jwks`: the public keys our tokens are verified with.

use std::sync::Arc;

use ponte_edge::{Admitted, Answer, Refusal};

use crate::AuthorizationServer;

/// Answers the key set written in INIT.
///
/// # Errors
/// None; the signature is that of every handler.
pub(crate) async fn jwks(server: Arc<AuthorizationServer>, _call: Admitted) -> Result<Answer, Refusal> {
    Ok(Answer::json(200, server.server.jwks().to_owned()))
}
