//! A registration as it is answered (RFC 7591 section 3.2.1, RFC 7592 section 3).

use ponte_authorization::client::ClientRegistration;
use ponte_edge::Answer;
use ponte_ports::PortError;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::ports::Ports;

use super::denied::Denied;

#[derive(Serialize)]
struct Body<'a> {
    client_id: &'a str,
    /// Seconds since 1970.
    client_id_issued_at: i64,
    registration_client_uri: String,
    registration_access_token: &'a str,
    #[serde(flatten)]
    metadata: Map<String, Value>,
}

/// The whole registration with the token that manages it.
pub(super) fn registration(
    ports: &Ports,
    status: u16,
    registration: &ClientRegistration,
    token: &str,
) -> Result<Answer, Denied> {
    let broken = |error| PortError::new("client metadata", error);
    let client = &registration.client;
    let body = Body {
        client_id: client.id.as_str(),
        client_id_issued_at: registration.issued_at.seconds(),
        registration_client_uri: ports.server.registration_url(&client.id),
        registration_access_token: token,
        metadata: serde_json::from_str(&registration.metadata).map_err(broken)?,
    };
    let body = serde_json::to_string(&body).map_err(broken)?;
    Ok(Answer::json(status, body).for_client(client.organisation.clone()))
}
