//! Software statement assertions: claims of the directory about a software, signed PS256 (S81 to S87).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use ponte_fapi::base64url;
use ponte_fapi::jws::{Signer, TokenType};
use ponte_machine::SandboxError;
use ponte_pki::RsaKey;
use ponte_values::Moment;
use serde_json::{Value, json};

use crate::organisation::Organisation;
use crate::statement::{StatementRequest, StatementSignature};

/// The keys that sign assertions: the directory's own, and the one of somebody who would like to be the directory.
pub(crate) struct Seals {
    own: Signer,
    own_pkcs8: Vec<u8>,
    /// Signs under the key id of the directory.
    stranger: Signer,
    /// Signs under a key id of its own.
    unknown: Signer,
}

impl Seals {
    pub(crate) fn new(own: &RsaKey, stranger: &RsaKey) -> Result<Self, SandboxError> {
        Ok(Self {
            own: signer(own, own.kid())?,
            own_pkcs8: own.private_der().to_vec(),
            stranger: signer(stranger, own.kid())?,
            unknown: signer(stranger, stranger.kid())?,
        })
    }

    /// An assertion about a software, as it is asked for.
    pub(crate) fn assertion(
        &self,
        organisation: &Organisation,
        directory: &str,
        asked: &StatementRequest,
        now: Moment,
    ) -> Result<String, SandboxError> {
        let claims = claims(organisation, directory, asked, now);
        let sign = |signer: &Signer| signer.sign(TokenType::Jwt, &claims).map_err(SandboxError::unusable);
        match asked.signature {
            StatementSignature::Directory => sign(&self.own),
            StatementSignature::Stranger => sign(&self.stranger),
            StatementSignature::UnknownKey => sign(&self.unknown),
            StatementSignature::Rs256 => self.rs256(&claims),
            StatementSignature::Unsigned => {
                Ok(format!("{}.", signed_part(&json!({ "alg": "none", "typ": "JWT" }), &claims)))
            }
        }
    }

    /// The true key with an algorithm that the profile does not have (S81).
    fn rs256(&self, claims: &Value) -> Result<String, SandboxError> {
        let key = RsaKeyPair::from_pkcs8(&self.own_pkcs8).map_err(SandboxError::unusable)?;
        let header = json!({ "alg": "RS256", "kid": self.own.kid(), "typ": "JWT" });
        let signed = signed_part(&header, claims);
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(SandboxError::unusable)?;
        Ok(format!("{signed}.{}", base64url::encode(signature)))
    }
}

fn signer(key: &RsaKey, kid: &str) -> Result<Signer, SandboxError> {
    Signer::from_pkcs8_pem(key.private_pem(), kid).map_err(SandboxError::unusable)
}

fn signed_part(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64url::encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn claims(organisation: &Organisation, directory: &str, asked: &StatementRequest, now: Moment) -> Value {
    let keys = format!("{directory}/{}/{}", organisation.id, organisation.software_statement_id);
    let status = asked.role_status.as_deref().unwrap_or("Active");
    let roles: Vec<_> = organisation
        .roles
        .iter()
        .map(|role| json!({ "role": role, "authorisation_domain": "Open Banking", "status": status }))
        .collect();
    let mut claims = json!({
        "iss": "Open Banking Brasil sandbox SSA issuer",
        "iat": now.seconds() - asked.age,
        "jti": ponte_machine::clock::new_id(),
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
        "software_api_webhook_uris": organisation.webhook_uris,
        "software_origin_uris": [],
        "org_id": organisation.id,
        "org_name": organisation.name,
        "org_number": organisation.cnpj,
        "org_status": "Active",
    });
    if let Value::Object(claims) = &mut claims {
        claims.extend(asked.claims.clone());
        claims.retain(|_, value| !value.is_null());
    }
    claims
}
