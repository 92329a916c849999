//! Software statement assertions: what the directory says about a software, signed PS256 (S81 to S87).

use ponte_fapi::jws::{JwsFault, Signer, TokenType};
use ponte_values::Moment;
use serde_json::json;

use crate::organisation::Organisation;

/// A software statement assertion issued at `now`; registrations accept it for five minutes (S81).
pub(crate) fn sign(
    organisation: &Organisation,
    directory: &str,
    signer: &Signer,
    now: Moment,
) -> Result<String, JwsFault> {
    let keys = format!("{directory}/{}/{}", organisation.id, organisation.software_statement_id);
    let roles: Vec<_> = organisation
        .roles
        .iter()
        .map(|role| json!({ "role": role, "authorisation_domain": "Open Banking", "status": "Active" }))
        .collect();
    let claims = json!({
        "iss": "Open Banking Brasil sandbox SSA issuer",
        "iat": now.seconds(),
        "jti": crate::clock::new_id(),
        "software_mode": "Live",
        "software_environment": "sandbox",
        "software_version": 1,
        "software_id": organisation.software_statement_id,
        "software_client_id": organisation.pcm_client_id,
        "software_client_name": organisation.name,
        "software_client_description": "Software of the sandbox",
        "software_client_uri": format!("{directory}/about"),
        "software_logo_uri": format!("{directory}/logo.svg"),
        "software_tos_uri": format!("{directory}/terms"),
        "software_policy_uri": format!("{directory}/policy"),
        "software_redirect_uris": organisation.redirect_uris,
        "software_jwks_uri": format!("{keys}/application.jwks"),
        "software_jwks_inactive_uri": format!("{keys}/inactive/application.jwks"),
        "software_statement_roles": roles,
        "software_roles": organisation.roles,
        "software_api_webhook_uris": [],
        "software_origin_uris": [],
        "org_id": organisation.id,
        "org_name": organisation.name,
        "org_number": organisation.cnpj,
        "org_status": "Active",
    });
    signer.sign(TokenType::Jwt, &claims)
}
