//! `GET /.well-known/openid-configuration`: what this server does, and nothing it does not (S07, S18).

use std::sync::Arc;

use ponte_edge::{Admitted, Answer, Refusal};
use ponte_fapi::claims::Acr;
use serde::Serialize;

use crate::AuthorizationServer;
use crate::scopes::SUPPORTED;

/// Answers the document written in INIT.
///
/// # Errors
/// None; the signature is that of every handler.
pub(crate) async fn discovery(server: Arc<AuthorizationServer>, _call: Admitted) -> Result<Answer, Refusal> {
    Ok(Answer::json(200, server.server.discovery().to_owned()))
}

/// Metadata of OpenID Connect Discovery, RFC 8414, RFC 8705 section 5, RFC 9101 and RFC 9126.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are the document's, not switches of ours")]
struct Metadata<'a> {
    issuer: &'a str,
    authorization_endpoint: String,
    jwks_uri: String,
    token_endpoint: &'a str,
    pushed_authorization_request_endpoint: &'a str,
    mtls_endpoint_aliases: Aliases<'a>,
    scopes_supported: &'a [&'a str],
    response_types_supported: [&'a str; 1],
    response_modes_supported: [&'a str; 1],
    grant_types_supported: [&'a str; 3],
    subject_types_supported: [&'a str; 1],
    acr_values_supported: [Acr; 1],
    claims_supported: [&'a str; 3],
    claims_parameter_supported: bool,
    code_challenge_methods_supported: [&'a str; 1],
    require_pushed_authorization_requests: bool,
    require_signed_request_object: bool,
    request_parameter_supported: bool,
    request_object_signing_alg_values_supported: [&'a str; 1],
    id_token_signing_alg_values_supported: [&'a str; 1],
    id_token_encryption_alg_values_supported: [&'a str; 1],
    id_token_encryption_enc_values_supported: [&'a str; 1],
    token_endpoint_auth_methods_supported: [&'a str; 1],
    token_endpoint_auth_signing_alg_values_supported: [&'a str; 1],
    tls_client_certificate_bound_access_tokens: bool,
}

/// Endpoints behind client certificates (RFC 8705 section 5, S42).
#[derive(Serialize)]
struct Aliases<'a> {
    token_endpoint: &'a str,
    pushed_authorization_request_endpoint: &'a str,
}

/// The document of a server on these two hosts.
pub(crate) fn document(public_url: &str, mtls_url: &str) -> String {
    let token = format!("{mtls_url}/auth/token");
    let par = format!("{mtls_url}/auth/par");
    let metadata = Metadata {
        issuer: public_url,
        authorization_endpoint: format!("{public_url}/auth/authorize"),
        jwks_uri: format!("{public_url}/auth/jwks"),
        token_endpoint: &token,
        pushed_authorization_request_endpoint: &par,
        mtls_endpoint_aliases: Aliases {
            token_endpoint: &token,
            pushed_authorization_request_endpoint: &par,
        },
        scopes_supported: SUPPORTED,
        response_types_supported: ["code id_token"],
        response_modes_supported: ["fragment"],
        grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
        subject_types_supported: ["public"],
        acr_values_supported: [Acr::Loa2],
        claims_supported: ["sub", "acr", "auth_time"],
        claims_parameter_supported: true,
        code_challenge_methods_supported: ["S256"],
        require_pushed_authorization_requests: true,
        require_signed_request_object: true,
        request_parameter_supported: true,
        request_object_signing_alg_values_supported: ["PS256"],
        id_token_signing_alg_values_supported: ["PS256"],
        id_token_encryption_alg_values_supported: ["RSA-OAEP"],
        id_token_encryption_enc_values_supported: ["A256GCM"],
        token_endpoint_auth_methods_supported: ["private_key_jwt"],
        token_endpoint_auth_signing_alg_values_supported: ["PS256"],
        tls_client_certificate_bound_access_tokens: true,
    };
    // Strings and booleans alone cannot fail to serialise.
    serde_json::to_string(&metadata).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read() -> Value {
        serde_json::from_str(&document("https://as.example", "https://mtls.example")).unwrap()
    }

    #[test]
    fn s07_only_certified_modes_are_advertised() {
        let read = read();
        assert_eq!(read["response_types_supported"], json!(["code id_token"]));
        assert_eq!(read["response_modes_supported"], json!(["fragment"]));
        assert_eq!(read["token_endpoint_auth_methods_supported"], json!(["private_key_jwt"]));
        assert_eq!(read["acr_values_supported"], json!(["urn:brasil:openbanking:loa2"]));
        assert_eq!(read["require_pushed_authorization_requests"], json!(true));
        assert_eq!(read["tls_client_certificate_bound_access_tokens"], json!(true));
    }

    #[test]
    fn s42_endpoints_with_certificates_have_aliases() {
        let read = read();
        assert_eq!(read["issuer"], "https://as.example");
        assert_eq!(read["mtls_endpoint_aliases"]["token_endpoint"], "https://mtls.example/auth/token");
        assert_eq!(read["token_endpoint"], read["mtls_endpoint_aliases"]["token_endpoint"]);
        assert_eq!(read["authorization_endpoint"], "https://as.example/auth/authorize");
        assert!(read.get("userinfo_endpoint").is_none(), "not served yet");
    }

    #[test]
    fn s18_ten_scopes_are_always_declared() {
        let read = read();
        let scopes = read["scopes_supported"].as_array().unwrap();
        for scope in [
            "invoice-financings",
            "financings",
            "loans",
            "unarranged-accounts-overdraft",
            "bank-fixed-incomes",
            "credit-fixed-incomes",
            "variable-incomes",
            "treasure-titles",
            "funds",
            "exchanges",
        ] {
            assert!(scopes.contains(&json!(scope)), "{scope}");
        }
    }
}
