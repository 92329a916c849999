//! The world in the words of the template and of `endpoints.json`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::{RegisteredClient, World};
use crate::bank::customers::CUSTOMERS;
use crate::error::SandboxError;
use crate::organisation::Organisation;

/// Scopes of a software statement with the role DADOS (S85), as far as the APIs exist here.
const DATA_SCOPE: &str = "openid accounts consents resources";

pub(super) fn parameters(world: &World) -> BTreeMap<String, String> {
    let (config, urls, institution) = (&world.config, &world.urls, world.institution());
    let host = |url: &str| url.trim_start_matches("https://").to_owned();
    let certificate = |name: &str| format!("arn:aws:acm:us-east-1:000000000000:certificate/{name}");
    [
        ("Institution", config.institution.clone()),
        ("OrganisationId", institution.id.clone()),
        ("ChannelName", config.institution.clone()),
        ("ChannelLoginUrl", login_url(world)),
        ("InstitutionUrl", urls.bank_core.clone()),
        ("DirectoryUrl", urls.directory.clone()),
        ("PcmAuthUrl", urls.pcm_auth.clone()),
        ("PcmApiUrl", urls.pcm_api.clone()),
        ("PcmClientId", institution.pcm_client_id.clone()),
        ("OutboundTrust", world.ca_file().display().to_string()),
        ("PublicDomainName", host(&config.public_url)),
        ("PublicCertificateArn", certificate("public")),
        ("MtlsDomainName", host(&config.mtls_url)),
        ("MtlsCertificateArn", certificate("mtls")),
        ("TruststoreUri", "s3://sandbox/truststore.pem".to_owned()),
        ("TruststoreVersion", "1".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

pub(super) fn secrets(world: &World) -> BTreeMap<String, String> {
    let institution = world.institution();
    let (seal, transport) = (&institution.seal.key, &institution.transport);
    [
        ("SigningKeySecret", json!({ "kid": seal.kid(), "private_key": seal.private_pem() }).to_string()),
        ("TokenKeysSecret", json!({ "keys": [seal.signature_jwk()] }).to_string()),
        ("PseudonymKeySecret", world.state.pseudonym_key.clone()),
        ("InstitutionCredentialSecret", world.state.credential.clone()),
        (
            "TransportCertificateSecret",
            json!({ "certificate": transport.chain_pem, "private_key": transport.key.private_pem() })
                .to_string(),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

pub(super) fn clients(world: &World) -> Vec<RegisteredClient> {
    world
        .participants()
        .map(|(organisation, member)| RegisteredClient {
            client_id: member.client_id.clone(),
            organisation_id: organisation.id.clone(),
            organisation_name: organisation.name.clone(),
            software_statement_id: organisation.software_statement_id.clone(),
            jwks_uri: jwks_uri(world, organisation),
            redirect_uris: organisation.redirect_uris.clone(),
            roles: organisation.roles.clone(),
            scope: DATA_SCOPE.to_owned(),
        })
        .collect()
}

pub(super) fn endpoints(world: &World) -> Result<Value, SandboxError> {
    let clients = world
        .participants()
        .map(|(organisation, member)| {
            let encryption = organisation
                .encryption
                .as_ref()
                .ok_or_else(|| SandboxError::unusable("a receiver without an encryption key"))?;
            Ok(json!({
                "client_id": member.client_id,
                "organisation_id": organisation.id,
                "organisation_name": organisation.name,
                "software_statement_id": organisation.software_statement_id,
                "redirect_uris": organisation.redirect_uris,
                "scope": DATA_SCOPE,
                "jwks_uri": jwks_uri(world, organisation),
                "transport_cert": path(&organisation.transport.certificate_file),
                "transport_key": path(&organisation.transport.key_file),
                "signing_cert": path(&organisation.seal.certificate_file),
                "signing_key": path(&organisation.seal.key_file),
                "signing_kid": organisation.seal.key.kid(),
                "encryption_key": path(&encryption.file),
                "encryption_kid": encryption.key.kid(),
                "pcm_client_id": organisation.pcm_client_id,
            }))
        })
        .collect::<Result<Vec<_>, SandboxError>>()?;
    let customers: Vec<Value> = CUSTOMERS
        .iter()
        .zip(&world.state.channel_access_tokens)
        .map(|(customer, token)| {
            json!({
                "name": customer.name, "cpf": customer.cpf, "cnpj": customer.cnpj,
                "channel_access_token": token,
            })
        })
        .collect();
    let (urls, institution) = (&world.urls, world.institution());
    Ok(json!({
        "ca_file": path(&world.ca_file()),
        "institution": {
            "name": institution.name,
            "organisation_id": institution.id,
            "software_statement_id": institution.software_statement_id,
            "transport_cert": path(&institution.transport.certificate_file),
            "transport_key": path(&institution.transport.key_file),
            "pcm_client_id": institution.pcm_client_id,
        },
        "pcm": { "auth": urls.pcm_auth, "api": urls.pcm_api },
        "bank_core": urls.bank_core,
        "directory": urls.directory,
        "participant": urls.participant,
        "clients": clients,
        "customers": customers,
        "channel": {
            "client_name": world.config.institution,
            "base_url": world.config.public_url,
            "login_url": login_url(world),
        },
    }))
}

fn login_url(world: &World) -> String {
    format!("{}/login?interaction=<IDENTIFICADOR>", world.urls.bank_core)
}

fn jwks_uri(world: &World, organisation: &Organisation) -> String {
    format!(
        "{}/{}/{}/application.jwks",
        world.urls.directory, organisation.id, organisation.software_statement_id
    )
}

fn path(path: &Path) -> String {
    path.display().to_string()
}
