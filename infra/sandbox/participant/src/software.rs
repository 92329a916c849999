//! A software statement's side of registration: the metadata it registers with, and the calls (RFC 7591, RFC 7592).

use http::Method;
use ponte_directory::StatementRequest;
use ponte_web::caller::{Call, Caller, NoAnswer, Reply};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A software before it is registered as a client.
#[derive(Clone)]
pub struct Software {
    /// URL of the directory.
    pub directory: String,
    /// organisationId.
    pub organisation_id: String,
    /// Software statement id.
    pub statement_id: String,
    /// Name of the organisation.
    pub name: String,
    /// Key set in the directory (S82).
    pub jwks_uri: String,
    /// Redirect URIs of the software statement (S83).
    pub redirect_uris: Vec<String>,
    /// Webhook URIs of the software statement (S87).
    pub webhook_uris: Vec<String>,
}

/// A registration. No `Debug`: its token is a credential.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// `client_id`.
    pub client_id: String,
    /// Where the registration is read, replaced and deleted.
    pub registration_client_uri: String,
    /// The Bearer token for that (S89).
    pub registration_access_token: String,
    /// Scopes of the client, separated by blanks.
    #[serde(default)]
    pub scope: String,
}

impl Registration {
    /// The registration in an answer, `None` when there is none in it.
    #[must_use]
    pub fn of(reply: &Reply) -> Option<Self> {
        serde_json::from_slice(&reply.body).ok()
    }
}

impl Software {
    /// A software statement assertion from the directory (S81).
    pub async fn statement(&self, http: &Caller, asked: &StatementRequest) -> Result<String, NoAnswer> {
        let query = asked.query();
        let url = format!(
            "{}/organisations/{}/softwarestatements/{}/assertion{}{query}",
            self.directory,
            self.organisation_id,
            self.statement_id,
            if query.is_empty() { "" } else { "?" },
        );
        let reply = http.send(Call::get(url)).await?;
        if reply.status != 200 {
            return Err(reply.unexpected("a software statement assertion of the directory"));
        }
        Ok(String::from_utf8_lossy(&reply.body).into_owned())
    }

    /// The client metadata of a registration: everything this software does, and the assertion that vouches for it.
    #[must_use]
    pub fn metadata(&self, statement: &str) -> Value {
        let mut metadata = json!({
            "software_statement": statement,
            "client_name": self.name,
            "application_type": "web",
            "jwks_uri": self.jwks_uri,
            "redirect_uris": self.redirect_uris,
            "grant_types": ["client_credentials", "authorization_code", "refresh_token"],
            "response_types": ["code id_token"],
            "subject_type": "public",
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "PS256",
            "introspection_endpoint_auth_method": "private_key_jwt",
            "revocation_endpoint_auth_method": "private_key_jwt",
            "id_token_signed_response_alg": "PS256",
            "id_token_encrypted_response_alg": "RSA-OAEP",
            "id_token_encrypted_response_enc": "A256GCM",
            "request_object_signing_alg": "PS256",
            "request_object_encryption_alg": "RSA-OAEP",
            "request_object_encryption_enc": "A256GCM",
            "require_signed_request_object": true,
            "require_pushed_authorization_requests": true,
            "tls_client_certificate_bound_access_tokens": true,
        });
        if !self.webhook_uris.is_empty() {
            metadata["webhook_uris"] = json!(self.webhook_uris);
        }
        metadata
    }
}

/// `POST /register` (RFC 7591 section 3.1).
#[must_use]
pub fn registering(endpoint: &str, metadata: &Value) -> Call {
    Call::post_json(endpoint, metadata).header("accept", "application/json")
}

/// `GET` of a registration (RFC 7592 section 2.1).
#[must_use]
pub fn reading(held: &Registration) -> Call {
    managing(Call::get(held.registration_client_uri.as_str()), held)
}

/// `PUT` of a registration (RFC 7592 section 2.2): whole metadata, with the `client_id`.
#[must_use]
pub fn replacing(held: &Registration, metadata: &Value) -> Call {
    let mut metadata = metadata.clone();
    metadata["client_id"] = held.client_id.as_str().into();
    managing(Call::json(Method::PUT, held.registration_client_uri.as_str(), &metadata), held)
}

/// A call about a registration, with its token.
pub(crate) fn managing(call: Call, held: &Registration) -> Call {
    call.bearer(&held.registration_access_token).header("accept", "application/json")
}
