//! `GET /auth/jwks`: the public keys that verify our tokens, and the one to encrypt request objects for.

use std::sync::Arc;

use ponte_edge::{Answer, KEY_SET_KEPT, OpenCall, Refusal};

use crate::ports::PublicPorts;

/// Answers the key set in force.
pub(crate) async fn jwks(ports: Arc<PublicPorts>, call: OpenCall) -> Result<Answer, Refusal> {
    let keys = ports.shared.keyring.at(call.now).await;
    // No longer than a new signing key waits for those who still hold the set before (T45).
    let kept = format!("public, max-age={}", KEY_SET_KEPT.as_secs());
    Ok(Answer::json(200, keys.jwks().to_owned()).header("cache-control", kept))
}
