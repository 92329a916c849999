//! The server metadata of `/.well-known/openid-configuration`: all that this server does, and nothing more (S07, S18).

use ponte_authorization::interaction::Assurance;
use serde::Serialize;

use crate::settings::SiteSettings;

/// The authentication method of clients (S02).
const METHODS: [&str; 1] = ["private_key_jwt"];
/// The signature of the profile (S02, S04).
const SIGNATURES: [&str; 1] = ["PS256"];
/// The encryption of the profile (S04, S14).
const KEY_ENCRYPTION: [&str; 1] = ["RSA-OAEP"];
const CONTENT_ENCRYPTION: [&str; 1] = ["A256GCM"];

/// Metadata of OpenID Connect Discovery, RFC 8414, RFC 8705 section 5, RFC 9101 and RFC 9126.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are the document's, not switches of ours")]
struct Metadata<'a> {
    issuer: &'a str,
    authorization_endpoint: String,
    jwks_uri: String,
    #[serde(flatten)]
    endpoints: &'a Endpoints,
    mtls_endpoint_aliases: &'a Endpoints,
    scopes_supported: Vec<&'a str>,
    response_types_supported: [&'a str; 1],
    response_modes_supported: [&'a str; 1],
    grant_types_supported: [&'a str; 3],
    subject_types_supported: [&'a str; 1],
    acr_values_supported: Vec<&'a str>,
    claims_supported: [&'a str; 3],
    claims_parameter_supported: bool,
    code_challenge_methods_supported: [&'a str; 1],
    require_pushed_authorization_requests: bool,
    require_signed_request_object: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    request_object_signing_alg_values_supported: [&'a str; 1],
    request_object_encryption_alg_values_supported: [&'a str; 1],
    request_object_encryption_enc_values_supported: [&'a str; 1],
    id_token_signing_alg_values_supported: [&'a str; 1],
    id_token_encryption_alg_values_supported: [&'a str; 1],
    id_token_encryption_enc_values_supported: [&'a str; 1],
    token_endpoint_auth_methods_supported: [&'a str; 1],
    token_endpoint_auth_signing_alg_values_supported: [&'a str; 1],
    introspection_endpoint_auth_methods_supported: [&'a str; 1],
    introspection_endpoint_auth_signing_alg_values_supported: [&'a str; 1],
    revocation_endpoint_auth_methods_supported: [&'a str; 1],
    revocation_endpoint_auth_signing_alg_values_supported: [&'a str; 1],
    tls_client_certificate_bound_access_tokens: bool,
}

/// Endpoints behind client certificates. They have no other address, so their aliases say the same (RFC 8705 section 5,
/// S42).
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are the document's")]
struct Endpoints {
    token_endpoint: String,
    pushed_authorization_request_endpoint: String,
    userinfo_endpoint: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    registration_endpoint: String,
}

impl Endpoints {
    fn at(mtls_url: &str) -> Self {
        let endpoint = |name: &str| format!("{mtls_url}/auth/{name}");
        Self {
            token_endpoint: endpoint("token"),
            pushed_authorization_request_endpoint: endpoint("par"),
            userinfo_endpoint: endpoint("userinfo"),
            introspection_endpoint: endpoint("introspect"),
            revocation_endpoint: endpoint("revoke"),
            registration_endpoint: endpoint("register"),
        }
    }
}

/// The document of a server with these settings.
pub(crate) fn document(settings: &SiteSettings) -> String {
    let public_url = &settings.public_url;
    let endpoints = Endpoints::at(&settings.mtls_url);
    let promised = |level: &Assurance| *level <= settings.assurance;
    let metadata = Metadata {
        issuer: public_url,
        authorization_endpoint: format!("{public_url}/auth/authorize"),
        jwks_uri: format!("{public_url}/auth/jwks"),
        endpoints: &endpoints,
        mtls_endpoint_aliases: &endpoints,
        scopes_supported: settings.scopes.supported().collect(),
        response_types_supported: ["code id_token"],
        response_modes_supported: ["fragment"],
        grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
        subject_types_supported: ["public"],
        acr_values_supported: [Assurance::Loa2, Assurance::Loa3]
            .into_iter()
            .filter(promised)
            .map(Assurance::acr)
            .collect(),
        claims_supported: ["sub", "acr", "auth_time"],
        claims_parameter_supported: true,
        code_challenge_methods_supported: ["S256"],
        require_pushed_authorization_requests: true,
        require_signed_request_object: true,
        // By way of PAR; a URI of the client's own never is.
        request_parameter_supported: true,
        request_uri_parameter_supported: false,
        request_object_signing_alg_values_supported: SIGNATURES,
        request_object_encryption_alg_values_supported: KEY_ENCRYPTION,
        request_object_encryption_enc_values_supported: CONTENT_ENCRYPTION,
        id_token_signing_alg_values_supported: SIGNATURES,
        id_token_encryption_alg_values_supported: KEY_ENCRYPTION,
        id_token_encryption_enc_values_supported: CONTENT_ENCRYPTION,
        token_endpoint_auth_methods_supported: METHODS,
        token_endpoint_auth_signing_alg_values_supported: SIGNATURES,
        introspection_endpoint_auth_methods_supported: METHODS,
        introspection_endpoint_auth_signing_alg_values_supported: SIGNATURES,
        revocation_endpoint_auth_methods_supported: METHODS,
        revocation_endpoint_auth_signing_alg_values_supported: SIGNATURES,
        tls_client_certificate_bound_access_tokens: true,
    };
    // Strings and booleans alone cannot fail to serialise.
    serde_json::to_string(&metadata).unwrap_or_default()
}

#[cfg(test)]
mod tests;
