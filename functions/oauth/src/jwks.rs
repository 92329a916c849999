//! `GET /auth/jwks`: the public keys our tokens are verified with.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use crate::AuthorizationServer;

/// Answers the key set in force.
///
/// # Errors
/// None; the signature is that of every handler.
pub(crate) async fn jwks(server: Arc<AuthorizationServer>, call: OpenCall) -> Result<Answer, Refusal> {
    let keys = server.keyring.at(call.now).await;
    Ok(Answer::json(200, keys.jwks().to_owned()))
}
