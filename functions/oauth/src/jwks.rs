//! `GET /auth/jwks`: the public keys that verify our tokens, and the one to encrypt request objects for.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use crate::ports::Ports;

/// Answers the key set in force.
pub(crate) async fn jwks(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let keys = ports.keyring.at(call.now).await;
    Ok(Answer::json(200, keys.jwks().to_owned()))
}
