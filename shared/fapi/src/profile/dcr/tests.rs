//! Registrations: each rule with what just holds and what just does not.

mod metadata;
mod roles;
mod statement;
mod webhooks;

use serde_json::{Value, json};

use super::*;
use crate::profile::claims::VerificationTime;
use crate::profile::dn::DistinguishedName;

const NOW: u64 = 1_800_000_000;
const CLOCK: VerificationTime = VerificationTime { now: NOW, skew: 10 };
const ORGANISATION: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";
const SOFTWARE: &str = "10120340-3318-4baf-99e2-0b56729c4ab2";
const CALLBACK: &str = "https://receptora.example/cb";
const JWKS_URI: &str = "https://keystore.example/org/software/application.jwks";
const SUBJECT: &str = "CN=receptora.example,UID=10120340-3318-4baf-99e2-0b56729c4ab2,O=Inventada,C=BR";

/// What the directory says, members that nobody reads included.
fn claims() -> Value {
    json!({
        "iss": "Open Banking Open Banking Brasil sandbox SSA issuer",
        "iat": NOW,
        "jti": "1",
        "software_mode": "Live",
        "software_version": "1.1",
        "software_id": SOFTWARE,
        "software_client_id": "directory-client",
        "software_client_name": "Receptora",
        "software_client_uri": "https://receptora.example/",
        "software_logo_uri": "https://receptora.example/logo.svg",
        "software_redirect_uris": [CALLBACK, "https://receptora.example/cb?a=b"],
        "software_jwks_uri": JWKS_URI,
        "software_api_webhook_uris": ["https://receptora.example/webhook", "https://receptora.example"],
        "software_statement_roles": [
            { "role": "DADOS", "authorisation_domain": "Open Banking", "status": "Active" },
            { "role": "PAGTO", "authorisation_domain": "Open Banking", "status": "Inactive" },
        ],
        "org_id": ORGANISATION,
        "org_name": "Receptora Inventada SA",
        "org_number": "11222333000181",
        "org_status": "Active",
        "organisation_competent_authority_claims": [{ "status": "Active" }],
    })
}

fn with(mut base: Value, name: &str, value: Value) -> Value {
    base[name] = value;
    base
}

fn without(mut base: Value, name: &str) -> Value {
    base.as_object_mut().unwrap().remove(name);
    base
}

fn judged(claims: Value) -> Result<SoftwareStatement, RegistrationFault> {
    serde_json::from_value::<StatementClaims>(claims).unwrap().check(CLOCK)
}

fn statement() -> SoftwareStatement {
    judged(claims()).unwrap()
}

/// The least a client sends.
fn request() -> Value {
    json!({ "software_statement": "a.b.c", "redirect_uris": [CALLBACK] })
}

fn subject() -> DistinguishedName {
    DistinguishedName::parse(SUBJECT).unwrap()
}

fn registered(request: &Value) -> Result<Value, RegistrationFault> {
    registered_for(request, &statement())
}

fn registered_for(request: &Value, statement: &SoftwareStatement) -> Result<Value, RegistrationFault> {
    let registration = ClientMetadata::parse(&request.to_string())?.check(statement, &subject())?;
    Ok(serde_json::to_value(registration).unwrap())
}

fn refused(name: &str, value: Value) -> RegistrationFault {
    registered(&with(request(), name, value)).unwrap_err()
}
